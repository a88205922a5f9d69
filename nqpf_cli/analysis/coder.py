"""Sentences → labels, with the evidence: by rules, or by rules and wording together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from nqpf_cli.analysis import packed
from nqpf_cli.analysis.codings import NOTHING, Codings, Columns, Counted, Decisions, joined
from nqpf_cli.analysis.gaps import Patterns
from nqpf_cli.analysis.match import Boundaries, Matcher, Matching
from nqpf_cli.analysis.occurrences import Found, Literals, Mask, Occurrences, Search, Sought
from nqpf_cli.analysis.skeletons import Skeletons
from nqpf_cli.analysis.stance import STATED, Cues, StanceMachine
from nqpf_cli.analysis.strings import Integers
from nqpf_cli.model import LABELS, OBSTRUCTIONS, STANCES, Coding, Entry, Lexicon

if TYPE_CHECKING:
    from nqpf_cli.analysis.wording import Wording

_FULL = 1.0 - 1e-9
_ALL_CATEGORIES = frozenset(label.split(".")[0] for label in LABELS)
_STANCED = [[LABELS.index(f"{o}.{s}") for s in STANCES] for o in OBSTRUCTIONS]
_AT_ONCE = 1 << 18  # characters: arrays of some tens of megabytes, however long the document


class Coder(Protocol):
    """Gives the labels of sentences; those of each depend on nothing but its characters."""

    def code(self, text: str) -> Coding:
        """Return labels and matches of one sentence (normalised text)."""
        ...

    def code_all(self, texts: Sequence[str]) -> Codings:
        """Return what ``code`` gives for each sentence, in one go, which is much faster."""
        ...


class Weighed(NamedTuple):
    """What entries weigh, and whether they take a stance; all of shape (entries,).

    ``stated`` are the stances that entries state, as numbers of ``STATED``; entries of the same
    number in ``terms`` have one term.
    """

    stated: npt.NDArray[np.int8]
    takes_stance: Mask
    terms: Integers
    weights: npt.NDArray[np.float64]

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Weighed:
        """Return what entries weigh."""
        takes_stance = [e.category in OBSTRUCTIONS or e.prescription for e in entries]
        stated = {stance: n for n, stance in enumerate(STATED)}
        numbers: dict[str, int] = {}
        terms = [numbers.setdefault(e.term, len(numbers)) for e in entries]
        return cls(
            stated=np.array([stated[e.stance] for e in entries], dtype=np.int8),
            takes_stance=np.array(takes_stance, dtype=bool),
            terms=np.array(terms, dtype=np.int64),
            weights=np.array([e.weight for e in entries], dtype=np.float64),
        )


class Prepared(NamedTuple):
    """All that coding by a lexicon wants to know of it, in arrays."""

    sought: Sought
    matching: Matching
    patterns: Patterns
    cues: Cues
    counted: Counted
    weighed: Weighed


def prepare(lexicon: Lexicon) -> Prepared:
    """Return a lexicon as it is coded with."""
    literals = Literals()
    entries = lexicon.entries
    matching = Matching.of(entries, literals)
    gapped = ((n, e) for n, e in enumerate(entries) if e.kind == "gap")
    patterns = Patterns.of(gapped, literals)
    cues = Cues.of(lexicon.stance, literals)
    return Prepared(
        sought=literals.sought(),
        matching=matching,
        patterns=patterns,
        cues=cues,
        counted=Counted.of(entries),
        weighed=Weighed.of(entries),
    )


def pack(prepared: Prepared) -> bytes:
    """Return a prepared lexicon as bytes."""
    return packed.pack(chain.from_iterable(prepared))


def unpack(data: bytes) -> Prepared:
    """Return the prepared lexicon of ``pack``; raises ``ValueError`` for other bytes."""
    arrays = packed.unpack(data)
    kinds: tuple[Any, ...] = (Sought, Matching, Patterns, Cues, Counted, Weighed)
    if len(arrays) != sum(len(kind._fields) for kind in kinds):
        raise ValueError("not a packed lexicon")
    rest = iter(arrays)
    return Prepared(*(kind(*islice(rest, len(kind._fields))) for kind in kinds))


class RuleCoder:
    """Codes sentences by the lexicon alone.

    A label is given when the entries that speak for it, each counted once, weigh 1 or more
    together. The labels of a sentence depend on its own characters and on nothing else, so that
    ``code`` on a list of sentences and ``score`` on their document agree.
    """

    def __init__(
        self, lexicon: Lexicon, boundaries: Boundaries, prepared: Prepared | None = None
    ) -> None:
        """Take a lexicon, and what ``prepare`` gives for it where that is known."""
        ready = prepared or prepare(lexicon)
        self._search = Search(ready.sought)
        literals = self._search.size
        self._matcher = Matcher(lexicon, ready.matching, ready.patterns, literals, boundaries)
        self._stance = StanceMachine(ready.cues, literals)
        self._columns = Columns(lexicon, ready.counted)
        self._stated, self._takes_stance, self._terms, self._weights = ready.weighed

    def code(self, text: str) -> Coding:
        """Return labels and matches of one sentence (normalised text)."""
        return self.code_all([text])[0]

    def code_all(self, texts: Sequence[str]) -> Codings:
        """Return labels and matches of each sentence."""
        return joined([self.code_skeletons(some) for some in _some_at_once(texts)])

    def code_skeletons(self, sentences: Skeletons) -> Codings:
        """Return labels and matches of sentences whose skeletons are made."""
        seen = self._search.scan(sentences)
        found = self._matcher.find(seen)
        where = sentences.sentence_of(found.starts)
        starts, ends = sentences.spans(where, found.starts, found.ends)
        decisions = self._decide(found, seen)
        spoken = self._columns.labels[found.entries, 1 + decisions.stances]
        return Codings(
            columns=self._columns,
            labels=self._labels(found.entries, spoken, where, len(sentences)),
            sentences=where,
            entries=found.entries,
            starts=starts,
            ends=ends,
            decisions=decisions,
        )

    def _decide(self, found: Found, seen: Occurrences) -> Decisions:
        taken = np.flatnonzero(self._takes_stance[found.entries])
        size = len(found.entries)
        all_ = Decisions(
            stances=np.full(size, NOTHING, dtype=np.int8),
            rules=np.zeros(size, dtype=np.int8),
            cues=np.full(size, NOTHING, dtype=np.int32),
        )
        some = found.only(taken)
        decided = self._stance.decide(some, self._stated[some.entries], seen)
        all_.stances[taken] = decided.stances
        all_.rules[taken] = decided.rules
        all_.cues[taken] = decided.cues
        return all_

    def _labels(self, entries: Integers, spoken: Integers, where: Integers, size: int) -> Mask:
        """Return the labels of ``size`` sentences from what each match speaks for, and where."""
        speaking = np.flatnonzero(spoken != NOTHING)
        entries = entries[speaking]
        cells = where[speaking] * len(LABELS) + spoken[speaking]
        # Of an entry that stands there twice the last counts, as of two entries with one term.
        terms = cells * (len(self._terms) + 1) + self._terms[entries]
        _, last = np.unique(terms[::-1], return_index=True)
        last = len(terms) - 1 - last
        sums = np.bincount(cells[last], self._weights[entries[last]], size * len(LABELS))
        given: Mask = sums.reshape(-1, len(LABELS)) >= _FULL
        return given


class ModelCoder:
    """Codes by the lexicon and by wording together; the evidence is the lexicon's.

    A sentence may get a label without a hit (its wording alone is telling) and a hit may stay
    without a label; ``quality`` counts both.
    """

    def __init__(
        self, rules: RuleCoder, wording: Wording, categories: frozenset[str] = _ALL_CATEGORIES
    ) -> None:
        self.rules = rules
        self.wording = wording
        # A lexicon that lacks a category cannot speak of it, and neither can its wording.
        self._known = np.array([x.split(".")[0] in categories for x in LABELS], dtype=bool)

    def code(self, text: str) -> Coding:
        """Return labels and matches of one sentence (normalised text)."""
        return self.code_all([text])[0]

    def code_all(self, texts: Sequence[str]) -> Codings:
        """Return labels and matches of each sentence; their wording is scored together."""
        return joined([self._code(some) for some in _some_at_once(texts)])

    def _code(self, sentences: Skeletons) -> Codings:
        codings = self.rules.code_skeletons(sentences)
        worded = self.wording.labels(sentences, codings.labels) & self._known
        return replace(codings, labels=with_stance(worded, codings.labels))


def with_stance(given: Mask, by_rules: Mask) -> Mask:
    """Let the rules decide the stance of an obstruction wherever they see one.

    Wording tells well whether a sentence is about an obstruction, and badly which stance it
    takes: 公共服务均等化 is worded alike where it is short and where it is promised. Both arrays
    have the shape (sentences, labels).
    """
    out = given.copy()
    for both in _STANCED:
        ruled = by_rules[:, both]
        theirs = ruled.any(axis=1, keepdims=True) & given[:, both].any(axis=1, keepdims=True)
        out[:, both] = np.where(theirs, ruled, given[:, both])
    return out


def _some_at_once(texts: Sequence[str]) -> Iterator[Skeletons]:
    """Yield the skeletons of sentences, at least one, up to a number of characters."""
    some: list[str] = []
    size = 0
    for text in texts:
        if some and size + len(text) > _AT_ONCE:
            yield Skeletons(some)
            some, size = [], 0
        some.append(text)
        size += len(text)
    yield Skeletons(some)
