"""Finding the lexicon in a text: one automaton for all literals, patterns where an anchor stands.

Matching runs on the *skeleton* of a sentence (no quotation marks, no spaces), so that
产业“路径锁定” is found as 产业路径锁定; spans are given back in the sentence's own characters.
Segmentation never decides what is found, it only vetoes entries marked ``boundary``: their span
must begin and end where a token does.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeAlias

import ahocorasick_rs

from nqpf_cli.analysis.normalize import skeleton
from nqpf_cli.analysis.patterns import NO_GAP, fold, linear, parts_of
from nqpf_cli.model import Entry, Lexicon, Nesting

Boundaries = Callable[[str], frozenset[int]]
"""Text → offsets at which a token begins or ends (0 and the length are always among them)."""


Found: TypeAlias = tuple[int, int, int]
"""A literal found in a skeleton: which one, where it begins, where it ends.

A plain tuple, as the automaton gives it: a document has tens of thousands.
"""


class Skeleton:
    """A sentence as it is matched, with the way back to its own characters."""

    __slots__ = ("_known", "found", "present", "sources", "text")

    def __init__(self, text: str, sources: array[int] | None, found: Sequence[Found]) -> None:
        self.text = text
        self.sources = sources
        self.found = found
        self.present = frozenset([literal for literal, _, _ in found])
        self._known: dict[frozenset[int], tuple[int, list[tuple[int, int]]]] = {}

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of the skeleton to a span of the sentence."""
        if self.sources is None:
            return start, end
        return self.sources[start], self.sources[end - 1] + 1

    def spans(self, literals: frozenset[int]) -> tuple[int, list[tuple[int, int]]]:
        """Return where ``literals`` stand, in order of their ends, and the length of the longest.

        Found once for a set: a sentence of a whole page takes no longer than its parts.
        """
        if (known := self._known.get(literals)) is None:
            spans = [(start, end) for literal, start, end in self.found if literal in literals]
            longest = max([end - start for start, end in spans], default=0)
            known = self._known[literals] = (longest, spans)
        return known

    def overlaps(self, literals: frozenset[int], start: int, end: int) -> bool:
        """Return whether one of ``literals`` stands on a character of the span."""
        if literals.isdisjoint(self.present):
            return False
        longest, spans = self.spans(literals)
        for n in range(bisect_right(spans, start, key=itemgetter(1)), len(spans)):
            if spans[n][0] < end:
                return True
            if spans[n][1] >= end + longest:
                break
        return False


class Literals:
    """All strings that are looked for, each once, in one automaton."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._added: dict[str, int] = {}  # as written
        self._lists: dict[tuple[str, ...], frozenset[int]] = {}
        self._automaton: ahocorasick_rs.AhoCorasick | None = None

    def add(self, term: str) -> int:
        """Register a term and return its number."""
        if self._automaton is not None:
            raise RuntimeError("the automaton is built; no literal can be added")
        if (known := self._added.get(term)) is not None:
            return known
        number = self._ids.setdefault(fold(term), len(self._ids))
        self._added[term] = number
        return number

    def add_all(self, terms: tuple[str, ...]) -> frozenset[int]:
        """Register terms and return their numbers; hundreds of cues share one list of contexts."""
        if (known := self._lists.get(terms)) is None:
            known = self._lists[terms] = frozenset(map(self.add, terms))
        return known

    def scan(self, text: str) -> Skeleton:
        """Find every literal in ``text``, overlapping ones too, in order of their ends."""
        if self._automaton is None:
            self._automaton = ahocorasick_rs.AhoCorasick(list(self._ids))
        folded, sources = skeleton(text)
        hits = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        return Skeleton(folded, sources, hits)


_NONE: frozenset[int] = frozenset()
_FEW_PAIRS = 64  # of places, that are compared one by one


@dataclass(slots=True)
class _Gapped:
    """A gapped pattern over the literals of its parts; each of them stands in the automaton."""

    parts: list[frozenset[int]]
    anchor: int
    gap: int

    @property
    def needed(self) -> frozenset[int]:
        """The literals of which one must stand beside the anchor."""
        others = self.parts[: self.anchor] + self.parts[self.anchor + 1 :]
        return min(others, key=len) if others else self.parts[self.anchor]

    def find(self, sentence: Skeleton) -> list[tuple[int, int]]:
        """Return the spans, from the left, none on another.

        As an expression would: the first place at which all fits, the longest alternative, the
        shortest gap. A place that failed is remembered, so that the time is linear.
        """
        spans = [sentence.spans(part)[1] for part in self.parts]
        if not all(map(self._near, spans, spans[1:])):
            return []
        places: list[dict[int, list[int]]] = []
        for found in spans:
            ends: dict[int, list[int]] = {}
            for start, end in sorted(found):
                ends.setdefault(start, []).insert(0, end)
            places.append(ends)
        order = [list(p) for p in places]
        failed: set[tuple[int, int]] = set()
        last = len(places) - 1

        def end_of(number: int, start: int) -> int:
            for end in places[number][start]:
                if number == last:
                    return end
                following = order[number + 1]
                for at in range(bisect_left(following, end), len(following)):
                    next_ = following[at]
                    if next_ > end + self.gap or NO_GAP.search(sentence.text, end, next_):
                        break
                    if (number + 1, next_) not in failed and (e := end_of(number + 1, next_)):
                        return e
            failed.add((number, start))
            return 0

        out: list[tuple[int, int]] = []
        for start in order[0]:
            if (not out or start >= out[-1][1]) and (end := end_of(0, start)):
                out.append((start, end))
        return out

    def _near(self, first: list[tuple[int, int]], second: list[tuple[int, int]]) -> bool:
        """Return whether two parts may stand within the gap; most do not, and it is soon told."""
        if len(first) * len(second) > _FEW_PAIRS:
            return True
        for _, end in first:
            for start, _ in second:
                if 0 <= start - end <= self.gap:
                    return True
        return False


@dataclass(slots=True)
class _Rule:
    entry: Entry
    order: int
    unless: frozenset[int]
    unless_sentence: frozenset[int]
    with_any: frozenset[int]
    needed: frozenset[int] = _NONE
    gapped: _Gapped | None = None
    expression: re.Pattern[str] | None = None

    def spans(self, sentence: Skeleton) -> list[tuple[int, int]]:
        """Return where a pattern stands."""
        if self.gapped is not None:
            return self.gapped.find(sentence)
        assert self.expression is not None
        found = self.expression.finditer(sentence.text)
        return [m.span() for m in found if m.end() > m.start()]


class Matcher:
    """Finds the entries of a lexicon in sentences.

    ``boundaries`` is asked only for sentences in which a guarded entry stands.
    """

    def __init__(self, lexicon: Lexicon, literals: Literals, boundaries: Boundaries) -> None:
        self._literals = literals
        self._boundaries = boundaries
        self._nested: Nesting = lexicon.nested
        self._fixed: dict[int, list[_Rule]] = {}
        self._anchored: dict[int, list[_Rule]] = {}
        self._unanchored: dict[int, _Rule] = {}
        for order, entry in enumerate(lexicon.entries):
            self._add(entry, order)

    def _add(self, entry: Entry, order: int) -> None:
        add = self._literals.add
        add_all = self._literals.add_all
        rule = _Rule(
            entry,
            order,
            add_all(entry.unless),
            add_all(entry.unless_sentence),
            add_all(entry.with_any),
        )
        match entry.kind:
            case "fixed":
                self._fixed.setdefault(add(entry.term), []).append(rule)
            case "gap":
                parts = parts_of(entry.term)
                # The part with the longest alternatives is the rarest: it is the anchor.
                anchor = max(range(len(parts)), key=lambda i: min(map(len, parts[i])))
                rule.gapped = _Gapped([frozenset(map(add, p)) for p in parts], anchor, entry.gap)
                rule.needed = rule.gapped.needed
                for literal in rule.gapped.parts[anchor]:
                    self._anchored.setdefault(literal, []).append(rule)
            case "regex":
                rule.expression = linear(entry.term)
                self._unanchored[order] = rule

    @property
    def has_expressions(self) -> bool:
        """Whether some entries are looked for without any literal."""
        return bool(self._unanchored)

    def find(self, sentence: Skeleton) -> list[tuple[Entry, int, int]]:
        """Return the entries that hold in a sentence, with spans in its skeleton.

        The nesting policy is applied; the order is by place, then by the lexicon.
        """
        candidates: list[tuple[_Rule, int, int]] = []
        patterns = self._unanchored.copy()
        fixed, anchored, present = self._fixed, self._anchored, sentence.present
        for literal, start, end in sentence.found:
            if (rules := fixed.get(literal)) is not None:
                candidates += [(rule, start, end) for rule in rules]
            if (rules := anchored.get(literal)) is not None:
                for rule in rules:
                    # Most anchors stand alone: told by one look at a set.
                    if not rule.needed.isdisjoint(present):
                        patterns[rule.order] = rule
        for rule in patterns.values():
            candidates += [(rule, start, end) for start, end in rule.spans(sentence)]
        if not candidates:
            return []
        held = [c for c in candidates if _holds(c, sentence)]
        guarded = any(rule.entry.boundary for rule, _, _ in held)
        if guarded:
            edges = self._boundaries(sentence.text)
            held = [(r, s, e) for r, s, e in held if not r.entry.boundary or {s, e} <= edges]
        # Entries of weight 0 have silenced what they had to; they are no evidence.
        kept = nest(held, self._nested)
        return [(r.entry, s, e) for r, s, e in kept if r.entry.weight]


def _holds(candidate: tuple[_Rule, int, int], sentence: Skeleton) -> bool:
    rule, start, end = candidate
    if rule.unless_sentence and rule.unless_sentence & sentence.present:
        return False
    if rule.with_any and not rule.with_any & sentence.present:
        return False
    return not (rule.unless and sentence.overlaps(rule.unless, start, end))


def nest(
    held: Iterable[tuple[_Rule, int, int]], policy: Nesting
) -> Sequence[tuple[_Rule, int, int]]:
    """Apply the nesting policy: which of several entries on the same characters count.

    ``category``: within a category (prescriptions apart), a match inside a longer one does not
    count; ``longest``: the same over all categories; ``all``: everything counts. Of two entries
    of a category with the same span, the first in the lexicon counts.
    """
    ordered = sorted(held, key=lambda c: (c[1], -c[2], c[0].order))
    if policy == "all" or len(ordered) < 2:
        return ordered
    kept: list[tuple[_Rule, int, int]] = []
    reach: dict[str, int] = {}
    for rule, start, end in ordered:
        scope = _scope(rule.entry) if policy == "category" else ""
        # Sorted by start, longest first: a match is nested iff it ends within what came before.
        if reach.get(scope, -1) >= end:
            continue
        reach[scope] = end
        kept.append((rule, start, end))
    return kept


def _scope(entry: Entry) -> str:
    return entry.target if entry.prescription else entry.category
