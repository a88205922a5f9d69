"""What a worker process does: build its analyzer once, then a record for every path."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nqpf_cli.cache.codec import decode, encode
from nqpf_cli.cache.keys import Keys
from nqpf_cli.cache.reports import Reports
from nqpf_cli.corpus.meta import Meta
from nqpf_cli.documents import OCR_MEMORY_MIB, OCR_SECONDS_A_PAGE, read_bytes
from nqpf_cli.engines.base import Limits, ReadOptions
from nqpf_cli.errors import NqpfError
from nqpf_cli.formats.json_ import dumps_line
from nqpf_cli.i18n import Message
from nqpf_cli.model import Document, Profile, Settings
from nqpf_cli.pipeline import Analyzer

# What a document becomes, given what the user knows of it.
Record = Callable[[Analyzer, Document, Profile | None], dict[str, Any]]


def report_object(
    analyzer: Analyzer, document: Document, given: Profile | None = None
) -> dict[str, Any]:
    """Return the report object of a document."""
    return analyzer.score(document, given).to_dict()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be done: how to read and score, and what is known of the documents.

    ``cache`` is the folder of the cache, which keeps report objects only; ``record`` says what a
    document becomes.
    """

    lexicons: tuple[Path, ...]
    settings: Settings
    options: ReadOptions
    cache: Path | None = None
    meta: Meta | None = None
    record: Record = report_object

    @property
    def limits(self) -> Limits:
        """Return the limits of a document; recognising text takes longer and wants more memory."""
        limits = self.options.limits or Limits()
        if self.options.ocr == "off":
            return limits
        return Limits(
            timeout_s=limits.timeout_s + 100 * OCR_SECONDS_A_PAGE,
            memory_mib=max(limits.memory_mib, OCR_MEMORY_MIB),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one document: ``line`` is its record, ``error`` the record's error object.

    Records are English; ``message`` says the same to people, in both languages.
    """

    path: str
    line: str
    error: dict[str, Any] | None = None
    message: Message | None = None
    cached: bool = False

    @classmethod
    def failed(cls, path: str, error: NqpfError) -> Outcome:
        """Return the outcome of a document that could not be scored."""
        record = error.record(path)
        told: Any = record["error"]
        return cls(path=path, line=dumps_line(record), error=told, message=error.message)


class Worker:
    """Scores documents, with the cache at hand."""

    def __init__(self, job: Job) -> None:
        # Documents are read in the worker itself: its limits are theirs.
        self.analyzer = Analyzer.of(job.lexicons, job.settings, replace(job.options, limits=None))
        _ = self.analyzer.coder
        self._record = job.record
        self._cache = Reports.open(job.cache, Keys.of(self.analyzer)) if job.cache else None
        # The cache keeps report objects; another kind of record is made anew each time.
        self._reports = self._cache if job.record is report_object else None

    def score(self, path: str, given: Profile | None = None) -> Outcome:
        """Return the record of one document; raises nothing that a document can cause."""
        try:
            data = read_bytes(path, self.analyzer.options.max_bytes)
            sha256 = hashlib.sha256(data).hexdigest()
            if self._reports and (line := self._reports.of(sha256, path, given)):
                return Outcome(path=path, line=line, cached=True)
            document = self._document(data, path, sha256)
            line = dumps_line(self._record(self.analyzer, document, given))
        except NqpfError as e:
            return Outcome.failed(path, e)
        if self._reports:
            self._reports.keep(sha256, path, given, line)
        return Outcome(path=path, line=line)

    def _document(self, data: bytes, path: str, sha256: str) -> Document:
        if self._cache is None:
            return self.analyzer.read_data(data, path)
        store, key = self._cache.store, self._cache.keys.document(sha256, path)
        kept = store.get("document", key)
        document = decode(kept, path, self.analyzer.settings.tables) if kept else None
        if document is None:
            document = self.analyzer.read_data(data, path)
            store.put("document", key, encode(document))
        return document


_worker: Worker | None = None


def start(job: Job) -> None:
    """Make this process a worker."""
    import signal

    from nqpf_cli.engines.isolated import end_with_parent, limit_memory

    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent()
    _worker = Worker(job)
    gc.freeze()  # what was built stays: it is not looked through for garbage
    limit_memory(job.limits.memory_mib)


def score(path: str, given: Profile | None = None) -> Outcome:
    """Score a document in a worker process."""
    assert _worker is not None
    return _worker.score(path, given)
