"""PDFium: text of a page in the file's own reading order, with a box for every line."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from nqpf_cli.analysis.layout.reading import (
    Box,
    Gap,
    Piece,
    arrange,
    mended,
    page_gutters,
    parted,
)
from nqpf_cli.engines.base import ReadOptions
from nqpf_cli.errors import CorruptError, EncryptedError, InputError, TooLargeError
from nqpf_cli.i18n import Message
from nqpf_cli.model import Line, Page, RawDocument

_FEW = 50  # characters: only a page with fewer is asked for its pictures, which takes time
_LINE = re.compile(r"[^\n]+")
_SPACE = re.compile(r"(?<=\S)\s+(?=\S)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class PdfiumEngine:
    """The fast way through a PDF."""

    name = "pdfium"

    def read(self, data: bytes, name: str, options: ReadOptions) -> RawDocument:
        """Return all pages; raises ``EncryptedError``, ``CorruptError``, ``TooLargeError``."""
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
            textpage = page.get_textpage()
            try:
                text, lines, pieces = _text(textpage, _Turn.of(page))
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
            case 270:
                return self.top - top, self.right - right, self.top - bottom, self.right - left
            case _:
                return left - self.left, self.top - top, right - self.left, self.top - bottom


def _open(data: bytes, name: str, options: ReadOptions) -> pdfium.PdfDocument:
    # PDFium keeps its last error and does not always set one: make it "format error" first, or a
    # broken file would be reported with the reason of the file before.
    raw.FPDF_LoadMemDocument(b"-", 1, None)
    try:
        return pdfium.PdfDocument(data, password=options.password)
    except pdfium.PdfiumError as e:
        reason = str(e).lower()
        raise open_error(name, encrypted="password" in reason or "secur" in reason) from e


def too_many_pages(name: str, count: int, limit: int) -> TooLargeError:
    """Return the error for a document over the limit of pages."""
    return TooLargeError(
        Message(
            f"{name} 有 {count} 页，超过上限 {limit}",
            f"{name} has {count} pages, over the limit of {limit}",
        ),
        Message("用 --max-pages 放宽上限", "raise the limit with --max-pages"),
    )


def too_much_text(name: str) -> TooLargeError:
    """Return the error for a document with more text than anyone writes."""
    return TooLargeError(
        Message(f"{name} 的文字超过上限", f"{name} has more text than the limit"),
        Message("文件可能是解压炸弹", "it may be a bomb"),
    )


def open_error(name: str, *, encrypted: bool) -> InputError:
    """Return the error for a file that does not open."""
    if encrypted:
        return EncryptedError(
            Message(f"{name} 已加密，需要密码", f"{name} is encrypted and needs a password"),
            Message("用 --password 给出密码", "give it with --password"),
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


def _text(textpage: Any, turn: _Turn) -> tuple[str, tuple[Line, ...], list[Piece]]:
    """Return the text, and its lines with places; lines without where PDFium tells none."""
    count = textpage.count_chars()
    source = textpage.get_text_range() if count > 0 else ""
    text = _CONTROL.sub(" ", source.replace("\r\n", "\n").replace("\r", "\n"))
    chars = _Chars(textpage, _shifts(source), turn, exact=len(source) == count)
    try:
        return text, (), list(_pieces(chars, text))
    except LookupError:
        spans = (m.span() for m in _LINE.finditer(text) if m[0].strip())
        return text, tuple(Line(start=start, end=end) for start, end in spans), []


@dataclass(frozen=True, slots=True)
class _Chars:
    """The boxes of a page's characters, by their offsets in the clean text."""

    textpage: Any
    shifts: list[int]
    turn: _Turn
    exact: bool
    rect: Any = field(default_factory=raw.FS_RECTF)

    def box(self, offset: int) -> Box:
        """Return the box of a character, by its advance; raises ``LookupError``."""
        index = offset + bisect_left(self.shifts, offset)
        if not self.exact:  # PDFium's text leaves out characters without a meaning
            index = raw.FPDFText_GetCharIndexFromTextIndex(self.textpage, index)
        r = self.rect
        if index < 0 or not raw.FPDFText_GetLooseCharBox(self.textpage, index, r):
            raise LookupError(offset)
        return self.turn.box(r.left, r.bottom, r.right, r.top)


def _shifts(source: str) -> list[int]:
    """Return where, in the clean text, a carriage return was lost (PDFium ends lines CRLF)."""
    return [m.start() - n for n, m in enumerate(re.finditer("\r\n", source))]


def _pieces(chars: _Chars, text: str) -> Iterator[Piece]:
    for m in _LINE.finditer(text):
        stripped = m[0].strip()
        if not stripped:
            continue
        start = m.start() + len(m[0]) - len(m[0].lstrip())
        end = start + len(stripped)
        gaps = tuple(
            Gap(
                space.start(),
                space.end(),
                chars.box(space.start() - 1),
                chars.box(space.end()),
            )
            for space in _SPACE.finditer(text, start, end)
        )
        yield from parted(Piece(start, end, chars.box(start), chars.box(end - 1), gaps), text)


def _arranged(pages: list[tuple[Page, list[Piece]]]) -> tuple[Page, ...]:
    """Return the pages with their lines in the order of reading."""
    out = []
    found = page_gutters([pieces for _, pieces in pages])
    for (page, pieces), gutters in zip(pages, found, strict=True):
        order = arrange(pieces, gutters) if gutters else None
        rows = mended(pieces if order is None else order)
        if order is None and len(rows) == len(pieces):
            lines = (Line(start=p.start, end=p.end, box=p.box, size=p.size) for p in pieces)
            out.append(replace(page, lines=tuple(lines)) if pieces else page)
        else:
            out.append(_set(page, rows))
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
        lines.append(Line(start=at, end=at + len(text), box=box, size=row[0].size))
        texts.append(text)
        at += len(text) + 1
    return replace(page, text="\n".join(texts), lines=tuple(lines)) if rows else page
