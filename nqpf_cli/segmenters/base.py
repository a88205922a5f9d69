"""Text → tokens: the port, and what the analysis asks of it."""

from __future__ import annotations

from itertools import accumulate
from typing import Protocol


class Segmenter(Protocol):
    """Cuts text into tokens; the tokens joined are the text."""

    name: str

    def cut(self, text: str) -> list[str]:
        """Return the tokens of ``text`` in order."""
        ...


def boundaries(segmenter: Segmenter, text: str) -> frozenset[int]:
    """Return the offsets at which a token begins or ends, 0 and ``len(text)`` among them."""
    return frozenset([0, *accumulate(map(len, segmenter.cut(text)))])
