"""A sequence that is made when somebody looks at it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, overload

T = TypeVar("T")


class Later(Sequence[T]):
    """Values that cost something and are often not wanted; made once, on first use."""

    __slots__ = ("_make", "_values")

    def __init__(self, make: Callable[[], Iterable[T]]) -> None:
        self._make = make
        self._values: tuple[T, ...] | None = None

    def _made(self) -> tuple[T, ...]:
        if self._values is None:
            self._values = tuple(self._make())
        return self._values

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        return self._made()[index]

    def __len__(self) -> int:
        return len(self._made())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._made() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._made())

    def __reduce__(self) -> tuple[Any, ...]:
        return (tuple, (self._made(),))
