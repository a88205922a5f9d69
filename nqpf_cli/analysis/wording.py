"""A learned second opinion: how far a sentence is worded like the coded sentences of a label.

A linear model over character n-grams (tf-idf, logistic regression), stored as plain whole
numbers. It knows nothing of the framework; the lexicon's labels enter as a fixed weight in log
odds (``prior``), so that the two correct each other:

    score(label) = intercept + Σ w · tf-idf ÷ ‖tf-idf‖ + prior · (±1 by the rules)

A label is given when its score is above 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nqpf_cli.analysis.normalize import bare
from nqpf_cli.model import LABELS

FORMAT = "nqpf-wording 1"
SCALE = 1000  # weights and idf are stored in thousandths
NGRAMS = (1, 4)
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


class Ngrams:
    """Finds n-grams of up to four characters in many texts at once, in arrays.

    A trie by levels: a state is a beginning that some n-gram has; ``keys[n]`` holds the states of
    level n + 1, sorted, each as the number of its beginning and its last character in one.
    """

    def __init__(self, ngrams: Sequence[str]) -> None:
        longest = NGRAMS[1]
        padded = _codes("".join(n.ljust(longest, "\0") for n in ngrams)).reshape(-1, longest)
        known = np.unique(padded)
        known = known[known > 0]
        self._width = len(known) + 1
        self._number = np.zeros(0x110000, dtype=np.int32)  # code point → number; 0: in none
        self._number[known] = np.arange(1, self._width)
        numbers = self._number[padded]
        lengths = np.array([len(n) for n in ngrams])
        state = numbers[:, 0].astype(np.int64)
        self._ids = [self._ends(state, self._width, lengths == 1)]
        self._keys: list[npt.NDArray[np.int64]] = []
        for level in range(1, longest):
            key = np.where(lengths > level, state * self._width + numbers[:, level], -1)
            keys = np.unique(key)
            keys = keys[keys >= 0]
            state = np.searchsorted(keys, key)
            self._keys.append(keys)
            self._ids.append(self._ends(state, len(keys), lengths == level + 1))
        # Most places end at their second character: two of them are looked up, not searched for.
        self._pairs = np.zeros(self._width**2, dtype=np.int32)
        self._pairs[self._keys[0]] = np.arange(1, len(self._keys[0]) + 1)

    @staticmethod
    def _ends(
        state: npt.NDArray[np.int64], states: int, here: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.int32]:
        """Return, for each state, the n-gram that it is, or -1."""
        ids = np.full(states, -1, dtype=np.int32)
        ids[state[here]] = np.flatnonzero(here)
        return ids

    def find(self, text: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return where n-grams begin in ``text``, and which ones, in no order."""
        numbers = np.zeros(len(text) + len(self._ids), dtype=np.int64)
        numbers[: len(text)] = self._number[_codes(text)]
        at = np.flatnonzero(numbers)
        state = numbers[at]
        places, found = [], []
        for level, ids in enumerate(self._ids):
            if level:
                key = state * self._width + numbers[at + level]
                if level == 1:
                    state = self._pairs[key].astype(np.int64) - 1
                    held = state >= 0
                else:
                    keys = self._keys[level - 1]
                    state = np.searchsorted(keys, key)
                    held = np.append(keys, -1)[state] == key
                at, state = at[held], state[held]
            which = ids[state]
            ends = which >= 0
            places.append(at[ends])
            found.append(which[ends].astype(np.int64))
        return np.concatenate(places), np.concatenate(found)


def _codes(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


_AT_ONCE = 2000  # sentences: arrays of some tens of megabytes, however long the document


class Wording:
    """Scores sentences with a model."""

    def __init__(self, model: WordingModel) -> None:
        self._ngrams = Ngrams(model.ngrams)
        self._idf = model.idf / SCALE
        self._weights = model.weights / SCALE
        self._intercepts = model.intercepts / SCALE
        self._priors = model.priors / SCALE

    def all_scores(
        self, texts: Sequence[str], rules: Sequence[Sequence[str]]
    ) -> npt.NDArray[np.float64]:
        """Return the score of each label, shape (texts, labels), rounded to 6 decimals.

        ``rules`` are the labels that the lexicon gives to each text. Rounding keeps a sum of
        floats the same on every machine.
        """
        signs = np.array([[1.0 if label in given else -1.0 for label in LABELS] for given in rules])
        total = self._intercepts + self._priors * signs.reshape(len(texts), len(LABELS))
        # No n-gram has a line end, which the skeleton drops: it parts the texts.
        joined = _DIGIT.sub("0", "\n".join([bare(t) for t in texts]))
        lines = np.cumsum(_codes(joined) == ord("\n"))
        places, found = self._ngrams.find(joined)
        if len(found):
            size = len(self._idf)
            pairs, counts = np.unique(lines[places] * size + found, return_counts=True)
            text, ngram = np.divmod(pairs, size)
            # tf is 1 + ln(count): sublinear scaling, as in training
            tf = np.array([0.0, *(1 + log(n) for n in range(1, int(counts.max()) + 1))])
            values = tf[counts] * self._idf[ngram]
            first = np.flatnonzero(np.diff(text, prepend=-1))
            norms = np.sqrt(np.add.reduceat(values * values, first))
            sums = np.add.reduceat(values[:, None] * self._weights[ngram], first, axis=0)
            total[text[first]] += sums / norms[:, None]
        rounded: npt.NDArray[np.float64] = np.round(total, 6)
        return rounded

    def scores(self, text: str, rules: Sequence[str]) -> list[float]:
        """Return the scores of one text, in the order of ``LABELS``."""
        return [float(s) for s in self.all_scores([text], [rules])[0]]

    def all_labels(
        self, texts: Sequence[str], rules: Sequence[Sequence[str]]
    ) -> list[tuple[str, ...]]:
        """Return for each text the labels whose score is above 0."""
        out: list[tuple[str, ...]] = []
        for n in range(0, len(texts), _AT_ONCE):
            scores = self.all_scores(texts[n : n + _AT_ONCE], rules[n : n + _AT_ONCE])
            out += [
                tuple([label for label, given in zip(LABELS, row, strict=True) if given])
                for row in (scores > 0).tolist()
            ]
        return out

    def labels(self, text: str, rules: Sequence[str]) -> tuple[str, ...]:
        """Return the labels of one text."""
        return self.all_labels([text], [rules])[0]
