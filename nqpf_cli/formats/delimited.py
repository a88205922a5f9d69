"""CSV and TSV that spreadsheets open rightly and that no document can turn into a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# Full-width signs too: spreadsheets in Chinese and Japanese take them for the others.
_FORMULA = tuple("=+-@＝＋－＠\t\r\n")


def cell(value: Any) -> Any:
    """Return a value safe for a spreadsheet: text that would be a formula gets an apostrophe."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return "" if value is None else value


def delimited(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, delimiter: str = ","
) -> str:
    """Return rows as delimited text with a header; line ends are line feeds."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(c)) for c in columns])
    return out.getvalue()
