from __future__ import annotations

from itertools import combinations, pairwise
from math import log
from typing import Any

import numpy as np
import pytest

from nqpf_cli.analysis.changepoints import Breaks, find_breaks

QUICK: dict[str, Any] = {"confidence": 0.95, "resamples": 200, "permutations": 199, "seed": [1]}


def deviance(counts: list[int], totals: list[int], ends: tuple[int, ...]) -> float:
    """Return the deviance of a segmentation from scipy's binomial probabilities."""
    from scipy.stats import binom

    value = 0.0
    for a, b in pairwise((0, *ends, len(counts))):
        level = sum(counts[a:b]) / sum(totals[a:b])
        for k, n in zip(counts[a:b], totals[a:b], strict=True):
            value += 2 * (binom.logpmf(k, n, k / n) - binom.logpmf(k, n, level))
    return value


def by_search(counts: list[int], totals: list[int]) -> tuple[int, ...]:
    """Return the best segmentation by trying all of them."""
    points = len(counts)
    best: tuple[float, tuple[int, ...]] = (float("inf"), ())
    for m in range(4):
        for ends in combinations(range(2, points - 1), m):
            if any(b - a < 2 for a, b in pairwise((0, *ends, points))):
                continue
            d = deviance(counts, totals, ends)
            spread = max(1.0, d / points)
            criterion = d / spread + points * log(spread) + 3 * m * log(points)
            best = min(best, (criterion, ends))
    return best[1]


def made(levels: list[float], seed: int, total: int = 400) -> tuple[list[int], list[int]]:
    rng = np.random.default_rng(seed)
    totals = rng.integers(total // 2, total * 2, len(levels))
    shares = np.clip(np.array(levels) + rng.normal(0, 0.01, len(levels)), 0, 1)
    return [int(k) for k in rng.binomial(totals, shares)], [int(n) for n in totals]


@pytest.mark.parametrize(
    "levels",
    [
        [0.05] * 5 + [0.2] * 4,
        [0.05] * 3 + [0.3] * 3 + [0.1] * 4,
        [0.1] * 9,
        [0.0] * 4 + [0.1] * 2 + [0.3] * 3 + [0.02] * 2,
    ],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_breaks_are_those_of_an_exhaustive_search(levels: list[float], seed: int) -> None:
    counts, totals = made(levels, seed)
    found = find_breaks(counts, totals, **QUICK)
    assert found is not None
    assert tuple(b.at for b in found.breaks) == by_search(counts, totals)


def test_a_break_has_levels_a_place_and_a_p() -> None:
    counts, totals = made([0.05] * 6 + [0.15] * 6, 3)
    found = find_breaks(counts, totals, **QUICK)
    assert found is not None
    (b,) = found.breaks
    assert b.at == 6
    assert b.place[0] <= 6 <= b.place[1]
    assert b.before == pytest.approx(sum(counts[:6]) / sum(totals[:6]))
    assert b.after == pytest.approx(sum(counts[6:]) / sum(totals[6:]))
    assert 0 < b.change[0] < b.after - b.before < b.change[1]
    assert found.p <= 0.01
    assert find_breaks(counts, totals, **QUICK) == found


def test_a_blurred_break_has_a_wide_place() -> None:
    sharp = find_breaks([20] * 6 + [80] * 6, [400] * 12, **QUICK)
    rising = find_breaks([20, 22, 19, 35, 44, 50, 58, 70, 79, 82, 78, 81], [400] * 12, **QUICK)
    assert sharp is not None
    assert rising is not None
    assert sharp.breaks[0].place == (6, 6)
    low, high = rising.breaks[0].place
    assert high > low


def test_p_is_the_share_of_orders_that_are_as_clear() -> None:
    # Of the 70 orders of four low and four high years, two are cut cleanly in the middle.
    found = find_breaks([20] * 4 + [200] * 4, [400] * 8, **{**QUICK, "permutations": 9999})
    assert found is not None
    assert found.p == pytest.approx(2 / 70, abs=0.006)


def test_noise_is_rarely_a_break() -> None:
    rng = np.random.default_rng(5)
    p = []
    for n in range(100):
        shares = rng.beta(9.9, 89.1, 12)  # years differ more than their sentences explain
        counts = [int(k) for k in rng.binomial(500, shares)]
        found = find_breaks(counts, [500] * 12, **{**QUICK, "permutations": 99, "seed": [n]})
        assert found is not None
        p.append(found.p)
    assert np.mean(np.array(p) <= 0.05) <= 0.1


def test_a_level_series_has_no_break() -> None:
    assert find_breaks([40] * 10, [400] * 10, **QUICK) == Breaks(breaks=(), p=1.0)
    assert find_breaks([0] * 10, [400] * 10, **QUICK) == Breaks(breaks=(), p=1.0)


def test_too_few_years_are_no_series() -> None:
    assert find_breaks([20] * 3 + [200] * 4, [400] * 7, **QUICK) is None


def test_blocks_of_orders_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    counts, totals = made([0.05] * 5 + [0.08] * 5, 7)
    whole = find_breaks(counts, totals, **QUICK)
    monkeypatch.setattr("nqpf_cli.analysis.changepoints._CELLS", 700)
    assert find_breaks(counts, totals, **QUICK) == whole
