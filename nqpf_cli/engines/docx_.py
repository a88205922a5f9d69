"""Word documents: paragraphs, headings, tables and footnotes in the order of the body."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import chain
from typing import Any

from nqpf_cli.engines.assemble import Piece, bounded, page_of
from nqpf_cli.engines.base import ReadOptions
from nqpf_cli.errors import CorruptError, TooLargeError
from nqpf_cli.i18n import Message
from nqpf_cli.model import RawDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
_MAX_UNPACKED = 300 * 1024 * 1024
_MAX_MEMBERS = 10_000


class DocxEngine:
    """Reads .docx with python-docx."""

    name = "docx"

    def read(self, data: bytes, name: str, options: ReadOptions) -> RawDocument:
        """Return one page; raises ``CorruptError`` or ``TooLargeError``."""
        check_zip(data, name)
        import docx

        try:
            document = docx.Document(io.BytesIO(data))
            body = chain(_body(document), _footnotes(document))
            page = page_of(bounded(body, name, options.max_chars), self.name)
            title = (document.core_properties.title or "").strip() or None
        except TooLargeError:
            raise
        except Exception as e:  # python-docx raises whatever a broken part provokes
            raise CorruptError(
                Message(f"{name} 不是完好的 Word 文档", f"{name} is not a sound Word document"),
                Message("在 Word 或 WPS 中打开并另存", "open it in Word or WPS and save it anew"),
            ) from e
        return RawDocument(pages=(page,), title=title, paged=False)


def check_zip(data: bytes, name: str) -> None:
    """Refuse archives that unpack to too much, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            total = sum(m.file_size for m in members)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as e:
        raise CorruptError(
            Message(f"{name} 的压缩结构已损坏", f"the archive in {name} is broken"),
            Message("重新下载或另存", "download or save it anew"),
        ) from e
    if total > _MAX_UNPACKED or len(members) > _MAX_MEMBERS:
        raise TooLargeError(
            Message(f"{name} 解压后过大", f"{name} unpacks to too much ({total} bytes)"),
            Message("如确属正常文件，请先另存精简", "if it is genuine, save a leaner copy first"),
        )


def _body(document: Any) -> Iterator[Piece]:
    from docx.table import Table

    for item in document.iter_inner_content():
        if isinstance(item, Table):
            yield from _table(item)
            continue
        style = (item.style.name if item.style is not None else "") or ""
        text = item.text.strip()
        if not text:
            continue
        if m := _HEADING.search(style):
            yield Piece(text, "heading", int(m[1]))
        elif style.lower() == "title":
            yield Piece(text, "title")
        elif style.lower().startswith("toc"):
            yield Piece(text, "toc")
        else:
            yield Piece(text)


def _table(table: Any) -> Iterator[Piece]:
    for row in table.rows:
        cells: list[str] = []
        last = None
        for cell in row.cells:
            if cell._tc is not last:  # merged cells are given once for every column they span
                cells.append(cell.text.strip().replace("\n", " "))
            last = cell._tc
        yield Piece(" | ".join(cells), "table")


def _footnotes(document: Any) -> Iterator[Piece]:
    for rel in document.part.rels.values():
        if not rel.reltype.endswith("/footnotes") or rel.is_external:
            continue
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(rel.target_part.blob, parser)
        for note in root.iter(f"{_W}footnote"):
            text = "".join(t.text or "" for t in note.iter(f"{_W}t")).strip()
            if text:
                yield Piece(text, "footnote")
