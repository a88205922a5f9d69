"""PDFium: text of a page in the file's own reading order, with a box for every line."""

from __future__ import annotations

import ctypes
import re
import struct
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import starmap

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from nqpf_cli.analysis.layout.grid import may_hold_a_table, table_rows
from nqpf_cli.analysis.layout.reading import (
    Box,
    Gap,
    Piece,
    arrange,
    mended,
    page_gutters,
    parted,
)
from nqpf_cli.analysis.layout.upright import upright
from nqpf_cli.engines.base import ReadOptions, too_much_text
from nqpf_cli.engines.drawn import lines_drawn
from nqpf_cli.engines.standin import stand_in
from nqpf_cli.errors import CorruptError, EncryptedError, InputError, TooLargeError
from nqpf_cli.i18n import Message
from nqpf_cli.model import BlockKind, Line, Page, RawDocument

_FEW = 50  # characters: only a page with fewer is asked for its pictures, which takes time
_LINE = re.compile(r"[^\n]+")
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_RECT = struct.Struct("=4f")  # FS_RECTF: left, top, right, bottom
# With plain addresses, a call takes half the time that it takes with typed pointers.
_GET_BOX = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(
    ctypes.cast(raw.FPDFText_GetLooseCharBox, ctypes.c_void_p).value or 0
)


class PdfiumEngine:
    """The fast way through a PDF."""

    name = "pdfium"

    def read(self, data: bytes, name: str, options: ReadOptions) -> RawDocument:
        """Return all pages; raises ``EncryptedError``, ``CorruptError``, ``TooLargeError``."""
        with stand_in():
            return self._read(data, name, options)

    def _read(self, data: bytes, name: str, options: ReadOptions) -> RawDocument:
        document = _open(data, name, options)
        try:
            count = len(document)
            if count > options.max_pages:
                raise too_many_pages(name, count, options.max_pages)
            pages: list[tuple[Page, list[Piece]]] = []
            total = 0
            for index in range(count):
                page, pieces = self._page(document, index)
                total += len(page.text)
                if total > options.max_chars:
                    raise too_much_text(name)
                pages.append((page, pieces))
            return RawDocument(pages=_arranged(pages), title=_title(document))
        finally:
            document.close()

    def _page(self, document: pdfium.PdfDocument, index: int) -> tuple[Page, list[Piece]]:
        """Return a page without its lines, and the lines with their places."""
        try:
            page = document[index]
        except pdfium.PdfiumError:
            # A page that cannot be loaded is an empty page; the quality report names it.
            return self._unreadable(index), []
        try:
            width, height = page.get_size()
            turn = _Turn.of(page)
            textpage = page.get_textpage()
            try:
                text, lines, pieces, box = _text(textpage, turn)
                if (turned := upright(text, pieces, width, height)) is not None:
                    text, pieces = turned
                    width, height = height, width
                elif may_hold_a_table(pieces):
                    rules = list(starmap(turn.box, lines_drawn(page)))
                    text, pieces = table_rows(text, pieces, rules, box) or (text, pieces)
            finally:
                textpage.close()
            images = _images(page) if len(text.strip()) < _FEW else 0
            read = Page(
                number=index + 1,
                text=text,
                lines=lines,
                engine=self.name,
                width=width,
                height=height,
                images=images,
            )
            return read, pieces
        except pdfium.PdfiumError:
            return self._unreadable(index), []
        finally:
            page.close()

    def _unreadable(self, index: int) -> Page:
        return Page(number=index + 1, text="", lines=(), engine=self.name, reason="unreadable")


@dataclass(frozen=True, slots=True)
class _Turn:
    """From PDFium's points (origin at the lower left, page not turned) to those of a reader."""

    left: float
    bottom: float
    right: float
    top: float
    degrees: int

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> _Turn:
        left, bottom, right, top = page.get_bbox()
        return cls(left, bottom, right, top, page.get_rotation())

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return (x0, top, x1, bottom) from the upper left corner of the page as it is shown."""
        if not self.degrees:
            return left - self.left, self.top - top, right - self.left, self.top - bottom
        match self.degrees:
            case 90:
                return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
            case 180:
                return (
                    self.right - right,
                    bottom - self.bottom,
                    self.right - left,
                    top - self.bottom,
                )
            case _:
                return self.top - top, self.right - right, self.top - bottom, self.right - left


def _open(data: bytes, name: str, options: ReadOptions) -> pdfium.PdfDocument:
    # PDFium keeps its last error and does not always set one: make it "format error" first, or a
    # broken file would be reported with the reason of the file before.
    raw.FPDF_LoadMemDocument(b"-", 1, None)
    try:
        return pdfium.PdfDocument(data, password=options.password)
    except pdfium.PdfiumError as e:
        reason = str(e).lower()
        locked = "password" in reason or "secur" in reason
        raise open_error(name, options, encrypted=locked) from e


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


def _title(document: pdfium.PdfDocument) -> str | None:
    try:
        return document.get_metadata_dict().get("Title", "").strip() or None
    except (pdfium.PdfiumError, UnicodeDecodeError):
        return None


def _images(page: pdfium.PdfPage) -> int:
    return sum(1 for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4))


def _text(
    textpage: pdfium.PdfTextPage, turn: _Turn
) -> tuple[str, tuple[Line, ...], list[Piece], Callable[[int], Box]]:
    """Return the text, its lines with places, and what gives the box of a character.

    Lines are without places where PDFium tells none.
    """
    count = textpage.count_chars()
    source = textpage.get_text_range() if count > 0 else ""
    text = _CONTROL.sub(" ", source.replace("\r\n", "\n").replace("\r", "\n"))
    shifts = _shifts(source)
    box = _boxes(textpage, turn, len(source) == count)

    def box_at(offset: int) -> Box:
        return box(offset + bisect_left(shifts, offset))

    try:
        return text, (), _pieces(text, shifts, box), box_at
    except LookupError:
        spans = (m.span() for m in _LINE.finditer(text) if m[0].strip())
        return text, tuple(Line(start=start, end=end) for start, end in spans), [], box_at


def _boxes(textpage: pdfium.PdfTextPage, turn: _Turn, exact: bool) -> Callable[[int], Box]:
    """Return what gives the box of a character by its advance, and raises ``LookupError``.

    A page asks for hundreds of boxes: everything that is looked up is looked up here, once.
    """
    rect = raw.FS_RECTF()
    handle, place = ctypes.cast(textpage.raw, ctypes.c_void_p).value, ctypes.addressof(rect)
    get, unpack, values = _GET_BOX, _RECT.unpack, memoryview(rect).cast("B")
    index_of, text_handle, turned = (
        raw.FPDFText_GetCharIndexFromTextIndex,
        textpage.raw,
        turn.box if turn.degrees else None,
    )
    x, y = turn.left, turn.top

    def box(index: int) -> Box:
        if not exact:  # PDFium's text leaves out characters without a meaning
            index = index_of(text_handle, index)
        if index < 0 or not get(handle, index, place):
            raise LookupError(index)
        left, top, right, bottom = unpack(values)
        if turned is not None:
            return turned(left, bottom, right, top)
        return left - x, y - top, right - x, y - bottom

    return box


def _shifts(source: str) -> list[int]:
    """Return where, in the clean text, a carriage return was lost (PDFium ends lines CRLF)."""
    return [m.start() - n for n, m in enumerate(re.finditer("\r\n", source))]


def _pieces(text: str, shifts: list[int], box: Callable[[int], Box]) -> list[Piece]:
    """Return the lines; ``box`` gives the place of a character of PDFium's text."""
    out: list[Piece] = []
    at = 0
    for line in text.split("\n"):
        stripped = line.strip()
        start = at + (line.index(stripped[0]) if stripped else 0)
        at += len(line) + 1
        if not stripped:
            continue
        shift = bisect_left(shifts, start)
        end = start + len(stripped)
        if len(stripped.split(None, 1)) == 1:
            out.append(Piece(start, end, box(start + shift), box(end - 1 + shift)))
            continue
        gaps = []
        for space in _SPACE.finditer(text, start, end):
            before, behind = space.span()
            gaps.append(Gap(before, behind, box(before - 1 + shift), box(behind + shift)))
        piece = Piece(start, end, box(start + shift), box(end - 1 + shift), tuple(gaps))
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
        order = arrange(pieces, gutters) if gutters else None
        rows = mended(pieces if order is None else order)
        if order is None and len(rows) == len(pieces):
            lines = [_line(p, p.start, p.end, p.box) for p in pieces]
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
        lines.append(_line(row[0], at, at + len(text), box))
        texts.append(text)
        at += len(text) + 1
    return replace(page, text="\n".join(texts), lines=tuple(lines))


def _line(piece: Piece, start: int, end: int, box: Box) -> Line:
    role: BlockKind | None = "table" if piece.row else None
    return Line(start=start, end=end, box=box, size=piece.size, role=role)
