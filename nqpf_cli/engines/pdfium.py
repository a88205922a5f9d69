"""PDFium: text of a page in the file's own reading order, with a box for every line."""

from __future__ import annotations

import ctypes
import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from nqpf_cli.engines.base import ReadOptions
from nqpf_cli.errors import CorruptError, EncryptedError, InputError, TooLargeError
from nqpf_cli.i18n import Message
from nqpf_cli.model import Line, Page, RawDocument

_FEW = 50  # characters: only a page with fewer is asked for its pictures, which takes time
_LINE = re.compile(r"[^\n]+")
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
            pages = []
            total = 0
            for index in range(count):
                page = self._page(document, index)
                total += len(page.text)
                if total > options.max_chars:
                    raise too_much_text(name)
                pages.append(page)
            return RawDocument(pages=tuple(pages), title=_title(document))
        finally:
            document.close()

    def _page(self, document: pdfium.PdfDocument, index: int) -> Page:
        try:
            page = document[index]
        except pdfium.PdfiumError:
            # A page that cannot be loaded is an empty page; the quality report names it.
            return Page(number=index + 1, text="", lines=(), engine=self.name, reason="unreadable")
        try:
            width, height = page.get_size()
            textpage = page.get_textpage()
            try:
                text, lines = _text(textpage, height)
            finally:
                textpage.close()
            images = _images(page) if len(text.strip()) < _FEW else 0
            return Page(
                number=index + 1,
                text=text,
                lines=lines,
                engine=self.name,
                width=width,
                height=height,
                images=images,
            )
        except pdfium.PdfiumError:
            return Page(number=index + 1, text="", lines=(), engine=self.name, reason="unreadable")
        finally:
            page.close()


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


def _text(textpage: Any, height: float) -> tuple[str, tuple[Line, ...]]:
    count = textpage.count_chars()
    source = textpage.get_text_range() if count > 0 else ""
    # Character indices of PDFium and of the text differ where it skips or joins characters.
    exact = len(source) == count
    text = source.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\ufffe", "").replace("\x02", "") if not exact else text
    text = _CONTROL.sub(" ", text)
    shifts = _shifts(source) if exact else None
    lines = tuple(_lines(textpage, text, shifts, height))
    return text, lines


def _shifts(source: str) -> list[int]:
    """Return where, in the clean text, a carriage return was lost (PDFium ends lines CRLF)."""
    return [m.start() - n for n, m in enumerate(re.finditer("\r\n", source))]


def _lines(textpage: Any, text: str, shifts: list[int] | None, height: float) -> Iterator[Line]:
    for m in _LINE.finditer(text):
        start, end = m.span()
        stripped = m[0].strip()
        if not stripped:
            continue
        if shifts is None:
            yield Line(start=start, end=end)
            continue
        lost = bisect_left(shifts, start)
        first = start + lost + (len(m[0]) - len(m[0].lstrip()))
        last = start + lost + len(m[0].rstrip()) - 1
        yield Line(start=start, end=end, **_box(textpage, first, last, height))


def _box(textpage: Any, first: int, last: int, height: float) -> dict[str, Any]:
    """Return the box of a line from its first and last character, by their advance boxes."""
    a, b = raw.FS_RECTF(), raw.FS_RECTF()
    if not raw.FPDFText_GetLooseCharBox(textpage, first, ctypes.byref(a)):
        return {}
    if not raw.FPDFText_GetLooseCharBox(textpage, last, ctypes.byref(b)):
        return {}
    top, bottom = height - max(a.top, b.top), height - min(a.bottom, b.bottom)
    return {"box": (a.left, top, b.right, bottom), "size": a.top - a.bottom}
