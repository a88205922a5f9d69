"""Sentence → labels, with the evidence: matcher, stance and the weights of the lexicon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from nqpf_cli.analysis.match import Boundaries, Literals, Matcher
from nqpf_cli.analysis.stance import StanceMachine
from nqpf_cli.model import LABELS, OBSTRUCTIONS, STANCES, Coding, Lexicon, Match

if TYPE_CHECKING:
    from nqpf_cli.analysis.wording import Wording

_ORDER = {label: i for i, label in enumerate(LABELS)}
_FULL = 1.0 - 1e-9
_STANCED = [frozenset(f"{o}.{s}" for s in STANCES) for o in OBSTRUCTIONS]
_ALL_CATEGORIES = frozenset(label.split(".")[0] for label in LABELS)


class Coder(Protocol):
    """Gives the labels of sentences; those of each depend on nothing but its characters."""

    def code(self, text: str) -> Coding:
        """Return labels and matches of one sentence (normalised text)."""
        ...

    def code_all(self, texts: Sequence[str]) -> list[Coding]:
        """Return what ``code`` gives for each sentence, in one go where that is faster."""
        ...


class RuleCoder:
    """Codes sentences by the lexicon alone.

    A label is given when the entries that speak for it, each counted once, weigh 1 or more
    together. The labels of a sentence depend on its own characters and on nothing else, so that
    ``code`` on a list of sentences and ``score`` on their document agree.
    """

    def __init__(self, lexicon: Lexicon, boundaries: Boundaries) -> None:
        self._literals = Literals()
        self._matcher = Matcher(lexicon, self._literals, boundaries)
        self._stance = StanceMachine(lexicon.stance, self._literals)

    def code(self, text: str) -> Coding:
        """Return labels and matches of one sentence (normalised text)."""
        scanned = self._literals.scan(text)
        if not scanned.found and not self._matcher.has_expressions:
            return Coding(labels=())
        seen = None
        matches: list[Match] = []
        for entry, start, end in self._matcher.find(scanned):
            s, e = scanned.span(start, end)
            if entry.category not in OBSTRUCTIONS and not entry.prescription:
                matches.append(Match(entry=entry, start=s, end=e))
                continue
            seen = seen or self._stance.read(scanned)
            d = self._stance.decide(entry, start, end, seen)
            matches.append(
                Match(entry=entry, start=s, end=e, stance=d.stance, rule=d.rule, cue=d.cue)
            )
        return Coding(labels=_labels(matches), matches=tuple(matches))

    def code_all(self, texts: Sequence[str]) -> list[Coding]:
        """Return labels and matches of each sentence."""
        return list(map(self.code, texts))


class ModelCoder:
    """Codes by the lexicon and by wording together; the evidence is the lexicon's.

    A sentence may get a label without a hit (its wording alone is telling) and a hit may stay
    without a label; ``quality`` counts both.
    """

    def __init__(
        self, rules: Coder, wording: Wording, categories: frozenset[str] = _ALL_CATEGORIES
    ) -> None:
        self.rules = rules
        self.wording = wording
        # A lexicon that lacks a category cannot speak of it, and neither can its wording.
        self._known = frozenset(x for x in LABELS if x.split(".")[0] in categories)

    def code(self, text: str) -> Coding:
        """Return labels and matches of one sentence (normalised text)."""
        return self.code_all([text])[0]

    def code_all(self, texts: Sequence[str]) -> list[Coding]:
        """Return labels and matches of each sentence; their wording is scored together."""
        by_rules = self.rules.code_all(texts)
        worded = self.wording.all_labels(texts, [c.labels for c in by_rules])
        return [self._together(c, given) for c, given in zip(by_rules, worded, strict=True)]

    def _together(self, coding: Coding, given: Sequence[str]) -> Coding:
        known = [x for x in given if x in self._known]
        if not known and not coding.labels:  # most sentences
            return coding
        return Coding(labels=with_stance(known, coding.labels), matches=coding.matches)


def with_stance(given: Sequence[str], by_rules: Sequence[str]) -> tuple[str, ...]:
    """Let the rules decide the stance of an obstruction wherever they see one.

    Wording tells well whether a sentence is about an obstruction, and badly which stance it
    takes: 公共服务均等化 is worded alike where it is short and where it is promised.
    """
    labels, rules = set(given), set(by_rules)
    for both in _STANCED:
        ruled = both & rules
        if ruled and both & labels:
            labels = labels - both | ruled
    return tuple(sorted(labels, key=_ORDER.__getitem__))


def label_of(match: Match) -> str | None:
    """Return the label a match speaks for, or None (a prescription, a method, no stance)."""
    category = match.entry.category
    if match.entry.prescription:
        return None
    label = category if category not in OBSTRUCTIONS else f"{category}.{match.stance}"
    return label if label in _ORDER else None


def counts(match: Match, labels: Sequence[str]) -> bool:
    """Return whether a match makes its sentence, which has ``labels``, count for its indicator."""
    label = label_of(match)
    return match.entry.category not in OBSTRUCTIONS if label is None else label in labels


def _labels(matches: list[Match]) -> tuple[str, ...]:
    if not matches:
        return ()
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for m in matches:
        label = label_of(m)
        if label is not None:
            weights[label][m.entry.term] = m.entry.weight
    given = (label for label, terms in weights.items() if sum(terms.values()) >= _FULL)
    return tuple(sorted(given, key=_ORDER.__getitem__))
