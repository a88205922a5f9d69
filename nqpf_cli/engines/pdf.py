"""``auto``: PDFium for every page, pdfplumber for those that PDFium reads as garbage."""

from __future__ import annotations

from dataclasses import replace

from nqpf_cli.analysis.plausible import garbage_share, odd_count
from nqpf_cli.engines.base import ReadOptions
from nqpf_cli.engines.pdfium import PdfiumEngine
from nqpf_cli.errors import InputError
from nqpf_cli.model import Page, RawDocument

_SUSPECT = 0.05
_FEW = 20  # characters: fewer odd ones are bullets and signs of a symbol font
_RETRY_AT_MOST = 50  # pages: a book of garbage is garbage, whatever engine reads it


class AutoPdfEngine:
    """Reads with PDFium and asks pdfplumber about suspicious pages."""

    name = "auto"

    def read(self, data: bytes, name: str, options: ReadOptions) -> RawDocument:
        """Return the pages, each by the engine that reads it better; raises ``InputError``."""
        document = PdfiumEngine().read(data, name, options)
        suspects = {p.number for p in document.pages if _is_suspect(p.text)}
        if not suspects or len(suspects) > _RETRY_AT_MOST:
            return document
        from nqpf_cli.engines.plumber import PlumberEngine

        try:
            others = PlumberEngine().pages(data, name, options, suspects)
        except InputError:
            return document
        better = {o.number: o for o in others}
        return replace(
            document, pages=tuple(_better(p, better.get(p.number)) for p in document.pages)
        )


def _is_suspect(text: str) -> bool:
    return odd_count(text) > _FEW and garbage_share(text) > _SUSPECT


def _better(page: Page, other: Page | None) -> Page:
    if other is None or not other.text.strip():
        return page
    if garbage_share(other.text) < garbage_share(page.text) - _SUSPECT:
        return replace(other, reason="garbage_text")
    return page
