"""Bytes → Document, in a process of their own. The reading half of the pipeline.

``reading`` does it there. It is imported by the process that reads: this one goes on with its own
work, and needs none of it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from nqpf_cli.engines.base import Limits, ReadOptions
from nqpf_cli.engines.registry import MEDIA_TYPES, sniff
from nqpf_cli.model import Document, Source

T = TypeVar("T")

OCR_SECONDS_A_PAGE = 30.0
OCR_MEMORY_MIB = 1500


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
        path=path, sha256=sha256 or "", size_bytes=len(data), media_type=MEDIA_TYPES[kind]
    )
    hashed = cache(lambda: sha256 or _sha256(data))

    def get_on() -> None:
        hashed()  # takes as long as some pages
        if meanwhile is not None:
            meanwhile()

    with _uncollected():
        if kind == "pdf" and options.ocr != "off":
            document = _with_ocr(engine, data, source, options, tables)
        else:
            work = (engine, data, source, options, tables)
            document = _limited(_read_and_lay_out, work, path, options.limits, get_on)
    return replace(document, source=replace(source, sha256=hashed()))


def _read_and_lay_out(*work: Any) -> Document:
    from nqpf_cli.reading import read_and_lay_out

    return read_and_lay_out(*work)


def _sha256(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()


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
    from nqpf_cli import reading

    args = (engine, data, source.path, options)
    read = _limited(reading.read, args, source.path, options.limits)
    wanted = reading.to_recognise(read.pages)
    if not wanted:
        work = (source, read, options, tables)
        return _limited(reading.lay_out, work, source.path, options.limits)
    from nqpf_cli.ocr.registry import resolve

    resolve(options.ocr)  # an absent extra is told here, once
    limits = options.limits and replace(
        options.limits,
        timeout_s=options.limits.timeout_s + OCR_SECONDS_A_PAGE * len(wanted),
        memory_mib=max(options.limits.memory_mib, OCR_MEMORY_MIB),
    )
    whole = (data, source, read, wanted, options, tables)
    return _limited(reading.recognise_and_lay_out, whole, source.path, limits)
