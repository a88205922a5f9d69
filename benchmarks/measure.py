"""One run in a process of its own: wall time, processor time and peak memory of its whole tree."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import psutil

from benchmarks import ROOT

_SAMPLE_S = 0.02
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run took: seconds, seconds of processor time."""

    wall_s: float
    cpu_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Medians of the runs of one contender; memory is the peak of its process tree."""

    name: str
    wall_s: float
    cpu_s: float
    peak_mib: float
    runs: int


class RunFailedError(RuntimeError):
    """A command that was to be measured did not end well."""


def adopt_orphans() -> None:
    """Make what our children leave behind ours, so that its processor time is counted (Linux)."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def run(command: Sequence[str], env: Mapping[str, str]) -> Run:
    """Run a command and return what it took; raises ``RunFailedError``."""
    before = _spent()
    start = time.perf_counter()
    process = _start(command, env)
    _finish(process, command)
    wall = time.perf_counter() - start
    _reap()
    return Run(wall_s=wall, cpu_s=_spent() - before)


def watched(command: Sequence[str], env: Mapping[str, str]) -> tuple[Run, float]:
    """Run a command and return what it took, and the most MiB its process tree held at once.

    Watching takes time itself, so that such a run counts for its time only where it is the only
    one. A page that a forked child shares is counted in both.
    """
    before, spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, _spent()
    start = time.perf_counter()
    process = _start(command, env)
    tree = psutil.Process(process.pid)
    most = 0
    while process.poll() is None:
        with contextlib.suppress(psutil.Error):
            most = max(most, sum(map(_resident, [tree, *tree.children(recursive=True)])))
        time.sleep(_SAMPLE_S)
    wall = time.perf_counter() - start
    _finish(process, command)
    _reap()
    # The kernel's own figure, for one process, catches what ended between two samples.
    alone = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    peak = max(most / 2**20, alone / 1024 if alone > before else 0.0)
    return Run(wall_s=wall, cpu_s=_spent() - spent), peak


def summary(name: str, runs: Sequence[Run], peak: float) -> Figures:
    """Return the medians of runs."""
    return Figures(
        name=name,
        wall_s=median(r.wall_s for r in runs),
        cpu_s=median(r.cpu_s for r in runs),
        peak_mib=peak,
        runs=len(runs),
    )


def _start(command: Sequence[str], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=dict(env),
        cwd=ROOT,
    )


def _finish(process: subprocess.Popen[bytes], command: Sequence[str]) -> None:
    _, errors = process.communicate()
    if process.returncode:
        said = errors.decode("utf-8", "replace")[-2000:]
        raise RunFailedError(f"{' '.join(command)} ended with {process.returncode}:\n{said}")


def _reap() -> None:
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
