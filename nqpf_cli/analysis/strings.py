"""Finding many strings in a text at once, in arrays: a trie by levels.

A place is no Python object here: a document has tens of thousands of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from nqpf_cli.analysis.normalize import HAN_RANGES

Integers = npt.NDArray[np.int64]

_FEW_CHARACTERS = 3000  # pairs of which fit into a table of some tens of megabytes
_LONG = 8000  # characters of a text: that table pays from here on


def codes_of(text: str) -> npt.NDArray[np.uint32]:
    """Return the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def text_of(codes: npt.NDArray[np.uint32]) -> str:
    """Return the text of code points."""
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


@cache
def _flags(characters: str) -> npt.NDArray[np.bool_]:
    flags = np.zeros(0x10000, dtype=bool)
    flags[codes_of(characters)] = True
    return flags


def among(codes: npt.NDArray[np.uint32], characters: str) -> npt.NDArray[np.bool_]:
    """Return which code points are of some characters, each of the basic plane.

    As ``np.isin``, which goes through the text once for each character.
    """
    return _flags(characters).take(codes, mode="clip")  # the last one is no character


def han_counts(texts: Sequence[str]) -> list[int]:
    """Return what ``normalize.han_count`` gives for each text, of thousands at once."""
    codes = codes_of("".join(texts))
    before = np.zeros(len(codes) + 1, dtype=np.int64)
    for first, last in HAN_RANGES:
        before[1:] += (codes >= first) & (codes <= last)
    np.cumsum(before, out=before)
    counts: list[int] = np.diff(before[np.cumsum([0, *map(len, texts)])]).tolist()
    return counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Trie:
    """Strings by their beginnings, in levels: a state is a beginning that some string has.

    ``keys[n]`` holds the states of level n + 1, sorted, each as the number of its beginning and
    its last character in one; ``ends[n]`` holds for each state of level n the string that it is,
    or -1. Characters are numbered from 1 in the order of ``characters`` (code points, sorted).
    """

    characters: npt.NDArray[np.int32]
    keys: tuple[Integers, ...]
    ends: tuple[npt.NDArray[np.int32], ...]

    @classmethod
    def of(cls, strings: Sequence[str], levels: int = 1) -> Trie:
        """Return the trie of strings, none empty, none twice; it has so many levels at least."""
        lengths = np.array([len(s) for s in strings], dtype=np.int64)
        characters, numbers = np.unique(codes_of("".join(strings)), return_inverse=True)
        width = len(characters) + 1
        first = np.cumsum(lengths) - lengths
        rows = np.arange(len(strings))
        state = numbers[first] + 1
        ends = [_ends(state, width, rows, lengths == 1)]
        keys: list[Integers] = []
        for level in range(1, max(levels, int(lengths.max(initial=1)))):
            longer = lengths[rows] > level
            rows, state = rows[longer], state[longer]
            known, state = np.unique(
                state * width + numbers[first[rows] + level] + 1, return_inverse=True
            )
            keys.append(known)
            ends.append(_ends(state, len(known), rows, lengths[rows] == level + 1))
        return cls(characters=characters.astype(np.int32), keys=tuple(keys), ends=tuple(ends))


def _ends(
    state: Integers, states: int, rows: Integers, here: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int32]:
    ids = np.full(states, -1, dtype=np.int32)
    ids[state[here]] = rows[here]
    return ids


class Strings:
    """Strings that are looked for; a number is a place in the list that their trie was made of."""

    def __init__(self, trie: Trie) -> None:
        self._width = len(trie.characters) + 1
        self._number = np.zeros(0x110000, dtype=np.int32)  # code point → number; 0: in none
        self._number[trie.characters] = np.arange(1, self._width)
        # Behind the last key stands one that is none, so that a search never leaves the array.
        self._keys = [np.append(keys, -1) for keys in trie.keys]
        self._ids = trie.ends
        self._pairs: npt.NDArray[np.uint16] | None = None

    def find(self, codes: npt.NDArray[np.uint32]) -> tuple[Integers, Integers, Integers]:
        """Return where strings begin and end in a text, and which ones: all, overlapping ones too.

        They come in the order of their lengths, those of one length in that of the text.
        """
        if self._pairs is None and len(codes) > _LONG:
            self._pairs = self._table_of_pairs()
        numbers = np.zeros(len(codes) + len(self._ids), dtype=np.int64)
        numbers[: len(codes)] = self._number[codes]
        at = np.flatnonzero(numbers)
        state = numbers[at]
        starts, ends, found = [], [], []
        for level, ids in enumerate(self._ids):
            if level:
                key = state * self._width + numbers[at + level]
                state, held = self._next(level - 1, key)
                at, state = at[held], state[held]
            which = ids[state]
            here = np.flatnonzero(which >= 0)
            starts.append(at[here])
            ends.append(starts[-1] + (level + 1))
            found.append(which[here])
        return (
            np.concatenate(starts),
            np.concatenate(ends),
            np.concatenate(found).astype(np.int64),
        )

    def _table_of_pairs(self) -> npt.NDArray[np.uint16] | None:
        """Return key of the first level → its state and one more, or 0; None where it is too large.

        Most places end at their second character: two of them are looked up, not searched for.
        """
        if len(self._keys) == 0 or self._width > _FEW_CHARACTERS:
            return None
        first = self._keys[0][:-1]
        if len(first) >= np.iinfo(np.uint16).max:
            return None
        pairs = np.zeros(self._width**2, dtype=np.uint16)
        pairs[first] = np.arange(1, len(first) + 1)
        return pairs

    def _next(self, level: int, key: Integers) -> tuple[Integers, npt.NDArray[np.bool_]]:
        """Return the states of keys, and which of the keys have one."""
        if level == 0 and self._pairs is not None:
            state = self._pairs[key].astype(np.int64) - 1
            return state, state >= 0
        keys = self._keys[level]
        state = np.searchsorted(keys[:-1], key)
        return state, keys[state] == key
