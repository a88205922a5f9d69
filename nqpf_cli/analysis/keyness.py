"""Key words: how much more often a word stands in one text than in another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log, log2

# χ² with one degree of freedom exceeds it with a chance of 1 % (Rayson & Garside 2000, § 2).
MIN_G2 = 6.63
MIN_COUNT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyWord:
    """A word with its counts here and in the reference, its G² and its log ratio."""

    word: str
    count: int
    reference_count: int
    g2: float
    log_ratio: float


def log_likelihood(a: int, b: int, total_a: int, total_b: int) -> float:
    """Return G² = 2 Σ O ln(O ÷ E) of a word found ``a`` times in ``total_a``, ``b`` in ``total_b``.

    E shares the word's occurrences out by the sizes of the two texts (Dunning 1993, in the form
    of Rayson & Garside 2000).
    """
    value = 0.0
    for observed, size in ((a, total_a), (b, total_b)):
        if observed:
            value += observed * log(observed * (total_a + total_b) / (size * (a + b)))
    return max(0.0, 2 * value)


def log_ratio(a: int, b: int, total_a: int, total_b: int) -> float:
    """Return the binary log of the ratio of the relative frequencies (Hardie 2014).

    ½ is added to both counts, so that an absent word has a ratio too; without a text to compare
    with the ratio is 0.
    """
    if not total_a or not total_b:
        return 0.0
    return log2(((a + 0.5) / total_a) / ((b + 0.5) / total_b))


def key_words(
    counts: Mapping[str, int],
    reference: Mapping[str, int],
    *,
    limit: int,
    min_length: int = 2,
) -> list[KeyWord]:
    """Return the words that ``counts`` has more of than ``reference``, the highest G² first.

    The sizes of the two texts are the sums of all their counts; words shorter than
    ``min_length``, seen fewer than 3 times, or with G² below 6.63 are not shown.
    """
    here, there = sum(counts.values()), sum(reference.values())
    found = []
    for word, n in counts.items():
        other = reference.get(word, 0)
        if len(word) < min_length or n < MIN_COUNT:
            continue
        ratio = log_ratio(n, other, here, there)
        g2 = log_likelihood(n, other, here, there)
        if ratio > 0 and g2 >= MIN_G2:
            found.append(
                KeyWord(
                    word=word,
                    count=n,
                    reference_count=other,
                    g2=round(g2, 2),
                    log_ratio=round(ratio, 2),
                )
            )
    found.sort(key=lambda k: (-k.g2, k.word))
    return found[:limit]
