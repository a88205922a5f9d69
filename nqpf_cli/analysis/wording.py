"""A learned second opinion: how far a sentence is worded like the coded sentences of a label.

A linear model over character n-grams (tf-idf, logistic regression), stored as plain whole
numbers. It knows nothing of the framework; the lexicon's labels enter as a fixed weight in log
odds (``prior``), so that the two correct each other:

    score(label) = intercept + Σ w · tf-idf ÷ ‖tf-idf‖ + prior · (±1 by the rules)

A label is given when its score is above 0.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from pathlib import Path

import ahocorasick_rs
import numpy as np
import numpy.typing as npt

from nqpf_cli.analysis.normalize import skeleton
from nqpf_cli.model import LABELS

FORMAT = "nqpf-wording 1"
SCALE = 1000  # weights and idf are stored in thousandths
NGRAMS = (1, 4)
_DIGIT = re.compile(r"\d")


def features_text(text: str) -> str:
    """Return what n-grams are taken from: the skeleton, with all digits alike."""
    return _DIGIT.sub("0", skeleton(text)[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingModel:
    """The stored numbers. ``weights`` has shape (n-grams, labels); all in thousandths."""

    ngrams: tuple[str, ...]
    idf: npt.NDArray[np.int32]
    weights: npt.NDArray[np.int32]
    intercepts: npt.NDArray[np.int32]
    priors: npt.NDArray[np.int32]
    note: str = ""


def dump(model: WordingModel) -> str:
    """Return the model as text: head lines, then a line an n-gram (tab separated)."""
    rows = [
        f"# {FORMAT}",
        f"# {model.note}",
        "\t".join(["ngram", "idf", *LABELS]),
        "\t".join(["(intercept)", "0", *map(str, model.intercepts)]),
        "\t".join(["(prior)", "0", *map(str, model.priors)]),
    ]
    for n, idf, w in zip(model.ngrams, model.idf, model.weights, strict=True):
        rows.append("\t".join([n, str(idf), *map(str, w)]))
    return "\n".join(rows) + "\n"


def parse(text: str) -> WordingModel:
    """Return the model of a text made by ``dump``; raises ``ValueError``."""
    rows = text.split("\n")
    if rows[0] != f"# {FORMAT}" or len(rows) < 6 or rows[2].split("\t")[2:] != list(LABELS):
        raise ValueError("not a wording model of this version")
    cells = [row.split("\t") for row in rows[3:] if row]
    numbers = np.array([c[1:] for c in cells], dtype=np.int32)
    return WordingModel(
        ngrams=tuple(c[0] for c in cells[2:]),
        idf=numbers[2:, 0],
        weights=numbers[2:, 1:],
        intercepts=numbers[0, 1:],
        priors=numbers[1, 1:],
        note=rows[1][2:],
    )


def read(path: Path) -> WordingModel:
    """Return the model of a file."""
    return parse(path.read_text(encoding="utf-8"))


class Wording:
    """Scores sentences with a model."""

    def __init__(self, model: WordingModel) -> None:
        self._automaton = ahocorasick_rs.AhoCorasick(list(model.ngrams))
        self._idf = (model.idf / SCALE).tolist()
        self._weights = model.weights / SCALE
        self._intercepts = model.intercepts / SCALE
        self._priors = model.priors / SCALE

    def scores(self, text: str, rules: Sequence[str]) -> list[float]:
        """Return the score of each label in the order of ``LABELS``, rounded to 6 decimals.

        ``rules`` are the labels that the lexicon gives. Rounding keeps a sum of floats the same
        on every machine.
        """
        signs = np.array([1.0 if label in rules else -1.0 for label in LABELS])
        total = self._intercepts + self._priors * signs
        counts = Counter(
            m[0]
            for m in self._automaton.find_matches_as_indexes(features_text(text), overlapping=True)
        )
        if counts:
            # tf is 1 + ln(count): sublinear scaling, as in training
            ids = sorted(counts)
            values = [(1 + log(counts[i])) * self._idf[i] for i in ids]
            norm = sqrt(sum(v * v for v in values))
            total = total + np.array(values) @ self._weights[ids] / norm
        return [round(float(s), 6) for s in total]

    def labels(self, text: str, rules: Sequence[str]) -> tuple[str, ...]:
        """Return the labels whose score is above 0."""
        scores = self.scores(text, rules)
        return tuple(label for label, s in zip(LABELS, scores, strict=True) if s > 0)
