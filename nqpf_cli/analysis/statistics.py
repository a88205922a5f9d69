"""Small statistics with their sources: bootstrap intervals, evenness, log-odds."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

DIGITS = 6  # decimals in reports: enough for any figure, and the same on every machine
_DRAWS_AT_ONCE = 1 << 17  # small enough for the processor's cache


def bootstrap_shares(
    counts: npt.NDArray[np.int64],
    totals: npt.NDArray[np.int64],
    *,
    confidence: float,
    resamples: int,
    seed: int,
) -> list[tuple[float, float]]:
    """Return percentile bootstrap intervals of shares (Efron & Tibshirani 1993, ch. 13).

    ``counts`` has shape (clusters, columns): sentences with a label in a paragraph; ``totals``
    (clusters,): its sentences. Whole paragraphs are drawn, since the sentences of a paragraph
    are not independent.
    """
    import numpy as np  # not above: a document is read before numbers are wanted

    rng = np.random.Generator(np.random.PCG64(seed))
    shares = resampled_shares(counts, totals, resamples=resamples, rng=rng)
    tail = (1 - confidence) / 2
    # Quantiles of what is sorted, column by column, take a third of the time.
    in_order = np.sort(np.ascontiguousarray(shares.T), axis=1)
    low, high = np.quantile(in_order, [tail, 1 - tail], axis=1, method="linear")
    return [
        (round(float(a), DIGITS), round(float(b), DIGITS)) for a, b in zip(low, high, strict=True)
    ]


def resampled_shares(
    counts: npt.NDArray[np.int64],
    totals: npt.NDArray[np.int64],
    *,
    resamples: int,
    rng: np.random.Generator,
) -> npt.NDArray[np.float64]:
    """Return the shares of every resample of clusters, in the shape (resamples, columns).

    The arithmetic is exact in integers up to the final division.
    """
    import numpy as np

    clusters = len(totals)
    # Whole numbers below 2**53: float products and sums are exact, in whatever order.
    columns = np.column_stack([counts, totals]).astype(np.float64)
    sums = np.empty((resamples, columns.shape[1]))
    at_once = max(1, _DRAWS_AT_ONCE // clusters)
    for i in range(0, resamples, at_once):
        rows = min(at_once, resamples - i)
        drawn = rng.integers(0, clusters, size=(rows, clusters))
        drawn += np.arange(0, rows * clusters, clusters)[:, None]
        weights = np.bincount(drawn.ravel(), minlength=rows * clusters)
        sums[i : i + rows] = weights.reshape(rows, clusters).astype(np.float64) @ columns
    return np.asarray(sums[:, :-1] / np.maximum(sums[:, -1:], 1.0))


def evenness(counts: Sequence[int]) -> float | None:
    """Return −Σ p ln p ÷ ln k over k counts (Pielou 1966); None when all are zero."""
    total = sum(counts)
    if not total or len(counts) < 2:
        return None
    shares = [c / total for c in counts if c]
    value = -sum(p * log(p) for p in shares) / log(len(counts))
    return round(abs(value), DIGITS)


def response_gap(problem: int, remedy: int) -> float:
    """Return ln((remedy + ½) ÷ (problem + ½)) (Lowe, Benoit, Mikhaylov & Laver 2011)."""
    return round(log((remedy + 0.5) / (problem + 0.5)), DIGITS)
