"""Gold units → agreement: what ``nqpf validate`` measures, and against what."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nqpf_cli.analysis.agreement import (
    Agreement,
    Unit,
    agreement,
    bootstrap,
    mcnemar,
)
from nqpf_cli.errors import UsageError
from nqpf_cli.i18n import Message
from nqpf_cli.model import LABELS, OBSTRUCTIONS, Coding, Lexicon
from nqpf_cli.segmenters.base import Segmenter

# Two coding passes over 300 units, before adjudication (the gold data's README): the ceiling.
CEILING_F1 = {
    "factor": 0.82,
    "industry": 0.93,
    "relations": 0.96,
    "institution.problem": 1.00,
    "institution.remedy": 0.96,
    "lockin.problem": 0.91,
    "lockin.remedy": 0.89,
    "services.problem": 1.00,
    "services.remedy": 0.96,
    "strategy": 0.89,
    "block": 1.00,
    "urbanization": 0.96,
}
CEILING_ALPHA = {
    "factor": 0.80,
    "industry": 0.92,
    "relations": 0.95,
    "institution.problem": 1.00,
    "institution.remedy": 0.95,
    "lockin.problem": 0.91,
    "lockin.remedy": 0.88,
    "services.problem": 1.00,
    "services.remedy": 0.96,
    "strategy": 0.88,
    "block": 1.00,
    "urbanization": 0.95,
}
CEILING_MACRO = 0.94


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledUnit:
    """A gold unit with its prediction and the evidence behind it."""

    unit: Unit
    text: str
    coding: Coding


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two predictions on the same units and labels (McNemar)."""

    n: int
    only_this: int
    only_other: int
    p: float


CodeAll = Callable[[Sequence[str]], Sequence[Coding]]


def predict(units: Sequence[dict[str, Any]], code: CodeAll) -> list[LabelledUnit]:
    """Code gold units; labels unknown to the codebook are refused (``UsageError``)."""
    for u in units:
        unknown = set(u["labels"]) - set(LABELS)
        if unknown:
            raise UsageError(
                Message(
                    f"单元 {u['id']} 有未知标签：{'、'.join(sorted(unknown))}",
                    f"unit {u['id']} has unknown labels: {', '.join(sorted(unknown))}",
                ),
                Message("标签见 nqpf schema code", "the labels are in: nqpf schema code"),
            )
    out = []
    for u, coding in zip(units, code([u["text"] for u in units]), strict=True):
        unit = Unit(
            id=str(u["id"]),
            gold=frozenset(u["labels"]),
            predicted=frozenset(coding.labels),
            doc=u.get("doc"),
            stratum=u.get("stratum"),
        )
        out.append(LabelledUnit(unit=unit, text=u["text"], coding=coding))
    return out


def token_baseline(lexicon: Lexicon, segmenter: Segmenter) -> CodeAll:
    """Return the coder that most studies use: count jieba tokens equal to a term.

    The same terms, no patterns, no contexts; an obstruction is taken as its commoner stance,
    the remedy.
    """
    terms: dict[str, set[str]] = {}
    for e in lexicon.entries:
        if e.kind != "fixed" or e.prescription:
            continue
        label = f"{e.category}.remedy" if e.category in OBSTRUCTIONS else e.category
        if label in LABELS:
            terms.setdefault(e.term, set()).add(label)

    def code(text: str) -> Coding:
        found = set().union(*(terms.get(t, ()) for t in segmenter.cut(text)))
        return Coding(labels=tuple(label for label in LABELS if label in found))

    return lambda texts: list(map(code, texts))


def group_of(doc: str | None) -> str:
    """Return the group a document is folded by: its province (what precedes the first ``-``)."""
    return (doc or "?").split("/")[-1].split("-")[0].split("(")[0]


def fold_of(doc: str | None, folds: int) -> int:
    """Return the fold (1…) of a document, the same on every machine."""
    return zlib.crc32(group_of(doc).encode()) % folds + 1


def by_group(
    units: Sequence[LabelledUnit], key: Callable[[Unit], str]
) -> Iterator[tuple[str, Agreement]]:
    """Yield the agreement of each group, in order of its name."""
    names = sorted({key(u.unit) for u in units})
    for name in names:
        yield name, agreement([u.unit for u in units if key(u.unit) == name])


def intervals(
    units: Sequence[Unit], *, resamples: int, seed: int
) -> dict[str, tuple[float, float] | None]:
    """Return bootstrap intervals: F1 of each label, ``macro_f1``, ``stance_accuracy``."""
    out: dict[str, tuple[float, float] | None] = {}
    for name, measure in _MEASURES.items():
        out[name] = bootstrap(units, measure, resamples=resamples, seed=seed)
    return out


def _f1(label: str) -> Callable[[Sequence[Unit]], float | None]:
    def measure(units: Sequence[Unit]) -> float | None:
        gold = sum(label in u.gold for u in units)
        pred = sum(label in u.predicted for u in units)
        both = sum(label in u.gold and label in u.predicted for u in units)
        return 2 * both / (gold + pred) if gold + pred else None

    return measure


def _macro(units: Sequence[Unit]) -> float | None:
    values = [_f1(label)(units) for label in LABELS if any(label in u.gold for u in units)]
    found = [v for v in values if v is not None]
    return sum(found) / len(found) if found else None


def _stance(units: Sequence[Unit]) -> float | None:
    from nqpf_cli.analysis.agreement import stance_counts

    right, n = stance_counts(units)
    return right / n if n else None


_MEASURES: dict[str, Callable[[Sequence[Unit]], float | None]] = {
    **{label: _f1(label) for label in LABELS},
    "macro_f1": _macro,
    "stance_accuracy": _stance,
}


def compare(units: Sequence[Unit], other: dict[str, frozenset[str]]) -> Comparison:
    """Compare with other predictions, decision by decision (a unit and a label)."""
    this = that = n = 0
    for u in units:
        if u.id not in other:
            continue
        for label in LABELS:
            n += 1
            right = (label in u.gold) == (label in u.predicted)
            other_right = (label in u.gold) == (label in other[u.id])
            this += right and not other_right
            that += other_right and not right
    return Comparison(n=n, only_this=this, only_other=that, p=mcnemar(this, that))


def read_predictions(rows: Iterable[dict[str, Any]]) -> dict[str, frozenset[str]]:
    """Return id → labels of a run of ``nqpf code``."""
    return {str(r["id"]): frozenset(r["labels"]) for r in rows}


def as_json(result: Agreement, ci: dict[str, tuple[float, float] | None]) -> dict[str, Any]:
    """Return an agreement as a JSON object, rounded to 4 decimals, nan as null."""

    def number(value: float | None) -> float | None:
        return None if value is None or value != value else round(value, 4)

    def pair(value: tuple[float, float] | None) -> list[float] | None:
        return [round(v, 4) for v in value] if value else None

    return {
        "n": result.n,
        "labels": {
            name: {
                "support": a.support,
                "precision": number(a.precision),
                "recall": number(a.recall),
                "f1": number(a.f1),
                "f1_ci": pair(ci.get(name)),
                "alpha": number(a.alpha),
                "ceiling_f1": CEILING_F1[name],
                "ceiling_alpha": CEILING_ALPHA[name],
            }
            for name, a in result.labels.items()
        },
        "macro_f1": number(result.macro_f1),
        "macro_f1_ci": pair(ci.get("macro_f1")),
        "micro_f1": number(result.micro_f1),
        "stance_accuracy": number(result.stance_accuracy),
        "stance_accuracy_ci": pair(ci.get("stance_accuracy")),
        "stance_n": result.stance_n,
        "doc_spearman": number(result.doc_spearman),
        "ceiling_macro_f1": CEILING_MACRO,
    }


def errors_of(units: Sequence[LabelledUnit]) -> list[LabelledUnit]:
    """Return the units that were labelled wrongly."""
    return [u for u in units if u.unit.gold != u.unit.predicted]
