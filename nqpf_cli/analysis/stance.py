"""Does a sentence state an obstruction or act against it? An ordered table of rules over clauses.

A sentence is cut into clauses at ，：；. Each match of an obstruction is looked at in its clause:

============== =========== ==================================================================
rule           gives       when
============== =========== ==================================================================
governed       remedy      the entry states a problem, and a verb of removal stands before it
void           nothing     the entry states a problem, and the clause denies it (不存在 …)
asserted       problem     the entry states a problem, and neither holds
cue-after      problem     a problem cue stands after the match in its clause
cue-before     problem     a problem cue stands before it and may do so
asserted       remedy      the entry is of stance remedy, and no problem cue was found
cue-clause     remedy      a remedy cue stands in the clause
cue-sentence   (cue's)     only another clause has a cue, and the cue reaches the sentence
no-cue         nothing     none of these; for entries of stance problem_cue, which take no
                           remedy, as soon as no problem cue was found
============== =========== ==================================================================

A void (不存在 …) in the clause takes every problem reading away. A problem cue that a verb of
removal governs (破解…不足) is no problem cue.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass

from nqpf_cli.analysis.match import Found, Literals, Skeleton
from nqpf_cli.model import Cue, Entry, Marker, Stance, StanceLexicon

_CLAUSE_END = re.compile(r"[，,；;：:。！？!?\n]")


@dataclass(frozen=True, slots=True)
class Decision:
    """The stance of a match (None: no label), the rule that gave it and the cue it saw."""

    stance: Stance | None
    rule: str
    cue: str = ""


@dataclass(frozen=True, slots=True)
class _Cues:
    """What stands in one sentence, by clause."""

    starts: list[int]
    cues: dict[int, list[tuple[Found, Cue]]]
    governed_from: dict[int, int]
    voids: set[int]

    def clause(self, offset: int) -> int:
        """Return the number of the clause that holds ``offset``."""
        return bisect_right(self.starts, offset) - 1

    def governed(self, offset: int, clause: int) -> bool:
        """Return whether a verb of removal ends before ``offset`` in its clause."""
        return self.governed_from.get(clause, offset + 1) <= offset


class StanceMachine:
    """Decides stances with the cues of a lexicon."""

    def __init__(self, lexicon: StanceLexicon, literals: Literals) -> None:
        self._cues: dict[int, list[Cue]] = {}
        for cue in lexicon.cues:
            self._cues.setdefault(literals.add(cue.term), []).append(cue)
        self._governors = _markers(lexicon.governors, literals)
        self._voids = _markers(lexicon.voids, literals)
        self._unless = {c: frozenset(map(literals.add, c.unless)) for c in lexicon.cues}

    def read(self, sentence: Skeleton) -> _Cues:
        """Find clauses, cues, governors and voids of a sentence, once for all its matches."""
        starts = [0, *(m.end() for m in _CLAUSE_END.finditer(sentence.text))]
        found = sentence.found
        by_literal: dict[int, list[Found]] = defaultdict(list)
        for f in found:
            by_literal[f.literal].append(f)
        seen = _Cues(starts, defaultdict(list), {}, set())
        for f in found:
            clause = seen.clause(f.start)
            for cue in self._cues.get(f.literal, ()):
                if cue.clause_end and not _ends_clause(sentence.text, f.end):
                    continue
                if not _within(f, self._unless[cue], by_literal):
                    seen.cues[clause].append((f, cue))
            unless = self._governors.get(f.literal)
            if unless is not None and not _within(f, unless, by_literal):
                first = seen.governed_from.get(clause, f.end)
                seen.governed_from[clause] = min(first, f.end)
            unless = self._voids.get(f.literal)
            if unless is not None and not _within(f, unless, by_literal):
                seen.voids.add(clause)
        return seen

    def decide(self, entry: Entry, start: int, end: int, seen: _Cues) -> Decision:
        """Return the stance of the match ``start``–``end`` (offsets into the skeleton)."""
        clause = seen.clause(start)
        negated = clause in seen.voids
        if entry.stance == "problem":
            if seen.governed(start, clause):
                return Decision("remedy", "governed")
            return Decision(None, "void") if negated else Decision("problem", "asserted")
        # A cue that is part of the match itself (薄弱学校, 无障碍) says nothing about it.
        here = [
            (f, c) for f, c in seen.cues.get(clause, ()) if not (start <= f.start and f.end <= end)
        ]
        problems = [
            (f, c)
            for f, c in here
            if c.stance == "problem" and not negated and not seen.governed(f.start, clause)
        ]
        for f, cue in problems:
            if f.start >= start and cue.side != "before":
                return Decision("problem", "cue-after", cue.term)
        for f, cue in problems:
            if f.end <= end and cue.side != "after":
                return Decision("problem", "cue-before", cue.term)
        if entry.stance == "problem_cue":
            return Decision(None, "no-cue")
        if entry.stance == "remedy":
            return Decision("remedy", "asserted")
        for f, cue in here:
            if cue.stance == "remedy" and (cue.side != "before" or f.start <= start):
                return Decision("remedy", "cue-clause", cue.term)
        return self._by_sentence(seen, clause)

    @staticmethod
    def _by_sentence(seen: _Cues, clause: int) -> Decision:
        reaching = [
            (f, c)
            for number, found in sorted(seen.cues.items())
            for f, c in found
            if c.scope == "sentence" and (c.stance == "problem" or number < clause)
        ]
        stances = {c.stance for _, c in reaching}
        if len(stances) == 1:
            cue = reaching[0][1]
            return Decision(cue.stance, "cue-sentence", cue.term)
        return Decision(None, "no-cue")


def _within(f: Found, unless: frozenset[int], by_literal: dict[int, list[Found]]) -> bool:
    """Return whether ``f`` overlaps one of the contexts that void it."""
    return any(
        g.start < f.end and f.start < g.end
        for literal in unless & by_literal.keys()
        for g in by_literal[literal]
    )


def _markers(markers: tuple[Marker, ...], literals: Literals) -> dict[int, frozenset[int]]:
    return {literals.add(m.term): frozenset(map(literals.add, m.unless)) for m in markers}


def _ends_clause(text: str, end: int) -> bool:
    rest = text[end : end + 2].lstrip("了的")
    return not rest or bool(_CLAUSE_END.match(rest))
