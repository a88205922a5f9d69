"""Coded sentences → figures: shares, densities, intervals, verdicts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nqpf_cli.analysis.coder import counts, label_of
from nqpf_cli.analysis.percentiles import Standing
from nqpf_cli.analysis.prescriptions import prescriptions
from nqpf_cli.analysis.statistics import DIGITS, bootstrap_shares, evenness, response_gap
from nqpf_cli.model import (
    DIMENSIONS,
    INDICATORS,
    OBSTRUCTIONS,
    PATHS,
    STANCES,
    Category,
    Coding,
    Jurisdiction,
    Lexicon,
    Measure,
    ObstructionScore,
    PathScore,
    PrescriptionScore,
    Settings,
    Stance,
    Verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """All figures of a document that come from its coded sentences."""

    dimensions: dict[str, Measure]
    indicators: dict[str, Measure | dict[Stance, Measure]]
    obstructions: dict[str, ObstructionScore]
    paths: dict[str, PathScore]
    methods: dict[str, Measure]
    prescriptions: PrescriptionScore | None
    balance: float | None


@dataclass(slots=True)
class Tally:
    """Counts by column. A column is a label, or an indicator with its stance if it has one."""

    sentences: Counter[str]
    hits: Counter[str]
    by_paragraph: dict[str, Counter[int]]
    totals: Counter[int]

    @property
    def total(self) -> int:
        """Number of scored sentences."""
        return self.totals.total()


def column(target: str, stance: Stance | None) -> str:
    """Return the name of a column: ``lockin.legacy:problem``, ``factor.labour``."""
    return f"{target}:{stance}" if stance else target


def tally(codings: Iterable[tuple[int, Coding]]) -> Tally:
    """Count coded sentences; each comes with the number of its paragraph.

    A sentence counts for an indicator when it has the category's label and a hit of the
    indicator with that stance, so that no indicator exceeds its category.
    """
    t = Tally(Counter(), Counter(), defaultdict(Counter), Counter())
    for paragraph, coding in codings:
        t.totals[paragraph] += 1
        columns = set(coding.labels)
        for m in coding.matches:
            if m.entry.prescription:
                continue
            label = label_of(m)
            if label is not None or m.entry.category not in OBSTRUCTIONS:
                t.hits[label or m.entry.category] += 1
                t.hits[column(m.entry.target, m.stance)] += 1
                if counts(m, coding.labels):
                    columns.add(column(m.entry.target, m.stance))
        for name in columns:
            t.sentences[name] += 1
            t.by_paragraph[name][paragraph] += 1
    return t


def score(
    codings: Sequence[tuple[int, Coding]],
    lexicon: Lexicon,
    scored_han: int,
    settings: Settings,
    jurisdiction: Jurisdiction | None,
    standing: Standing | None = None,
) -> Scores:
    """Return the figures. ``scored_han`` is the number of Han characters of the scored text.

    With a ``standing`` among reference documents, measures have percentiles.
    """
    t = tally(codings)
    measures = _Measures(t, lexicon, scored_han, settings, standing)
    by_kind: dict[str, list[Category]] = defaultdict(list)
    for c in lexicon.categories:
        by_kind[c.kind].append(c)
    # The framework's indicators are always reported, those of a small lexicon as zeros.
    known = [i.id for k in ("dimension", "obstruction") for c in by_kind[k] for i in c.indicators]
    indicators: dict[str, Measure | dict[Stance, Measure]] = {}
    for id_ in dict.fromkeys([*known, *INDICATORS]):
        if id_.split(".")[0] in OBSTRUCTIONS:
            indicators[id_] = {stance: measures.of(column(id_, stance)) for stance in STANCES}
        else:
            indicators[id_] = measures.of(id_)
    return Scores(
        dimensions={d: measures.category(d) for d in DIMENSIONS},
        indicators=indicators,
        obstructions={o: _obstruction(o, measures) for o in OBSTRUCTIONS},
        paths={p: _path(p, measures, lexicon) for p in PATHS},
        methods={
            i.id: measures.of(i.id)
            for kind in ("method", "custom")
            for c in by_kind[kind]
            for i in c.indicators
        },
        prescriptions=prescriptions(codings, lexicon, t.sentences, jurisdiction),
        balance=evenness([t.sentences[d] for d in DIMENSIONS]),
    )


class _Measures:
    """Makes measures, with all intervals from one set of resamples."""

    def __init__(
        self,
        t: Tally,
        lexicon: Lexicon,
        scored_han: int,
        settings: Settings,
        standing: Standing | None,
    ) -> None:
        self._t = t
        self._lexicon = lexicon
        self._han = scored_han
        self._standing = standing
        self._intervals = _intervals(t, settings)

    def of(self, name: str, breadth: float | None = None) -> Measure:
        t = self._t
        n = t.sentences[name]
        empty = (0.0, 0.0) if t.total else None
        return Measure(
            hits=t.hits[name],
            density=round(10_000 * t.hits[name] / self._han, DIGITS) if self._han else None,
            sentences=n,
            sentence_share=round(n / t.total, DIGITS) if t.total else None,
            ci=self._intervals.get(name, empty),
            breadth=breadth,
            percentile=self._percentile(name.replace(":", "."), n),
        )

    def _percentile(self, key: str, sentences: int) -> float | None:
        if self._standing is None:
            return None
        return self._standing.percentile(key, sentences, self._t.total)

    def category(self, id_: str, stance: Stance | None = None) -> Measure:
        category = self._lexicon.category(id_)
        label = f"{id_}.{stance}" if stance else id_
        if category is None:
            return self.of(label)
        reached = sum(self._t.sentences[column(i.id, stance)] > 0 for i in category.indicators)
        return self.of(label, round(reached / len(category.indicators), DIGITS))


def _intervals(t: Tally, settings: Settings) -> dict[str, tuple[float, float]]:
    names = sorted(t.by_paragraph)
    paragraphs = sorted(t.totals)
    if not names:
        return {}
    import numpy as np  # see bootstrap_shares

    row = {p: n for n, p in enumerate(paragraphs)}
    counts = np.zeros((len(paragraphs), len(names)), dtype=np.int64)
    for column_, name in enumerate(names):
        for paragraph, count in t.by_paragraph[name].items():
            counts[row[paragraph], column_] = count
    totals = np.array([t.totals[p] for p in paragraphs], dtype=np.int64)
    found = bootstrap_shares(
        counts,
        totals,
        confidence=settings.confidence,
        resamples=settings.resamples,
        seed=settings.seed,
    )
    return dict(zip(names, found, strict=True))


def _obstruction(id_: str, measures: _Measures) -> ObstructionScore:
    problem, remedy = (measures.category(id_, s) for s in STANCES)
    return ObstructionScore(
        problem=problem,
        remedy=remedy,
        response_gap=response_gap(problem.sentences, remedy.sentences),
        verdict=_verdict(problem.sentences, remedy.sentences),
    )


def _verdict(problem: int, remedy: int) -> Verdict:
    if problem:
        return "answered" if remedy else "diagnosed"
    return "unprompted" if remedy else "silent"


def _path(id_: str, measures: _Measures, lexicon: Lexicon) -> PathScore:
    category = lexicon.category(id_)
    carriers = category.indicators if category else ()
    return PathScore(
        measure=measures.category(id_),
        carriers={c.id.split(".", 1)[1]: measures.of(c.id) for c in carriers},
    )
