"""Do two texts give a label a different share of their sentences? Whole paragraphs are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nqpf_cli.analysis.statistics import DIGITS, resampled_shares

Floats = npt.NDArray[np.float64]
_CELLS = 4_000_000  # of one block of shuffled labels: 32 MB
_TIE = 1e-9  # figures closer than this are the same, but for rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraphs:
    """A text by paragraph.

    ``counts`` has shape (paragraphs, labels): sentences with a label; ``totals`` (paragraphs,):
    all its sentences, none of them 0.
    """

    counts: npt.NDArray[np.int64]
    totals: npt.NDArray[np.int64]

    @classmethod
    def joined(cls, texts: Sequence[Paragraphs]) -> Paragraphs:
        """Return several texts as one."""
        return cls(
            counts=np.concatenate([t.counts for t in texts]),
            totals=np.concatenate([t.totals for t in texts]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareDifference:
    """Share in one text minus share in another, with its interval and the p of no difference."""

    difference: float
    ci: tuple[float, float]
    p: float


def share_differences(
    text: Paragraphs,
    other: Paragraphs,
    *,
    confidence: float,
    resamples: int,
    permutations: int,
    seed: Sequence[int],
) -> list[ShareDifference]:
    """Return, for every label, the difference of ``text`` to ``other``.

    The interval is that of the percentile bootstrap, paragraphs of each text drawn apart (Efron &
    Tibshirani 1993, ch. 13). ``p`` comes from ``permutation_p_values``. ``seed`` may hold several
    numbers, so that every comparison of a run has its own.
    """
    shares = [t.counts.sum(axis=0) / t.totals.sum() for t in (text, other)]
    drawn = [
        resampled_shares(
            t.counts,
            t.totals,
            resamples=resamples,
            rng=np.random.Generator(np.random.PCG64([*seed, n])),
        )
        for n, t in enumerate((text, other))
    ]
    tail = (1 - confidence) / 2
    low, high = np.quantile(drawn[0] - drawn[1], [tail, 1 - tail], axis=0, method="linear")
    p = permutation_p_values(text, other, permutations=permutations, seed=seed)
    return [
        ShareDifference(
            difference=round(float(d), DIGITS),
            ci=(round(float(a), DIGITS), round(float(b), DIGITS)),
            p=round(float(v), DIGITS),
        )
        for d, a, b, v in zip(shares[0] - shares[1], low, high, p, strict=True)
    ]


def permutation_p_values(
    text: Paragraphs, other: Paragraphs, *, permutations: int, seed: Sequence[int]
) -> Floats:
    """Return the two-sided p of every label: (1 + #{|t*| ≥ |t|}) ÷ (1 + permutations).

    The paragraphs are dealt anew to two texts of as many paragraphs (Phipps & Smyth 2010 for the
    ones). t is the difference of the shares over its standard error, that of a ratio of sums
    over paragraphs (Cochran 1977, ch. 6): so the test is exact when paragraphs are exchangeable,
    and asymptotically right for equal shares when the two texts are cut into paragraphs
    differently (Janssen 1997; Chung & Romano 2013). Each text's sum of squares is taken one
    sentence larger: a label found once or twice would have next to no standard error.
    """
    both = Paragraphs.joined([text, other])
    counts, totals = both.counts.astype(np.float64), both.totals.astype(np.float64)[:, None]
    # Whole numbers below 2**53: the sums are exact, in whatever order they are taken.
    columns = np.hstack([totals, totals**2, counts, counts**2, counts * totals])
    whole = columns.sum(axis=0)
    labels = np.zeros(len(totals), dtype=bool)
    labels[: len(text.totals)] = True

    def statistic(chosen: npt.NDArray[np.bool_]) -> Floats:
        sums = chosen.astype(np.float64) @ columns
        size = int(labels.sum())
        share, variance = _ratio(sums, size)
        share_, variance_ = _ratio(whole - sums, len(labels) - size)
        return np.asarray(np.abs(share - share_) / np.sqrt(variance + variance_))

    observed = statistic(labels[None, :])[0] - _TIE
    rng = np.random.Generator(np.random.PCG64([*seed, 2]))
    block = max(1, _CELLS // len(labels))
    as_extreme = np.zeros(len(observed), dtype=np.int64)
    for start in range(0, permutations, block):
        dealt = np.tile(labels, (min(block, permutations - start), 1))
        as_extreme += (statistic(rng.permuted(dealt, axis=1)) >= observed).sum(axis=0)
    return np.asarray((1 + as_extreme) / (1 + permutations))


def _ratio(sums: Floats, size: int) -> tuple[Floats, Floats]:
    """Return the shares and their variances from sums over ``size`` paragraphs."""
    total, squares = sums[:, :1], sums[:, 1:2]
    counts, count_squares, products = np.split(sums[:, 2:], 3, axis=1)
    share = counts / total
    spread = count_squares - 2 * share * products + share**2 * squares
    return share, (spread * size / max(1, size - 1) + 1) / total**2


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Return the p-values adjusted to control the false discovery rate (Benjamini & Hochberg 1995).

    They are commonly called q.
    """
    from scipy.stats import false_discovery_control

    if not p_values:
        return []
    return [round(float(q), DIGITS) for q in false_discovery_control(p_values, method="bh")]
