from __future__ import annotations

import pytest

from nqpf_cli.analysis.intervals import difference, wilson


@pytest.mark.parametrize(("count", "total"), [(0, 40), (3, 400), (20, 40), (40, 40)])
@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_the_interval_of_a_share_is_wilsons(count: int, total: int, confidence: float) -> None:
    from scipy.stats import binomtest

    expected = binomtest(count, total).proportion_ci(confidence, method="wilson")
    assert wilson(count, total, confidence) == pytest.approx(tuple(expected), abs=1e-12)


def test_nothing_is_known_of_an_empty_text() -> None:
    assert wilson(0, 0, 0.95) == (0, 1)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [  # Newcombe 1998, table II, method 10, cases (a), (c), (e)
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
    ],
)
def test_the_interval_of_a_difference_is_newcombes(
    first: tuple[int, int], second: tuple[int, int], expected: tuple[float, float]
) -> None:
    (a, m), (b, n) = first, second
    found = difference(a / m, wilson(a, m, 0.95), b / n, wilson(b, n, 0.95))
    assert found == pytest.approx(expected, abs=5e-5)
