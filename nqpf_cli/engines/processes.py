"""What a process may take, how long it lives, and whether it can have children at little cost."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.connection import wait
from pathlib import Path

MIB = 1024 * 1024
_PR_SET_PDEATHSIG = 1


def processors() -> int:
    """Return how many processors this process may use."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    return count or os.cpu_count() or 1


def can_fork() -> bool:
    """Return whether a child may be forked from this process.

    That costs 5 ms where a new interpreter costs 150, but is safe only while there is one thread,
    those of libraries counted; whether there is one, Linux tells.
    """
    if sys.platform != "linux" or "fork" not in multiprocessing.get_all_start_methods():
        return False
    try:
        return len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False


def end_with_parent(*, forked: bool = False) -> None:
    """End this process, whatever it does, once its parent is gone.

    The parent keeps the time limit; when it is killed, a document that loops would go on for ever.
    ``forked`` says that the parent had one thread when it made this process: then the system sees
    to it, and this process stays without a thread of ours, as one must that forks others.
    """
    parent = multiprocessing.parent_process()
    if parent is None or (forked and parent.pid and _killed_with(parent.pid)):
        return
    threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _killed_with(parent: int) -> bool:
    """Ask the system to kill this process when its parent ends; return whether it will (Linux).

    It does so at the end of the thread that made this process, which may be before the parent's.
    """
    import ctypes

    try:
        asked: bool = ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL) == 0
    except (OSError, AttributeError):
        return False
    if asked and os.getppid() != parent:  # it was gone before we asked
        os._exit(1)
    return asked


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def limit_memory(memory_mib: int) -> None:
    """Limit this process's address space to what it has now and so much more (POSIX)."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as f:  # noqa: PTH123 (hot, one line)
            now = int(f.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = now + memory_mib * MIB
        if hard != resource.RLIM_INFINITY:
            wanted = min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        return  # Windows and macOS: the time limit holds, the memory limit does not
