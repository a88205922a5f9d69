"""What a worker process does: build its analyzer once, then a record for every path."""

from __future__ import annotations

import gc
import hashlib
from dataclasses import replace
from typing import Any

from nqpf_cli.cache.codec import decode, encode
from nqpf_cli.cache.files import Seen, state_of
from nqpf_cli.cache.keys import Keys
from nqpf_cli.cache.refusals import Refusals
from nqpf_cli.cache.reports import Reports
from nqpf_cli.errors import NqpfError
from nqpf_cli.files import read_bytes
from nqpf_cli.formats.json_ import dumps_line
from nqpf_cli.model import Document, Profile
from nqpf_cli.pipeline import Analyzer
from nqpf_cli.scan.job import Job, Outcome


class Worker:
    """Scores documents, with the cache at hand."""

    def __init__(self, job: Job) -> None:
        # Documents are read in the worker itself: its limits are theirs.
        options = replace(job.options, limits=None, processes=1)
        self.analyzer = Analyzer.of(job.lexicons, job.settings, options)
        _ = self.analyzer.coder
        self._record = job.record or _report_object
        self._cache = Reports.open(job.cache, Keys.of(self.analyzer)) if job.cache else None
        # The cache keeps report objects; another kind of record is made anew each time.
        self._reports = None if job.record else self._cache

    def score(self, path: str, given: Profile | None = None, seen: Seen | None = None) -> Outcome:
        """Return the record of one document; raises nothing that a document can cause.

        ``seen`` is what the cache was asked about this file before, in vain.
        """
        try:
            data, sha256 = self._read(path, seen)
            known = seen is not None and seen.sha256 == sha256
            if self._reports and not known and (line := self._reports.of(sha256, path, given)):
                return Outcome(path=path, line=line, cached=True)
            document = self._document(data, path, sha256)
            line = dumps_line(self._record(self.analyzer, document, given))
        except NqpfError as e:
            return Outcome.failed(path, e)
        if self._reports:
            self._reports.keep(sha256, path, given, line)
        return Outcome(path=path, line=line)

    def _read(self, path: str, seen: Seen | None) -> tuple[bytes, str]:
        """Return the bytes of a file and their hash, which ``seen`` may have: one hash a file."""
        untouched = seen is not None and seen.settled and state_of(path) == seen.state
        data = read_bytes(path, self.analyzer.options.max_bytes)
        if seen is not None and untouched and state_of(path) == seen.state:
            return data, seen.sha256
        return data, hashlib.sha256(data).hexdigest()

    def _document(self, data: bytes, path: str, sha256: str) -> Document:
        if self._cache is None:
            return self.analyzer.read_data(data, path, sha256)
        store, key = self._cache.store, self._cache.keys.document(sha256, path)
        kept = store.get("document", key)
        document = decode(kept, path, self.analyzer.settings.tables) if kept else None
        if document is not None:
            return document
        refusals = Refusals(store, self._cache.keys)
        if (error := refusals.of(sha256, path)) is not None:
            raise error
        try:
            document = self.analyzer.read_data(data, path, sha256)
        except NqpfError as e:
            refusals.keep(sha256, path, e)
            raise
        store.put("document", key, encode(document))
        return document


def _report_object(
    analyzer: Analyzer, document: Document, given: Profile | None = None
) -> dict[str, Any]:
    return analyzer.score(document, given).to_dict()


_worker: Worker | None = None


def start(job: Job) -> None:
    """Make this process a worker."""
    import signal

    from nqpf_cli.engines.processes import end_with_parent, limit_memory

    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent()
    _worker = Worker(job)
    gc.freeze()  # what was built stays: it is not looked through for garbage
    limit_memory(job.limits.memory_mib)


def score(path: str, given: Profile | None = None, seen: Seen | None = None) -> Outcome:
    """Score a document in a worker process."""
    assert _worker is not None
    return _worker.score(path, given, seen)
