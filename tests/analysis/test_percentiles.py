"""Percentiles: among whom, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.analysis.percentiles import (
    FEWEST,
    LEAST,
    Reference,
    ReferenceDocument,
    Standing,
    stand,
)
from nqpf_cli.model import Jurisdiction, LexiconId, Profile, Settings

LEXICON = LexiconId(name="small", version="1", sha256="0" * 64)
SETTINGS = Settings(nested="category")
HUBEI = Jurisdiction(
    name="湖北省", code="420000", level="province", block="central", found_in="title"
)
ABOUT = Profile(kind="work_report", year=2025, jurisdiction=HUBEI)
Row = tuple[int, int]  # sentences with the label, of how many


def document(number: int, total: int, **more: object) -> ReferenceDocument:
    d = ReferenceDocument(
        name=f"d{number}", sha256=f"{number:064d}", source=None, kind="work_report", year=2025,
        jurisdiction="某省", code=f"{number:06d}", level="province", block=None, han_chars=9,
        scored_han_chars=9, sentences=total,
    )  # fmt: skip
    return replace(d, **more)  # type: ignore[arg-type]


def reference(documents: Sequence[ReferenceDocument], counts: Sequence[int] = ()) -> Reference:
    n = len(documents)
    sentences = np.array(counts or [1] * n, dtype=np.int64).reshape(n, 1)
    return Reference(
        name="r", sha256="f" * 64, lexicon=LEXICON, nqpf_version="1.0",
        settings=SETTINGS.to_dict(), documents=tuple(documents), keys=("factor",),
        hits=sentences, sentences=sentences, breadth=np.full((n, 1), np.nan),
    )  # fmt: skip


def standing(rows: Sequence[Row], about: Profile = ABOUT) -> Standing:
    documents = [document(n, total) for n, (_, total) in enumerate(rows)]
    return Standing(reference(documents, [c for c, _ in rows]), about, "own")


# --- where ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "percentile"),
    [((0, 10), 0.0), ((1, 10), 25.0), ((2, 20), 25.0), ((3, 20), 50.0), ((9, 10), 100.0)],
)
def test_ties_count_half(own: Row, percentile: float) -> None:
    # Half of the others have a tenth, written in two ways; half have a fifth.
    rows = [(1, 10), (3, 30), (2, 10), (20, 100)] * 5
    assert standing(rows).percentile("factor", *own) == percentile


shares = st.integers(0, 30).flatmap(
    lambda n: st.tuples(st.just(n), st.integers(max(n, 1), 60)),
)


@given(st.lists(shares, min_size=LEAST, max_size=40), shares)
def test_the_percentile_is_the_mean_rank(rows: list[Row], own: Row) -> None:
    below = sum(Fraction(*r) < Fraction(*own) for r in rows)
    level = sum(Fraction(*r) == Fraction(*own) for r in rows)
    found = standing(rows).percentile("factor", *own)
    assert found == pytest.approx(100 * (below + level / 2) / len(rows), abs=0.006)


@given(st.lists(shares, min_size=LEAST, max_size=30), shares, shares)
def test_a_larger_share_never_stands_lower(rows: list[Row], a: Row, b: Row) -> None:
    s = standing(rows)
    low, high = sorted((a, b), key=lambda r: Fraction(*r))
    assert (s.percentile("factor", *low) or 0) <= (s.percentile("factor", *high) or 0)


def test_what_cannot_be_ranked_is_null() -> None:
    s = standing([(1, 10)] * LEAST)
    assert s.percentile("factor", 0, 0) is None
    assert s.percentile("unheard.of", 1, 10) is None


# --- among whom -------------------------------------------------------------------------------


def crowd(size: int, first: int = 0, **more: object) -> list[ReferenceDocument]:
    return [document(first + n, 10, **more) for n in range(size)]


@pytest.mark.parametrize(
    ("others", "basis", "n"),
    [
        (crowd(20), "kind+level+years", 20),
        (crowd(20, year=2023) + crowd(5, 20, year=2022), "kind+level+years", 20),
        (crowd(10) + crowd(10, 10, year=2012) + crowd(5, 20, year=None), "kind+level", 25),
        (crowd(19) + crowd(1, 20, level="national"), "kind", 20),
        (crowd(19) + crowd(30, 20, kind="plan") + crowd(3, 60, kind=None), None, 19),
        (crowd(40, kind="plan"), None, 0),
    ],
)
def test_the_narrowest_circle_that_is_large_enough(
    others: list[ReferenceDocument], basis: str | None, n: int
) -> None:
    s = Standing(reference(others), ABOUT, "own")
    assert (s.basis, s.n) == (basis, n)
    of = {"name": "r", "sha256": "f" * 64, "n": n, "basis": basis}
    block = {"name": "central", "n": 0} if basis else None
    assert s.comparison.to_dict() == {**of, "block": block}
    assert (s.percentile("factor", 1, 10) is None) == (basis is None)


@pytest.mark.parametrize(
    ("about", "basis"),
    [
        (replace(ABOUT, year=None), "kind+level"),
        (replace(ABOUT, jurisdiction=None), "kind"),
        (replace(ABOUT, kind=None), None),
    ],
)
def test_what_is_not_known_is_not_compared(about: Profile, basis: str | None) -> None:
    assert Standing(reference(crowd(30)), about, "own").basis == basis


@pytest.mark.parametrize(
    ("asked", "n"),
    [
        ("kind+level+year+block", 4),
        ("kind+level+years+block", 7),
        ("kind+level+block", 9),
        ("kind+level+year", 16),
        ("kind+block", 10),
        ("block", 12),
        ("all", 28),
    ],
)
def test_criteria_that_are_asked_for_are_all_shared(asked: str, n: int) -> None:
    others = [
        *crowd(4, block="central"), *crowd(3, 4, block="central", year=2023),
        *crowd(2, 7, block="central", year=2012), *crowd(12, 9, block="east"),
        *crowd(1, 21, block="central", level="county"),
        *crowd(2, 22, block="central", kind="plan"), *crowd(4, 24, level="national"),
    ]  # fmt: skip
    s = Standing(reference(others), ABOUT, "own", asked)
    assert (s.n, s.basis) == (n, asked if n >= FEWEST else None)
    assert (s.percentile("factor", 1, 10) is None) == (n < FEWEST)


def test_what_is_asked_for_and_not_known_leaves_nobody() -> None:
    nation = replace(HUBEI, level="national", block=None)
    s = Standing(reference(crowd(30)), replace(ABOUT, jurisdiction=nation), "own", "kind+block")
    assert (s.n, s.basis, s.comparison.block) == (0, None, None)


@pytest.mark.parametrize(
    ("n", "code"), [(4, "reference_too_few"), (5, "reference_small"), (20, None)]
)
def test_few_that_were_asked_for_are_a_warning_that_counts_them(n: int, code: str | None) -> None:
    asked = replace(SETTINGS, comparable="kind+block")
    others = crowd(n, block="central") + crowd(30, n, block="east")
    found, warnings = stand(reference(others), (LEXICON, asked, "1.0"), ABOUT, "own")
    assert found is not None
    assert [w.code for w in warnings] == ([code] if code else [])
    assert all(str(n) in w.zh and str(n) in w.en for w in warnings)


@pytest.mark.parametrize("mates", [FEWEST - 1, FEWEST, LEAST])
def test_the_own_block_is_ranked_among_once_more(mates: int) -> None:
    # Half of the own block lie below, all of the others above.
    others = crowd(mates, block="central") + crowd(25, mates, block="east")
    counts = [1, 5] * (mates // 2) + [5] * (mates % 2) + [9] * 25
    s = Standing(reference(others, counts), ABOUT, "own")
    assert s.comparison.to_dict()["block"] == {"name": "central", "n": mates}
    below = mates // 2
    assert s.percentile("factor", 3, 10) == round(100 * below / (mates + 25), 2)
    assert s.percentile_in_block("factor", 3, 10) == (
        round(100 * below / mates, 2) if mates >= FEWEST else None
    )


@pytest.mark.parametrize("comparable", ["", "kind,level", "level+kind", "kind+kind", "auto+kind"])
def test_settings_take_criteria_in_their_order(comparable: str) -> None:
    with pytest.raises(ValueError, match="comparable"):
        replace(SETTINGS, comparable=comparable)


@pytest.mark.parametrize(
    ("own", "n"),
    [
        ({"sha256": "own"}, 29),
        ({"code": HUBEI.code}, 29),  # the same report in another file
        ({"code": HUBEI.code, "year": 2024}, 30),
    ],
)
def test_the_document_itself_is_left_out(own: dict[str, object], n: int) -> None:
    others = [*crowd(29), document(29, 10, **own)]
    assert Standing(reference(others), ABOUT, "own").n == n


def test_a_second_plan_of_a_place_and_year_is_another_document() -> None:
    others = crowd(30, kind="plan", code=HUBEI.code)
    assert Standing(reference(others), replace(ABOUT, kind="plan"), "own").n == 30


@pytest.mark.parametrize(
    ("lexicon", "settings", "code"),
    [
        (replace(LEXICON, sha256="1" * 64), SETTINGS, "reference_other_lexicon"),
        (LEXICON, replace(SETTINGS, coder="rules"), "reference_other_settings"),
        (LEXICON, replace(SETTINGS, nested="all"), "reference_other_settings"),
    ],
)
def test_figures_made_otherwise_are_not_compared(
    lexicon: LexiconId, settings: Settings, code: str
) -> None:
    found, (warning,) = stand(reference(crowd(30)), (lexicon, settings, "1.0"), ABOUT, "own")
    assert found is not None
    assert (found.n, found.basis, warning.code) == (0, None, code)
    assert found.percentile("factor", 1, 10) is None


def test_settings_that_change_no_count_do_not_matter() -> None:
    other = replace(SETTINGS, resamples=10, seed=1, confidence=0.9, engine="pdfium")
    found, warnings = stand(reference(crowd(30)), (LEXICON, other, "1.0"), ABOUT, "own")
    assert found is not None
    assert warnings == ()


def test_a_set_of_another_version_is_used_with_a_warning() -> None:
    found, (warning,) = stand(reference(crowd(30)), (LEXICON, SETTINGS, "2.0"), ABOUT, "own")
    assert found is not None
    assert warning.code == "reference_other_version"


def test_without_a_set_there_is_nothing_to_say() -> None:
    assert stand(None, (LEXICON, SETTINGS, "1.0"), ABOUT, "own") == (None, ())
