from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.corpus.boilerplate import Overlap, overlaps
from nqpf_cli.documents import read_document
from nqpf_cli.engines.base import ReadOptions
from nqpf_cli.model import Document

Read = Callable[..., Document]


def document(*sentences: str) -> Document:
    return read_document("".join(f"{s}。\n" for s in sentences).encode(), "x.txt", ReadOptions())


def jaccard(a: str, b: str) -> float:
    first, second = ({s[i : i + 3] for i in range(len(s) - 2)} for s in (a, b))
    return len(first & second) / len(first | second)


def found(o: Overlap) -> list[tuple[int, int, float, bool]]:
    return [(s.first, s.second, s.jaccard, s.exact) for s in o.sentences]


LAST = ("大力发展海洋经济和临港产业", "粮食总产量稳定在六百亿斤以上", "今天天气很好")
THIS = ("今天天气很好", "粮食总产量稳定在七百亿斤以上", "大力发展“海洋经济”，和临港产业")


def test_sentences_are_shared_word_for_word_or_nearly() -> None:
    (o,) = overlaps([document(*LAST), document(*THIS)], min_chars=10)
    assert found(o) == [
        (1, 1, round(jaccard(LAST[1], THIS[1]), 4), False),
        (0, 2, 1.0, True),  # punctuation does not count
    ]
    assert (o.first_compared, o.second_compared) == (2, 2)
    assert (o.first_shared, o.second_shared) == (2, 2)
    assert (o.first_exact, o.second_exact) == (1, 1)


def test_short_sentences_count_when_asked_for() -> None:
    (o,) = overlaps([document(*LAST), document(*THIS)], min_chars=3)
    assert (2, 0, 1.0, True) in found(o)


def test_the_nearest_counterpart_is_shown_and_of_equals_the_first() -> None:
    near, same = "推动城乡融合发展迈出新步子", "推动城乡融合发展迈出新步伐"
    (o,) = overlaps([document(near, same, same), document(same)], min_chars=5)
    assert found(o) == [(1, 0, 1.0, True)]
    assert (o.first_shared, o.second_shared) == (3, 1)
    assert (o.first_exact, o.second_exact) == (2, 1)


def test_every_pair_is_told_in_order_and_nothing_is_found_in_nothing() -> None:
    documents = [document(*LAST), document("天气"), document(*THIS)]
    told = list(overlaps(documents))
    assert [(o.first, o.second) for o in told] == [(0, 1), (0, 2), (1, 2)]
    assert (told[0].second_compared, told[0].sentences) == (0, ())
    assert next(overlaps([document("天"), document("地")])).sentences == ()


def test_blocks_of_rows_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [document(*LAST), document(*THIS)]
    whole = list(overlaps(documents, min_chars=3))
    monkeypatch.setattr("nqpf_cli.corpus.boilerplate._ROWS", 1)
    assert list(overlaps(documents, min_chars=3)) == whole


sentences = st.lists(st.text("发展创新", min_size=3, max_size=12), min_size=1, max_size=6)


@given(sentences, sentences, st.sampled_from([0.3, 0.5, 1.0]))
def test_no_pair_is_missed_and_none_is_false(
    first: list[str], second: list[str], least: float
) -> None:
    (o,) = overlaps([document(*first), document(*second)], min_jaccard=least, min_chars=3)
    a, b = ([s.text.rstrip("。") for s in document(*t).sentences] for t in (first, second))
    pairs = [
        (i, j) for i, j in product(range(len(a)), range(len(b))) if jaccard(a[i], b[j]) >= least
    ]
    assert {s.second for s in o.sentences} == {j for _, j in pairs}
    assert o.first_shared == len({i for i, _ in pairs})
    for s in o.sentences:
        best = max(jaccard(x, b[s.second]) for x in a)
        assert s.jaccard == round(best, 4) == round(jaccard(a[s.first], b[s.second]), 4)
