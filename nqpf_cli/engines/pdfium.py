"""PDFium: text of a page in the file's own reading order, with a box for every line."""

from __future__ import annotations

import ctypes
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from nqpf_cli.analysis.layout.grid import may_hold_a_table, table_rows
from nqpf_cli.analysis.layout.reading import (
    Box,
    Gap,
    Piece,
    arrange,
    downwards,
    may_hold_two_lines,
    mended,
    page_gutters,
    parted,
    with_jumps,
)
from nqpf_cli.analysis.layout.upright import upright
from nqpf_cli.engines.base import ReadOptions, too_much_text
from nqpf_cli.engines.chars import Turn, char_boxes, page_text
from nqpf_cli.engines.drawn import lines_drawn, pictures
from nqpf_cli.engines.native import raw
from nqpf_cli.engines.shared_out import shared_out
from nqpf_cli.engines.standin import stand_in
from nqpf_cli.errors import CorruptError, EncryptedError, InputError, TooLargeError
from nqpf_cli.i18n import Message
from nqpf_cli.model import BlockKind, Line, Page, RawDocument

_FEW = 50  # characters: only a page with fewer is asked for its pictures, which takes time
_WORTH_A_PROCESS = 10  # pages: another process costs the time of four
_LINE = re.compile(r"[^\n]+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class PdfiumEngine:
    """The fast way through a PDF."""

    name = "pdfium"

    def read(self, data: bytes, name: str, options: ReadOptions) -> RawDocument:
        """Return all pages; raises ``EncryptedError``, ``CorruptError``, ``TooLargeError``."""
        with stand_in():
            return self._read(data, name, options)

    def _read(self, data: bytes, name: str, options: ReadOptions) -> RawDocument:
        with _opened(data, name, options) as document:
            count = raw.FPDF_GetPageCount(document)
            if count > options.max_pages:
                raise too_many_pages(name, count, options.max_pages)

            def some(indexes: Iterable[int]) -> list[tuple[Page, list[Piece]]]:
                return self._pages(document, indexes, name, options.max_chars)

            pages = shared_out(some, count, readers(count, options), name)
            pages.sort(key=lambda read: read[0].number)
            return RawDocument(pages=_arranged(pages), title=_title(document))

    def _pages(
        self, document: Any, indexes: Iterable[int], name: str, max_chars: int
    ) -> list[tuple[Page, list[Piece]]]:
        pages: list[tuple[Page, list[Piece]]] = []
        total = 0
        for index in indexes:
            page, pieces = self._page(document, index)
            total += len(page.text)
            if total > max_chars:
                raise too_much_text(name)
            pages.append((page, pieces))
        return pages

    def _page(self, document: Any, index: int) -> tuple[Page, list[Piece]]:
        """Return a page without its lines, and the lines with their places."""
        page = raw.FPDF_LoadPage(document, index)
        if not page:
            # A page that cannot be loaded is an empty page; the quality report names it.
            return self._unreadable(index), []
        textpage = None
        try:
            width, height = raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page)
            turn = Turn.of(page)
            textpage = raw.FPDFText_LoadPage(page)
            if turn is None or not textpage:
                return self._unreadable(index), []
            text, lines, pieces, boxes = _text(textpage, turn)
            if (turned := upright(text, pieces, width, height)) is not None:
                text, pieces = turned
                width, height = height, width
            elif may_hold_a_table(pieces):
                rules = turn.boxes(lines_drawn(page))
                text, pieces = table_rows(text, pieces, rules, boxes) or (text, pieces)
            read = Page(
                number=index + 1,
                text=text,
                lines=lines,
                engine=self.name,
                width=width,
                height=height,
                images=pictures(page) if len(text.strip()) < _FEW else 0,
            )
            return read, pieces
        finally:
            if textpage:
                raw.FPDFText_ClosePage(textpage)
            raw.FPDF_ClosePage(page)

    def _unreadable(self, index: int) -> Page:
        return Page(number=index + 1, text="", lines=(), engine=self.name, reason="unreadable")


def readers(pages: int, options: ReadOptions) -> int:
    """Return how many processes are to share the pages of a document."""
    most = options.processes
    if pages < options.beside_pages * (most - 1):
        most -= 1  # the work beside is more than one's part would be
    return max(1, min(most, pages // _WORTH_A_PROCESS))


@contextmanager
def _opened(data: bytes, name: str, options: ReadOptions) -> Iterator[Any]:
    """Give the handle of a document, closed at the end; raises as ``PdfiumEngine.read``."""
    # PDFium keeps its last error and does not always set one: make it "format error" first, or a
    # broken file would be reported with the reason of the file before.
    raw.FPDF_LoadMemDocument(b"-", 1, None)
    password = options.password
    key = None if password is None else password.encode(errors="surrogateescape") + b"\0"
    document = raw.FPDF_LoadMemDocument64(data, len(data), key)
    try:
        if raw.FPDF_GetPageCount(document) < 1:
            locked = raw.FPDF_GetLastError() in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
            raise open_error(name, options, encrypted=locked)
        yield document
    finally:
        raw.FPDF_CloseDocument(document)


def too_many_pages(name: str, count: int, limit: int) -> TooLargeError:
    """Return the error for a document over the limit of pages."""
    return TooLargeError(
        Message(
            f"{name} 有 {count} 页，超过上限 {limit}",
            f"{name} has {count} pages, over the limit of {limit}",
        ),
        Message("用 --max-pages 放宽上限", "raise the limit with --max-pages"),
    )


def open_error(name: str, options: ReadOptions, *, encrypted: bool) -> InputError:
    """Return the error for a file that does not open."""
    if encrypted and options.password:
        return EncryptedError(
            Message(f"{name} 已加密，密码不对", f"{name} is encrypted, and the password is wrong"),
            Message("检查 --password 或 NQPF_PASSWORD", "check --password or NQPF_PASSWORD"),
        )
    if encrypted:
        return EncryptedError(
            Message(f"{name} 已加密，需要密码", f"{name} is encrypted and needs a password"),
            Message(
                "用 --password 或环境变量 NQPF_PASSWORD 给出密码",
                "give it with --password or the variable NQPF_PASSWORD",
            ),
        )
    return CorruptError(
        Message(f"{name} 不是完好的 PDF", f"{name} is not a sound PDF"),
        Message(
            "用阅读器打开检查，或重新下载、另存", "open it in a viewer, or download or save it anew"
        ),
    )


def _title(document: Any) -> str | None:
    size = raw.FPDF_GetMetaText(document, b"Title\0", None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDF_GetMetaText(document, b"Title\0", buffer, size)
    try:
        return buffer.raw[:-2].decode("utf-16-le").strip() or None
    except UnicodeDecodeError:
        return None


def _text(
    textpage: Any, turn: Turn
) -> tuple[str, tuple[Line, ...], list[Piece], Callable[[range], list[Box]]]:
    """Return the text, its lines with places, and what gives the boxes of its characters.

    Lines are without places where PDFium tells none.
    """
    source = page_text(textpage)
    text = source.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL.search(text):
        text = _CONTROL.sub(" ", text)
    boxes = char_boxes(textpage, turn, len(source))
    shifts: list[int] = []

    def boxes_at(offsets: range) -> list[Box]:
        if not shifts:
            shifts.extend(_shifts(source))
        return boxes([offset + bisect_left(shifts, offset) for offset in offsets])

    try:
        return text, (), _pieces(text, source, boxes, boxes_at), boxes_at
    except LookupError:
        spans = (m.span() for m in _LINE.finditer(text) if m[0].strip())
        return text, tuple(Line(start=start, end=end) for start, end in spans), [], boxes_at


def _shifts(source: str) -> list[int]:
    """Return where, in the clean text, a carriage return was lost (PDFium ends lines CRLF)."""
    return [m.start() - n for n, m in enumerate(re.finditer("\r\n", source))]


def _pieces(
    text: str,
    source: str,
    boxes: Callable[[Sequence[int]], list[Box]],
    boxes_at: Callable[[range], list[Box]],
) -> list[Piece]:
    """Return the lines.

    ``boxes`` gives the places of characters of PDFium's text, ``source``; ``boxes_at`` those of
    characters of ``text``, in more time.
    """
    lines: list[list[int]] = []  # of each line, where its words begin and end
    asked: list[int] = []  # of each word, its first and its last character
    at = place = 0  # where a line begins: in the text, and in the source with its CRLF
    for line in text.split("\n"):
        words = line.split()
        if len(words) == 1:
            word = words[0]
            start = line.index(word)
            end = start + len(word)
            lines.append([at + start, at + end])
            asked += (place + start, place + end - 1)
        elif words:
            spans: list[int] = []
            end = 0
            for word in words:
                start = line.index(word, end)
                end = start + len(word)
                spans += (at + start, at + end)
                asked += (place + start, place + end - 1)
            lines.append(spans)
        at += len(line) + 1
        place += len(line) + 1
        place += source.startswith("\r\n", place - 1)
    take = iter(boxes(asked)).__next__
    out: list[Piece] = []
    for spans in lines:
        head = take()
        gaps = tuple(
            [
                Gap(before, behind, take(), take())
                for before, behind in zip(spans[1:-1:2], spans[2:-1:2], strict=True)
            ]
        )
        piece = Piece(spans[0], spans[-1], head, take(), gaps)
        if may_hold_two_lines(piece):
            piece = with_jumps(piece, boxes_at(range(piece.start, piece.end)))
        out += parted(piece, text)
    return out


def _arranged(pages: list[tuple[Page, list[Piece]]]) -> tuple[Page, ...]:
    """Return the pages with their lines in the order of reading."""
    out = []
    found = page_gutters([pieces for _, pieces in pages])
    for (page, pieces), gutters in zip(pages, found, strict=True):
        if not pieces:
            out.append(page)
            continue
        order = arrange(pieces, gutters) if gutters else downwards(pieces)
        rows = mended(pieces if order is None else order)
        if order is None and len(rows) == len(pieces):
            lines = [_line([p], p.start, p.end, p.box) for p in pieces]
            out.append(replace(page, lines=tuple(lines), gutters=gutters))
        else:
            out.append(replace(_set(page, rows), gutters=gutters))
    return tuple(out)


def _set(page: Page, rows: list[list[Piece]]) -> Page:
    """Return the page with its text set anew, row by row."""
    texts: list[str] = []
    lines: list[Line] = []
    at = 0
    for row in rows:
        text = "".join(page.text[p.start : p.end] for p in row)
        boxes = [p.box for p in row]
        box = boxes[0]
        if len(row) > 1:
            top, bottom = min(b[1] for b in boxes), max(b[3] for b in boxes)
            box = (boxes[0][0], top, boxes[-1][2], bottom)
        lines.append(_line(row, at, at + len(text), box))
        texts.append(text)
        at += len(text) + 1
    return replace(page, text="\n".join(texts), lines=tuple(lines))


def _line(row: list[Piece], start: int, end: int, box: Box) -> Line:
    role: BlockKind | None = "table" if row[0].row else None
    return Line(start=start, end=end, box=box, size=max([p.largest for p in row]), role=role)
