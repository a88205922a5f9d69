"""All strings that the lexicon looks for, where they stand, and what stands near a place.

Entries, parts of patterns, contexts and cues are all literals: each is looked for once. What
rules ask is always of one form: does any literal of a *set* begin, or end, between two places?
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from nqpf_cli.analysis.patterns import fold
from nqpf_cli.analysis.skeletons import Skeletons
from nqpf_cli.analysis.strings import Integers, Strings, Trie, integers

Mask = npt.NDArray[np.bool_]
NO_SET = -1
BEYOND = np.iinfo(np.int64).max
"""Behind every place and every key."""
_MANY = 500  # places to search for: to sort them pays


def ranges(first: Integers, beyond: Integers) -> tuple[Integers, Integers]:
    """Return the numbers of half-open ranges one after the other, each with that of its range."""
    counts = beyond - first
    owners = np.repeat(np.arange(len(counts)), counts)
    shift = first - (np.cumsum(counts) - counts)
    return owners, np.arange(len(owners)) + shift[owners]


def distinct(numbers: Integers) -> Integers:
    """Return whole numbers from 0 on, sorted, each once.

    As ``np.unique``, which imports masked arrays for it.
    """
    in_order = np.sort(numbers)
    found: Integers = in_order[np.diff(in_order, prepend=-1) != 0]
    return found


def stable_order(numbers: Integers) -> Integers:
    """Return the order of whole numbers from 0 on, those of one number as they stand."""
    if len(numbers) and numbers.max() <= np.iinfo(np.uint16).max:
        numbers = numbers.astype(np.uint16)  # sorted by their digits, in linear time
    return np.argsort(numbers, kind="stable")


def lexical_order(*columns: Integers) -> Integers:
    """Return the order of rows by the first column, then by the next; no number is negative.

    As ``np.lexsort``, in one pass where one number holds a row.
    """
    bounds = [int(column.max(initial=0)) + 1 for column in columns]
    if prod(bounds) > BEYOND:
        return np.lexsort(columns[::-1])
    rows, *others = columns
    for column, bound in zip(others, bounds[1:], strict=True):
        rows = rows * bound + column
    return np.argsort(rows, kind="stable")


def searched(keys: Integers, wanted: Integers, side: Literal["left", "right"] = "left") -> Integers:
    """Return what ``np.searchsorted`` does; many are searched for in their order, which is faster.

    Neighbours are then found on the same path.
    """
    if len(wanted) < _MANY:
        return np.searchsorted(keys, wanted, side)
    order = np.argsort(wanted)
    found = np.empty(len(wanted), dtype=np.int64)
    found[order] = np.searchsorted(keys, wanted[order], side)
    return found


def by_row(pairs: Sequence[tuple[int, int]]) -> Integers:
    """Return pairs of row and value, in the order of the rows; the shape is (2, pairs)."""
    rows, values = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    order = stable_order(rows)
    return np.stack([rows[order], values[order]])


class Table:
    """Rows of whole numbers of any length, in arrays."""

    def __init__(self, pairs: Integers, size: int) -> None:
        """Make a table of ``size`` rows from the pairs of ``by_row``."""
        self._counts = np.bincount(pairs[0], minlength=size)
        self._first = np.cumsum(self._counts) - self._counts
        self._values = pairs[1]

    def expand(self, rows: Integers) -> tuple[Integers, Integers]:
        """Return the values of ``rows`` one after the other, each with its index in ``rows``."""
        first = self._first[rows]
        owners, places = ranges(first, first + self._counts[rows])
        return owners, self._values[places]


class Found(NamedTuple):
    """Entries (their numbers in the lexicon) and where they stand, in places; all of shape (n,)."""

    entries: Integers
    starts: Integers
    ends: Integers

    def only(self, index: Mask | Integers) -> Found:
        """Return those of an index or a mask."""
        return Found(self.entries[index], self.starts[index], self.ends[index])


class Sought(NamedTuple):
    """Literals and the sets of them that rules ask for, in arrays.

    ``characters``, ``keys`` and ``ends`` are those of a ``Trie``, all levels in one, with the
    sizes of these; ``members`` are the pairs of literal and set, by literal; ``longest`` is the
    length of the longest member of each set, in characters.
    """

    characters: npt.NDArray[np.int32]
    keys: Integers
    key_sizes: Integers
    ends: npt.NDArray[np.int32]
    end_sizes: Integers
    size: Integers  # of shape (1,): the number of literals
    members: Integers
    longest: Integers

    @property
    def trie(self) -> Trie:
        """The literals by their beginnings."""
        return Trie(
            characters=self.characters,
            keys=tuple(np.split(self.keys, np.cumsum(self.key_sizes)[:-1])),
            ends=tuple(np.split(self.ends, np.cumsum(self.end_sizes)[:-1])),
        )


class Literals:
    """All strings that are looked for, each once, and the sets of them that rules ask for."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._added: dict[str, int] = {}  # as written
        self._sets: dict[frozenset[int], int] = {}
        self._lists: dict[tuple[str, ...], int] = {}  # hundreds of cues share one of contexts

    def add(self, term: str) -> int:
        """Register a term and return its number."""
        if (known := self._added.get(term)) is not None:
            return known
        number = self._ids.setdefault(fold(term), len(self._ids))
        self._added[term] = number
        return number

    def add_set(self, terms: tuple[str, ...]) -> int:
        """Register a set of terms and return its number; ``NO_SET`` for none."""
        if not terms:
            return NO_SET
        if (known := self._lists.get(terms)) is None:
            members = frozenset(map(self.add, terms))
            known = self._lists[terms] = self._sets.setdefault(members, len(self._sets))
        return known

    def sought(self) -> Sought:
        """Return all that is registered."""
        names = list(self._ids)
        trie = Trie.of(names)
        members = by_row([(m, n) for group, n in self._sets.items() for m in group])
        longest = np.zeros(len(self._sets), dtype=np.int64)
        np.maximum.at(longest, members[1], integers(list(map(len, names)))[members[0]])
        return Sought(
            characters=trie.characters,
            keys=np.concatenate([np.empty(0, dtype=np.int64), *trie.keys]),
            key_sizes=integers([len(keys) for keys in trie.keys]),
            ends=np.concatenate(trie.ends),
            end_sizes=integers([len(ends) for ends in trie.ends]),
            size=integers([len(names)]),
            members=members,
            longest=longest,
        )


class Search:
    """Looks for literals."""

    def __init__(self, sought: Sought) -> None:
        self.size = int(sought.size[0])
        self._strings = Strings(sought.trie)
        self._sets_of = Table(sought.members, self.size)
        self._longest = sought.longest

    def scan(self, sentences: Skeletons) -> Occurrences:
        """Find every literal in the sentences, overlapping ones too."""
        found = self._strings.find(sentences.codes)
        return Occurrences(sentences, found, self._sets_of, self._longest)


class Occurrences:
    """Where literals stand in sentences, in the order of their ends (then of their starts)."""

    def __init__(
        self,
        sentences: Skeletons,
        found: tuple[Integers, Integers, Integers],
        sets_of: Table,
        longest: Integers,
    ) -> None:
        self.sentences = sentences
        starts, ends, literals = found
        self._width = len(sentences.codes) + 1
        # They come sorted in a few long runs, which a stable sort merges.
        order = np.argsort(ends * self._width + starts, kind="stable")
        self.starts, self.ends, self.literals = starts[order], ends[order], literals[order]
        owners, sets = sets_of.expand(self.literals)
        by_set = stable_order(sets)
        members = owners[by_set]
        self.member_spans = self.starts[members], self.ends[members]
        # Behind the last key stands one above all, so that a search never leaves the array.
        self._by_end = np.append(sets[by_set] * self._width + self.member_spans[1], BEYOND)
        self._by_start = np.append(sets * self._width + self.starts[owners], BEYOND)
        self._by_start.sort()
        self._longest = longest

    def begins(self, sets: Integers, low: Integers, high: Integers) -> Mask:
        """Return whether a member of each set begins at a place from ``low`` to ``high``."""
        return self._any(self._by_start, sets, low, high)

    def ends_in(self, sets: Integers, low: Integers, high: Integers) -> Mask:
        """Return whether a member of each set ends at a place from ``low`` to ``high``."""
        return self._any(self._by_end, sets, low, high)

    def _any(self, keys: Integers, sets: Integers, low: Integers, high: Integers) -> Mask:
        first = sets * self._width
        # No place is outside the text, so that no other set's is taken for one of this.
        least = first + np.maximum(low, 0)
        most = first + np.minimum(high, self._width - 1)
        inside: Mask = keys[searched(keys, least)] <= most
        return inside

    def overlaps(self, sets: Integers, starts: Integers, ends: Integers) -> Mask:
        """Return whether a member of each set stands on a character of each span."""
        out = np.zeros(len(sets), dtype=bool)
        active = np.flatnonzero(sets != NO_SET)
        first = sets[active] * self._width
        # Whoever begins before the span's end ends not much behind it.
        limit = first + np.minimum(ends[active] + self._longest[sets[active]], self._width) - 1
        at = searched(self._by_end, first + starts[active], "right")
        while len(active):
            inside = self._by_end[at] <= limit
            active, at, limit = active[inside], at[inside], limit[inside]
            reached = self.member_spans[0][at] < ends[active]
            out[active[reached]] = True
            active, at, limit = active[~reached], at[~reached] + 1, limit[~reached]
        return out

    def members(self, sets: Integers, low: Integers, high: Integers) -> tuple[Integers, Integers]:
        """Return which members of each set stand between two places, in order of their ends.

        Half-open ranges of numbers, for ``member_spans``.
        """
        first = sets * self._width
        return (
            searched(self._by_end, first + low, "right"),
            searched(self._by_end, first + high, "right"),
        )
