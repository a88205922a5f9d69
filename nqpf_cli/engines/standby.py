"""A process that gets ready to read while this one still learns what is asked.

Reading takes imports of its own, and so do the command line and what computes: where there are two
processors, a run can make them at the same time.
"""

from __future__ import annotations

import atexit
import os
import pickle
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any, BinaryIO, TypeVar

from nqpf_cli.engines.children import Child, Forked
from nqpf_cli.engines.processes import can_fork, limit_memory

T = TypeVar("T")


class _StandBy:
    """A process that waits, and where it finds its work.

    The work lies in a file of the memory: a pipe would hold this process up, which has other
    things to do, until the other is ready to read from it.
    """

    def __init__(self, get_ready: Callable[[], object]) -> None:
        with ExitStack() as opened:
            self._file: BinaryIO = opened.enter_context(os.fdopen(os.memfd_create("work"), "r+b"))
            source, sink = os.pipe()
            self._sink = opened.enter_context(os.fdopen(sink, "wb", buffering=0))
            with os.fdopen(source, "rb", buffering=0) as told:
                work = (get_ready, told, self._sink, self._file)
                self._child: Child[Any] | None = Forked(_when_told, work)
            opened.pop_all()

    def tell(self, *work: Any) -> Child[Any]:
        """Give the process its work and let it go; raises ``OSError`` where it is gone."""
        pickle.dump(work, self._file, pickle.HIGHEST_PROTOCOL)
        self._file.flush()
        self._sink.write(b"!")
        child, self._child = self._child, None
        assert child is not None
        return child

    def __enter__(self) -> _StandBy:
        return self

    def __exit__(self, *raised: object) -> None:
        if self._child is not None:
            self._child.__exit__()
        self._sink.close()
        self._file.close()


_standing_by: list[_StandBy] = []


def stand_by(get_ready: Callable[[], object]) -> None:
    """Have a process call ``get_ready`` and wait for its work, where one can be forked."""
    if _standing_by or not hasattr(os, "memfd_create") or not can_fork():
        return
    try:
        _standing_by.append(_StandBy(get_ready))
    except OSError:
        return  # no process is to be had: a run does without
    atexit.register(dismiss)


def asked(function: Callable[..., T], args: tuple[Any, ...], memory_mib: int) -> Child[T] | None:
    """Return the process that stood by, now at ``function(*args)``; None where there is none.

    Both must be picklable; ``memory_mib`` is as for ``Child``.
    """
    if not _standing_by:
        return None
    with _standing_by.pop() as standing_by:
        try:
            return standing_by.tell(function, args, memory_mib)
        except OSError:
            return None  # it is gone, or there is no memory for two


def dismiss() -> None:
    """End the process that stands by: there is nothing left for it to do."""
    while _standing_by:
        with _standing_by.pop():
            pass


def _when_told(
    get_ready: Callable[[], object], told: BinaryIO, sink: BinaryIO, file: BinaryIO
) -> Any:
    sink.close()  # its parent's is the only one left: its end is seen
    with suppress(Exception):  # it will be raised again where it matters, and be told
        get_ready()
    if not told.read(1):
        os._exit(0)
    file.seek(0)
    function, args, memory_mib = pickle.load(file)
    limit_memory(memory_mib)
    return function(*args)
