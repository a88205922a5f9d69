"""A document's pages shared out among processes: each takes the next when it is done with one."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from typing import TypeVar

from nqpf_cli.engines.processes import can_fork
from nqpf_cli.errors import CorruptError

T = TypeVar("T")

_RUN = struct.Struct("=II")
_MEMORY_MIB = 250  # of each but this one: more than a thousand pages take
_MOST_AT_ONCE = 16
_MOST_RUNS = 256  # about: a pipe holds 4096 bytes at least before somebody reads from it


def shared_out(
    work: Callable[[Iterable[int]], list[T]], count: int, processes: int, name: str
) -> list[T]:
    """Return what ``work`` makes of the numbers below ``count``, in any order.

    It is called in up to so many processes, each with the numbers that this process gets, and
    must work on them one by one; what it returns elsewhere must be picklable. Where no process can
    be forked, it gets them all here, and so it does with those of a process that broke or had too
    little memory. Raises what it raises; ``name`` is the document's.
    """
    if processes < 2 or not can_fork():
        return work(range(count))
    from nqpf_cli.engines.children import Child, Forked

    with _Numbers(count, processes) as numbers, ExitStack() as stack:
        children: list[Child[tuple[list[T], list[int]]]] = []
        with suppress(OSError):  # no more processes are to be had: fewer will do
            for _ in range(processes - 1):
                child = stack.enter_context(Forked(_share, (work, numbers), _MEMORY_MIB))
                children.append(child)
        done = work(numbers)
        left = set(range(count)).difference(numbers.taken)
        for child in children:
            with suppress(MemoryError, CorruptError):
                some, taken = child.value(name)
                done += some
                left.difference_update(taken)
    return done + work(sorted(left)) if left else done


def _share(
    work: Callable[[Iterable[int]], list[T]], numbers: _Numbers
) -> tuple[list[T], list[int]]:
    return work(numbers), numbers.taken


class _Numbers:
    """Numbers that several processes take from: each comes once, to the one that asks first.

    ``taken`` are those that this process got.
    """

    def __init__(self, count: int, processes: int) -> None:
        self.taken: list[int] = []
        self._source, sink = os.pipe()
        with os.fdopen(sink, "wb") as f:
            f.writelines(_RUN.pack(*run) for run in _runs(count, processes))

    def __enter__(self) -> _Numbers:
        return self

    def __exit__(self, *raised: object) -> None:
        os.close(self._source)

    def __iter__(self) -> Iterator[int]:
        while run := os.read(self._source, _RUN.size):
            some = range(*_RUN.unpack(run))
            self.taken += some
            yield from some


def _runs(count: int, processes: int) -> Iterator[tuple[int, int]]:
    """Yield the runs of numbers that are taken at once, as their beginnings and ends.

    Neighbours have fonts and the like in common; but the last runs are short, so that no process
    waits long for another (guided self-scheduling: Polychronopoulos and Kuck 1987).
    """
    most = max(_MOST_AT_ONCE, count // _MOST_RUNS)
    start = 0
    while start < count:
        end = start + min(most, max(1, (count - start) // (2 * processes)))
        yield start, end
        start = end
