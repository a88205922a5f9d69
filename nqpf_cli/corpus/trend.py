"""The same jurisdiction through the years: shares, changes from year to year, breaks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nqpf_cli.analysis.changepoints import find_breaks
from nqpf_cli.analysis.intervals import Interval, difference, wilson
from nqpf_cli.analysis.permutation import adjusted
from nqpf_cli.analysis.statistics import DIGITS
from nqpf_cli.corpus.records import Record
from nqpf_cli.model import SCHEMA_VERSION, MeasureRow, measures

ALPHA = 0.05
CATEGORIES = ("dimension", "obstruction", "path")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which series are wanted; empty collections choose all.

    ``jurisdictions`` are names, their beginnings (河北 for 河北省) or codes, ``measures`` are keys
    such as ``industry``, ``lockin.problem`` or ``factor.labour``; without any, the twelve
    categories.
    """

    jurisdictions: Collection[str] = ()
    kinds: Collection[str] = ()
    measures: Collection[str] = ()

    def takes_place(self, place: Mapping[str, Any]) -> bool:
        """Return whether a jurisdiction is wanted."""
        wanted = self.jurisdictions
        return not wanted or any(w == place["code"] or place["name"].startswith(w) for w in wanted)

    def takes_measure(self, row: MeasureRow) -> bool:
        """Return whether a measure is wanted; an id stands for both of its stances."""
        if not self.measures:
            return row.level in CATEGORIES
        return row.key in self.measures or row.id in self.measures


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The difference to the last year before that has a document."""

    since: int
    difference: float
    ci: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A year of a series: ``sentences`` of ``total``, the share's interval, the change."""

    year: int
    path: str
    sentences: int
    total: int
    share: float
    ci: Interval
    change: Change | None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearBreak:
    """A new level from ``year`` on; ``place`` is the interval of that year."""

    year: int
    place: tuple[int, int]
    before: float
    after: float
    change: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A measure of one jurisdiction and kind of document through the years.

    ``p`` and ``q`` are None where there are too few years to test. Breaks are kept where p < 0.05
    and hold where q < 0.05, the chance that they are none being shared by all series shown.
    """

    place: Mapping[str, Any]
    kind: str | None
    measure: MeasureRow
    points: tuple[Point, ...]
    breaks: tuple[YearBreak, ...] = ()
    p: float | None = None
    q: float | None = None

    @property
    def missing(self) -> list[int]:
        """Return the years between the first and the last that have no document."""
        years = {p.year for p in self.points}
        return [y for y in range(min(years), max(years)) if y not in years]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A document that is in no series, and why: a stable word."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Everything ``nqpf trend`` shows."""

    series: tuple[Series, ...]
    left_out: tuple[LeftOut, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    lexicon: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the object that ``--format json`` writes, keys in their fixed order."""
        return {
            "schema_version": SCHEMA_VERSION,
            "nqpf_version": self.version,
            "lexicon": dict(self.lexicon),
            "settings": dict(self.settings),
            "series": [_series(s) for s in self.series],
            "left_out": [{"path": x.path, "reason": x.reason} for x in self.left_out],
        }


@dataclass(frozen=True, slots=True)
class _Key:
    code: str
    name: str
    kind: str


def trend(records: Iterable[Record], choice: Choice, *, permutations: int) -> Trend:
    """Return the series of a scan's records, by code of the jurisdiction, kind and measure.

    Confidence, resamples and seed are those of the scan, whose documents must have been scored
    alike: those that were scored with another lexicon or other settings than the first are left
    out. Of two documents of the same place, kind and year, that with more sentences counts.
    """
    left_out: list[LeftOut] = []
    first: dict[str, Any] | None = None
    by_key: dict[_Key, dict[int, Record]] = defaultdict(dict)
    for record in records:
        report = record.report
        reason = _unfit(record, choice)
        if report is not None and first is None:
            first = report
        if reason is None and report is not None and first is not None:
            if any(report[part] != first[part] for part in ("lexicon", "settings")):
                reason = "scored_otherwise"
            else:
                reason = _placed(record, by_key, left_out)
        if reason not in (None, "not_asked"):
            left_out.append(LeftOut(path=record.path, reason=str(reason)))
    if first is None:
        return Trend(series=(), left_out=tuple(left_out))
    settings = {**first["settings"], "permutations": permutations, "alpha": ALPHA}
    found = [
        s
        for number, (key, years) in enumerate(sorted(by_key.items(), key=_order))
        for s in _of_place(key, years, choice, settings, number)
    ]
    return Trend(
        series=tuple(_flagged(found)),
        left_out=tuple(left_out),
        settings=settings,
        lexicon=first["lexicon"],
        version=first["nqpf_version"],
    )


def _unfit(record: Record, choice: Choice) -> str | None:
    """Return why a record is in no series; ``not_asked`` is not worth telling."""
    if record.report is None:
        return str((record.error or {}).get("code", "error"))
    source = record.source
    if source["jurisdiction"] is None:
        return "jurisdiction_unknown"
    if source["year"] is None:
        return "year_unknown"
    if not record.report["quality"]["sentences"]:
        return "no_sentences"
    if not choice.takes_place(source["jurisdiction"]):
        return "not_asked"
    if choice.kinds and source["kind"] not in choice.kinds:
        return "not_asked"
    return None


def _placed(
    record: Record, by_key: dict[_Key, dict[int, Record]], left_out: list[LeftOut]
) -> str | None:
    """Put a record into its year; of two the one with more sentences stays."""
    source = record.source
    place = source["jurisdiction"]
    years = by_key[_Key(place["code"], place["name"], source["kind"] or "")]
    other = years.get(source["year"])
    if other is None:
        years[source["year"]] = record
        return None
    if _sentences(record) > _sentences(other):
        years[source["year"]] = record
        left_out.append(LeftOut(path=other.path, reason="another_of_the_year"))
        return None
    return "another_of_the_year"


def _sentences(record: Record) -> int:
    assert record.report is not None
    return int(record.report["quality"]["sentences"])


def _order(item: tuple[_Key, dict[int, Record]]) -> tuple[str, str, str]:
    key = item[0]
    return key.code, key.name, key.kind


def _of_place(
    key: _Key,
    by_year: Mapping[int, Record],
    choice: Choice,
    settings: Mapping[str, Any],
    number: int,
) -> Iterator[Series]:
    years = sorted(by_year)
    records = [by_year[y] for y in years]
    rows = zip(*(measures(r.report or {}) for r in records), strict=True)
    totals = [_sentences(r) for r in records]
    for n, row in enumerate(rows):
        if not choice.takes_measure(row[0]):
            continue
        points = _points(records, row, totals, settings["confidence"])
        found = find_breaks(
            [p.sentences for p in points],
            totals,
            confidence=settings["confidence"],
            resamples=settings["resamples"],
            permutations=settings["permutations"],
            seed=(settings["seed"], number, n),
        )
        yield Series(
            place=records[-1].source["jurisdiction"],
            kind=key.kind or None,
            measure=row[0],
            points=points,
            breaks=tuple(
                YearBreak(
                    year=years[b.at],
                    place=(years[b.place[0]], years[b.place[1]]),
                    before=round(b.before, DIGITS),
                    after=round(b.after, DIGITS),
                    change=_rounded(b.change),
                )
                for b in (found.breaks if found else ())
            ),
            p=found.p if found else None,
        )


def _points(
    records: Sequence[Record], row: Sequence[MeasureRow], totals: Sequence[int], confidence: float
) -> tuple[Point, ...]:
    points: list[Point] = []
    for record, r, total in zip(records, row, totals, strict=True):
        count = r.measure["sentences"]
        share, ci = count / total, _interval(r.measure, total, confidence)
        before = points[-1] if points else None
        change = None
        if before is not None:
            change = Change(
                since=before.year,
                difference=round(share - before.share, DIGITS),
                ci=_rounded(difference(share, ci, before.share, before.ci)),
            )
        points.append(
            Point(
                year=record.source["year"],
                path=record.path,
                sentences=count,
                total=total,
                share=round(share, DIGITS),
                ci=_rounded(ci),
                change=change,
            )
        )
    return tuple(points)


def _interval(measure: Mapping[str, Any], total: int, confidence: float) -> Interval:
    """Return the report's interval of a share, or Wilson's where resampling has none to give.

    Where no sentence or every sentence has a label, each resample has the same share.
    """
    low, high = measure["ci"]
    if low < high:
        return low, high
    return wilson(measure["sentences"], total, confidence)


def _rounded(ci: Interval) -> Interval:
    return round(ci[0], DIGITS), round(ci[1], DIGITS)


def _flagged(series: Sequence[Series]) -> Iterator[Series]:
    """Yield the series with q; breaks stay where chance would rarely make them."""
    q = iter(adjusted([s.p for s in series if s.p is not None]))
    for s in series:
        if s.p is None:
            yield s
            continue
        value = next(q)
        yield replace(s, q=value, breaks=s.breaks if s.p < ALPHA else ())


def _series(s: Series) -> dict[str, Any]:
    return {
        "jurisdiction": dict(s.place),
        "kind": s.kind,
        "level": s.measure.level,
        "id": s.measure.id,
        "stance": s.measure.stance,
        "missing_years": s.missing,
        "points": [
            {
                "year": p.year,
                "path": p.path,
                "sentences": p.sentences,
                "all_sentences": p.total,
                "share": p.share,
                "ci": list(p.ci),
                "change": p.change
                and {
                    "since": p.change.since,
                    "difference": p.change.difference,
                    "ci": list(p.change.ci),
                },
            }
            for p in s.points
        ],
        "p": s.p,
        "q": s.q,
        "breaks": [
            {
                "year": b.year,
                "holds": s.q is not None and s.q < ALPHA,
                "place": list(b.place),
                "before": b.before,
                "after": b.after,
                "change": round(b.after - b.before, DIGITS),
                "ci": list(b.change),
            }
            for b in s.breaks
        ],
    }
