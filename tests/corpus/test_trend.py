from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from nqpf_cli.analysis.intervals import difference, wilson
from nqpf_cli.corpus.records import Record
from nqpf_cli.corpus.trend import Choice, Series, Trend, trend
from nqpf_cli.model import Document
from nqpf_cli.pipeline import Analyzer

Make = Callable[..., Record]
HEBEI = {
    "name": "河北省",
    "code": "130000",
    "level": "province",
    "block": "east",
    "found_in": "title",
}


@pytest.fixture(scope="module")
def make(rules: Analyzer, read: Callable[..., Document]) -> Make:
    """Records with chosen counts for industry: a scan's, but for the figures."""
    report = rules.score(read("发展产业。\n", "x.txt")).to_dict()

    def record(year: int | None, industry: int = 40, total: int = 400, **more: Any) -> Record:
        made = deepcopy(report)
        source = {"path": f"{year}.txt", "year": year, "kind": "work_report", "jurisdiction": HEBEI}
        made["source"].update(source | more)
        made["quality"]["sentences"] = total
        share = industry / total if total else 0.0
        ci = [max(0.0, share - 0.02), share + 0.02] if industry else [0.0, 0.0]
        made["dimensions"]["industry"].update(sentences=industry, sentence_share=share, ci=ci)
        for id_ in ("factor", "relations"):
            made["dimensions"][id_].update(sentences=0, sentence_share=0.0, ci=[0.0, 0.0])
        return Record(line=1, path=made["source"]["path"], report=made, error=None)

    return record


def go(*records: Record, permutations: int = 999, **choice: Any) -> Trend:
    choice = {"measures": ("industry",)} | choice
    return trend(records, Choice(**choice), permutations=permutations)


def only(found: Trend) -> Series:
    (series,) = found.series
    return series


def test_years_are_put_in_order_and_missing_ones_are_told(make: Make) -> None:
    s = only(go(make(2024, 50), make(2020, 30), make(2021, 40)))
    assert [p.year for p in s.points] == [2020, 2021, 2024]
    assert [p.share for p in s.points] == [0.075, 0.1, 0.125]
    assert s.missing == [2022, 2023]
    assert [p.change and p.change.since for p in s.points] == [None, 2020, 2021]


def test_the_change_joins_the_intervals_of_both_years(make: Make) -> None:
    change = only(go(make(2020, 30), make(2021, 80))).points[1].change
    assert change is not None
    expected = difference(0.2, (0.18, 0.22), 0.075, (0.055, 0.095))
    assert change.difference == 0.125
    assert change.ci == pytest.approx(expected, abs=1e-6)


def test_without_a_sentence_the_interval_is_wilsons(make: Make) -> None:
    point = only(go(make(2020, 0))).points[0]
    assert point.share == 0
    assert point.ci == pytest.approx(wilson(0, 400, 0.95), abs=1e-6)


LEVELS = [20, 24, 18, 22, 21, 80, 85, 76, 82]


def test_a_break_is_told_with_its_year_and_levels(make: Make) -> None:
    years = [*range(2010, 2015), *range(2016, 2020)]
    found = go(*(make(y, k) for y, k in zip(years, LEVELS, strict=True)))
    s = only(found)
    (b,) = s.breaks
    assert (b.year, b.place) == (2016, (2016, 2016))
    assert (b.before, b.after) == (105 / 2000, round(323 / 1600, 6))
    assert s.q == s.p
    assert found.to_dict()["series"][0]["breaks"][0]["holds"]
    assert go(*(make(y, k) for y, k in zip(years, LEVELS, strict=True))) == found


def test_too_few_years_are_not_tested(make: Make) -> None:
    s = only(go(*(make(2010 + n, k) for n, k in enumerate(LEVELS[2:]))))
    assert (s.p, s.q, s.breaks) == (None, None, ())


def test_all_series_share_the_chance_of_error(make: Make) -> None:
    records = [make(2010 + n, k) for n, k in enumerate(LEVELS)]
    alone, among = (
        next(s for s in found.series if s.measure.id == "industry")
        for found in (go(*records), go(*records, measures=()))
    )
    assert alone.p is not None
    assert among.p is not None
    assert alone.q == pytest.approx(alone.p)
    assert among.q == pytest.approx(12 * among.p, abs=1e-5)  # the other eleven have p = 1


def test_places_and_kinds_are_series_of_their_own(make: Make) -> None:
    other = HEBEI | {"name": "上海市", "code": "310000"}
    records = [make(2020), make(2020, kind="plan"), make(2020, jurisdiction=other), make(2021)]
    found = [(s.place["name"], s.kind, len(s.points)) for s in go(*records).series]
    assert found == [
        ("河北省", "plan", 1),
        ("河北省", "work_report", 2),
        ("上海市", "work_report", 1),
    ]
    assert [s.place["code"] for s in go(*records, jurisdictions=["上海"]).series] == ["310000"]
    assert [s.place["code"] for s in go(*records, jurisdictions=["310000"]).series] == ["310000"]
    assert [s.kind for s in go(*records, kinds=["plan"]).series] == ["plan"]
    assert go(*records, jurisdictions=["上海"]).left_out == ()


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        (("lockin",), ["lockin.problem", "lockin.remedy"]),
        (("lockin.problem", "factor.labour"), ["lockin.problem", "factor.labour"]),
        (("strategy.jjj",), ["strategy.jjj"]),
    ],
)
def test_measures_are_chosen_by_their_keys(
    make: Make, asked: tuple[str, ...], keys: list[str]
) -> None:
    assert [s.measure.key for s in go(make(2020), measures=asked).series] == keys


def test_what_makes_no_series_is_told(make: Make) -> None:
    failed = Record(line=9, path="bad.pdf", report=None, error={"code": "corrupt"})
    other = make(2026, path="other.txt")
    assert other.report is not None
    other.report["lexicon"]["sha256"] = "0" * 64
    records = [
        make(2020, path="short.txt"), make(2020, total=500, path="long.txt"),
        make(2020, total=450, path="mid.txt"), make(None, path="undated.txt"),
        make(2021, jurisdiction=None, path="nowhere.txt"), make(2022, total=0, path="empty.txt"),
        other, failed,
    ]  # fmt: skip
    found = go(*records)
    assert [p.path for p in only(found).points] == ["long.txt"]
    assert [(x.path, x.reason) for x in found.left_out] == [
        ("short.txt", "another_of_the_year"),
        ("mid.txt", "another_of_the_year"),
        ("undated.txt", "year_unknown"),
        ("nowhere.txt", "jurisdiction_unknown"),
        ("empty.txt", "no_sentences"),
        ("other.txt", "scored_otherwise"),
        ("bad.pdf", "corrupt"),
    ]


def test_nothing_makes_nothing() -> None:
    assert go().series == ()
