"""A panel as rows: wide (a row a unit and year) or long (a row a unit, year and figure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from nqpf_cli.corpus.panel import Panel, Unit
from nqpf_cli.formats.frames import Variable
from nqpf_cli.i18n import Language, Message

_UNIT = ("code", "jurisdiction", "level", "block", "year")
_DOCUMENT = ("path", "title", "kind", "scored_han_chars", "sentences", "warning_codes")
_INDICES = ("rx_covered", "rx_misfit")
_FIGURES = ("dimension", "obstruction", "path", "index", "indicator", "carrier", "method")
_MISSING = Variable(
    name="missing",
    label=Message("该格没有文件", "no document for this cell"),
    type="flag",
    part="panel",
)
_OF_FIGURES = tuple(
    Variable(name=name, label=Message(zh, en), type="text", part="panel")
    for name, zh, en in (
        ("variable", "变量", "variable"),
        ("label", "变量的含义", "what the variable is"),
        ("part", "变量所属的部分", "part of the framework"),
        ("id", "框架中的编号", "id in the framework"),
        ("stance", "立场", "stance"),
        ("measure", "指标量", "measure"),
    )
)
_VALUE = Variable(name="value", label=Message("值", "value"), type="real", part="panel")


def needed(variables: Sequence[Variable]) -> tuple[Variable, ...]:
    """Return what must be read of a document to place it in a panel and fill its row."""
    named = {*_UNIT, *_DOCUMENT, *_INDICES, "error", "nqpf_version"}
    parts = (*_FIGURES, "settings")
    return tuple(v for v in variables if v.name in named or v.part in parts)


def wide_variables(panel: Panel, variables: Sequence[Variable]) -> tuple[Variable, ...]:
    """Return the columns of the wide form; codes carry the names of their jurisdictions."""
    document = [v for name in _DOCUMENT for v in variables if v.name == name]
    figures = [v for v in variables if v.part in _FIGURES or v.name in _INDICES]
    return (*_frame(panel, variables), *document, *figures)


def wide_rows(panel: Panel) -> Iterator[dict[str, Any]]:
    """Yield a row for every cell, by unit and year; those without a document are ``missing``."""
    for unit in panel.units:
        for year in panel.years:
            row = panel.cells.get((unit.code, year))
            yield {**(row or {}), **_cell(unit, year), "missing": row is None}


def long_variables(panel: Panel, variables: Sequence[Variable]) -> tuple[Variable, ...]:
    """Return the columns of the long form."""
    path = [v for v in variables if v.name == "path"]
    return (*_frame(panel, variables), *path, *_OF_FIGURES, _VALUE)


def long_rows(
    panel: Panel, variables: Sequence[Variable], lang: Language
) -> Iterator[dict[str, Any]]:
    """Yield a row for every cell and figure that is a number; labels are in ``lang``."""
    figures = [
        v for v in wide_variables(panel, variables)
        if v.type in ("integer", "real") and (v.part in _FIGURES or v.name in _INDICES)
    ]  # fmt: skip
    heads = [
        {
            "variable": v.name,
            "label": v.label.in_(lang),
            "part": v.part,
            "id": v.id,
            "stance": v.stance,
            "measure": v.measure,
        }
        for v in figures
    ]
    for row in wide_rows(panel):
        of_cell = {k: row.get(k) for k in (*_UNIT, "missing", "path")}
        for head in heads:
            yield {**of_cell, **head, "value": row.get(head["variable"] or "")}


def varying(panel: Panel, variables: Sequence[Variable]) -> tuple[str, ...]:
    """Return the settings, and ``nqpf_version``, that are not the same for all documents."""
    names = [v.name for v in variables if v.part == "settings" or v.name == "nqpf_version"]
    return tuple(n for n in names if len({row.get(n) for row in panel.cells.values()}) > 1)


def _frame(panel: Panel, variables: Sequence[Variable]) -> tuple[Variable, ...]:
    names = tuple((u.code, Message(u.name, u.name)) for u in panel.units)
    by_name = {v.name: v for v in variables}
    code = replace(by_name["code"], values=names)
    return (code, *(by_name[n] for n in _UNIT[1:]), _MISSING)


def _cell(unit: Unit, year: int) -> dict[str, Any]:
    return {
        "code": unit.code,
        "jurisdiction": unit.name,
        "level": unit.level,
        "block": unit.block,
        "year": year,
    }
