"""Table → Excel workbook: data, codebook, notes; in constant memory."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from nqpf_cli.errors import MissingExtraError, OutputError
from nqpf_cli.formats.frames import DATE, cells
from nqpf_cli.formats.safe import printable
from nqpf_cli.i18n import Message

if TYPE_CHECKING:
    from nqpf_cli.formats.frames import About, Row, Variable

_MAX_ROWS = 1_048_576  # of a sheet, the header among them
_MAX_COLUMNS = 16_384
_MAX_TEXT = 32_767
_WIDTHS = {"label_zh": 36, "label_en": 48, "where": 48, "name": 32, "values": 48}


def to_xlsx(rows: Iterable[Row], variables: Sequence[Variable], about: About) -> bytes:
    """Return a workbook with the sheets data, codebook, notes and those of ``about``.

    Text is written as text: nothing a document says becomes a formula or a link. Raises
    ``MissingExtraError``, and ``OutputError`` when a sheet is too small for the table.
    """
    try:
        import xlsxwriter
    except ImportError as e:
        raise MissingExtraError.of("tables", Message("xlsx 输出", "writing xlsx")) from e
    if len(variables) > _MAX_COLUMNS:
        raise _too_large()
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        book.set_properties({"title": about.title, "created": DATE, "comments": "nqpf"})
        head = book.add_format({"bold": True})
        names = [v.name for v in variables]
        _fill(book, head, "data", names, (cells(r, variables) for r in rows))
        meanings = [v.flat() for v in variables]
        columns = list(meanings[0]) if meanings else []
        _fill(book, head, "codebook", columns, ([m[c] for c in columns] for m in meanings))
        _fill(book, head, "notes", ["note", "value"], about.notes)
        for sheet in about.sheets:
            lines = ([r.get(c) for c in sheet.columns] for r in sheet.rows)
            _fill(book, head, sheet.name, sheet.columns, lines)
    return buffer.getvalue()


def _fill(
    book: Any, head: Any, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for n, column in enumerate(columns):
        sheet.set_column(n, n, _WIDTHS.get(column, 14))
    at = 0
    sheet.write_row(at, 0, columns, head)
    for at, row in enumerate(rows, 1):
        if at >= _MAX_ROWS:
            raise _too_large()
        for n, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(at, n, printable(value)[:_MAX_TEXT])
            elif value is not None:
                sheet.write_number(at, n, value)
    if columns:
        sheet.autofilter(0, 0, at, len(columns) - 1)


def _too_large() -> OutputError:
    return OutputError(
        Message(
            f"一张工作表至多 {_MAX_ROWS:,} 行、{_MAX_COLUMNS:,} 列",
            f"a sheet has {_MAX_ROWS:,} rows and {_MAX_COLUMNS:,} columns at most",
        ),
        Message("改用 parquet 或 csv：-o 表.parquet", "use parquet or csv: -o table.parquet"),
    )
