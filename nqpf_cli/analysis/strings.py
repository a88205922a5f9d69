"""Finding many strings in a text at once, in arrays: a trie by levels.

A place is no Python object here: a document has tens of thousands of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from nqpf_cli.analysis.normalize import HAN_RANGES

Integers = npt.NDArray[np.int64]

_MANY = 1000  # keys: looking up so many pays for a table
_SPARSE = 8  # places of a table for each key, at least
_FACTOR = 0x9E3779B97F4A7C15  # 2^64 divided by the golden ratio: spreads neighbours best


def codes_of(text: str) -> npt.NDArray[np.uint32]:
    """Return the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def integers(values: Sequence[int] | Sequence[tuple[int, ...]]) -> Integers:
    """Return whole numbers, or rows of them, as an array."""
    return np.array(values, dtype=np.int64)


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
        self._keys = [_Keys(keys) for keys in trie.keys]
        self._ids = trie.ends

    def find(self, codes: npt.NDArray[np.uint32]) -> tuple[Integers, Integers, Integers]:
        """Return where strings begin and end in a text, and which ones: all, overlapping ones too.

        They come in the order of their lengths, those of one length in that of the text.
        """
        numbers = np.zeros(len(codes) + len(self._ids), dtype=np.int64)
        numbers[: len(codes)] = self._number[codes]
        at = np.flatnonzero(numbers)
        state = numbers[at]
        starts, ends, found = [], [], []
        for level, ids in enumerate(self._ids):
            if level:
                state, held = self._keys[level - 1].find(state * self._width + numbers[at + level])
                at, state = at[held], state[held].astype(np.int64, copy=False)
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


class _Keys:
    """Keys of a level, none twice, none negative, among which others are looked up.

    Few are searched for. For many the keys are spread over a table by a multiplicative hash
    (Knuth, The Art of Computer Programming 3, 6.4); those whose place another has taken are
    spread over a next one, by another factor.
    """

    def __init__(self, keys: Integers) -> None:
        self._sorted = keys
        # Behind the last key stands one that is none, so that no place leaves the array.
        self._keys = np.append(keys, -1)
        self._tables: list[tuple[np.uint64, np.uint64, npt.NDArray[np.int32]]] = []

    def find(
        self, wanted: Integers
    ) -> tuple[npt.NDArray[np.signedinteger[Any]], npt.NDArray[np.bool_]]:
        """Return the places of keys, and which of them are there; other places mean nothing."""
        if len(wanted) < _MANY or not len(self._sorted):
            at: npt.NDArray[np.signedinteger[Any]] = np.searchsorted(self._sorted, wanted)
            return at, self._keys[at] == wanted
        self._tables = self._tables or self._spread()
        (factor, shift, table), *others = self._tables
        at = table[_hashed(wanted, factor, shift)]
        held = self._keys[at] == wanted
        for factor, shift, table in others:
            missed = np.flatnonzero(~held & (at >= 0))
            at[missed] = table[_hashed(wanted[missed], factor, shift)]
            held[missed] = self._keys[at[missed]] == wanted[missed]
        return at, held

    def _spread(self) -> list[tuple[np.uint64, np.uint64, npt.NDArray[np.int32]]]:
        tables = []
        rest = np.arange(len(self._sorted))
        factor = _FACTOR
        while len(rest):
            bits = (_SPARSE * len(rest)).bit_length()
            table = np.full(1 << bits, -1, dtype=np.int32)
            by = np.uint64(factor), np.uint64(64 - bits)
            places = _hashed(self._sorted[rest], *by)
            table[places] = rest
            tables.append((*by, table))
            rest = rest[table[places] != rest]
            factor = factor * _FACTOR % (1 << 64)  # odd, as it must be, and never the same
        return tables


def _hashed(keys: Integers, factor: np.uint64, shift: np.uint64) -> Integers:
    """Return the upper bits of keys times a factor."""
    return ((keys.view(np.uint64) * factor) >> shift).view(np.int64)
