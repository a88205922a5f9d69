"""Gapped patterns: which of them stand in sentences whose literals are found, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nqpf_cli.analysis.occurrences import (
    NO_SET,
    Found,
    Literals,
    Occurrences,
    Table,
    by_row,
    distinct,
    lexical_order,
    ranges,
)
from nqpf_cli.analysis.patterns import NO_GAP, parts_of
from nqpf_cli.analysis.strings import Integers, integers
from nqpf_cli.model import Entry


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A gapped pattern over the sets of its parts; ``literals`` are those of its anchor."""

    parts: list[int]
    anchor: int
    literals: list[int]
    gap: int

    @classmethod
    def of(cls, entry: Entry, literals: Literals) -> _Pattern:
        """Return the pattern of an entry, with its literals registered."""
        parts = parts_of(entry.term)
        # The part with the longest alternatives is the rarest: it is the anchor.
        anchor = max(range(len(parts)), key=lambda i: min(map(len, parts[i])))
        return cls(
            [literals.add_set(tuple(p)) for p in parts],
            anchor,
            [literals.add(t) for t in parts[anchor]],
            entry.gap,
        )

    def neighbour(self, side: int) -> int:
        """Return the set of the part before (-1) or behind (1) the anchor."""
        at = self.anchor + side
        return self.parts[at] if 0 <= at < len(self.parts) else NO_SET


class Patterns(NamedTuple):
    """The gapped patterns of a lexicon, in arrays.

    ``entries``, ``sizes``, ``gaps``, ``before`` and ``behind`` have the shape (patterns,): the
    number of the entry and of the parts, the widest gap in characters, and the sets of the parts
    beside the anchor. ``parts`` and ``ranks`` are pairs of pattern and set, or rank, in the order
    of the parts, of which the last has rank 0; ``anchored`` are pairs of literal and pattern.
    """

    entries: Integers
    parts: Integers
    ranks: Integers
    sizes: Integers
    gaps: Integers
    before: Integers
    behind: Integers
    anchored: Integers

    @classmethod
    def of(cls, entries: Iterable[tuple[int, Entry]], literals: Literals) -> Patterns:
        """Return the patterns of entries, with their literals registered."""
        numbered = [(number, _Pattern.of(entry, literals)) for number, entry in entries]
        patterns = list(enumerate([p for _, p in numbered]))
        return cls(
            entries=integers([number for number, _ in numbered]),
            parts=by_row([(n, part) for n, p in patterns for part in p.parts]),
            ranks=by_row([(n, r) for n, p in patterns for r in reversed(range(len(p.parts)))]),
            sizes=integers([len(p.parts) for _, p in patterns]),
            gaps=integers([p.gap for _, p in patterns]),
            before=integers([p.neighbour(-1) for _, p in patterns]),
            behind=integers([p.neighbour(1) for _, p in patterns]),
            anchored=by_row([(literal, n) for n, p in patterns for literal in p.literals]),
        )


class GappedPatterns:
    """Finds the gapped entries of a lexicon; they come with their numbers."""

    def __init__(self, patterns: Patterns, literals: int) -> None:
        size = len(patterns.entries)
        self._patterns = patterns
        self._parts = Table(patterns.parts, size)
        self._ranks = Table(patterns.ranks, size)
        self._anchored = Table(patterns.anchored, literals)

    def find(self, seen: Occurrences) -> Found:
        """Return where the entries stand: from the left, none of a pattern on another of it.

        As an expression would: the first place at which all fits, the longest alternative, the
        shortest gap. Parts are gone through from the last to the first, so that each place is
        looked at once.
        """
        where, patterns = self._likely(seen)
        rows, sets = self._parts.expand(patterns)
        begin = seen.sentences.starts[where[rows]]
        first, beyond = seen.members(sets, begin, seen.sentences.starts[where[rows] + 1])
        owners, members = ranges(first, beyond)
        pairs, ranks = rows[owners], self._ranks.expand(patterns)[1][owners]
        starts, ends = (c[members] for c in seen.member_spans)
        sizes, gaps = self._patterns.sizes[patterns], self._patterns.gaps[patterns]
        parting = seen.sentences.places_of(NO_GAP)

        found: list[_Tails] = []
        for rank in range(int(sizes.max(initial=1))):
            of_it = ranks == rank
            tails = _Tails(pairs[of_it], starts[of_it], ends[of_it], ends[of_it])
            if rank:
                tails = tails.before(found[-1], gaps, parting)
            found.append(tails.longest())
        whole = [t.only(sizes[t.pairs] == rank + 1) for rank, t in enumerate(found)]
        pairs, starts, _, ends = map(np.concatenate, zip(*whole, strict=True))
        order = lexical_order(pairs, starts)
        kept = order[_apart(pairs[order], starts[order], ends[order])]
        return Found(self._patterns.entries[patterns[pairs[kept]]], starts[kept], ends[kept])

    def _likely(self, seen: Occurrences) -> tuple[Integers, Integers]:
        """Return sentences and the patterns that may stand in them, each pair once.

        Most anchors stand alone: a pattern is looked for only where the next part is near.
        """
        hits, patterns = self._anchored.expand(seen.literals)
        starts, ends, gaps = seen.starts[hits], seen.ends[hits], self._patterns.gaps[patterns]
        near = np.ones(len(hits), dtype=bool)
        for side, test, low, high in (
            (self._patterns.before, seen.ends_in, starts - gaps, starts),
            (self._patterns.behind, seen.begins, ends, ends + gaps),
        ):
            asked = np.flatnonzero(near & (side[patterns] != NO_SET))
            near[asked] = test(side[patterns[asked]], low[asked], high[asked])
        where = seen.sentences.sentence_of(starts[near])
        size = len(self._patterns.entries) + 1
        return np.divmod(distinct(where * size + patterns[near]), size)


class _Tails(NamedTuple):
    """The last parts of patterns, from one part on; all of shape (n,).

    ``pairs`` says whose they are (of a sentence and a pattern), ``starts`` and ``ends`` where the
    first of these parts stands, ``beyond`` where the last ends.
    """

    pairs: Integers
    starts: Integers
    ends: Integers
    beyond: Integers

    def only(self, index: Integers | npt.NDArray[np.bool_]) -> _Tails:
        """Return those of an index or a mask."""
        return _Tails(*(c[index] for c in self))

    def longest(self) -> _Tails:
        """Return, in order, those whose first part is the longest of its place."""
        last = self.ends.max(initial=0)
        tails = self.only(lexical_order(self.pairs, self.starts, last - self.ends))
        first = np.ones(len(tails.pairs), dtype=bool)
        first[1:] = (np.diff(tails.pairs) != 0) | (np.diff(tails.starts) != 0)
        return tails.only(first)

    def before(self, rest: _Tails, gaps: Integers, parting: Integers) -> _Tails:
        """Return those behind which, after a gap, a tail of ``rest`` begins: the first of them."""
        if not len(rest.pairs):
            return self.only(np.zeros(len(self.pairs), dtype=bool))
        width = int(max(rest.starts.max(), self.ends.max(initial=0))) + 1
        keys = rest.pairs * width + rest.starts
        at = np.searchsorted(keys, self.pairs * width + self.ends)
        near = at < len(keys)
        at[~near] = 0
        near &= rest.pairs[at] == self.pairs
        near &= rest.starts[at] - self.ends <= gaps[self.pairs]
        near &= np.searchsorted(parting, rest.starts[at]) == np.searchsorted(parting, self.ends)
        return self._replace(beyond=rest.beyond[at]).only(near)


def _apart(pairs: Integers, starts: Integers, ends: Integers) -> list[int]:
    """Return which spans of each pair stand on none that is taken before."""
    kept: list[int] = []
    last, reach = -1, 0
    for n, (pair, start, end) in enumerate(
        zip(pairs.tolist(), starts.tolist(), ends.tolist(), strict=True)
    ):
        if pair != last or start >= reach:
            kept.append(n)
            last, reach = pair, end
    return kept
