"""The words of documents, and how alike documents are by them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nqpf_cli.model import Sentence
from nqpf_cli.segmenters.base import Segmenter

# A token with a letter or a Han character in it: no punctuation, no bare number.
_WORD = re.compile(r"\w*[^\W\d_]\w*")


def words_of(sentences: Iterable[Sentence], segmenter: Segmenter) -> Counter[str]:
    """Return how often each word stands in sentences; ASCII letters in lower case."""
    found: Counter[str] = Counter()
    for s in sentences:
        found.update(t.lower() for t in segmenter.cut(s.text) if _WORD.fullmatch(t))
    return found


def tfidf(documents: Sequence[Mapping[str, int]]) -> Any:
    """Return the tf-idf vectors of documents, a row a document: a sparse matrix, rows of length 1.

    tf is 1 + ln n and idf is ln((1 + D) ÷ (1 + df)) + 1, with D and df counted in ``documents``
    (scikit-learn's smooth idf; Manning, Raghavan & Schütze 2008, ch. 6).
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.feature_extraction.text import TfidfTransformer

    counts = DictVectorizer().fit_transform(documents)
    return TfidfTransformer(sublinear_tf=True).fit_transform(counts)


def cosines(vectors: Any) -> list[list[float]]:
    """Return the cosine of every row of ``vectors`` with every other, between 0 and 1."""
    products = (vectors @ vectors.T).toarray()
    return [[min(1.0, round(float(v), 6)) for v in row] for row in products]
