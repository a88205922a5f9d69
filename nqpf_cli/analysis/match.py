"""Finding the lexicon in a text: one automaton for all literals, patterns where an anchor stands.

Matching runs on the *skeleton* of a sentence (no quotation marks, no spaces), so that
产业“路径锁定” is found as 产业路径锁定; spans are given back in the sentence's own characters.
Segmentation never decides what is found, it only vetoes entries marked ``boundary``: their span
must begin and end where a token does.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import ahocorasick_rs

from nqpf_cli.analysis.normalize import skeleton
from nqpf_cli.analysis.patterns import compile_gap, fold, linear, parts_of
from nqpf_cli.model import Entry, Lexicon, Nesting

Boundaries = Callable[[str], frozenset[int]]
"""Text → offsets at which a token begins or ends (0 and the length are always among them)."""


@dataclass(frozen=True, slots=True)
class Found:
    """A literal found in a skeleton: which one, and where."""

    literal: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A sentence as it is matched, with the way back to its own characters."""

    text: str
    sources: array[int] | None
    found: tuple[Found, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of the skeleton to a span of the sentence."""
        if self.sources is None:
            return start, end
        return self.sources[start], self.sources[end - 1] + 1


class Literals:
    """All strings that are looked for, each once, in one automaton."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._added: dict[str, int] = {}  # as written: contexts are shared by many entries
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

    def scan(self, text: str) -> Skeleton:
        """Find every literal in ``text``, overlapping ones too, in order of their ends."""
        if self._automaton is None:
            self._automaton = ahocorasick_rs.AhoCorasick(list(self._ids))
        folded, sources = skeleton(text)
        hits = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        return Skeleton(folded, sources, tuple(Found(*h) for h in hits))


@dataclass(frozen=True, slots=True)
class _Rule:
    entry: Entry
    order: int
    pattern: re.Pattern[str] | None
    unless: frozenset[int]
    unless_sentence: frozenset[int]
    with_any: frozenset[int]


class Matcher:
    """Finds the entries of a lexicon in sentences.

    ``boundaries`` is asked only for sentences in which a guarded entry stands.
    """

    def __init__(self, lexicon: Lexicon, literals: Literals, boundaries: Boundaries) -> None:
        self._literals = literals
        self._boundaries = boundaries
        self._nested: Nesting = lexicon.nested
        self._fixed: dict[int, list[_Rule]] = defaultdict(list)
        self._anchored: dict[int, list[_Rule]] = defaultdict(list)
        self._unanchored: list[_Rule] = []
        for order, entry in enumerate(lexicon.entries):
            self._add(entry, order)

    def _add(self, entry: Entry, order: int) -> None:
        ids = [
            frozenset(map(self._literals.add, t))
            for t in (entry.unless, entry.unless_sentence, entry.with_any)
        ]
        match entry.kind:
            case "fixed":
                rule = _Rule(entry, order, None, *ids)
                self._fixed[self._literals.add(entry.term)].append(rule)
            case "gap":
                parts = parts_of(entry.term)
                rule = _Rule(entry, order, compile_gap(parts, entry.gap), *ids)
                # The part with the longest alternatives is the rarest: it is the anchor.
                for anchor in max(parts, key=lambda p: min(map(len, p))):
                    self._anchored[self._literals.add(anchor)].append(rule)
            case "regex":
                self._unanchored.append(_Rule(entry, order, linear(entry.term), *ids))

    @property
    def has_expressions(self) -> bool:
        """Whether some entries are looked for without any literal."""
        return bool(self._unanchored)

    def find(self, sentence: Skeleton) -> list[tuple[Entry, int, int]]:
        """Return the entries that hold in a sentence, with spans in its skeleton.

        The nesting policy is applied; the order is by place, then by the lexicon.
        """
        present = frozenset(f.literal for f in sentence.found)
        candidates: list[tuple[_Rule, int, int]] = []
        patterns: dict[int, _Rule] = {r.order: r for r in self._unanchored}
        for f in sentence.found:
            candidates += [(rule, f.start, f.end) for rule in self._fixed.get(f.literal, ())]
            for rule in self._anchored.get(f.literal, ()):
                patterns[rule.order] = rule
        for rule in patterns.values():
            assert rule.pattern is not None
            candidates += [
                (rule, m.start(), m.end())
                for m in rule.pattern.finditer(sentence.text)
                if m.end() > m.start()
            ]
        held = [c for c in candidates if _holds(c, sentence, present)]
        guarded = any(rule.entry.boundary for rule, _, _ in held)
        if guarded:
            edges = self._boundaries(sentence.text)
            held = [(r, s, e) for r, s, e in held if not r.entry.boundary or {s, e} <= edges]
        # Entries of weight 0 have silenced what they had to; they are no evidence.
        kept = nest(held, self._nested)
        return [(r.entry, s, e) for r, s, e in kept if r.entry.weight]


def _holds(candidate: tuple[_Rule, int, int], sentence: Skeleton, present: frozenset[int]) -> bool:
    rule, start, end = candidate
    if rule.unless_sentence & present or (rule.with_any and not rule.with_any & present):
        return False
    if not rule.unless & present:
        return True
    return not any(
        f.literal in rule.unless and f.start < end and start < f.end for f in sentence.found
    )


def nest(
    held: Iterable[tuple[_Rule, int, int]], policy: Nesting
) -> Sequence[tuple[_Rule, int, int]]:
    """Apply the nesting policy: which of several entries on the same characters count.

    ``category``: within a category (prescriptions apart), a match inside a longer one does not
    count; ``longest``: the same over all categories; ``all``: everything counts. Of two entries
    of a category with the same span, the first in the lexicon counts.
    """
    ordered = sorted(held, key=lambda c: (c[1], -c[2], c[0].order))
    if policy == "all":
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
