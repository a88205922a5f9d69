"""Functions at work in processes of their own, and what becomes of them."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any, Generic, TypeAlias, TypeVar

from nqpf_cli.engines.processes import can_fork, end_with_parent, limit_memory
from nqpf_cli.errors import CorruptError
from nqpf_cli.i18n import Message

T = TypeVar("T")

_Outcome: TypeAlias = tuple[Any, Exception | None, str]
"""What the function gave, or what it raised and where."""
_TOO_MUCH: _Outcome = None, MemoryError(), ""


class Child(Generic[T]):
    """A function at work in a process of its own, which ends where this context does.

    ``memory_mib`` is how much more address space it may take than it has at its start; without,
    what holds for this process holds for it. A forked child (``can_fork``) gets the function and
    its arguments as they are; for another, both must be picklable. Values must be, in any case.
    """

    def __init__(
        self, function: Callable[..., T], args: tuple[Any, ...], memory_mib: int | None = None
    ) -> None:
        # Not with a pool of a library: it would take longer to import than most documents to read.
        context = _context()
        self._receiver, sender = context.Pipe(duplex=False)
        forked = context.get_start_method() == "fork"
        self._process = context.Process(
            target=_child, args=(sender, function, args, memory_mib, forked)
        )
        try:
            self._process.start()
        except BaseException:
            self._receiver.close()
            raise
        finally:
            sender.close()  # the child's own is the only one left: its end is seen

    def __enter__(self) -> Child[T]:
        return self

    def __exit__(self, *raised: object) -> None:
        self._receiver.close()
        self._process.kill()  # what it had to say is said
        self._process.join()
        self._process.close()

    def has_ended(self, end: float) -> bool:
        """Wait until there is a value or none will come; return False where it is ``end`` first.

        ``end`` is a time of ``time.monotonic``, in seconds.
        """
        return bool(self._receiver.poll(max(0.0, end - monotonic())))

    def value(self, name: str) -> T:
        """Wait for the function and return its value, or raise what it raised.

        Raises ``CorruptError``, which calls the document by ``name``, where the child ended
        without a word.
        """
        value, fault, told = _received(self._receiver, name)
        if fault is not None:
            if told:
                fault.add_note(f"In the reading process:\n{told}")
            raise fault
        return value  # type: ignore[no-any-return]


def _received(receiver: Connection, name: str) -> _Outcome:
    """Return what the child sent; raises ``CorruptError`` where it ended without a word."""
    try:
        outcome: _Outcome = receiver.recv()
    except (EOFError, OSError) as e:
        raise crash_error(name) from e
    return outcome


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
    return multiprocessing.get_context("fork" if can_fork() else "spawn")


def _child(
    sender: Connection,
    function: Callable[..., object],
    args: tuple[Any, ...],
    memory_mib: int | None,
    forked: bool,
) -> None:
    # A forked child has the program's handlers, which native code would keep from running.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    end_with_parent(forked=forked)
    if memory_mib is not None:
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
