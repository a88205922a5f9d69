"""A learned second opinion: how far a sentence is worded like the coded sentences of a label.

A linear model over character n-grams (tf-idf, logistic regression), stored as plain whole
numbers. It knows nothing of the framework; the lexicon's labels enter as a fixed weight in log
odds (``prior``), so that the two correct each other:

    score(label) = intercept + Σ w · tf-idf ÷ ‖tf-idf‖ + prior · (±1 by the rules)

A label is given when its score is above 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from math import log
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nqpf_cli.analysis import packed
from nqpf_cli.analysis.normalize import bare
from nqpf_cli.analysis.occurrences import distinct
from nqpf_cli.analysis.skeletons import Skeletons
from nqpf_cli.analysis.strings import Integers, Strings, Trie, codes_of
from nqpf_cli.model import LABELS

FORMAT = "nqpf-wording 1"
SCALE = 1000  # weights and idf are stored in thousandths
NGRAMS = (1, 4)
_AT_ONCE = 2000  # n-grams of sentences: products of some hundred kilobytes
_DIGIT = re.compile(r"\d")


def features_text(text: str) -> str:
    """Return what n-grams are taken from: the skeleton, with all digits alike."""
    return _DIGIT.sub("0", bare(text))


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
    cells = [row.partition("\t") for row in rows[3:] if row]
    columns = 1 + len(LABELS)
    # One pass in C over all numbers; a list of strings would take four times as long.
    numbers = np.fromstring("\t".join([c[2] for c in cells]), dtype=np.int32, sep="\t")
    if len(numbers) != len(cells) * columns:
        raise ValueError("a row of the wording model has not a number for every label")
    numbers = numbers.reshape(len(cells), columns)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A model as it is computed with: its n-grams as a trie, and whole numbers."""

    ngrams: Trie
    idf: npt.NDArray[np.int32]
    weights: npt.NDArray[np.int32]
    intercepts: npt.NDArray[np.int32]
    priors: npt.NDArray[np.int32]


def compiled(model: WordingModel) -> Compiled:
    """Return a model as it is computed with."""
    return Compiled(
        ngrams=Trie.of(model.ngrams, NGRAMS[1]),
        idf=model.idf,
        weights=model.weights,
        intercepts=model.intercepts,
        priors=model.priors,
    )


def pack(model: Compiled) -> bytes:
    """Return a compiled model as bytes."""
    trie = model.ngrams
    numbers = (model.idf, model.weights, model.intercepts, model.priors)
    return packed.pack([trie.characters, *trie.keys, *trie.ends, *numbers])


def unpack(data: bytes) -> Compiled:
    """Return the model of ``pack``; raises ``ValueError`` for other bytes."""
    characters, *trie, idf, weights, intercepts, priors = packed.unpack(data)
    levels = NGRAMS[1]
    if len(trie) != 2 * levels - 1 or weights.shape != (len(idf), len(LABELS)):
        raise ValueError("not a packed wording model")
    return Compiled(
        ngrams=Trie(
            characters=characters,
            keys=tuple(trie[: levels - 1]),
            ends=tuple(trie[levels - 1 :]),
        ),
        idf=idf,
        weights=weights,
        intercepts=intercepts,
        priors=priors,
    )


class Wording:
    """Scores sentences with a model."""

    def __init__(self, model: WordingModel | Compiled) -> None:
        model = compiled(model) if isinstance(model, WordingModel) else model
        self._ngrams = Strings(model.ngrams)
        self._idf = model.idf / SCALE
        self._weights = model.weights / SCALE
        self._intercepts = model.intercepts / SCALE
        self._priors = model.priors / SCALE

    def scores(
        self, sentences: Skeletons, by_rules: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.float64]:
        """Return the score of each label, shape (sentences, labels), rounded to 6 decimals.

        ``by_rules``, of the same shape, are the labels that the lexicon gives. Rounding keeps a
        sum of floats the same on every machine.
        """
        total = self._intercepts + self._priors * np.where(by_rules, 1.0, -1.0)
        # No n-gram has a line end, which parts the sentences.
        starts, _, found = self._ngrams.find(codes_of(_DIGIT.sub("0", sentences.text)))
        if len(found):
            size = len(self._idf)
            pairs, counts = np.unique(
                sentences.sentence_of(starts) * size + found, return_counts=True
            )
            sentence, ngram = np.divmod(pairs, size)
            # tf is 1 + ln(count): sublinear scaling, as in training
            tf = np.array([0.0, *(1 + log(n) for n in range(1, int(counts.max()) + 1))])
            values = tf[counts] * self._idf[ngram]
            first = np.flatnonzero(np.diff(sentence, prepend=-1))
            norms = np.sqrt(np.add.reduceat(values * values, first))
            total[sentence[first]] += self._sums(values, ngram, first) / norms[:, None]
        rounded: npt.NDArray[np.float64] = np.round(total, 6)
        return rounded

    def _sums(
        self, values: npt.NDArray[np.float64], ngram: Integers, first: Integers
    ) -> npt.NDArray[np.float64]:
        """Return Σ w · tf-idf by sentence, whose n-grams begin at ``first``, and label.

        Some sentences after the other, so that what is multiplied stays in the processor's cache.
        """
        sums = np.empty((len(first), len(LABELS)))
        ends = np.append(first[1:], len(ngram))
        parts = distinct(
            np.append(np.searchsorted(first, np.arange(0, len(ngram), _AT_ONCE)), len(first))
        )
        for a, b in pairwise(parts.tolist()):
            some = slice(first[a], ends[b - 1])
            products = self._weights.take(ngram[some], axis=0)
            products *= values[some, None]
            np.add.reduceat(products, first[a:b] - first[a], axis=0, out=sums[a:b])
        return sums

    def labels(
        self, sentences: Skeletons, by_rules: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.bool_]:
        """Return which labels have a score above 0, shape (sentences, labels)."""
        return self.scores(sentences, by_rules) > 0
