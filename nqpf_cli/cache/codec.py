"""A document as bytes and back: what scoring needs of it, without the places on its pages.

Plain JSON and numbers, never pickle: a cache file that someone has changed must not run code.
"""

from __future__ import annotations

import json
from array import array
from typing import Any

import numpy as np

from nqpf_cli.model import Block, Document, Page, QualityWarning, RawText, Source
from nqpf_cli.reading import sentences_of

_TEXT = ("utf-8", "surrogatepass")
_HEAD = 8  # bytes that hold the length of the JSON part


def encode(document: Document) -> bytes:
    """Return a document as bytes; the lines of its pages and their boxes are left out."""
    raw = document.raw
    head = {
        "source": [document.source.sha256, document.source.size_bytes, document.source.media_type],
        "title": document.title,
        "paged": document.paged,
        "raw": [raw.text, list(raw.page_starts), list(raw.numbers)],
        "pages": [
            [p.number, p.text, p.engine, p.reason, p.width, p.height, p.images, p.ocr_confidence]
            for p in document.pages
        ],
        "blocks": [[b.kind, b.text, b.page, b.level, b.section] for b in document.blocks],
        "warnings": [[w.code, w.zh, w.en, w.page] for w in document.warnings],
    }
    sources: array[int] = array("I")
    for b in document.blocks:
        sources.extend(b.sources)
    # Differences are nearly all 1, and shrink to nothing when the store compresses them.
    steps = np.diff(np.frombuffer(sources, dtype=np.uint32).astype(np.int64), prepend=0).astype(
        "<i4"
    )
    # Not as ASCII: escapes of six bytes a character would outgrow what the store looks back on.
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode(*_TEXT)
    return len(text).to_bytes(_HEAD, "little") + text + steps.tobytes()


def decode(data: bytes, path: str, tables: str) -> Document | None:
    """Return the document of ``encode`` under the name ``path``; None where it is not whole."""
    try:
        size = int.from_bytes(data[:_HEAD], "little")
        head = json.loads(data[_HEAD : _HEAD + size].decode(*_TEXT))
        steps = np.frombuffer(data[_HEAD + size :], dtype="<i4")
        return _document(head, np.cumsum(steps, dtype=np.int64).astype(np.uint32), path, tables)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None


def _document(head: dict[str, Any], sources: Any, path: str, tables: str) -> Document:
    sha256, size_bytes, media_type = head["source"]
    text, starts, numbers = head["raw"]
    raw = RawText(text=text, page_starts=tuple(starts), numbers=tuple(numbers))
    blocks, start = [], 0
    for kind, own, page, level, section in head["blocks"]:
        places: array[int] = array("I", sources[start : start + len(own)].tobytes())
        start += len(own)
        blocks.append(
            Block(kind=kind, text=own, sources=places, page=page, level=level, section=section)
        )
    if start != len(sources):
        raise ValueError("places and text differ")
    names = ("number", "text", "engine", "reason", "width", "height", "images", "ocr_confidence")
    pages = (dict(zip(names, p, strict=True)) for p in head["pages"])
    return Document(
        source=Source(path=path, sha256=sha256, size_bytes=size_bytes, media_type=media_type),
        raw=raw,
        pages=tuple(Page(lines=(), **p) for p in pages),
        blocks=tuple(blocks),
        sentences=tuple(sentences_of(blocks, raw, tables)),
        title=head["title"],
        paged=head["paged"],
        warnings=tuple(
            QualityWarning(code=c, zh=zh, en=en, page=page) for c, zh, en, page in head["warnings"]
        ),
    )
