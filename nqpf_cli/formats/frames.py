"""Tables for spreadsheets and statistics packages: variables, rows, and what writes them.

A table is rows (mappings by variable name; absent and None are missing) under variables that
carry their meaning. The same table gives the same bytes in every format.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Literal

from nqpf_cli.formats.delimited import cell
from nqpf_cli.formats.safe import printable
from nqpf_cli.i18n import Language, Message

VariableType = Literal["text", "integer", "real", "flag", "category"]
Row = Mapping[str, Any]
FORMATS = ("csv", "tsv", "xlsx", "dta", "parquet")
BINARY = ("xlsx", "dta", "parquet")
# Files that carry a date carry this one: the bytes depend on the data alone.
DATE = datetime(2024, 2, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A column: its name, what it means, and where the report object has it.

    ``name`` is valid in Stata (lower case, at most 32 characters); ``where`` is a JSON Pointer
    (RFC 6901) into the report object, empty for what a table adds. A ``flag`` is 0 or 1; a
    ``category`` is a word of ``values``, in Stata a number with a label, counted from 1. Whole
    numbers in ``values`` label the numbers of an ``integer``.
    """

    name: str
    label: Message
    type: VariableType
    where: str = ""
    part: str = "document"
    unit: Message | None = None
    values: tuple[tuple[str | int, Message], ...] = ()
    id: str | None = None
    stance: str | None = None
    measure: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the codebook's entry."""
        return {
            "name": self.name,
            "label_zh": self.label.zh,
            "label_en": self.label.en,
            "type": self.type,
            "unit_zh": self.unit.zh if self.unit else None,
            "unit_en": self.unit.en if self.unit else None,
            "part": self.part,
            "id": self.id,
            "stance": self.stance,
            "measure": self.measure,
            "where": self.where or None,
            "values": [{"value": v, "zh": m.zh, "en": m.en} for v, m in self.values] or None,
        }

    def flat(self) -> dict[str, Any]:
        """Return the codebook's entry as one row of text; values read ``1 = 北京 Beijing; …``."""
        values = "; ".join(
            f"{v} = {m.zh}" + (f" {m.en}" if m.en != m.zh else "") for v, m in self.values
        )
        return {**self.to_dict(), "values": values or None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One more sheet of a workbook; ``columns`` are keys of the rows."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What goes with a table: a title, notes by name (lexicon, settings …), further sheets.

    ``labels`` is the language of the labels where a format has room for one (Stata).
    """

    title: str = "nqpf"
    notes: tuple[tuple[str, str], ...] = ()
    sheets: tuple[Sheet, ...] = ()
    labels: Language = "zh"


def write_table(
    format_: str,
    rows: Iterable[Row],
    variables: Sequence[Variable],
    about: About | None = None,
    *,
    bom: bool = False,
) -> bytes:
    """Return a table as csv, tsv, xlsx, dta or parquet; rows are taken one at a time.

    Only dta holds all rows at once. ``bom`` puts the mark before csv and tsv by which
    spreadsheets know UTF-8. Raises ``MissingExtraError`` without the extra ``tables``, and
    ``OutputError`` for more rows or columns than a format can take.
    """
    about = about or About()
    match format_:
        case "xlsx":
            from nqpf_cli.formats.xlsx import to_xlsx

            return to_xlsx(rows, variables, about)
        case "dta":
            from nqpf_cli.formats.dta import to_dta

            return to_dta(rows, variables, about)
        case "parquet":
            from nqpf_cli.formats.parquet import to_parquet

            return to_parquet(rows, variables, about)
        case _:
            text = "".join(delimited_lines(format_, rows, variables))
            return text.encode("utf-8-sig" if bom else "utf-8")


def delimited_lines(
    format_: str, rows: Iterable[Row], variables: Sequence[Variable]
) -> Iterator[str]:
    """Yield a table as csv or tsv line by line, the header first; for outputs that stream."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t" if format_ == "tsv" else ",", lineterminator="\n")
    header = [v.name for v in variables]
    for values in chain([header], (map(_number, cells(r, variables)) for r in rows)):
        writer.writerow([cell(x) for x in values])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def cells(row: Row, variables: Sequence[Variable]) -> list[Any]:
    """Return a row's values in order, None where missing; text is safe to show and to encode."""
    values = (row.get(v.name) for v in variables)
    return [printable(x) or None if isinstance(x, str) else x for x in values]


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value
