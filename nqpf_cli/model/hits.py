"""The hits of a document, made when somebody looks at them: all, or those of a few sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

from nqpf_cli.model.coding import Hit

Proofs = Mapping[int, Sequence[tuple[int, str]]]
"""Where a sentence begins → number and label of each of its hits that make it count."""


class Hits(Sequence[Hit]):
    """Hits that cost something and are often not wanted; all of them are made once at most.

    ``make`` gives the hits of some numbers, which ``proofs`` tells, or all for None.
    """

    __slots__ = ("_find_proofs", "_hits", "_make", "_proofs")

    def __init__(
        self,
        make: Callable[[Sequence[int] | None], Iterable[Hit]],
        proofs: Callable[[], Proofs],
    ) -> None:
        self._make = make
        self._find_proofs = proofs
        self._proofs: Proofs | None = None
        self._hits: tuple[Hit, ...] | None = None

    @classmethod
    def of(cls, hits: Sequence[Hit]) -> Hits:
        """Return hits as these."""
        if isinstance(hits, Hits):
            return hits

        def proofs() -> Proofs:
            found: dict[int, list[tuple[int, str]]] = {}
            for n, h in enumerate(hits):
                if h.counted:
                    found.setdefault(h.sentence_start, []).append((n, h.label))
            return found

        return cls(lambda some: hits if some is None else [hits[n] for n in some], proofs)

    def labels(self) -> dict[int, list[str]]:
        """Return the labels that each sentence has hits of, a label a hit, by its beginning.

        A hit that does not make its sentence count is left out: it proves no figure.
        """
        return {start: [label for _, label in of] for start, of in self._proven().items()}

    def proving(self, sentence_starts: Sequence[int]) -> list[list[Hit]]:
        """Return the hits that make each of these sentences count, without making the others."""
        proofs = self._proven()
        numbers = [[n for n, _ in proofs[start]] for start in sentence_starts]
        made = iter(self._make([n for some in numbers for n in some]))
        return [[next(made) for _ in some] for some in numbers]

    def _proven(self) -> Proofs:
        if self._proofs is None:
            self._proofs = self._find_proofs()
        return self._proofs

    def _made(self) -> tuple[Hit, ...]:
        if self._hits is None:
            self._hits = tuple(self._make(None))
        return self._hits

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        return self._made()[index]

    def __iter__(self) -> Iterator[Hit]:
        return iter(self._made())

    def __len__(self) -> int:
        return len(self._made())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._made() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._made())

    def __reduce__(self) -> tuple[Any, ...]:
        return (tuple, (self._made(),))
