"""The same scan on a Dask cluster: the same tasks, the same order, the same bytes.

A task runs its document in a process of its own beside the Dask worker, as on one machine, so that
a bomb costs its record and never the worker. Documents and lexicons must be readable by every
worker under the same path: on a shared file system, or by URL.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Generator, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from nqpf_cli.engines.processes import processors
from nqpf_cli.errors import InputError, MissingExtraError, NqpfError, UsageError
from nqpf_cli.i18n import Message
from nqpf_cli.lexicon.load import load
from nqpf_cli.model import Profile
from nqpf_cli.scan.job import Job, Outcome
from nqpf_cli.scan.queue import Pool, outcome_of
from nqpf_cli.version import __version__

_AHEAD = 4  # tasks a thread of the cluster may have waiting


def scan_on_cluster(
    paths: Iterable[str], job: Job, scheduler: str, lexicon_sha256: str
) -> Generator[Outcome]:
    """Yield an outcome for every path in order, scored by the workers of ``scheduler``.

    Raises ``MissingExtraError``; ``UsageError`` where the scheduler does not answer or a worker
    has another program or lexicon; ``InputError`` when the cluster is lost on the way.
    """
    client = _connect(scheduler)
    same = (__version__, lexicon_sha256)
    meta, job = job.meta, replace(job, meta=None)
    waiting: deque[tuple[str, Any]] = deque()
    try:
        window = _AHEAD * max(1, sum(client.nthreads().values()))
        for path in paths:
            given = meta.of(path) if meta else None
            task = client.submit(_task, path, given, job, same, pure=False)
            waiting.append((path, task))
            if len(waiting) >= window:
                yield _result(*waiting.popleft())
        while waiting:
            yield _result(*waiting.popleft())
    finally:
        client.close()


def _connect(scheduler: str) -> Any:
    try:
        from distributed import Client
    except ImportError as e:
        raise MissingExtraError.of("dask", Message("在集群上扫描", "scanning on a cluster")) from e
    try:
        made: Any = Client
        return made(scheduler, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as e:
        raise UsageError(
            Message(f"连不上调度器 {scheduler}", f"cannot reach the scheduler {scheduler}"),
            Message(
                "先启动：dask scheduler，dask worker ADDRESS",
                "start it first: dask scheduler, dask worker ADDRESS",
            ),
        ) from e


def _result(path: str, future: Any) -> Outcome:
    from concurrent.futures import CancelledError

    from distributed import KilledWorker

    from nqpf_cli.engines.children import crash_error

    try:
        outcome: Outcome = future.result()
        return outcome
    except KilledWorker:
        return Outcome.failed(path, crash_error(path))
    except NqpfError:
        raise
    except (OSError, CancelledError) as e:
        raise InputError(
            Message("与集群的连接断了", "the connection to the cluster was lost"),
            Message("恢复后用 --resume 继续", "when it is back, go on with --resume"),
        ) from e


def _task(path: str, given: Profile | None, job: Job, same: tuple[str, str]) -> Outcome:
    """Score one document beside a Dask worker."""
    if _here(job.lexicons) != same:
        raise UsageError(
            Message(
                "集群上的 nqpf 或词典与本机不同", "a worker has another nqpf or another lexicon"
            ),
            Message("在各处装同一版本、用同一词典", "install the same version everywhere"),
        )
    pool = _pool(job)
    return outcome_of((path, pool.schedule(path, given)), job.limits)


@lru_cache(maxsize=4)
def _here(lexicons: tuple[Any, ...]) -> tuple[str, str]:
    return __version__, load(lexicons).sha256


@lru_cache(maxsize=1)
def _pool(job: Job) -> Pool:
    # A Dask worker under a nanny is a daemon, which may not have children by default; ours end
    # with it (``end_with_parent``), which is what that rule is for.
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
    return Pool(job, processors())
