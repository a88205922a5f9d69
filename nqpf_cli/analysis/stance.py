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

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from nqpf_cli.analysis.codings import NOTHING, RULES, Decisions
from nqpf_cli.analysis.occurrences import BEYOND, Found, Literals, Mask, Occurrences, Table, by_row
from nqpf_cli.analysis.patterns import fold
from nqpf_cli.analysis.skeletons import Skeletons
from nqpf_cli.analysis.strings import Integers, among
from nqpf_cli.model import STANCES, EntryStance, Marker, StanceLexicon

_CLAUSE_END = "，,；;：:。！？!?\n"
_PARTICLES = "了的"
STATED: tuple[EntryStance | None, ...] = (None, *get_args(EntryStance))
"""What an entry may state of its matches' stance."""
_PROBLEM, _REMEDY = map(STANCES.index, ("problem", "remedy"))


class Cues(NamedTuple):
    """The words that tell a stance, in arrays.

    ``terms`` are the pairs of literal and cue, by literal; the next six have the shape (cues,),
    the flags with one more for ``NOTHING``; ``longest`` is the length of the longest cue in
    characters, of shape (1,). ``governors`` and ``voids`` are pairs of literal and set of
    contexts, or ``NO_SET``.
    """

    terms: Integers
    unless: Integers
    problem: Mask
    only_before: Mask
    only_after: Mask
    reaching: Mask
    at_end: Mask
    longest: Integers
    governors: Integers
    voids: Integers

    @classmethod
    def of(cls, lexicon: StanceLexicon, literals: Literals) -> Cues:
        """Return the cues of a lexicon, with their literals registered."""
        cues = lexicon.cues
        return cls(
            terms=by_row([(literals.add(cue.term), n) for n, cue in enumerate(cues)]),
            unless=np.array([literals.add_set(cue.unless) for cue in cues], dtype=np.int64),
            problem=_flags(cue.stance == "problem" for cue in cues),
            only_before=_flags(cue.side == "before" for cue in cues),
            only_after=_flags(cue.side == "after" for cue in cues),
            reaching=_flags(cue.scope == "sentence" for cue in cues),
            at_end=_flags(cue.clause_end for cue in cues),
            longest=np.array([max((len(fold(cue.term)) for cue in cues), default=0)]),
            governors=_markers(lexicon.governors, literals),
            voids=_markers(lexicon.voids, literals),
        )


class StanceMachine:
    """Decides stances with the cues of a lexicon; ``literals`` is the number of these."""

    def __init__(self, cues: Cues, literals: int) -> None:
        self._cues_of = Table(cues.terms, literals)
        self._words = cues
        self._longest = int(cues.longest[0])
        self._governors = _Markers(cues.governors, literals)
        self._voids = _Markers(cues.voids, literals)

    def decide(self, found: Found, stated: npt.NDArray[np.int8], seen: Occurrences) -> Decisions:
        """Return the stances of matches; ``stated`` are numbers of ``STATED``.

        How far a search goes is bounded by the longest cue and the longest entry, so that the
        time is linear.
        """
        starts, ends = found.starts, found.ends
        clauses_of = _Clauses(seen.sentences)
        clauses = clauses_of(starts)
        void = np.zeros(clauses_of.count, dtype=bool)
        void[clauses_of(self._voids.find(seen)[0])] = True
        # Where the first verb of removal of each clause ends: what begins later is governed.
        governed_from = np.full(clauses_of.count, BEYOND)
        at, to = self._governors.find(seen)
        np.minimum.at(governed_from, clauses_of(at), to)

        cues = self._cues(seen, seen.sentences.sentence_of(starts), clauses_of)
        problem = self._words.problem[cues.numbers]
        counts = problem & ~void[cues.clauses] & (governed_from[cues.clauses] > cues.starts)
        only_before, only_after = (
            self._words.only_before[cues.numbers],
            self._words.only_after[cues.numbers],
        )

        # From the last rule of the table to the first: each overrides those below it.
        decided = _Decided(len(starts))
        for stance, numbers in self._in_sentence(cues, seen.sentences, starts, clauses):
            decided.by_cue(numbers, stance, "cue-sentence")
        remedies = cues.only(~problem & ~only_before)
        leading = cues.only(~problem & only_before)
        decided.by_cue(
            self._in_clause(remedies, leading, starts, ends, clauses), _REMEDY, "cue-clause"
        )
        decided.where(stated == STATED.index("remedy"), _REMEDY, "asserted")
        decided.where(stated == STATED.index("problem_cue"), NOTHING, "no-cue")

        before = cues.only(counts & ~only_after)
        at = before.first(
            before.begin(clauses), clauses, lambda at, n: before.inside(at, starts[n], ends[n])
        )
        at[before.ends[at] > ends] = NOTHING
        decided.by_cue(before.numbers[at], _PROBLEM, "cue-before")

        after = cues.only(counts & ~only_before)
        at = after.first(
            after.begin(clauses, starts),
            clauses,
            lambda at, n: (after.starts[at] < starts[n]) | after.inside(at, starts[n], ends[n]),
        )
        decided.by_cue(after.numbers[at], _PROBLEM, "cue-after")

        problems = stated == STATED.index("problem")
        decided.where(problems, _PROBLEM, "asserted")
        decided.where(problems & void[clauses], NOTHING, "void")
        decided.where(problems & (governed_from[clauses] <= starts), _REMEDY, "governed")
        return Decisions(stances=decided.stances, rules=decided.rules, cues=decided.cues)

    def _cues(self, seen: Occurrences, wanted: Integers, clauses_of: _Clauses) -> _Cues:
        """Return the cues of the ``wanted`` sentences that their contexts let stand."""
        asked = np.zeros(len(seen.sentences), dtype=bool)
        asked[wanted] = True
        hits = np.flatnonzero(asked[seen.sentences.sentence_of(seen.starts)])
        owners, numbers = self._cues_of.expand(seen.literals[hits])
        starts, ends = seen.starts[hits[owners]], seen.ends[hits[owners]]
        holds = ~self._words.at_end[numbers] | clauses_of.end_at(ends)
        holds &= ~seen.overlaps(self._words.unless[numbers], starts, ends)
        numbers, starts, ends = numbers[holds], starts[holds], ends[holds]
        clauses = clauses_of(starts)
        by_clause = np.argsort(clauses, kind="stable")
        return _Cues(
            numbers=np.append(numbers[by_clause], NOTHING),
            starts=np.append(starts[by_clause], 0),
            ends=np.append(ends[by_clause], 0),
            clauses=np.append(clauses[by_clause], clauses_of.count - 1),
            order=np.append(by_clause, BEYOND),
        )

    def _in_sentence(
        self, cues: _Cues, sentences: Skeletons, starts: Integers, clauses: Integers
    ) -> list[tuple[int, Integers]]:
        """Return, by stance, the first cue that reaches a match where only one stance does.

        A problem cue reaches its whole sentence, a remedy cue what stands behind its clause.
        """
        where = sentences.sentence_of(starts)
        reaching: list[Integers] = []
        for of_it in (self._words.problem, ~self._words.problem):
            some = cues.only(self._words.reaching[cues.numbers] & of_it[cues.numbers])
            first = np.searchsorted(sentences.sentence_of(some.starts[:-1]), where)
            first[sentences.sentence_of(some.starts[first]) != where] = NOTHING
            first[some.numbers[first] == NOTHING] = NOTHING
            if of_it is not self._words.problem:
                first[some.clauses[first] >= clauses] = NOTHING
            reaching.append(some.numbers[first])
        problem, remedy = reaching
        return [
            (_PROBLEM, np.where(remedy == NOTHING, problem, NOTHING)),
            (_REMEDY, np.where(problem == NOTHING, remedy, NOTHING)),
        ]

    def _in_clause(
        self, remedies: _Cues, leading: _Cues, starts: Integers, ends: Integers, clauses: Integers
    ) -> Integers:
        """Return the first remedy cue of a clause, of those that may speak for the match.

        ``leading`` are those that must begin before it.
        """
        first = remedies.first(
            remedies.begin(clauses), clauses, lambda at, n: remedies.inside(at, starts[n], ends[n])
        )
        order = remedies.order[first]

        def too_late(at: Integers, n: Integers) -> Mask:
            # Behind this all begin after the match.
            late: Mask = leading.ends[at] > starts[n] + self._longest
            return late | (order[n] < leading.order[at])

        def refused(at: Integers, n: Integers) -> Mask:
            begun = leading.starts[at] <= starts[n]
            return leading.inside(at, starts[n], ends[n]) | ~(begun | too_late(at, n))

        led = leading.first(leading.begin(clauses), clauses, refused)
        led[too_late(led, np.arange(len(led)))] = NOTHING
        return np.where(led == NOTHING, remedies.numbers[first], leading.numbers[led])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cues:
    """Cues in sentences, in the order of their clauses, and there of their ends.

    ``numbers`` are those of the lexicon, ``order`` that of the ends in all the text. The last is
    no cue and in no clause, so that a search never leaves the arrays, and ``NOTHING`` finds it.
    """

    numbers: Integers
    starts: Integers
    ends: Integers
    clauses: Integers
    order: Integers

    def only(self, index: Mask) -> _Cues:
        """Return those of a mask, and the last."""
        index[-1] = True
        return _Cues(
            numbers=self.numbers[index],
            starts=self.starts[index],
            ends=self.ends[index],
            clauses=self.clauses[index],
            order=self.order[index],
        )

    def begin(self, clauses: Integers, behind: Integers | None = None) -> Integers:
        """Return where the cues of each clause begin, or those that end behind a place."""
        if behind is None:
            return np.searchsorted(self.clauses, clauses)
        width = int(max(self.ends.max(), behind.max(initial=0))) + 1
        keys = self.clauses * width + self.ends
        return np.searchsorted(keys[:-1], clauses * width + behind, side="right")

    def inside(self, at: Integers, starts: Integers, ends: Integers) -> Mask:
        """Return which cues are part of the matches: 薄弱学校 says nothing about itself."""
        within: Mask = (starts <= self.starts[at]) & (self.ends[at] <= ends)
        return within

    def first(
        self, at: Integers, clauses: Integers, refused: Callable[[Integers, Integers], Mask]
    ) -> Integers:
        """Return the first cue of each clause, from ``at`` on, that is not refused, or NOTHING.

        ``refused`` is asked with cues and with the numbers of those who want one.
        """
        out = np.full(len(at), NOTHING)
        active = np.arange(len(at))
        while len(active):
            here = self.clauses[at] == clauses[active]
            active, at = active[here], at[here]
            no = refused(at, active)
            out[active[~no]] = at[~no]
            active, at = active[no], at[no] + 1
        return out


class _Clauses:
    """The clauses of sentences, cut at ，：； and at every end of a sentence."""

    def __init__(self, sentences: Skeletons) -> None:
        self._ends = sentences.places_of(_CLAUSE_END)
        self._codes = sentences.codes
        # One for what stands behind the last, and one for no clause at all.
        self.count = len(self._ends) + 2

    def __call__(self, places: Integers) -> Integers:
        """Return the numbers of the clauses that hold the places."""
        return np.searchsorted(self._ends, places)

    def end_at(self, places: Integers) -> Mask:
        """Return whether a clause ends at each place, but for 了 and 的."""
        # Behind a sentence stands its end, so that these two places are never beyond the text.
        here, then = self._codes[places], self._codes[np.minimum(places + 1, len(self._codes) - 1)]
        ended = among(here, _CLAUSE_END)
        ended |= among(here, _PARTICLES) & among(then, _CLAUSE_END + _PARTICLES)
        return ended


class _Markers:
    """Verbs of removal, or denials, each with the contexts that void it."""

    def __init__(self, markers: Integers, literals: int) -> None:
        """Take the markers of ``Cues``; ``literals`` is the number of these."""
        self._known = np.zeros(literals, dtype=bool)
        self._known[markers[0]] = True
        self._sets = np.zeros(literals, dtype=np.int64)
        self._sets[markers[0]] = markers[1]

    def find(self, seen: Occurrences) -> tuple[Integers, Integers]:
        """Return where those begin and end that their contexts let stand."""
        hits = np.flatnonzero(self._known[seen.literals])
        starts, ends = seen.starts[hits], seen.ends[hits]
        holds = ~seen.overlaps(self._sets[seen.literals[hits]], starts, ends)
        return starts[holds], ends[holds]


class _Decided:
    """What is decided so far."""

    def __init__(self, size: int) -> None:
        self.stances = np.full(size, NOTHING, dtype=np.int8)
        self.rules = np.full(size, RULES.index("no-cue"), dtype=np.int8)
        self.cues = np.full(size, NOTHING, dtype=np.int32)

    def where(self, index: Mask, stance: int, rule: str) -> None:
        """Let a rule decide where a mask says so."""
        self.stances[index] = stance
        self.rules[index] = RULES.index(rule)
        self.cues[index] = NOTHING

    def by_cue(self, numbers: Integers, stance: int, rule: str) -> None:
        """Let a rule decide wherever it saw a cue."""
        index = numbers != NOTHING
        self.where(index, stance, rule)
        self.cues[index] = numbers[index]


def _flags(values: Iterable[bool]) -> Mask:
    """Return flags with one more for ``NOTHING``."""
    return np.array([*values, False], dtype=bool)


def _markers(markers: Iterable[Marker], literals: Literals) -> Integers:
    sets = {literals.add(m.term): literals.add_set(m.unless) for m in markers}
    return by_row(list(sets.items()))
