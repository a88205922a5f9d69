"""Reading in a process of its own, with limits: what a document breaks there, it breaks there.

A bomb, a loop or a crash in native code costs the document, never the run. The child gets the
bytes and gives pages back; it has no password but the one of this document and writes nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from pathlib import Path
from time import monotonic
from typing import Any, TypeAlias, TypeVar

from nqpf_cli.engines.base import Limits
from nqpf_cli.errors import (
    CorruptError,
    DocumentTimeoutError,
    TooLargeError,
)
from nqpf_cli.i18n import Message

T = TypeVar("T")
MIB = 1024 * 1024


def run_limited(
    function: Callable[..., T],
    args: tuple[Any, ...],
    name: str,
    limits: Limits,
    meanwhile: Callable[[], object] | None = None,
) -> T:
    """Return ``function(*args)``, run in a child process; both must be picklable.

    ``meanwhile`` is called in this process while the child works.
    Raises what the function raises of ``NqpfError``; ``DocumentTimeoutError``, ``TooLargeError``
    (memory), ``CorruptError`` (the child crashed).
    """
    # Not with a pool of a library: it would take longer to import than most documents to read.
    context = _context()
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(
        target=_child, args=(sender, function, args, limits.memory_mib), daemon=True
    )
    end = monotonic() + limits.timeout_s
    child.start()
    try:
        sender.close()  # the child's own is the only one left: its end is seen
        if meanwhile is not None:
            meanwhile()
        if not receiver.poll(max(0.0, end - monotonic())):
            raise timeout_error(name, limits)
        value, fault, told = _received(receiver, name)
    finally:
        receiver.close()
        child.kill()  # what it had to say is said
        child.join()
        child.close()
    if isinstance(fault, MemoryError):
        raise memory_error(name, limits) from fault
    if fault is not None:
        fault.add_note(f"In the reading process:\n{told}")
        raise fault
    return value  # type: ignore[no-any-return]


_Outcome: TypeAlias = tuple[Any, Exception | None, str]
"""What the function gave, or what it raised and where."""
_TOO_MUCH: _Outcome = None, MemoryError(), ""


def _received(receiver: Connection, name: str) -> _Outcome:
    """Return what the child sent; raises ``CorruptError`` where it ended without a word."""
    try:
        outcome: _Outcome = receiver.recv()
    except (EOFError, OSError) as e:
        raise crash_error(name) from e
    return outcome


def timeout_error(name: str, limits: Limits) -> DocumentTimeoutError:
    """Return the error for a document that took too long."""
    return DocumentTimeoutError(
        Message(
            f"读取 {name} 超过 {limits.timeout_s:g} 秒",
            f"reading {name} took more than {limits.timeout_s:g} seconds",
        ),
        Message("用 --timeout 放宽时限", "allow more with --timeout"),
    )


def memory_error(name: str, limits: Limits) -> TooLargeError:
    """Return the error for a document that wants too much memory."""
    return TooLargeError(
        Message(
            f"读取 {name} 需要的内存超过 {limits.memory_mib} MiB",
            f"reading {name} needs more than {limits.memory_mib} MiB of memory",
        ),
        Message("文件可能是解压炸弹；请另存精简后再试", "it may be a bomb; save a leaner copy"),
    )


def crash_error(name: str) -> CorruptError:
    """Return the error for a document that made the reader crash."""
    return CorruptError(
        Message(f"读取 {name} 时解析程序崩溃", f"the reader crashed on {name}"),
        Message(
            "文件已损坏或过大；试试 --engine pdfplumber，或另存后再试",
            "it is corrupt or too large; try --engine pdfplumber, or save it anew",
        ),
    )


def _context() -> Any:
    # fork costs 5 ms where spawn costs 150, but is safe only while there is one thread.
    methods = multiprocessing.get_all_start_methods()
    fork = "fork" in methods and sys.platform == "linux" and _is_alone()
    return multiprocessing.get_context("fork" if fork else "spawn")


def _is_alone() -> bool:
    """Return whether this process has one thread, those of libraries counted (Linux)."""
    try:
        return len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False


def _child(
    sender: Connection, function: Callable[..., object], args: tuple[Any, ...], memory_mib: int
) -> None:
    # A forked child has the program's handlers, which native code would keep from running.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    end_with_parent()
    limit_memory(memory_mib)
    outcome: _Outcome
    try:
        outcome = function(*args), None, ""
    except MemoryError:
        outcome = _TOO_MUCH  # without the frames that hold what there was too much of
    except Exception as e:
        outcome = None, e, traceback.format_exc()
    try:
        sender.send(outcome)
    except MemoryError:
        sender.send(_TOO_MUCH)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as e:
        sender.send((None, TypeError(f"what was read cannot be sent: {e}"), ""))


def end_with_parent() -> None:
    """End this process, whatever it does, once its parent is gone.

    The parent keeps the time limit; when it is killed, a document that loops would go on for ever.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


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
