"""Intervals that need no resampling: of a share, and of the difference of two shares."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

Interval = tuple[float, float]


def wilson(count: float, total: float, confidence: float) -> Interval:
    """Return the score interval of a binomial share (Wilson 1927); (0, 1) for an empty total."""
    if not total:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p = count / total
    centre = p + z * z / (2 * total)
    half = z * sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    size = 1 + z * z / total
    return max(0.0, (centre - half) / size), min(1.0, (centre + half) / size)


def difference(p: float, of_p: Interval, q: float, of_q: Interval) -> Interval:
    """Return the interval of p − q from the intervals of two independent estimates.

    Method of variance estimates recovery (Zou & Donner 2008; with Wilson's intervals it is
    method 10 of Newcombe 1998).
    """
    d = p - q
    return (
        d - sqrt((p - of_p[0]) ** 2 + (of_q[1] - q) ** 2),
        d + sqrt((of_p[1] - p) ** 2 + (q - of_q[0]) ** 2),
    )
