from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from nqpf_cli.analysis.permutation import (
    Paragraphs,
    ShareDifference,
    adjusted,
    permutation_p_values,
    share_differences,
)


def text(counts: list[list[int]], totals: list[int]) -> Paragraphs:
    return Paragraphs(counts=np.array(counts, dtype=np.int64), totals=np.array(totals))


def drawn(seed: int, paragraphs: int, share: float, labels: int = 1) -> Paragraphs:
    rng = np.random.default_rng(seed)
    totals = rng.integers(1, 9, paragraphs)
    counts = rng.binomial(totals[:, None], share, (paragraphs, labels))
    return Paragraphs(counts=counts, totals=totals)


def by_hand(counts: np.ndarray, totals: np.ndarray, chosen: np.ndarray) -> float:
    """Return |t| of one dealing, written out."""
    parts = []
    for side in (chosen, ~chosen):
        c, n, m = counts[side], totals[side], side.sum()
        r = c.sum() / n.sum()
        spread = ((c - r * n) ** 2).sum() * m / (m - 1)
        parts.append((r, (spread + 1) / n.sum() ** 2))
    (r, v), (s, w) = parts
    return float(abs(r - s) / np.sqrt(v + w))


def test_p_approaches_that_of_all_dealings() -> None:
    a, b = drawn(1, 6, 0.5), drawn(2, 6, 0.2)
    both = Paragraphs.joined([a, b])
    counts, totals = both.counts[:, 0], both.totals
    values = []
    for side in combinations(range(12), 6):
        chosen = np.isin(np.arange(12), side)
        values.append(by_hand(counts, totals, chosen))
    exact = np.mean(np.array(values) >= values[0] - 1e-9)
    (p,) = permutation_p_values(a, b, permutations=20_000, seed=[1])
    assert p == pytest.approx(exact, abs=0.01)


def test_p_is_that_of_scipy() -> None:
    from scipy.stats import permutation_test

    a, b = drawn(3, 40, 0.3), drawn(4, 30, 0.2)

    def statistic(x: np.ndarray, y: np.ndarray) -> float:
        rows = np.concatenate([x, y]).astype(int)
        both = Paragraphs.joined([a, b])
        chosen = np.isin(np.arange(70), rows[:40])
        return by_hand(both.counts[:, 0], both.totals, chosen)

    expected = permutation_test(
        (np.arange(40), np.arange(40, 70)),
        statistic,
        n_resamples=1500,
        alternative="greater",  # of |t|
        rng=np.random.default_rng(5),
    )
    (p,) = permutation_p_values(a, b, permutations=9999, seed=[1])
    assert p == pytest.approx(expected.pvalue, abs=0.03)


def test_the_smallest_p_is_one_dealing_in_all() -> None:
    a, b = text([[3]] * 30, [3] * 30), text([[0]] * 30, [3] * 30)
    assert permutation_p_values(a, b, permutations=199, seed=[1]) == pytest.approx([1 / 200])


def test_what_is_alike_is_not_told_apart() -> None:
    a = drawn(6, 30, 0.3, labels=2)
    assert list(permutation_p_values(a, a, permutations=99, seed=[1])) == [1, 1]
    empty = text([[0]] * 4, [2] * 4)
    assert list(permutation_p_values(empty, empty, permutations=99, seed=[1])) == [1]


def test_blocks_of_shuffles_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from nqpf_cli.analysis import permutation

    a, b = drawn(7, 25, 0.3), drawn(8, 20, 0.25)
    whole = permutation_p_values(a, b, permutations=500, seed=[2])
    monkeypatch.setattr(permutation, "_CELLS", 45 * 7)
    assert permutation_p_values(a, b, permutations=500, seed=[2]) == pytest.approx(whole)


@pytest.mark.parametrize("share", [0.005, 0.15])
@pytest.mark.parametrize(("longest", "longest_other"), [(9, 5), (3, 12)])
def test_equal_shares_are_rarely_told_apart(share: float, longest: int, longest_other: int) -> None:
    rng = np.random.default_rng(9)

    def made(count: int, most: int) -> Paragraphs:
        totals = rng.integers(1, most + 1, count)
        shares = rng.beta(8 * share, 8 * (1 - share), count)  # paragraphs differ
        return Paragraphs(counts=rng.binomial(totals, shares)[:, None], totals=totals)

    p = [
        permutation_p_values(made(60, longest), made(90, longest_other), permutations=99, seed=[n])[
            0
        ]
        for n in range(200)
    ]
    assert np.mean(np.array(p) <= 0.05) <= 0.09


def test_a_label_found_once_tells_nothing() -> None:
    a, b = text([[0]] * 51, [6] * 51), text([[0]] * 67 + [[1]], [4] * 68)
    assert permutation_p_values(a, b, permutations=999, seed=[1])[0] > 0.3


def test_the_difference_has_the_sign_of_the_first_text_and_an_interval() -> None:
    a, b = drawn(10, 80, 0.4), drawn(11, 90, 0.2)
    options = {"confidence": 0.95, "resamples": 500, "permutations": 199, "seed": [3, 1]}
    (found,) = share_differences(a, b, **options)  # type: ignore[arg-type]
    share = a.counts.sum() / a.totals.sum() - b.counts.sum() / b.totals.sum()
    assert found.difference == pytest.approx(share, abs=1e-6)
    assert 0 < found.ci[0] < found.difference < found.ci[1]
    # The standard error by the book: independent texts, ratio of sums over paragraphs.
    error = np.sqrt(
        sum(
            (((t.counts[:, 0] - r * t.totals) ** 2).sum() / t.totals.sum() ** 2)
            for t in (a, b)
            for r in [t.counts.sum() / t.totals.sum()]
        )
    )
    assert (found.ci[1] - found.ci[0]) / 2 == pytest.approx(1.96 * error, rel=0.15)
    assert [found] == share_differences(a, b, **options)  # type: ignore[arg-type]
    (back,) = share_differences(b, a, **options)  # type: ignore[arg-type]
    assert isinstance(back, ShareDifference)
    assert back.difference == pytest.approx(-found.difference)


def test_q_is_that_of_benjamini_and_hochberg() -> None:
    from scipy.stats import false_discovery_control

    p = [0.01, 0.04, 0.03, 0.5]
    assert adjusted(p) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5], abs=1e-6)
    assert adjusted(p) == pytest.approx(list(false_discovery_control(p)), abs=1e-6)
    assert adjusted([]) == []
