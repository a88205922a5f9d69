"""pdfplumber: slower, for pages that PDFium reads badly, and to compare the two."""

from __future__ import annotations

import io
import logging
from typing import Any

from nqpf_cli.engines.base import ReadOptions, too_much_text
from nqpf_cli.engines.pdfium import open_error, too_many_pages
from nqpf_cli.errors import InputError
from nqpf_cli.model import Line, Page, RawDocument


class PlumberEngine:
    """Reads a PDF with pdfplumber, overprinted characters dropped."""

    name = "pdfplumber"

    def read(self, data: bytes, name: str, options: ReadOptions) -> RawDocument:
        """Return all pages; raises ``EncryptedError`` or ``CorruptError``."""
        return RawDocument(pages=tuple(self.pages(data, name, options, None)))

    def pages(
        self, data: bytes, name: str, options: ReadOptions, wanted: set[int] | None
    ) -> list[Page]:
        """Return the pages whose numbers are ``wanted`` (all of them for None)."""
        import pdfplumber
        from pdfminer.pdfdocument import PDFPasswordIncorrect

        logging.getLogger("pdfminer").setLevel(logging.ERROR)
        try:
            with pdfplumber.open(io.BytesIO(data), password=options.password or "") as pdf:
                if len(pdf.pages) > options.max_pages:
                    raise too_many_pages(name, len(pdf.pages), options.max_pages)
                out = []
                total = 0
                for page in pdf.pages:
                    if wanted is None or page.page_number in wanted:
                        out.append(self._page(page))
                        total += len(out[-1].text)
                    page.close()
                    if total > options.max_chars:
                        raise too_much_text(name)
                return out
        except InputError:
            raise
        except Exception as e:  # pdfminer raises whatever a broken file provokes
            causes = (e, *e.args)
            secret = any(isinstance(c, PDFPasswordIncorrect) for c in causes)
            raise open_error(name, options, encrypted=secret) from e

    def _page(self, page: Any) -> Page:
        rows = page.dedupe_chars().extract_text_lines(return_chars=False)
        texts, lines, at = [], [], 0
        for row in rows:
            text = row["text"].replace("\n", " ").replace("\f", " ")
            box = (float(row["x0"]), float(row["top"]), float(row["x1"]), float(row["bottom"]))
            lines.append(Line(start=at, end=at + len(text), box=box, size=box[3] - box[1]))
            texts.append(text)
            at += len(text) + 1
        return Page(
            number=page.page_number,
            text="\n".join(texts),
            lines=tuple(lines),
            engine=self.name,
            width=float(page.width),
            height=float(page.height),
            images=len(page.images),
        )
