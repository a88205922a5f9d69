"""The parent's side of a scan: what is known already, what waits, what came back.

Every document is scored in a worker process with limits; a bomb, a loop or a crash costs its own
record. Records come out in the order of the files, whatever the number of workers is, and the
queue is bounded, so that memory does not grow with the number of documents.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import replace
from typing import Any

from nqpf_cli.cache.keys import Keys
from nqpf_cli.cache.reports import Reports
from nqpf_cli.engines.base import Limits
from nqpf_cli.errors import CorruptError, NqpfError
from nqpf_cli.i18n import Message
from nqpf_cli.model import Profile
from nqpf_cli.scan import worker
from nqpf_cli.scan.worker import Job, Outcome

_AHEAD = 4  # tasks a worker may have waiting: enough to keep it busy, few enough to be bounded
_KNOWN_AHEAD = 256  # records out of the cache that may wait for one that is being scored


def scan(
    paths: Iterable[str], job: Job, jobs: int = 1, keys: Keys | None = None
) -> Generator[Outcome]:
    """Yield an outcome for every path in order; never raises for one document.

    ``jobs`` worker processes score; the bytes of the records do not depend on it. With ``keys``
    (and ``job.cache``) what the cache has is taken from there; workers start when one is needed.
    """
    pool = Pool(job, jobs)
    known = Reports.open(job.cache, keys) if job.cache and keys else None
    waiting: deque[Outcome | tuple[str, Any]] = deque()
    running = 0
    with closing(pool):
        for path in paths:
            given = job.meta.of(path) if job.meta else None
            line = known.line(path, given) if known else None
            if line is not None:
                waiting.append(Outcome(path=path, line=line, cached=True))
            else:
                waiting.append((path, pool.schedule(path, given)))
                running += 1
            while waiting and (
                isinstance(waiting[0], Outcome)
                or running >= jobs * _AHEAD
                or len(waiting) >= _KNOWN_AHEAD
            ):
                first = waiting.popleft()
                if not isinstance(first, Outcome):
                    running -= 1
                yield outcome_of(first, job.limits)
        while waiting:
            yield outcome_of(waiting.popleft(), job.limits)


class Pool:
    """Workers that start with the first task."""

    def __init__(self, job: Job, jobs: int) -> None:
        self._job, self._jobs = job, jobs
        self._pool: Any = None

    def schedule(self, path: str, given: Profile | None = None) -> Any:
        """Return the future outcome of a document."""
        if self._pool is None:
            from pebble import ProcessPool

            self._pool = ProcessPool(
                max_workers=self._jobs,
                context=_context(),
                initializer=worker.start,
                initargs=(replace(self._job, meta=None),),
            )
        timeout_s = self._job.limits.timeout_s
        return self._pool.schedule(worker.score, args=[path, given], timeout=timeout_s)

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
    from concurrent.futures import TimeoutError as FutureTimeoutError

    from pebble import ProcessExpired

    from nqpf_cli.engines.isolated import crash_error, memory_error, timeout_error

    if isinstance(waited, Outcome):
        return waited
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
