"""Table → Stata 14 (.dta, format 118): Unicode labels of variables and of values."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from nqpf_cli.errors import MissingExtraError, OutputError
from nqpf_cli.formats.frames import DATE, cells
from nqpf_cli.i18n import Language, Message

if TYPE_CHECKING:
    from nqpf_cli.formats.frames import About, Row, Variable

_MAX_LABEL = 80  # characters, of a variable and of the data set
_MAX_COLUMNS = 32_767
_NO_YES = {0: Message("否", "no"), 1: Message("是", "yes")}


def to_dta(rows: Iterable[Row], variables: Sequence[Variable], about: About) -> bytes:
    """Return a Stata file; all rows are held in memory.

    Categories and flags are numbers with labels, missing numbers ``.``, missing text is empty
    (Stata knows no other), text over 2,045 bytes is a ``strL``. Raises ``MissingExtraError``,
    and ``OutputError`` for more variables than Stata takes.
    """
    try:
        import pandas as pd
    except ImportError as e:
        raise MissingExtraError.of("tables", Message("dta 输出", "writing dta")) from e
    if len(variables) > _MAX_COLUMNS:
        raise OutputError(
            Message(f"dta 至多 {_MAX_COLUMNS:,} 个变量", f"dta takes {_MAX_COLUMNS:,} variables"),
            Message("改用 parquet 或 csv", "use parquet or csv"),
        )
    columns: list[list[Any]] = [[] for _ in variables]
    for row in rows:
        for column, value in zip(columns, cells(row, variables), strict=True):
            column.append(value)
    data: dict[str, Any] = {}
    value_labels: dict[str, dict[int, str]] = {}
    for variable, column in zip(variables, columns, strict=True):
        labels = _labels(variable, column, about.labels)
        if labels:
            value_labels[variable.name] = labels
        data[variable.name] = _array(variable, column)
    buffer = io.BytesIO()
    pd.DataFrame(data).to_stata(
        buffer,
        version=118,
        write_index=False,
        time_stamp=DATE,
        data_label=about.title[:_MAX_LABEL],
        variable_labels={v.name: _cut(v.label.in_(about.labels)) for v in variables},
        value_labels=value_labels,
    )
    return buffer.getvalue()


def _cut(label: str) -> str:
    return label if len(label) <= _MAX_LABEL else label[: _MAX_LABEL - 1] + "…"


def _labels(variable: Variable, column: list[Any], lang: Language) -> dict[int, str]:
    """Return number → label; a word that no one foresaw gets a number after the known ones."""
    match variable.type:
        case "flag":
            return {n: m.in_(lang) for n, m in _NO_YES.items()}
        case "integer":
            return {v: m.in_(lang) for v, m in variable.values if isinstance(v, int)}
        case "category":
            known = [v for v, _ in variable.values]
            words = [m.in_(lang) for _, m in variable.values]
            return dict(enumerate([*words, *_unforeseen(column, known)], 1))
        case _:
            return {}


def _unforeseen(column: list[Any], known: Sequence[Any]) -> list[str]:
    return sorted({x for x in column if x is not None} - set(known))


def _array(variable: Variable, column: list[Any]) -> Any:
    import pandas as pd

    match variable.type:
        case "text":
            return pd.Series(["" if x is None else x for x in column], dtype=object)
        case "real":
            return pd.Series(column, dtype="float64")
        case "category":
            known = [v for v, _ in variable.values]
            numbers = {w: n for n, w in enumerate([*known, *_unforeseen(column, known)], 1)}
            return pd.array([numbers.get(x) for x in column], dtype="Int8")
        case "flag":
            return pd.array([None if x is None else int(x) for x in column], dtype="Int8")
        case _:
            return pd.array(column, dtype="Int64")
