"""Many files: found in a fixed order, scored by workers that may crash, a record each.

Every document is scored in a worker process with limits; a bomb, a loop or a crash costs its own
record. Records come out in the order of the files, whatever the number of workers is, and the
queue is bounded, so that memory does not grow with the number of documents.
"""

from __future__ import annotations

import fnmatch
import os
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nqpf_cli.documents import OCR_MEMORY_MIB, OCR_SECONDS_A_PAGE
from nqpf_cli.engines.base import Limits, ReadOptions
from nqpf_cli.engines.registry import SUFFIXES
from nqpf_cli.errors import CorruptError, NotFoundError, NqpfError
from nqpf_cli.i18n import Message
from nqpf_cli.model import Settings
from nqpf_cli.pipeline import Analyzer

_TEMPORARY = ("~$*", ".*", "*.tmp", "*.part", "*.crdownload")
_AHEAD = 4  # tasks a worker may have waiting: enough to keep it busy, few enough to be bounded


def find_files(
    paths: Iterable[str], glob: Iterable[str] = (), exclude: Iterable[str] = ()
) -> list[str]:
    """Return the documents below folders (and files as given), sorted, each once.

    Hidden and temporary files are passed over; so are links to folders, which may be loops.
    ``glob`` and ``exclude`` are patterns on the file's name. Raises ``NotFoundError``.
    """
    patterns, without = list(glob), list(exclude)
    found: dict[str, None] = {}
    for path in paths:
        if os.path.isdir(path):
            found.update(dict.fromkeys(_walk(path, patterns, without)))
        elif os.path.exists(path):
            found[path] = None
        else:
            raise NotFoundError(
                Message(f"找不到 {path}", f"there is no {path}"),
                Message("检查路径", "check the path"),
            )
    return list(found)


def _walk(folder: str, glob: list[str], exclude: list[str]) -> Iterator[str]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            if any(fnmatch.fnmatch(name, p) for p in (*_TEMPORARY, *exclude)):
                continue
            wanted = (
                any(fnmatch.fnmatch(name, p) for p in glob)
                if glob
                else Path(name).suffix.lower() in SUFFIXES
            )
            path = os.path.join(root, name)
            # A pipe or device that lies in the folder would be waited on for ever.
            if wanted and Path(path).is_file():
                yield path


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What every worker needs to build its analyzer."""

    lexicons: tuple[Path, ...]
    settings: Settings
    options: ReadOptions


def scan(paths: Iterable[str], job: Job, jobs: int = 1) -> Iterator[dict[str, Any]]:
    """Yield a record for every path in order: its report, or its error; never raises for one.

    ``jobs`` worker processes score; the bytes of the records do not depend on it.
    """
    from pebble import ProcessPool

    limits = _limits(job)
    pool = ProcessPool(
        max_workers=jobs,
        context=_context(),
        initializer=_start,
        initargs=(job,),
    )
    waiting: deque[tuple[str, Any]] = deque()
    try:
        for path in paths:
            waiting.append((path, pool.schedule(_score, args=[path], timeout=limits.timeout_s)))
            if len(waiting) >= jobs * _AHEAD:
                yield _result(*waiting.popleft(), limits)
        while waiting:
            yield _result(*waiting.popleft(), limits)
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _limits(job: Job) -> Limits:
    """Return the limits of a document; recognising text takes longer and wants more memory."""
    limits = job.options.limits or Limits()
    if job.options.ocr == "off":
        return limits
    return Limits(
        timeout_s=limits.timeout_s + 100 * OCR_SECONDS_A_PAGE,
        memory_mib=max(limits.memory_mib, OCR_MEMORY_MIB),
    )


def _context() -> Any:
    import multiprocessing

    # The server process is forked once, before any thread starts, and forks the workers.
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if "forkserver" in methods:
        context.set_forkserver_preload(["nqpf_cli.pipeline"])
    return context


_analyzer: Analyzer | None = None


def _start(job: Job) -> None:
    """Build the worker's analyzer once; documents are read in the worker itself."""
    import signal

    from nqpf_cli.engines.isolated import end_with_parent, limit_memory

    global _analyzer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    end_with_parent()
    _analyzer = Analyzer.of(job.lexicons, job.settings, replace(job.options, limits=None))
    _ = _analyzer.coder
    limit_memory(_limits(job).memory_mib)


def _score(path: str) -> dict[str, Any]:
    assert _analyzer is not None
    try:
        return _analyzer.score(_analyzer.read(path)).to_dict()
    except NqpfError as e:
        return e.record(path)


def _result(path: str, future: Any, limits: Limits) -> dict[str, Any]:
    from concurrent.futures import TimeoutError as FutureTimeoutError

    from pebble import ProcessExpired

    from nqpf_cli.engines.isolated import crash_error, memory_error, timeout_error

    try:
        record: dict[str, Any] = future.result()
        return record
    except FutureTimeoutError:
        error: NqpfError = timeout_error(path, limits)
    except MemoryError:
        error = memory_error(path, limits)
    except ProcessExpired:
        error = crash_error(path)
    except NqpfError as e:
        error = e
    except Exception as e:  # a fault of ours in one document must not cost the run
        error = CorruptError(
            Message(f"分析失败：{type(e).__name__}: {e}", f"failed: {type(e).__name__}: {e}"),
            Message("请报告这个文件", "please report this file"),
        )
    return error.record(path)
