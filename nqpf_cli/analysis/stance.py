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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from nqpf_cli.analysis.match import Literals, Skeleton
from nqpf_cli.analysis.patterns import fold
from nqpf_cli.model import Cue, Entry, Marker, Stance, StanceLexicon

_CLAUSE_END = re.compile(r"[，,；;：:。！？!?\n]")


@dataclass(frozen=True, slots=True)
class Decision:
    """The stance of a match (None: no label), the rule that gave it and the cue it saw."""

    stance: Stance | None
    rule: str
    cue: str = ""


class _Seen(NamedTuple):
    """A cue in a sentence; ``order`` counts the cues of the sentence by their ends."""

    start: int
    end: int
    order: int
    cue: Cue


@dataclass(slots=True)
class _Clause:
    """What stands in one clause; ``after`` and ``before`` are the problem cues that count.

    All lists are in the order of the cues' ends.
    """

    problems: list[_Seen] = field(default_factory=list)
    after: list[_Seen] = field(default_factory=list)
    before: list[_Seen] = field(default_factory=list)
    remedies: list[_Seen] = field(default_factory=list)
    remedies_before: list[_Seen] = field(default_factory=list)
    governed_from: int | None = None
    void: bool = False

    def governed(self, offset: int) -> bool:
        """Return whether a verb of removal ends before ``offset``."""
        return self.governed_from is not None and self.governed_from <= offset

    def sort(self) -> None:
        """Take the problem cues apart by their side, once the whole clause is known."""
        if self.void:
            return
        for seen in self.problems:
            if not self.governed(seen.start):
                if seen.cue.side != "before":
                    self.after.append(seen)
                if seen.cue.side != "after":
                    self.before.append(seen)


@dataclass(slots=True)
class _Cues:
    """What stands in one sentence, by clause, and the first cue of each stance that reaches it."""

    starts: list[int]
    clauses: dict[int, _Clause]
    reaching: dict[Stance, tuple[int, Cue]]

    def clause(self, offset: int) -> int:
        """Return the number of the clause that holds ``offset``."""
        return bisect_right(self.starts, offset) - 1


class StanceMachine:
    """Decides stances with the cues of a lexicon."""

    def __init__(self, lexicon: StanceLexicon, literals: Literals) -> None:
        self._cues: dict[int, list[tuple[Cue, frozenset[int]]]] = {}
        for cue in lexicon.cues:
            contexts = literals.add_all(cue.unless)
            self._cues.setdefault(literals.add(cue.term), []).append((cue, contexts))
        self._governors = _markers(lexicon.governors, literals)
        self._voids = _markers(lexicon.voids, literals)
        self._literals = self._cues.keys() | self._governors.keys() | self._voids.keys()
        self._longest = max((len(fold(c.term)) for c in lexicon.cues), default=0)

    def read(self, sentence: Skeleton) -> _Cues:
        """Find clauses, cues, governors and voids of a sentence, once for all its matches."""
        starts = [0, *(m.end() for m in _CLAUSE_END.finditer(sentence.text))]
        seen = _Cues(starts, {}, {})
        order = 0
        for literal, start, end in sentence.found:
            if literal not in self._literals:
                continue
            number = seen.clause(start)
            clause = seen.clauses.get(number) or seen.clauses.setdefault(number, _Clause())
            for cue, contexts in self._cues.get(literal, ()):
                if cue.clause_end and not _ends_clause(sentence.text, end):
                    continue
                if contexts and sentence.overlaps(contexts, start, end):
                    continue
                order += 1
                found = _Seen(start, end, order, cue)
                if cue.stance == "problem":
                    clause.problems.append(found)
                elif cue.side == "before":
                    clause.remedies_before.append(found)
                else:
                    clause.remedies.append(found)
                if cue.scope == "sentence":
                    first = seen.reaching.get(cue.stance)
                    if first is None or number < first[0]:
                        seen.reaching[cue.stance] = number, cue
            unless = self._governors.get(literal)
            if unless is not None and not sentence.overlaps(unless, start, end):
                clause.governed_from = min(end, clause.governed_from or end)
            unless = self._voids.get(literal)
            if unless is not None and not sentence.overlaps(unless, start, end):
                clause.void = True
        for clause in seen.clauses.values():
            clause.sort()
        return seen

    def decide(self, entry: Entry, start: int, end: int, seen: _Cues) -> Decision:
        """Return the stance of the match ``start``–``end`` (offsets into the skeleton)."""
        number = seen.clause(start)
        clause = seen.clauses.get(number, _NOTHING)
        if entry.stance == "problem":
            if clause.governed(start):
                return Decision("remedy", "governed")
            return Decision(None, "void") if clause.void else Decision("problem", "asserted")
        for found in _apart(clause.after, start, end, behind=start):
            if found.start >= start:
                return Decision("problem", "cue-after", found.cue.term)
        before = next(_apart(clause.before, start, end), None)
        if before is not None and before.end <= end:
            return Decision("problem", "cue-before", before.cue.term)
        if entry.stance == "problem_cue":
            return Decision(None, "no-cue")
        if entry.stance == "remedy":
            return Decision("remedy", "asserted")
        if (remedy := self._remedy(clause, start, end)) is not None:
            return Decision("remedy", "cue-clause", remedy.cue.term)
        return self._by_sentence(seen, number)

    def _remedy(self, clause: _Clause, start: int, end: int) -> _Seen | None:
        """Return the first remedy cue of a clause, of those that may speak for the match."""
        first = next(_apart(clause.remedies, start, end), None)
        for seen in _apart(clause.remedies_before, start, end):
            # Behind this all begin after the match.
            if seen.end > start + self._longest or (first and first.order < seen.order):
                break
            if seen.start <= start:
                return seen
        return first

    @staticmethod
    def _by_sentence(seen: _Cues, clause: int) -> Decision:
        reaching = {
            stance: cue
            for stance, (number, cue) in seen.reaching.items()
            if stance == "problem" or number < clause
        }
        if len(reaching) != 1:
            return Decision(None, "no-cue")
        [(stance, cue)] = reaching.items()
        return Decision(stance, "cue-sentence", cue.term)


_NOTHING = _Clause()
_BY_END = attrgetter("end")


def _apart(cues: Sequence[_Seen], start: int, end: int, behind: int = 0) -> Iterator[_Seen]:
    """Yield the cues that end behind an offset and are no part of the match.

    A cue that is part of the match itself (薄弱学校, 无障碍) says nothing about it.
    """
    for n in range(bisect_right(cues, behind, key=_BY_END), len(cues)):
        cue = cues[n]
        if not (start <= cue.start and cue.end <= end):
            yield cue


def _markers(markers: tuple[Marker, ...], literals: Literals) -> dict[int, frozenset[int]]:
    return {literals.add(m.term): literals.add_all(m.unless) for m in markers}


def _ends_clause(text: str, end: int) -> bool:
    rest = text[end : end + 2].lstrip("了的")
    return not rest or bool(_CLAUSE_END.match(rest))
