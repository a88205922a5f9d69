from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_cli.analysis.statistics import bootstrap_shares, evenness, response_gap

counts = st.integers(0, 500)
# Paragraphs as (sentences with the label, sentences): never more with than there are.
paragraphs = st.lists(
    st.integers(1, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=40,
)


def interval(
    rows: list[tuple[int, int]], seed: int = 1, confidence: float = 0.95
) -> tuple[float, float]:
    table = np.array(rows, dtype=np.int64)
    (result,) = bootstrap_shares(
        table[:, :1], table[:, 1], confidence=confidence, resamples=200, seed=seed
    )
    return result


@given(st.lists(counts, min_size=2, max_size=8))
def test_evenness_is_between_0_and_1_and_blind_to_order(values: list[int]) -> None:
    even = evenness(values)
    if not sum(values):
        assert even is None
        return
    assert even is not None
    assert 0 <= even <= 1
    assert even == pytest.approx(evenness(sorted(values)), abs=1e-6)


@given(st.integers(1, 500), st.integers(2, 8))
def test_equal_counts_are_perfectly_even(count: int, k: int) -> None:
    assert evenness([count] * k) == 1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 0, 0], None),
        ([7, 0, 0], 0.0),
        ([5, 5, 0], 0.63093),
        ([2, 1, 1], 0.946395),
        ([4], None),
    ],
)
def test_evenness_of_known_counts(values: list[int], expected: float | None) -> None:
    assert evenness(values) == (None if expected is None else pytest.approx(expected, abs=1e-6))


@given(counts, counts)
def test_response_gap_has_the_sign_of_the_difference(problem: int, remedy: int) -> None:
    gap = response_gap(problem, remedy)
    assert (gap > 0, gap < 0) == (remedy > problem, remedy < problem)
    assert gap == -response_gap(remedy, problem)


@pytest.mark.parametrize(
    ("problem", "remedy", "expected"),
    [(0, 0, 0.0), (0, 1, log(3)), (1, 0, -log(3)), (2, 7, log(3)), (10, 10, 0.0)],
)
def test_response_gap_of_known_counts(problem: int, remedy: int, expected: float) -> None:
    assert response_gap(problem, remedy) == pytest.approx(expected, abs=1e-6)


@settings(max_examples=50)
@given(paragraphs, st.integers(0, 2**32))
def test_an_interval_lies_among_the_shares_of_the_paragraphs(
    rows: list[tuple[int, int]], seed: int
) -> None:
    low, high = interval(rows, seed)
    shares = [n / total for n, total in rows]
    assert 0 <= low <= high <= 1
    assert min(shares) - 1e-6 <= low
    assert high <= max(shares) + 1e-6


@settings(max_examples=50)
@given(paragraphs, st.integers(0, 2**32))
def test_an_interval_is_the_same_for_the_same_seed(rows: list[tuple[int, int]], seed: int) -> None:
    assert interval(rows, seed) == interval(rows, seed)


@settings(max_examples=50)
@given(paragraphs)
def test_more_confidence_is_no_narrower(rows: list[tuple[int, int]]) -> None:
    low, high = interval(rows, confidence=0.5)
    lower, higher = interval(rows, confidence=0.99)
    assert lower <= low
    assert high <= higher


@given(st.integers(0, 6), st.integers(1, 30))
def test_paragraphs_that_are_all_alike_leave_no_doubt(n: int, paragraphs: int) -> None:
    share = round(n / 6, 6)
    assert interval([(n, 6)] * paragraphs) == (share, share)


def test_another_seed_draws_otherwise() -> None:
    rows = [(n % 5, 5 + n % 3) for n in range(40)]
    assert len({interval(rows, seed) for seed in range(8)}) > 1


def test_every_column_has_its_own_interval() -> None:
    rows = np.array([[0, 3, 1], [0, 3, 2], [0, 3, 3]])
    none, all_, some = bootstrap_shares(
        rows, np.array([3, 3, 3]), confidence=0.9, resamples=300, seed=4
    )
    assert none == (0, 0)
    assert all_ == (1, 1)
    assert 1 / 3 - 1e-6 <= some[0] < some[1] <= 1


def test_the_interval_covers_the_share_it_was_made_for() -> None:
    rows = [(n % 4, 6) for n in range(60)]
    low, high = interval(rows)
    assert low < sum(n for n, _ in rows) / sum(t for _, t in rows) < high
