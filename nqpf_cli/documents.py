"""One file → Document: bytes, engine, layout, sentences. The reading half of the pipeline."""

from __future__ import annotations

import gc
import hashlib
import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from nqpf_cli.analysis.layout import build_blocks, raw_text
from nqpf_cli.analysis.plausible import dense_length, garbage_share, odd_count
from nqpf_cli.analysis.quality import scored_kinds
from nqpf_cli.analysis.sentences import split
from nqpf_cli.defaults import MAX_BYTES
from nqpf_cli.engines.base import Limits, ReadOptions, Script, too_much_text
from nqpf_cli.engines.registry import MEDIA_TYPES, resolve, sniff
from nqpf_cli.errors import (
    EmptyError,
    InputError,
    NoTextLayerError,
    NotFoundError,
    TooLargeError,
    UnsupportedTypeError,
)
from nqpf_cli.i18n import Message
from nqpf_cli.model import Block, Document, RawDocument, RawText, Sentence, Source
from nqpf_cli.storage import is_url
from nqpf_cli.storage import read as storage_read

T = TypeVar("T")

PIPE_WAIT_S = 5.0
# Without O_NONBLOCK, to open a pipe that nobody writes to would take for ever.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
OCR_SECONDS_A_PAGE = 30.0
OCR_MEMORY_MIB = 1500
_FEW = 30  # characters: a page with fewer and with pictures is a picture
_GARBAGE_DOCUMENT = 0.3


def read_bytes(path: str, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the bytes of a file; raises ``NotFoundError``, ``TooLargeError``, ``InputError``."""
    p = Path(path)
    try:
        if not path:
            raise FileNotFoundError(path)
        if is_url(path):
            return _within(storage_read(path, max_bytes), path, max_bytes)
        if p.is_dir():
            os.scandir(p).close()  # one that may not be looked into is told as that
            raise UnsupportedTypeError(
                Message(f"{path} 是文件夹", f"{path} is a folder"),
                Message(f"整批分析请用：nqpf scan {path}", f"to score a folder: nqpf scan {path}"),
            )
        return _within(_at_most(p, max_bytes + 1), path, max_bytes)
    except (FileNotFoundError, NotADirectoryError) as e:
        raise NotFoundError(
            Message(f"找不到文件 {path}", f"there is no file {path}"),
            Message("检查路径与文件名", "check the path and the name"),
        ) from e
    except (OSError, ValueError) as e:
        reason = getattr(e, "strerror", None) or str(e)
        raise InputError(
            Message(f"无法打开 {path}：{reason}", f"cannot open {path}: {reason}"),
            Message("检查权限", "check its permissions"),
        ) from e


def _at_most(path: Path, size: int) -> bytes:
    # Not by st_size: a pipe or a device has none, and a file may grow.
    with os.fdopen(os.open(path, _FLAGS), "rb") as f:
        if stat.S_ISFIFO(os.fstat(f.fileno()).st_mode):
            return _from_pipe(f.fileno(), path, size)
        if hasattr(os, "O_NONBLOCK"):
            os.set_blocking(f.fileno(), True)
        return f.read(size)


def _from_pipe(handle: int, path: Path, size: int) -> bytes:
    """Read a named pipe (``<(…)`` of a shell is one) while somebody writes; ``InputError``."""
    import select

    data = bytearray()
    while len(data) < size:
        ready, _, _ = select.select([handle], [], [], PIPE_WAIT_S)
        try:
            chunk = os.read(handle, size - len(data))
        except BlockingIOError:
            continue  # its writer takes time
        if not chunk and not ready:
            raise InputError(
                Message(f"{path} 是没有人写入的管道", f"{path} is a pipe that nobody writes to"),
                Message("改用标准输入：-", "use standard input instead: -"),
            )
        if not chunk:
            break
        data += chunk
    return bytes(data)


def read_stdin(max_bytes: int = MAX_BYTES) -> bytes:
    """Return standard input, up to a limit; raises ``TooLargeError``."""
    return _within(sys.stdin.buffer.read(max_bytes + 1), "stdin", max_bytes)


def _within(data: bytes, name: str, max_bytes: int) -> bytes:
    if len(data) > max_bytes:
        raise TooLargeError(
            Message(
                f"{name} 超过 {max_bytes} 字节的上限",
                f"{name} is over the limit of {max_bytes} bytes",
            ),
            Message("用 --max-bytes 放宽上限", "raise the limit with --max-bytes"),
        )
    return data


def read_document(
    data: bytes,
    path: str,
    options: ReadOptions,
    tables: str = "include",
    meanwhile: Callable[[], object] | None = None,
    sha256: str | None = None,
) -> Document:
    """Read bytes into a document; raises ``InputError``. ``path`` is what reports call it.

    The lines of its pages are not kept: blocks have taken them up. ``meanwhile`` is called while
    another process reads, if one does. ``sha256`` is the hash of ``data`` where it is known.
    """
    kind = sniff(data, path)
    engine = options.engine if kind == "pdf" else kind
    source = Source(
        path=path,
        sha256=sha256 or hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        media_type=MEDIA_TYPES[kind],
    )
    with _uncollected():
        if kind == "pdf" and options.ocr != "off":
            return _with_ocr(engine, data, source, options, tables)
        work = (engine, data, source, options, tables)
        return _limited(_read_and_lay_out, work, path, options.limits, meanwhile)


def _limited(
    function: Callable[..., T],
    args: tuple[Any, ...],
    path: str,
    limits: Limits | None,
    meanwhile: Callable[[], object] | None = None,
) -> T:
    """Return ``function(*args)``, from a process of its own where there are limits."""
    if limits is None:
        return function(*args)
    from nqpf_cli.engines.isolated import run_limited

    return run_limited(function, args, path, limits, meanwhile)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the search for cycles: a document is many small values, and none is in a cycle."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _with_ocr(
    engine: str, data: bytes, source: Source, options: ReadOptions, tables: str
) -> Document:
    """Return the document, with its pictures and garbage pages recognised."""
    read = _limited(_read, (engine, data, source.path, options), source.path, options.limits)
    wanted = frozenset(
        p.number
        for p in read.pages
        if (p.images and dense_length(p.text) < _FEW) or garbage_share(p.text) > _GARBAGE_DOCUMENT
    )
    if not wanted:
        work = (source, read, options, tables)
        return _limited(_lay_out, work, source.path, options.limits)
    from nqpf_cli.ocr.registry import resolve as resolve_recognizer

    resolve_recognizer(options.ocr)  # an absent extra is told here, once
    limits = options.limits and replace(
        options.limits,
        timeout_s=options.limits.timeout_s + OCR_SECONDS_A_PAGE * len(wanted),
        memory_mib=max(options.limits.memory_mib, OCR_MEMORY_MIB),
    )
    args = (data, source, read, wanted, options, tables)
    return _limited(_recognise_and_lay_out, args, source.path, limits)


def _recognise_and_lay_out(
    data: bytes,
    source: Source,
    read: RawDocument,
    wanted: frozenset[int],
    options: ReadOptions,
    tables: str,
) -> Document:
    from nqpf_cli.ocr.pages import recognise_pages
    from nqpf_cli.ocr.registry import resolve as resolve_recognizer

    recognizer = resolve_recognizer(options.ocr)
    pages = recognise_pages(data, read.pages, wanted, recognizer, password=options.password)
    return _lay_out(source, replace(read, pages=pages), options, tables)


def _read_and_lay_out(
    engine: str, data: bytes, source: Source, options: ReadOptions, tables: str
) -> Document:
    return _lay_out(source, _read(engine, data, source.path, options), options, tables)


def _read(engine: str, data: bytes, path: str, options: ReadOptions) -> RawDocument:
    read = resolve(engine).read(data, path, options)
    if sum(len(p.text) for p in read.pages) > options.max_chars:
        raise too_much_text(path)
    return read


def _lay_out(source: Source, read: RawDocument, options: ReadOptions, tables: str) -> Document:
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


__all__ = ["ReadOptions", "read_bytes", "read_document", "read_stdin", "sentences_of"]
