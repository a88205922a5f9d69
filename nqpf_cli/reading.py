"""Bytes → Document: engine, layout, sentences. What is done in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from nqpf_cli.analysis.layout.build import build_blocks, raw_text
from nqpf_cli.analysis.plausible import dense_length, garbage_share, odd_count
from nqpf_cli.analysis.sentences import scored_kinds, split
from nqpf_cli.engines.base import ReadOptions, Script, too_much_text
from nqpf_cli.engines.registry import MEDIA_TYPES, resolve
from nqpf_cli.errors import EmptyError, NoTextLayerError
from nqpf_cli.i18n import Message
from nqpf_cli.model import Block, Document, Page, RawDocument, RawText, Sentence, Source

_FEW = 30  # characters: a page with fewer and with pictures is a picture
_GARBAGE_DOCUMENT = 0.3


def get_ready() -> None:
    """Import what reads a PDF."""
    resolve("auto")


def read_and_lay_out(
    kind: str, data: bytes, path: str, options: ReadOptions, tables: str
) -> Document:
    """Return a document read and laid out; raises ``InputError``."""
    source = source_of(kind, data, path)
    return lay_out(source, read(kind, data, path, options), options, tables)


def source_of(kind: str, data: bytes, path: str) -> Source:
    """Return where a document comes from; its hash is told by the process that has time for it."""
    return Source(path=path, sha256="", size_bytes=len(data), media_type=MEDIA_TYPES[kind])


def to_recognise(pages: Iterable[Page]) -> frozenset[int]:
    """Return the numbers of the pages that are pictures or garbage."""
    return frozenset(
        p.number
        for p in pages
        if (p.images and dense_length(p.text) < _FEW) or garbage_share(p.text) > _GARBAGE_DOCUMENT
    )


def recognise_and_lay_out(
    data: bytes,
    source: Source,
    read: RawDocument,
    wanted: frozenset[int],
    options: ReadOptions,
    tables: str,
) -> Document:
    """Return a document that is read already, its ``wanted`` pages recognised, and laid out."""
    from nqpf_cli.ocr.pages import recognise_pages
    from nqpf_cli.ocr.registry import resolve as resolve_recognizer

    recognizer = resolve_recognizer(options.ocr)
    pages = recognise_pages(data, read.pages, wanted, recognizer, password=options.password)
    return lay_out(source, replace(read, pages=pages), options, tables)


def read(kind: str, data: bytes, path: str, options: ReadOptions) -> RawDocument:
    """Return the pages as the engine of a kind of file gives them; raises ``InputError``."""
    engine = options.engine if kind == "pdf" else kind
    found = resolve(engine).read(data, path, options)
    if sum(len(p.text) for p in found.pages) > options.max_chars:
        raise too_much_text(path)
    return found


def lay_out(source: Source, read: RawDocument, options: ReadOptions, tables: str) -> Document:
    """Return a document of pages that were read; raises where they hold no text."""
    _refuse_textless(read, source.path)
    raw = raw_text(read.pages)
    blocks = build_blocks(read.pages, raw, _conversion(options.script))
    return Document(
        source=source,
        raw=raw,
        pages=tuple(replace(p, lines=()) for p in read.pages),
        blocks=blocks,
        sentences=tuple(sentences_of(blocks, raw, tables)),
        title=read.title,
        paged=read.paged,
        warnings=read.warnings,
    )


def _conversion(script: Script) -> Callable[[str], str] | None:
    if script == "as_is":
        return None
    from nqpf_cli.engines.script import simplify

    return simplify


def sentences_of(blocks: Sequence[Block], raw: RawText, tables: str) -> list[Sentence]:
    """Return the sentences of the blocks that are scored."""
    kinds = scored_kinds(tables)
    return [
        Sentence(
            text=b.text[start:end],
            block=n,
            start=start,
            end=end,
            page=raw.page_of(b.sources[start]),
            section=b.section,
        )
        for n, b in enumerate(blocks)
        if b.kind in kinds
        for start, end in split(b.text)
    ]


def _refuse_textless(document: RawDocument, path: str) -> None:
    """Raise where there is nothing to read: no pages, pictures only, garbage throughout."""
    dense = sum(dense_length(p.text) for p in document.pages)
    # A page that was recognised has said what it holds, were it only a line.
    pictures = any(p.images and not p.engine.startswith("ocr:") for p in document.pages)
    ocr = Message(
        "加 --ocr 做文字识别（OCR；先装可选组件：pip install 'nqpf[ocr]'）",
        "recognise its text (OCR) with --ocr; install the extra first: pip install 'nqpf[ocr]'",
    )
    if dense < _FEW and pictures:
        raise NoTextLayerError(
            Message(
                f"{path} 没有文字层：页面是图片（{len(document.pages)} 页）",
                f"{path} has no text layer: its {len(document.pages)} page(s) are pictures",
            ),
            ocr,
        )
    if not dense:
        raise EmptyError(
            Message(f"{path} 没有文字", f"there is no text in {path}"),
            Message("检查是否是空白文档", "check whether the document is blank"),
        )
    if sum(odd_count(p.text) for p in document.pages) <= _GARBAGE_DOCUMENT * dense:
        return
    if garbage_share("".join(p.text for p in document.pages)) > _GARBAGE_DOCUMENT:
        raise NoTextLayerError(
            Message(
                f"{path} 的文字层是乱码（字体缺少正确的字符映射），不能计分",
                f"the text layer of {path} is garbage (its fonts lack a right map): not scored",
            ),
            ocr,
        )
