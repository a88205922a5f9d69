"""Coded sentences → figures: shares, densities, intervals, verdicts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nqpf_cli.analysis.codings import NOTHING, Codings, column
from nqpf_cli.analysis.percentiles import Standing
from nqpf_cli.analysis.prescriptions import prescriptions
from nqpf_cli.analysis.statistics import DIGITS, bootstrap_shares, evenness, response_gap
from nqpf_cli.model import (
    DIMENSIONS,
    INDICATORS,
    LABELS,
    OBSTRUCTIONS,
    PATHS,
    STANCES,
    Category,
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

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts by column: a label, or an indicator with its stance if it has one.

    ``by_paragraph`` has the shape (paragraphs, names): sentences of the column in a paragraph;
    ``totals`` (paragraphs,): its sentences.
    """

    hits: Counter[str]
    names: tuple[str, ...]
    by_paragraph: npt.NDArray[np.int64]
    totals: npt.NDArray[np.int64]
    sentences: Counter[str]
    total: int


def tally(codings: Codings, paragraphs: Sequence[int]) -> Tally:
    """Count coded sentences; ``paragraphs`` are the numbers of the paragraphs they stand in.

    A sentence counts for an indicator when it has the category's label and a hit of the
    indicator with that stance, so that no indicator exceeds its category.
    """
    import numpy as np  # see bootstrap_shares

    columns = codings.columns
    names = columns.names
    categories, targets = map(codings.spoken, (columns.categories, columns.targets))
    speaking = targets != NOTHING
    hits = np.bincount(categories[speaking], minlength=len(names))
    hits += np.bincount(targets[speaking], minlength=len(names))
    counting = codings.counting()
    held = np.zeros((len(codings), len(names)), dtype=bool)
    held[:, : len(LABELS)] = codings.labels
    held[codings.sentences[counting], targets[counting]] = True
    sentences = held.sum(axis=0)
    used = sorted(np.flatnonzero(sentences).tolist(), key=names.__getitem__)
    _, where = np.unique(np.asarray(paragraphs, dtype=np.int64), return_inverse=True)
    totals = np.bincount(where)
    sentence, name = held[:, used].nonzero()
    cells = np.bincount(where[sentence] * len(used) + name, minlength=len(totals) * len(used))
    by_paragraph = cells.reshape(len(totals), len(used))
    return Tally(
        hits=_counter(names, hits),
        names=tuple(names[n] for n in used),
        by_paragraph=by_paragraph,
        totals=totals,
        sentences=_counter(names, sentences),
        total=len(codings),
    )


def _counter(names: Sequence[str], counted: npt.NDArray[np.int64]) -> Counter[str]:
    return Counter({name: n for name, n in zip(names, counted.tolist(), strict=True) if n})


def score(
    codings: Codings,
    paragraphs: Sequence[int],
    lexicon: Lexicon,
    scored_han: int,
    settings: Settings,
    jurisdiction: Jurisdiction | None,
    standing: Standing | None = None,
) -> Scores:
    """Return the figures.

    ``paragraphs`` are the numbers of the paragraphs of the sentences, ``scored_han`` is the number
    of Han characters of the scored text.
    With a ``standing`` among reference documents, measures have percentiles.
    """
    t = tally(codings, paragraphs)
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
        prescriptions=prescriptions(codings, paragraphs, lexicon, t.sentences, jurisdiction),
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
        percentile = of_block = None
        if self._standing is not None:
            key = name.replace(":", ".")
            percentile = self._standing.percentile(key, n, t.total)
            of_block = self._standing.percentile_in_block(key, n, t.total)
        return Measure(
            hits=t.hits[name],
            density=round(10_000 * t.hits[name] / self._han, DIGITS) if self._han else None,
            sentences=n,
            sentence_share=round(n / t.total, DIGITS) if t.total else None,
            ci=self._intervals.get(name, empty),
            breadth=breadth,
            percentile=percentile,
            percentile_block=of_block,
        )

    def category(self, id_: str, stance: Stance | None = None) -> Measure:
        category = self._lexicon.category(id_)
        label = f"{id_}.{stance}" if stance else id_
        if category is None:
            return self.of(label)
        reached = sum(self._t.sentences[column(i.id, stance)] > 0 for i in category.indicators)
        return self.of(label, round(reached / len(category.indicators), DIGITS))


def _intervals(t: Tally, settings: Settings) -> dict[str, tuple[float, float]]:
    if not t.names:
        return {}
    found = bootstrap_shares(
        t.by_paragraph,
        t.totals,
        confidence=settings.confidence,
        resamples=settings.resamples,
        seed=settings.seed,
    )
    return dict(zip(t.names, found, strict=True))


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
