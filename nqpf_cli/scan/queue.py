"""The parent's side of a scan: what is known already, what waits, what came back.

Every document is scored in a worker process with limits; a bomb, a loop or a crash costs its own
record. Records come out in the order of the files, whatever the number of workers is, and the
queue is bounded, so that memory does not grow with the number of documents.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice
from operator import length_hint
from typing import Any

from nqpf_cli.cache.files import Files, Seen
from nqpf_cli.cache.refusals import Refusals
from nqpf_cli.cache.reports import Reports
from nqpf_cli.engines.base import Limits
from nqpf_cli.engines.processes import processors
from nqpf_cli.errors import CorruptError, NqpfError
from nqpf_cli.i18n import Message
from nqpf_cli.model import Profile
from nqpf_cli.scan.job import Job, Outcome

_AHEAD = 4  # tasks a worker may have waiting: enough to keep it busy, few enough to be bounded
_KNOWN_AHEAD = 256  # records out of the cache that may wait for one that is being scored
_AT_ONCE = 128  # files that the cache is asked about together
_WORTH_A_WORKER = 8  # documents: to start one takes as long as a few of them
_A_PROCESSOR = 4  # workers: more than one help only where documents come over a network

# A path, what is given of it, how it was found, and what became of it by the cache.
Asked = tuple[str, Profile | None, Seen | None, Outcome | None]


def scan(
    paths: Iterable[str],
    job: Job,
    jobs: int = 1,
    known: Reports | None = None,
    *,
    verify: bool = False,
) -> Generator[Outcome]:
    """Yield an outcome for every path in order; never raises for one document.

    ``jobs`` worker processes score, fewer where more could not help; the bytes of the records do
    not depend on it. What the cache has, asked as ``known``, is taken from there; workers start
    when one is needed. ``verify`` reads a file to know it, whatever its state says.
    """
    pool = Pool(job, jobs)
    waiting: deque[Outcome | tuple[str, Any]] = deque()
    running = 0
    left = length_hint(paths, jobs)
    with closing(pool):
        for some in _asked(paths, job, known, verify):
            left -= len(some)
            pool.expect(left + sum(outcome is None for *_, outcome in some))
            for path, given, seen, outcome in some:
                if outcome is not None:
                    waiting.append(outcome)
                else:
                    waiting.append((path, pool.schedule(path, given, seen)))
                    running += 1
                while waiting and (
                    isinstance(waiting[0], Outcome)
                    or running >= pool.jobs * _AHEAD
                    or len(waiting) >= _KNOWN_AHEAD
                ):
                    first = waiting.popleft()
                    if not isinstance(first, Outcome):
                        running -= 1
                    yield outcome_of(first, job.limits)
        while waiting:
            yield outcome_of(waiting.popleft(), job.limits)


def automatic(documents: int) -> int:
    """Return how many workers so many documents are worth: one a processor at the most."""
    return max(1, min(processors(), documents // _WORTH_A_WORKER))


def useful(jobs: int, documents: int) -> int:
    """Return how many of ``jobs`` workers can be of use; every one costs its start."""
    return max(1, min(jobs, documents, _A_PROCESSOR * processors()))


def _asked(
    paths: Iterable[str], job: Job, known: Reports | None, verify: bool
) -> Iterator[list[Asked]]:
    """Yield the paths with what the cache knows of them, some at a time."""
    meta = job.meta
    if known is None:
        for path in paths:
            yield [(path, meta.of(path) if meta else None, None, None)]
        return
    files = Files(known.store, job.options.max_bytes, verify)
    rest = iter(paths)
    while some := list(islice(rest, _AT_ONCE)):
        given = [meta.of(path) if meta else None for path in some]
        seen = files.seen(some) if known.store.usable else [None] * len(some)
        outcomes = _outcomes(some, given, seen, known)
        yield list(zip(some, given, seen, outcomes, strict=True))


def _outcomes(
    paths: Sequence[str],
    given: Sequence[Profile | None],
    seen: Sequence[Seen | None],
    known: Reports,
) -> list[Outcome | None]:
    """Return what became of files before: a record, an error, or None where nothing is known."""
    found = [n for n, s in enumerate(seen) if s is not None]
    hashes = {n: s.sha256 for n, s in enumerate(seen) if s is not None}
    lines = known.of_all([(hashes[n], paths[n], given[n]) for n in found])
    outcomes: list[Outcome | None] = [None] * len(paths)
    rest = []
    for n, line in zip(found, lines, strict=True):
        if line is None:
            rest.append(n)
        else:
            outcomes[n] = Outcome(path=paths[n], line=line, cached=True)
    errors = Refusals(known.store, known.keys).of_all([(hashes[n], paths[n]) for n in rest])
    for n, error in zip(rest, errors, strict=True):
        if error is not None:
            outcomes[n] = replace(Outcome.failed(paths[n], error), cached=True)
    return outcomes


class Pool:
    """Workers that start with the first task; ``jobs`` is how many there are, or would be."""

    def __init__(self, job: Job, jobs: int) -> None:
        self._job, self.jobs = job, jobs
        self._pool: Any = None

    def expect(self, documents: int) -> None:
        """Say how many documents may come at the most, before the first of them does."""
        if self._pool is None:
            self.jobs = useful(self.jobs, documents)

    def schedule(self, path: str, given: Profile | None = None, seen: Seen | None = None) -> Any:
        """Return the future outcome of a document."""
        from nqpf_cli.scan import worker

        if self._pool is None:
            from pebble import ProcessPool

            self._pool = ProcessPool(
                max_workers=self.jobs,
                context=_context(),
                initializer=worker.start,
                initargs=(replace(self._job, meta=None),),
            )
        timeout_s = self._job.limits.timeout_s
        return self._pool.schedule(worker.score, args=[path, given, seen], timeout=timeout_s)

    def close(self) -> None:
        """End the workers."""
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()


def _context() -> Any:
    import multiprocessing

    # The server process is forked once, before any thread starts, and forks the workers.
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if "forkserver" in methods:
        context.set_forkserver_preload(["nqpf_cli.scan.worker"])
    return context


def outcome_of(waited: Outcome | tuple[str, Any], limits: Limits) -> Outcome:
    """Return what became of a task of a pool; an error of any kind is an outcome too."""
    if isinstance(waited, Outcome):
        return waited
    from concurrent.futures import TimeoutError as FutureTimeoutError

    from pebble import ProcessExpired

    from nqpf_cli.engines.children import crash_error
    from nqpf_cli.engines.isolated import memory_error, timeout_error

    path, future = waited
    try:
        outcome: Outcome = future.result()
        return outcome
    except FutureTimeoutError:
        error: NqpfError = timeout_error(path, limits)
    except MemoryError:
        error = memory_error(path, limits)
    except ProcessExpired:
        error = crash_error(path)
    except Exception as e:  # a fault of ours in one document must not cost the run
        error = fault(e)
    return Outcome.failed(path, error)


def fault(e: Exception) -> CorruptError:
    """Return the error for a fault of the program itself in one document."""
    return CorruptError(
        Message(f"分析失败：{type(e).__name__}: {e}", f"failed: {type(e).__name__}: {e}"),
        Message("请报告这个文件", "please report this file"),
    )
