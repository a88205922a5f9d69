from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from math import log, sqrt

import pytest

from nqpf_cli.corpus.words import cosines, tfidf, words_of
from nqpf_cli.model import Document
from nqpf_cli.segmenters.jieba_ import JiebaSegmenter


def test_words_are_tokens_with_a_letter(
    read: Callable[..., Document], jieba: JiebaSegmenter
) -> None:
    document = read("发展AI产业，发展5G网络；增长12%。\n")
    words = words_of(document.sentences, jieba)
    assert words == Counter({"发展": 2, "ai": 1, "产业": 1, "5g": 1, "网络": 1, "增长": 1})


def test_the_cosine_is_that_of_the_formula() -> None:
    a, b = {"发展": 3, "海洋": 1}, {"发展": 1, "草原": 2}
    rare = log(3 / 2) + 1  # in one of two documents; a word of both has the idf 1
    x, y = (1 + log(3), rare, 0.0), (1.0, 0.0, rare * (1 + log(2)))
    expected = sum(p * q for p, q in zip(x, y, strict=True)) / sqrt(
        sum(p * p for p in x) * sum(q * q for q in y)
    )
    found = cosines(tfidf([a, b]))
    assert found[0][1] == found[1][0] == pytest.approx(expected, abs=1e-6)
    assert found[0][0] == found[1][1] == 1


def test_documents_without_a_common_word_are_not_alike() -> None:
    assert cosines(tfidf([{"海洋": 1}, {"草原": 2}]))[0][1] == 0
    assert cosines(tfidf([{"海洋": 1}, {}])) == [[1, 0], [0, 0]]
