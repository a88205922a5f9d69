"""Functions at work in processes of their own, and what becomes of them.

Not by a pool of a library, nor by ``multiprocessing`` where it can be helped: to import them takes
longer than to read a document of a few pages.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any, Generic, NoReturn, TypeAlias, TypeVar

from nqpf_cli.engines.processes import can_fork, end_with_parent, kill_with_parent, limit_memory
from nqpf_cli.errors import CorruptError
from nqpf_cli.i18n import Message

T = TypeVar("T")

_Outcome: TypeAlias = tuple[Any, Exception | None, str]
"""What the function gave, or what it raised and where."""
_TOO_MUCH: _Outcome = None, MemoryError(), ""


class Child(ABC, Generic[T]):
    """A function at work in a process of its own, which ends where this context does."""

    def __enter__(self) -> Child[T]:
        return self

    def __exit__(self, *raised: object) -> None:
        self._end()

    @abstractmethod
    def has_ended(self, end: float) -> bool:
        """Wait until there is a value or none will come; return False where it is ``end`` first.

        ``end`` is a time of ``time.monotonic``, in seconds.
        """

    def value(self, name: str) -> T:
        """Wait for the function and return its value, or raise what it raised.

        Raises ``CorruptError``, which calls the document by ``name``, where the child ended
        without a word.
        """
        try:
            value, fault, told = pickle.loads(self._received())
        except (EOFError, OSError, pickle.UnpicklingError) as e:
            raise crash_error(name) from e
        if fault is not None:
            if told:
                fault.add_note(f"In the reading process:\n{told}")
            raise fault
        return value  # type: ignore[no-any-return]

    @abstractmethod
    def _received(self) -> bytes:
        """Return what the child sent; raises ``EOFError`` or ``OSError`` where it did not."""

    @abstractmethod
    def _end(self) -> None:
        """End the process: what it had to say is said."""


def child(
    function: Callable[..., T], args: tuple[Any, ...], memory_mib: int | None = None
) -> Child[T]:
    """Have a process begin with ``function(*args)``; both must be picklable, and the value.

    ``memory_mib`` is how much more address space it may take than it has at its start; without,
    what holds for this process holds for it.
    """
    if can_fork():
        return Forked(function, args, memory_mib)
    return _Spawned(function, args, memory_mib)


class Forked(Child[T]):
    """A child that is this process's copy: it needs no pickled function. See ``can_fork``."""

    def __init__(
        self, function: Callable[..., T], args: tuple[Any, ...], memory_mib: int | None = None
    ) -> None:
        parent = os.getpid()
        source, sink = os.pipe()
        try:
            self.pid = os.fork()
        except OSError:
            os.close(source)
            os.close(sink)
            raise
        if not self.pid:
            os.close(source)
            _fork(sink, parent, function, args, memory_mib)
        os.close(sink)  # the child's own is the only one left: its end is seen
        self._source = os.fdopen(source, "rb")

    def has_ended(self, end: float) -> bool:
        """See ``Child``."""
        poll = select.poll()
        poll.register(self._source, select.POLLIN)
        return bool(poll.poll(max(0.0, end - monotonic()) * 1000))

    def _received(self) -> bytes:
        return self._source.read()

    def _end(self) -> None:
        self._source.close()
        # Where our parent has us ignore SIGCHLD, the system has waited for it already.
        with suppress(ChildProcessError, ProcessLookupError):
            if os.waitpid(self.pid, os.WNOHANG) == (0, 0):
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)


def _fork(
    sink: int,
    parent: int,
    function: Callable[..., object],
    args: tuple[Any, ...],
    memory_mib: int | None,
) -> NoReturn:
    """Be the child, whatever happens: nothing of what this process was to do is done twice."""
    try:
        kill_with_parent(parent)
        outcome = _outcome(function, args, memory_mib)
        with os.fdopen(sink, "wb") as f:
            f.write(outcome)
    finally:
        os._exit(0)


class _Spawned(Child[T]):
    """A child that is an interpreter of its own."""

    def __init__(
        self, function: Callable[..., T], args: tuple[Any, ...], memory_mib: int | None = None
    ) -> None:
        import multiprocessing

        context = multiprocessing.get_context("spawn")
        self._receiver, sender = context.Pipe(duplex=False)
        work = (sender, function, args, memory_mib)
        self._process = context.Process(target=_spawn, args=work, daemon=True)
        try:
            self._process.start()
        except BaseException:
            self._receiver.close()
            raise
        finally:
            sender.close()  # as above

    def has_ended(self, end: float) -> bool:
        """See ``Child``."""
        return self._receiver.poll(max(0.0, end - monotonic()))

    def _received(self) -> bytes:
        return self._receiver.recv_bytes()

    def _end(self) -> None:
        self._receiver.close()
        self._process.kill()
        self._process.join()
        self._process.close()


def _spawn(
    sender: Any, function: Callable[..., object], args: tuple[Any, ...], memory_mib: int | None
) -> None:
    end_with_parent()
    sender.send_bytes(_outcome(function, args, memory_mib))


def _outcome(
    function: Callable[..., object], args: tuple[Any, ...], memory_mib: int | None
) -> bytes:
    """Return what becomes of a function here, in a child, pickled."""
    # A forked child has the program's handlers, which native code would keep from running.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
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
        return pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps(_TOO_MUCH)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as e:
        return pickle.dumps((None, TypeError(f"what was read cannot be sent: {e}"), ""))


def crash_error(name: str) -> CorruptError:
    """Return the error for a document that made the reader crash."""
    return CorruptError(
        Message(f"读取 {name} 时解析程序崩溃", f"the reader crashed on {name}"),
        Message(
            "文件已损坏或过大；试试 --engine pdfplumber，或另存后再试",
            "it is corrupt or too large; try --engine pdfplumber, or save it anew",
        ),
    )
