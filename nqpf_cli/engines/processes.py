"""What a process may take, how long it lives, and whether it can have children at little cost."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress

MIB = 1024 * 1024
_PR_SET_PDEATHSIG = 1


def processors() -> int:
    """Return how many processors this process may use."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    return count or os.cpu_count() or 1


def can_fork() -> bool:
    """Return whether a child may be forked from this process.

    That costs 3 ms where a new interpreter costs 150, but is safe only while there is one thread,
    those of libraries counted; whether there is one, Linux tells.
    """
    if sys.platform != "linux":
        return False
    try:
        with os.scandir("/proc/self/task") as tasks:
            return sum(1 for _ in tasks) == 1
    except OSError:
        return False


def kill_with_parent(parent: int) -> None:
    """Have the system kill this process, a fork of ``parent``, when that is gone (Linux).

    The parent keeps the time limit; when it is killed, a document that loops would go on for ever.
    """
    # No thread of ours may watch: one that forks others must be alone.
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was gone before we asked
        os._exit(1)


def end_with_parent() -> None:
    """End this process, whatever it does, once its parent, of ``multiprocessing``, is gone."""
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    from multiprocessing.connection import wait

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
