"""A document's pages shared out among processes: each takes the next when it is done with one."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from typing import TypeVar

from nqpf_cli.engines.processes import can_fork

T = TypeVar("T")

_NUMBER = struct.Struct("=I")
_ROOM = 4096  # bytes: a pipe holds as many at least, whatever its reader does


def shared_out(
    work: Callable[[Iterable[int]], list[T]], count: int, processes: int, name: str
) -> list[T]:
    """Return what ``work`` makes of the numbers below ``count``, in any order.

    It is called in up to so many processes, each with the numbers that this process gets, and
    must work on them one by one; what it returns elsewhere must be picklable. Where no process can
    be forked, it gets them all here. Raises what it raises, and ``CorruptError`` where a process
    broke; ``name`` is the document's.
    """
    if processes < 2 or not can_fork():
        return work(range(count))
    from nqpf_cli.engines.children import Child, Forked

    with _Numbers(count) as numbers, ExitStack() as stack:
        children: list[Child[list[T]]] = []
        with suppress(OSError):  # no more processes are to be had: fewer will do
            for _ in range(processes - 1):
                child = stack.enter_context(Forked(work, (numbers,)))
                children.append(child)
        done = work(numbers)
        for child in children:
            done += child.value(name)
        return done


class _Numbers:
    """Numbers that several processes take from: each comes once, to the one that asks first."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._run = 1 + _NUMBER.size * count // _ROOM  # how many are taken at once
        self._source, sink = os.pipe()
        with os.fdopen(sink, "wb") as f:
            f.writelines(_NUMBER.pack(first) for first in range(0, count, self._run))

    def __enter__(self) -> _Numbers:
        return self

    def __exit__(self, *raised: object) -> None:
        os.close(self._source)

    def __iter__(self) -> Iterator[int]:
        while taken := os.read(self._source, _NUMBER.size):
            (first,) = _NUMBER.unpack(taken)
            yield from range(first, min(first + self._run, self._count))
