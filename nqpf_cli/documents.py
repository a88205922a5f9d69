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
from typing import TYPE_CHECKING, Any, TypeVar

from nqpf_cli.engines.base import Limits, ReadOptions
from nqpf_cli.engines.registry import sniff

if TYPE_CHECKING:
    from nqpf_cli.model import Document

T = TypeVar("T")

OCR_SECONDS_A_PAGE = 30.0
OCR_MEMORY_MIB = 1500
_BESIDE_PAGES = 100  # are read in the time that a run takes to get ready to score


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
    hashed = cache(lambda: sha256 or _sha256(data))

    def get_on() -> None:
        hashed()  # takes as long as some pages
        if meanwhile is not None:
            meanwhile()

    with _uncollected():
        if kind == "pdf" and options.ocr != "off":
            document = _with_ocr(data, path, options, tables)
        else:
            if meanwhile is not None:
                options = replace(options, beside_pages=_BESIDE_PAGES)
            work = (kind, data, path, options, tables)
            document = _limited(_read_and_lay_out, work, path, options.limits, get_on)
    return replace(document, source=replace(document.source, sha256=hashed()))


def expect_pdf() -> None:
    """Have a process get ready to read a PDF, the first that will be read with limits."""
    from nqpf_cli.engines.standby import stand_by

    stand_by(_get_ready)


def _get_ready() -> None:
    from nqpf_cli import reading

    reading.get_ready()


def _read_and_lay_out(*work: Any) -> Document:
    from nqpf_cli.reading import read_and_lay_out

    with _uncollected():
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


def _with_ocr(data: bytes, path: str, options: ReadOptions, tables: str) -> Document:
    """Return the document of a PDF, with its pictures and garbage pages recognised."""
    from nqpf_cli import reading

    read = _limited(reading.read, ("pdf", data, path, options), path, options.limits)
    wanted = reading.to_recognise(read.pages)
    source = reading.source_of("pdf", data, path)
    if not wanted:
        return _limited(reading.lay_out, (source, read, options, tables), path, options.limits)
    from nqpf_cli.ocr.registry import resolve

    resolve(options.ocr)  # an absent extra is told here, once
    limits = options.limits and replace(
        options.limits,
        timeout_s=options.limits.timeout_s + OCR_SECONDS_A_PAGE * len(wanted),
        memory_mib=max(options.limits.memory_mib, OCR_MEMORY_MIB),
    )
    work = (data, source, read, wanted, options, tables)
    return _limited(reading.recognise_and_lay_out, work, path, limits)
