"""Where the level of a share breaks in a short series of years: how often, when, how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from nqpf_cli.analysis.intervals import Interval, difference, wilson

Floats = npt.NDArray[np.float64]
MIN_POINTS = 8  # of fewer years no order is rare enough: 2 in 35 at best for seven
MIN_SEGMENT = 2  # one odd year is no new level
MAX_BREAKS = 3
_CELLS = 2_000_000  # of one block of replicates: 16 MB a table
_TIE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A new level from point ``at`` on, up to the next break; ``place`` is the interval of ``at``.

    ``before`` and ``after`` are the levels, ``change`` the interval of their difference.
    """

    at: int
    place: tuple[int, int]
    before: float
    after: float
    change: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaks:
    """The breaks of a series, and the p of so clear a segmentation where there is none."""

    breaks: tuple[Break, ...]
    p: float


def find_breaks(
    counts: Sequence[int],
    totals: Sequence[int],
    *,
    confidence: float,
    resamples: int,
    permutations: int,
    seed: Sequence[int],
) -> Breaks | None:
    """Return the breaks of the shares ``counts`` ÷ ``totals``; None of fewer than 8 points.

    All segmentations with up to three breaks and at least two points a level are searched by
    dynamic programming (Bellman & Roth 1969) for the least binomial deviance D. Their number m
    minimises D ÷ φ + T ln φ + 3m ln T. The first two are the extended quasi-likelihood (Nelder &
    Pregibon 1987) at its best dispersion of the years, φ = max(1, D ÷ T); 3 ln T is the price of
    a break in Zhang & Siegmund (2007), since the usual 2 ln T finds too many in short series.
    ``p`` is that of a permutation test: the points in any order have as clear a segmentation with
    the chance (1 + #) ÷ (1 + permutations). ``place`` is a percentile interval from resampled
    Pearson residuals (Hušková & Kirch 2008). ``change`` takes Wilson intervals on counts that
    are divided by the dispersion of the points about their levels (McCullagh & Nelder 1989,
    § 4.5).
    """
    k, n = np.array(counts, dtype=np.float64), np.array(totals, dtype=np.float64)
    points = len(k)
    if points < MIN_POINTS or not n.all():
        return None
    fits = _segment(k[None], n[None])
    gain, number = (a[0] for a in _gain(fits, points))
    rng = np.random.Generator(np.random.PCG64([*seed, 0]))
    block = max(1, _CELLS // points**2)
    as_clear = 0
    for start in range(0, permutations, block):
        rows = np.tile(np.arange(points), (min(block, permutations - start), 1))
        order = rng.permuted(rows, axis=1)
        as_clear += int((_gain(_segment(k[order], n[order]), points)[0] >= gain - _TIE).sum())
    p = (1 + as_clear) / (1 + permutations)
    ends = [0, *(int(e) for e in fits[int(number)].starts[0]), points]
    return Breaks(
        breaks=tuple(_breaks(k, n, ends, confidence, resamples, [*seed, 1])), p=round(p, 6)
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    """Best segmentations of replicates with one number of breaks.

    ``deviance`` has shape (replicates,); ``starts`` (replicates, breaks): where levels begin.
    """

    deviance: Floats
    starts: npt.NDArray[np.int64]


def _segment(k: Floats, n: Floats) -> list[_Fit]:
    """Return the best segmentation with 0, 1, 2 … breaks; ``k``, ``n`` are (replicates, points)."""
    replicates, points = k.shape
    saturated = _cost(k, n).sum(axis=1)
    sums, sizes = (np.pad(a.cumsum(axis=1), ((0, 0), (1, 0))) for a in (k, n))
    # cost[:, i, j]: points i … j−1 as one level
    cost = _cost(
        np.maximum(0.0, sums[:, None, :] - sums[:, :, None]),
        np.maximum(0.0, sizes[:, None, :] - sizes[:, :, None]),
    )
    best = cost[:, 0, :].copy()
    best[:, :MIN_SEGMENT] = np.inf
    back: list[npt.NDArray[np.int64]] = []
    fits = [_Fit(2 * (best[:, -1] - saturated), np.empty((replicates, 0), dtype=np.int64))]
    for m in range(1, _most(points) + 1):
        longer = np.full_like(best, np.inf)
        start = np.zeros(best.shape, dtype=np.int64)
        for j in range((m + 1) * MIN_SEGMENT, points + 1):
            first, last = m * MIN_SEGMENT, j - MIN_SEGMENT
            found = best[:, first : last + 1] + cost[:, first : last + 1, j]
            start[:, j] = first + found.argmin(axis=1)
            longer[:, j] = found.min(axis=1)
        best = longer
        back.append(start)
        fits.append(_Fit(2 * (best[:, -1] - saturated), _traced(back, points)))
    return fits


def _most(points: int) -> int:
    return min(MAX_BREAKS, points // MIN_SEGMENT - 1)


def _traced(back: list[npt.NDArray[np.int64]], points: int) -> npt.NDArray[np.int64]:
    replicates = np.arange(len(back[0]))
    ends = np.full(len(replicates), points)
    starts = []
    for start in reversed(back):
        ends = start[replicates, ends]
        starts.append(ends)
    return np.stack(starts[::-1], axis=1)


def _cost(k: Floats, n: Floats) -> Floats:
    """Return minus the log-likelihood of ``k`` of ``n`` at their own share, constants left out."""
    with np.errstate(divide="ignore", invalid="ignore"):
        with_label = np.where(k > 0, k * np.log(k / n), 0.0)
        without = np.where(n > k, (n - k) * np.log((n - k) / n), 0.0)
    return -(with_label + without)


def _gain(fits: Sequence[_Fit], points: int) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Return how much the best criterion lies below that of no break, and the number of breaks."""
    criteria = []
    for m, fit in enumerate(fits):
        dispersion = np.maximum(fit.deviance / points, 1.0)
        likelihood = fit.deviance / dispersion + points * np.log(dispersion)
        criteria.append(likelihood + 3 * m * np.log(points))
    table = np.stack(criteria)
    return table[0] - table.min(axis=0), table.argmin(axis=0)


def _breaks(
    k: Floats,
    n: Floats,
    ends: list[int],
    confidence: float,
    resamples: int,
    seed: Sequence[int],
) -> list[Break]:
    if len(ends) == 2:
        return []
    points, spans = len(k), list(pairwise(ends))
    level = np.concatenate([np.full(b - a, k[a:b].sum() / n[a:b].sum()) for a, b in spans])
    error = np.sqrt(level * (1 - level) / n)
    residuals = np.divide(k / n - level, error, out=np.zeros(points), where=error > 0)
    spread = float((residuals**2).sum()) / (points - len(spans))
    rng = np.random.Generator(np.random.PCG64(list(seed)))
    drawn = (residuals - residuals.mean()) * np.sqrt(points / (points - len(spans)))
    shares = level + rng.choice(drawn, size=(resamples, points)) * error
    fits = _segment(np.clip(shares, 0, 1) * n, np.tile(n, (resamples, 1)))
    places = fits[len(spans) - 1].starts
    tail = (1 - confidence) / 2
    low = np.quantile(places, tail, axis=0, method="lower")
    high = np.quantile(places, 1 - tail, axis=0, method="higher")
    found = []
    for i, at in enumerate(ends[1:-1]):
        sides = []
        for a, b in spans[i : i + 2]:
            held, total = (float(x[a:b].sum()) / max(1.0, spread) for x in (k, n))
            sides.append((held / total, wilson(held, total, confidence)))
        (before, of_before), (after, of_after) = sides
        found.append(
            Break(
                at=at,
                place=(min(at, int(low[i])), max(at, int(high[i]))),
                before=before,
                after=after,
                change=difference(after, of_after, before, of_before),
            )
        )
    return found
