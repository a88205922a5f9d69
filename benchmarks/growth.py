"""How cost grows with size: the exponent of a power law, fitted to logarithms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt


@dataclass(frozen=True, slots=True, kw_only=True)
class Exponent:
    """``cost ≈ c · size**value``, with the standard error of ``value``."""

    value: float
    error: float


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> Exponent:
    """Return the slope of ln cost on ln size by least squares; three points or more."""
    x, y = [log(s) for s in sizes], [log(c) for c in costs]
    n = len(x)
    mean_x, mean_y = sum(x) / n, sum(y) / n
    spread = sum((a - mean_x) ** 2 for a in x)
    slope = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / spread
    rest = sum((b - mean_y - slope * (a - mean_x)) ** 2 for a, b in zip(x, y, strict=True))
    return Exponent(value=slope, error=sqrt(rest / (n - 2) / spread))
