"""Finding the lexicon in sentences: literals where they stand, patterns where an anchor stands.

Matching runs on the *skeletons* of the sentences, all of a document at once, in arrays.
Segmentation never decides what is found, it only vetoes entries marked ``boundary``: their span
must begin and end where a token does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from nqpf_cli.analysis.gaps import GappedPatterns, Patterns
from nqpf_cli.analysis.occurrences import (
    NO_SET,
    Found,
    Literals,
    Mask,
    Occurrences,
    Table,
    by_row,
    distinct,
    lexical_order,
    stable_order,
)
from nqpf_cli.analysis.patterns import linear
from nqpf_cli.analysis.skeletons import Skeletons
from nqpf_cli.analysis.strings import Integers, integers
from nqpf_cli.model import Entry, Lexicon, Nesting

Boundaries = Callable[[str], frozenset[int]]
"""Text → offsets at which a token begins or ends (0 and the length are always among them)."""


class Matching(NamedTuple):
    """The entries of a lexicon as they are found, in arrays, but for the gapped ones.

    ``fixed`` are the pairs of literal and entry, by literal; ``expressions`` the entries that are
    expressions. All others have the shape (entries,): the sets of the contexts, or ``NO_SET``;
    whether an entry must stand on whole tokens, and whether it is evidence; and a number for what
    it nests within.
    """

    fixed: Integers
    expressions: Integers
    unless: Integers
    unless_sentence: Integers
    with_any: Integers
    guarded: Mask
    counting: Mask
    scopes: Integers

    @classmethod
    def of(cls, entries: Sequence[Entry], literals: Literals) -> Matching:
        """Return the entries of a lexicon, with their literals registered."""
        numbered = list(enumerate(entries))
        sets = literals.add_set
        scopes: dict[str, int] = {}
        return cls(
            fixed=by_row([(literals.add(e.term), n) for n, e in numbered if e.kind == "fixed"]),
            expressions=integers([n for n, e in numbered if e.kind == "regex"]),
            unless=integers([sets(e.unless) for e in entries]),
            unless_sentence=integers([sets(e.unless_sentence) for e in entries]),
            with_any=integers([sets(e.with_any) for e in entries]),
            guarded=np.array([e.boundary for e in entries], dtype=bool),
            counting=np.array([bool(e.weight) for e in entries], dtype=bool),
            scopes=integers([scopes.setdefault(e.scope, len(scopes)) for e in entries]),
        )


class Matcher:
    """Finds the entries of a lexicon in sentences.

    ``literals`` is the number of these; ``boundaries`` is asked only for sentences in which a
    guarded entry stands.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        matching: Matching,
        patterns: Patterns,
        literals: int,
        boundaries: Boundaries,
    ) -> None:
        self._boundaries = boundaries
        self._nested: Nesting = lexicon.nested
        self._entries_of = Table(matching.fixed, literals)
        self._gapped = GappedPatterns(patterns, literals)
        self._expressions = {
            n: linear(lexicon.entries[n].term) for n in matching.expressions.tolist()
        }
        self._matching = matching

    def find(self, occurrences: Occurrences) -> Found:
        """Return the entries that hold in the sentences.

        The nesting policy is applied; the order is by place, then by the lexicon.
        """
        hits, entries = self._entries_of.expand(occurrences.literals)
        fixed = Found(entries, occurrences.starts[hits], occurrences.ends[hits])
        found = fixed, self._gapped.find(occurrences), self._by_expression(occurrences.sentences)
        candidates = Found(*map(np.concatenate, zip(*found, strict=True)))
        held = candidates.only(self._holds(candidates, occurrences))
        if self._matching.guarded[held.entries].any():
            held = held.only(self._on_boundaries(held, occurrences.sentences))
        kept = self._nest(held)
        # Entries of weight 0 have silenced what they had to; they are no evidence.
        return kept.only(self._matching.counting[kept.entries])

    def _by_expression(self, sentences: Skeletons) -> Found:
        """Return where users' expressions stand."""
        rows = [
            (entry, at + m.start(), at + m.end())
            for number, at in enumerate(sentences.starts[:-1].tolist() if self._expressions else ())
            for entry, expression in self._expressions.items()
            for m in expression.finditer(sentences.skeleton(number))
            if m.end() > m.start()
        ]
        return Found(*integers(rows).reshape(-1, 3).T)

    def _holds(self, candidates: Found, occurrences: Occurrences) -> Mask:
        """Return which candidates their contexts let stand."""
        entries = candidates.entries
        sentences = occurrences.sentences
        where = sentences.sentence_of(candidates.starts)
        low, high = sentences.starts[where], sentences.starts[where + 1] - 1
        holds = ~occurrences.overlaps(
            self._matching.unless[entries], candidates.starts, candidates.ends
        )
        for sets, wanted in (
            (self._matching.unless_sentence, False),
            (self._matching.with_any, True),
        ):
            asked = np.flatnonzero(holds & (sets[entries] != NO_SET))
            found = occurrences.begins(sets[entries[asked]], low[asked], high[asked])
            holds[asked] = found == wanted
        return holds

    def _on_boundaries(self, held: Found, sentences: Skeletons) -> Mask:
        """Return which matches stand on whole tokens, or need not."""
        kept = ~self._matching.guarded[held.entries]
        asked = np.flatnonzero(~kept)
        where = sentences.sentence_of(held.starts[asked])
        for number in distinct(where):
            at, end = sentences.starts[number : number + 2]
            edges = np.zeros(end - at, dtype=bool)
            edges[list(self._boundaries(sentences.skeleton(number)))] = True
            of_it = asked[where == number]
            kept[of_it] = edges[held.starts[of_it] - at] & edges[held.ends[of_it] - at]
        return kept

    def _nest(self, held: Found) -> Found:
        """Apply the nesting policy: which of several entries on the same characters count.

        ``category``: within a category (prescriptions apart), a match inside a longer one does
        not count; ``longest``: the same over all categories; ``all``: everything counts. Of two
        entries of a category with the same span, the first in the lexicon counts.
        """
        last = held.ends.max(initial=0)
        order = lexical_order(held.starts, last - held.ends, held.entries)
        held = held.only(order)
        if self._nested == "all" or len(order) < 2:
            return held
        scopes = self._matching.scopes[held.entries]
        if self._nested == "longest":
            scopes = np.zeros_like(scopes)
        # Sorted by start, longest first: a match is nested iff it ends within what came before.
        # Scopes one after the other, each beyond the last, so that one running maximum does.
        by_scope = stable_order(scopes)
        reach = (scopes * (last + 1) + held.ends)[by_scope]
        before = np.append(-1, np.maximum.accumulate(reach)[:-1])
        kept = np.empty(len(order), dtype=bool)
        kept[by_scope] = reach > before
        return held.only(kept)
