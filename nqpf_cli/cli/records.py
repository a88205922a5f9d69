"""The records of a scan, from its file, or from documents that are scored now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from nqpf_cli.cli import options as o
from nqpf_cli.cli.shared import Shared

if TYPE_CHECKING:
    from nqpf_cli.corpus.records import Record

_SCANS = frozenset({".jsonl", ".ndjson", ".json"})


def is_scan(path: str) -> bool:
    """Return whether a path names what ``nqpf scan`` wrote; ``-`` is a scan on standard input."""
    return path == "-" or PurePath(path).suffix.lower() in _SCANS


def records(
    shared: Shared,
    paths: Sequence[str],
    reading: o.Reading,
    coding: o.Coding,
    estimates: o.Estimates,
    jobs: int,
) -> Iterator[Record]:
    """Yield the records of scans, then those of documents and folders, scored by ``jobs`` workers.

    Raises ``InputError`` for a path that does not exist or a file that is no scan.
    """
    from nqpf_cli.corpus.records import parse_record, read_records

    for path in paths:
        if is_scan(path):
            yield from read_records(path)
    documents = [p for p in paths if not is_scan(p)]
    if not documents:
        return
    from nqpf_cli.scan import Job, find_files, scan

    reading.require_extras()
    analyzer = o.analyzer(shared, reading, coding, estimates)
    job = Job(lexicons=shared.lexicons, settings=analyzer.settings, options=analyzer.options)
    for outcome in scan(find_files(documents), job, jobs):
        if (record := parse_record(outcome.line.encode("utf-8", "surrogateescape"))) is not None:
            yield record
