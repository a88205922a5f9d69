"""``nqpf code``: labels for a list of units, a line in, a line out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import typer

from nqpf_cli.cli import options as o
from nqpf_cli.cli.console import write_text
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import CorruptError
from nqpf_cli.i18n import Message, tr


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=tr(
            '给每个单元（每行 {"id","text"}）标注类别，顺序不变。标签只取决于单元自身的文字。',
            'Label every unit (a line each: {"id","text"}), in the same order. The labels '
            "depend on the unit's own words only.",
        ),
        epilog=tr(
            "例：nqpf code 单元.jsonl > 标签.jsonl", "Example: nqpf code units.jsonl > labels.jsonl"
        ),
    )
    @shared_options("jsonl")
    def code(
        shared: Shared,
        units: o.OneFile,
        *,
        coding: o.Coding,
    ) -> None:
        from nqpf_cli.formats.json_ import dumps_line

        analyzer = o.analyzer(shared, coding=coding)
        rows = list(read_units(units))
        lines = [
            dumps_line({"id": u["id"], "labels": list(c.labels)})
            for u, c in zip(rows, analyzer.code_all(u["text"] for u in rows), strict=True)
        ]
        write_text(shared, "".join(lines))


def read_units(path: str, *, labelled: bool = False) -> Iterator[dict[str, Any]]:
    """Yield the units of a JSON Lines file; raises ``CorruptError`` with the line's number."""
    from nqpf_cli.files import read_bytes, read_stdin

    data = read_stdin() if path == "-" else read_bytes(path)
    try:
        rows = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as e:
        raise _bad(path, 0, "not UTF-8") from e
    for number, row in enumerate(rows, 1):
        if not row.strip():
            continue
        try:
            unit = json.loads(row, parse_constant=_no_number, parse_float=_finite)
        except (ValueError, RecursionError) as e:
            raise _bad(path, number, "not JSON") from e
        wanted: dict[str, type] = {"text": str} | ({"labels": list} if labelled else {})
        if not isinstance(unit, dict) or "id" not in unit:
            raise _bad(path, number, 'no "id"')
        for key, kind in wanted.items():
            if not isinstance(unit.get(key), kind):
                raise _bad(path, number, f'no "{key}"')
        if labelled:
            _check_gold(path, number, unit)
        yield unit


def _check_gold(path: str, line: int, unit: dict[str, Any]) -> None:
    if not all(isinstance(label, str) for label in unit["labels"]):
        raise _bad(path, line, '"labels" holds something that is no text')
    for key in ("doc", "stratum"):
        if not isinstance(unit.get(key), str | None):
            raise _bad(path, line, f'"{key}" is no text')


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"{text} is too large")
    return value


def _bad(path: str, line: int, reason: str) -> CorruptError:
    name = "stdin" if path == "-" else path
    return CorruptError(
        Message(f"{name} 第 {line} 行：{reason}", f"{name}, line {line}: {reason}"),
        Message(
            '每行一个 JSON 对象：{"id": …, "text": "…"}',
            'one JSON object a line: {"id": …, "text": "…"}',
        ),
    )
