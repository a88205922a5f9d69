"""Sentences as they are matched: all in one text, with the way back to their characters.

The *skeleton* of a sentence has no quotation marks and no spaces, and ASCII in lower case, so
that 产业“路径锁定” is found as 产业路径锁定.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from nqpf_cli.analysis.normalize import FOLDED, ORNAMENTS
from nqpf_cli.analysis.strings import Integers, among, codes_of, text_of

END = "\n"
"""What stands behind each sentence; in none, for a skeleton has no line ends."""

_DROPPED = 0xFFFFFFFF  # no code point


class Skeletons:
    """The skeletons of sentences in one text: that of sentence n begins at ``starts[n]``.

    Behind each stands ``END``; ``starts`` has one number more than there are sentences. Offsets
    into this text are called places.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        lengths = np.array([len(t) for t in texts], dtype=np.int64)
        written = codes_of(END.join([*texts, ""]))
        # Where each sentence begins as it is written; and END, which no skeleton drops.
        self._origins = np.append(0, np.cumsum(lengths + 1))
        folded = _folded(written)
        folded[self._origins[1:] - 1] = ord(END)
        self._kept = np.flatnonzero(folded != _DROPPED)
        self.codes: npt.NDArray[np.uint32] = folded[self._kept]
        self.starts: Integers = np.searchsorted(self._kept, self._origins)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def text(self) -> str:
        """All of it as text."""
        return text_of(self.codes)

    def places_of(self, characters: str) -> Integers:
        """Return where one of some characters stands."""
        return np.flatnonzero(among(self.codes, characters))

    def sentence_of(self, places: Integers) -> Integers:
        """Return the numbers of the sentences that hold the places."""
        numbers: Integers = self._sentences[places]
        return numbers

    @cached_property
    def _sentences(self) -> Integers:
        """Place → the number of its sentence."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def skeleton(self, number: int) -> str:
        """Return the skeleton of one sentence."""
        return self.text[self.starts[number] : self.starts[number + 1] - 1]

    def spans(
        self, sentences: Integers, starts: Integers, ends: Integers
    ) -> tuple[Integers, Integers]:
        """Map spans of places, none empty, to spans of their sentences' own characters."""
        origins = self._origins[sentences]
        return self._kept[starts] - origins, self._kept[ends - 1] + 1 - origins

    def span(self, number: int, start: int, end: int) -> tuple[int, int]:
        """Map a span of one skeleton, not empty, to its sentence's own characters."""
        at, origin = self.starts[number], self._origins[number]
        return int(self._kept[at + start] - origin), int(self._kept[at + end - 1] + 1 - origin)


def _folded(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Return what each code point is matched as."""
    table = _folds()
    folded: npt.NDArray[np.uint32] = table.take(codes, mode="clip")
    beyond = codes >= len(table)
    if beyond.any():
        folded[beyond] = codes[beyond]
    return folded


@cache
def _folds() -> npt.NDArray[np.uint32]:
    """Return code point of the basic plane → the code point it is matched as."""
    table = np.arange(0x10000, dtype=np.uint32)
    table[[ord(c) for c in ORNAMENTS]] = _DROPPED
    table[list(FOLDED)] = list(FOLDED.values())
    return table
