from __future__ import annotations

from collections import Counter
from math import log, log2

import pytest

from nqpf_cli.analysis.keyness import key_words, log_likelihood, log_ratio


@pytest.mark.parametrize(
    ("a", "b", "total_a", "total_b"),
    [(12, 3, 1000, 1500), (30, 0, 5000, 4000), (0, 7, 300, 900), (5, 5, 100, 100)],
)
def test_g2_is_the_words_part_of_the_likelihood_ratio(
    a: int, b: int, total_a: int, total_b: int
) -> None:
    from scipy.stats import chi2_contingency

    # scipy's G takes all four cells; the two of the word's absence are taken off by hand.
    table = [[a, b], [total_a - a, total_b - b]]
    whole = chi2_contingency(table, correction=False, lambda_="log-likelihood")
    absent = whole.expected_freq[1]
    rest = 2 * sum(o * log(o / e) for o, e in zip(table[1], absent, strict=True))
    assert log_likelihood(a, b, total_a, total_b) == pytest.approx(whole.statistic - rest, abs=1e-9)


def test_g2_of_a_worked_example() -> None:
    # E = 100 × 15 ÷ 300 = 5 and 10: 2 (10 ln 2 + 5 ln ½) = 10 ln 2.
    assert log_likelihood(10, 5, 100, 200) == pytest.approx(6.931471805599453)


def test_the_log_ratio_counts_doublings() -> None:
    assert log_ratio(8, 2, 1000, 1000) == pytest.approx(log2(8.5 / 2.5))
    assert log_ratio(5, 5, 100, 400) == pytest.approx(2)
    assert log_ratio(5, 0, 100, 0) == 0


def test_key_words_are_what_a_text_has_more_of() -> None:
    text = Counter({"海洋": 30, "发展": 50, "的": 200, "粮食": 1, "大豆": 2, "港口": 9})
    other = Counter({"发展": 52, "的": 190, "粮食": 30, "港口": 1})
    found = key_words(text, other, limit=9)
    assert [(k.word, k.count, k.reference_count) for k in found] == [
        ("海洋", 30, 0),
        ("港口", 9, 1),
    ]
    assert found[0].g2 == round(log_likelihood(30, 0, 292, 273), 2)
    assert found[0].log_ratio == round(log_ratio(30, 0, 292, 273), 2)
    assert key_words(text, other, limit=1) == found[:1]
    assert key_words(text, text, limit=9) == []
