"""Sentences that two documents share, word for word or nearly.

An exact join, no sampling of candidates: all pairs of sentences of two documents are compared by
one product of sparse matrices, which takes well under a second for a whole corpus of reports and
misses nothing, so that no MinHash is needed before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from nqpf_cli.model import Document, Sentence

GRAM = 3
MIN_CHARS = 12
MIN_JACCARD = 0.5
_ROWS = 512  # sentences a block: what bounds the memory of a product
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSentence:
    """A sentence of ``second`` and the most similar one of ``first``; numbers of sentences.

    ``jaccard`` is that of their sets of three characters in a row; ``exact`` says that they are
    the same but for punctuation, spaces and the case of letters.
    """

    first: int
    second: int
    jaccard: float
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """What two documents share.

    ``first`` and ``second`` are the positions of the documents; ``first_compared`` counts the
    sentences of the first that are long enough, ``first_shared`` those among them that have a
    counterpart in the second, ``first_exact`` those that stand there word for word; likewise for
    the second. ``sentences`` follow the second document.
    """

    first: int
    second: int
    first_compared: int
    second_compared: int
    first_shared: int
    second_shared: int
    first_exact: int
    second_exact: int
    sentences: tuple[SharedSentence, ...]


def overlaps(
    documents: Sequence[Document],
    *,
    min_jaccard: float = MIN_JACCARD,
    min_chars: int = MIN_CHARS,
) -> Iterator[Overlap]:
    """Yield what every pair of documents shares, in the order of the documents.

    Sentences under ``min_chars`` letters, digits and Han characters are left out: formulas such
    as 请予审议 are no boilerplate worth showing. Jaccard (1912) on the sets of character 3-grams.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    kept = [_long_enough(d.sentences, min_chars) for d in documents]
    keys = [k for of_document in kept for _, k in of_document]
    if not keys:
        matrices: list[Any] = []
    else:
        vectorizer = CountVectorizer(
            analyzer="char", ngram_range=(GRAM, GRAM), lowercase=False, binary=True, dtype=np.int32
        )
        grams = vectorizer.fit_transform(keys)
        ends = np.cumsum([0, *map(len, kept)])
        matrices = [grams[a:b] for a, b in pairwise(ends)]
    for second in range(len(documents)):
        for first in range(second):
            found = (
                _Pair(matrices[first], matrices[second], min_jaccard)
                if kept[first] and kept[second]
                else None
            )
            yield _overlap(first, second, kept[first], kept[second], found)


def _long_enough(sentences: Sequence[Sentence], min_chars: int) -> list[tuple[int, str]]:
    keys = ((n, _SIGNS.sub("", s.text).lower()) for n, s in enumerate(sentences))
    return [(n, k) for n, k in keys if len(k) >= max(GRAM, min_chars)]


class _Pair:
    """The best counterpart of each sentence: row numbers and Jaccard, −1 and 0 where none."""

    def __init__(self, first: Any, second: Any, min_jaccard: float) -> None:
        self.of_second = _best(second, first, min_jaccard)
        self.of_first = _best(first, second, min_jaccard)


def _best(rows: Any, others: Any, min_jaccard: float) -> list[tuple[int, float]]:
    sizes, other_sizes = (np.asarray(m.sum(axis=1)).ravel() for m in (rows, others))
    turned = others.T.tocsc()
    best = [(-1, 0.0)] * rows.shape[0]
    for start in range(0, rows.shape[0], _ROWS):
        common = (rows[start : start + _ROWS] @ turned).tocoo()
        row, column = common.row + start, common.col
        jaccard = common.data / (sizes[row] + other_sizes[column] - common.data)
        near = np.flatnonzero(jaccard >= min_jaccard)
        # The highest Jaccard wins; of several, the one that comes first in its document.
        for i in near[np.lexsort((-column[near], jaccard[near]))]:
            best[row[i]] = (int(column[i]), float(jaccard[i]))
    return best


def _overlap(
    first: int,
    second: int,
    of_first: list[tuple[int, str]],
    of_second: list[tuple[int, str]],
    pair: _Pair | None,
) -> Overlap:
    sentences = []
    for (number, key), (best, jaccard) in zip(
        of_second, pair.of_second if pair else (), strict=False
    ):
        if best >= 0:
            other, other_key = of_first[best]
            sentences.append(
                SharedSentence(
                    first=other, second=number, jaccard=round(jaccard, 4), exact=key == other_key
                )
            )
    keys, other_keys = {k for _, k in of_first}, {k for _, k in of_second}
    return Overlap(
        first=first,
        second=second,
        first_compared=len(of_first),
        second_compared=len(of_second),
        first_shared=sum(b >= 0 for b, _ in pair.of_first) if pair else 0,
        second_shared=len(sentences),
        first_exact=sum(k in other_keys for _, k in of_first),
        second_exact=sum(k in keys for _, k in of_second),
        sentences=tuple(sentences),
    )
