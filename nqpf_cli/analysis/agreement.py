"""How well labels agree with gold labels: the measures of the field, pure.

Labels are sets of strings per unit. Formulas: F1 (van Rijsbergen 1979), nominal α for two
coders (Krippendorff 2019, ch. 12), Spearman with mid-ranks, McNemar's exact test (1947).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb, nan, sqrt
from statistics import fmean

from nqpf_cli.model import LABELS, OBSTRUCTIONS, STANCES

Labels = frozenset[str]
RANKED = (
    "factor",
    "industry",
    "relations",
    "institution.remedy",
    "lockin.remedy",
    "services.remedy",
    "urbanization",
)
MIN_UNITS = 8  # a document with fewer coded units has no share worth ranking
MIN_DOCUMENTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A coded unit: its gold labels, what was predicted, and the groups it belongs to."""

    id: str
    gold: Labels
    predicted: Labels
    doc: str | None = None
    stratum: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelAgreement:
    """Agreement on one label over all units; ``f1`` is nan without gold and prediction."""

    support: int
    precision: float
    recall: float
    f1: float
    alpha: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Agreement over a set of units."""

    n: int
    labels: dict[str, LabelAgreement]
    macro_f1: float | None
    micro_f1: float | None
    stance_accuracy: float | None
    stance_n: int
    doc_spearman: float | None


def agreement(units: Sequence[Unit]) -> Agreement:
    """Return all measures; macro-F1 is over labels with gold support."""
    labels = {label: _label(units, label) for label in LABELS}
    supported = [a.f1 for a in labels.values() if a.support]
    both = sum(len(u.gold & u.predicted) for u in units)
    total = sum(len(u.gold) + len(u.predicted) for u in units)
    right, stanced = stance_counts(units)
    return Agreement(
        n=len(units),
        labels=labels,
        macro_f1=fmean(supported) if supported else None,
        micro_f1=2 * both / total if total else None,
        stance_accuracy=right / stanced if stanced else None,
        stance_n=stanced,
        doc_spearman=_doc_spearman(units),
    )


def _label(units: Sequence[Unit], label: str) -> LabelAgreement:
    gold = [label in u.gold for u in units]
    pred = [label in u.predicted for u in units]
    tp = sum(g and p for g, p in zip(gold, pred, strict=True))
    fp = sum(p and not g for g, p in zip(gold, pred, strict=True))
    fn = sum(g and not p for g, p in zip(gold, pred, strict=True))
    return LabelAgreement(
        support=tp + fn,
        precision=tp / (tp + fp) if tp + fp else 0.0,
        recall=tp / (tp + fn) if tp + fn else 0.0,
        f1=2 * tp / (2 * tp + fp + fn) if tp + fp + fn else nan,
        alpha=alpha(gold, pred),
    )


def alpha(a: Sequence[bool], b: Sequence[bool]) -> float:
    """Return Krippendorff's α for two coders and a binary nominal variable, nan if constant."""
    n = len(a)
    if not n:
        return nan
    observed = sum(x != y for x, y in zip(a, b, strict=True)) / n
    marked, total = sum(a) + sum(b), 2 * n
    expected = 2 * marked * (total - marked) / (total * (total - 1))
    return 1 - observed / expected if expected else nan


def stance_counts(units: Sequence[Unit]) -> tuple[int, int]:
    """Return (right, all) over units where gold has one stance and the prediction has any."""
    right = n = 0
    for u in units:
        for o in OBSTRUCTIONS:
            gold = {s for s in STANCES if f"{o}.{s}" in u.gold}
            pred = {s for s in STANCES if f"{o}.{s}" in u.predicted}
            if len(gold) == 1 and pred:
                n += 1
                right += gold == pred
    return right, n


def _doc_spearman(units: Sequence[Unit]) -> float | None:
    docs: dict[str, list[Unit]] = defaultdict(list)
    for u in units:
        if u.doc is not None:
            docs[u.doc].append(u)
    large = [d for d in docs.values() if len(d) >= MIN_UNITS]
    if len(large) < MIN_DOCUMENTS:
        return None
    values = []
    for label in RANKED:
        gold = [sum(label in u.gold for u in d) / len(d) for d in large]
        pred = [sum(label in u.predicted for u in d) / len(d) for d in large]
        rho = spearman(gold, pred)
        if rho == rho:
            values.append(rho)
    return fmean(values) if values else None


def spearman(x: Sequence[float], y: Sequence[float]) -> float:
    """Return Spearman's rank correlation with mid-ranks; nan if either is constant."""
    a, b = _ranks(x), _ranks(y)
    ma, mb = fmean(a), fmean(b)
    sa = sum((v - ma) * (v - ma) for v in a)
    sb = sum((v - mb) * (v - mb) for v in b)
    if not sa or not sb:
        return nan
    products = sum((v - ma) * (w - mb) for v, w in zip(a, b, strict=True))
    return products / sqrt(sa * sb)


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    i = 0
    while i < len(order):
        j = i
        while j + 1 < len(order) and values[order[j + 1]] == values[order[i]]:
            j += 1
        for k in range(i, j + 1):
            ranks[order[k]] = (i + j) / 2
        i = j + 1
    return ranks


def mcnemar(only_a: int, only_b: int) -> float:
    """Return the two-sided exact p of McNemar's test for discordant counts."""
    n = only_a + only_b
    if not n:
        return 1.0
    tail: float = sum(comb(n, k) for k in range(min(only_a, only_b) + 1)) / 2**n
    return min(1.0, 2 * tail)


def bootstrap(
    units: Sequence[Unit],
    measure: Callable[[Sequence[Unit]], float | None],
    *,
    resamples: int,
    seed: int,
    confidence: float = 0.95,
) -> tuple[float, float] | None:
    """Return a percentile interval of a measure, whole documents drawn (units if without)."""
    from random import Random

    groups: dict[str, list[Unit]] = defaultdict(list)
    for n, u in enumerate(units):
        groups[u.doc or f"#{n}"].append(u)
    clusters = list(groups.values())
    rng = Random(seed)
    values = []
    for _ in range(resamples):
        drawn = [u for c in rng.choices(clusters, k=len(clusters)) for u in c]
        value = measure(drawn)
        if value is not None and value == value:
            values.append(value)
    if not values:
        return None
    values.sort()
    tail = (1 - confidence) / 2
    low = values[int(tail * (len(values) - 1))]
    high = values[round((1 - tail) * (len(values) - 1))]
    return low, high
