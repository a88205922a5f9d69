"""Which engine reads which bytes: told by the content, the suffix only where content is mute."""

from __future__ import annotations

import importlib
import re
from pathlib import PurePath
from typing import cast

from nqpf_cli.engines.base import Engine
from nqpf_cli.errors import CorruptError, EmptyError, UnsupportedTypeError, UsageError
from nqpf_cli.i18n import Message

ENGINES = {
    "auto": "nqpf_cli.engines.pdf:AutoPdfEngine",
    "pdfium": "nqpf_cli.engines.pdfium:PdfiumEngine",
    "pdfplumber": "nqpf_cli.engines.plumber:PlumberEngine",
    "text": "nqpf_cli.engines.plain:PlainEngine",
    "markdown": "nqpf_cli.engines.markdown:MarkdownEngine",
    "docx": "nqpf_cli.engines.docx_:DocxEngine",
    "html": "nqpf_cli.engines.html:HtmlEngine",
    "ofd": "nqpf_cli.engines.ofd:OfdEngine",
}
PDF_ENGINES = ("auto", "pdfium", "pdfplumber")
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "ofd": "application/ofd",
    "markdown": "text/markdown",
    "text": "text/plain",
}
SUFFIXES = frozenset(
    {
        ".pdf",
        ".docx",
        ".ofd",
        ".html",
        ".htm",
        ".shtml",
        ".xhtml",
        ".md",
        ".markdown",
        ".txt",
        ".text",
    }
)

_HTML_SUFFIXES = frozenset({".html", ".htm", ".shtml", ".xhtml"})
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*|<!--(?:(?!-->).){0,2000}-->\s*){0,5}"
    rb"<(?:!doctype\s+html|html)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_MAGIC = (
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"II*\0", "tiff"),
    (b"\xd0\xcf\x11\xe0", "doc/xls/wps (OLE)"),
    (b"{\\rtf", "rtf"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"),
    (b"\x1f\x8b", "gzip"),
    (b"SQLite format 3", "sqlite"),
    (b"\x7fELF", "ELF"),
)


def resolve(name: str) -> Engine:
    """Return the engine of a registered name; raises ``UsageError`` for another."""
    if name not in ENGINES:
        raise UsageError(
            Message(f"没有名为 {name} 的引擎", f"there is no engine '{name}'"),
            Message("可用：" + "、".join(PDF_ENGINES), "one of: " + ", ".join(PDF_ENGINES)),
        )
    module, attribute = ENGINES[name].split(":")
    return cast("Engine", getattr(importlib.import_module(module), attribute)())


def sniff(data: bytes, name: str) -> str:
    """Return the type of a document (``pdf``, ``docx``, ``markdown``, ``text``).

    Raises ``EmptyError``, ``CorruptError`` (the suffix promises something else) or
    ``UnsupportedTypeError``.
    """
    suffix = PurePath(name).suffix.lower()
    if not data.strip(b"\0 \t\r\n\f"):
        raise EmptyError(
            Message(f"{name} 是空文件", f"{name} is empty"),
            Message("检查文件是否下载完整", "check that the download is complete"),
        )
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if suffix == ".pdf":
        raise CorruptError(
            Message(f"{name} 名为 PDF，内容却不是", f"{name} is named .pdf but holds no PDF"),
            Message(
                "若是文本请改后缀为 .txt；否则重新下载",
                "if it is text, name it .txt; otherwise download it anew",
            ),
        )
    if data.startswith(b"PK\x03\x04"):
        return _zip_type(data, name)
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise _unsupported(name, kind)
    if suffix in (".docx", ".ofd"):
        raise CorruptError(
            Message(f"{name} 名为 {suffix}，内容却不是", f"{name} is named {suffix} but is none"),
            Message("重新下载或另存", "download or save it anew"),
        )
    if suffix in _HTML_SUFFIXES or _HTML.match(data):
        return "html"
    return "markdown" if suffix in (".md", ".markdown") else "text"


def _zip_type(data: bytes, name: str) -> str:
    import io
    import zipfile

    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as e:
        raise CorruptError(
            Message(f"{name} 的压缩结构已损坏", f"the archive in {name} is broken"),
            Message("重新下载或另存", "download or save it anew"),
        ) from e
    if "word/document.xml" in names:
        return "docx"
    if any(n.lstrip("/").lower() == "ofd.xml" for n in names):
        return "ofd"
    raise _unsupported(name, "zip")


def _unsupported(name: str, kind: str) -> UnsupportedTypeError:
    return UnsupportedTypeError(
        Message(f"不支持 {name} 的类型（{kind}）", f"cannot read {name}: type {kind}"),
        Message(
            "请另存为 PDF、docx、OFD、html、txt 或 md",
            "save it as PDF, docx, OFD, html, txt or md",
        ),
    )
