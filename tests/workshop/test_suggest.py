"""Terms that a lexicon may lack: which ones are proposed, with which figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log, log2

import pytest

from nqpf_cli.model import Entry, Lexicon
from nqpf_cli.workshop.suggest import CorpusSentence, Suggestion, suggest

MakeEntry = Callable[..., Entry]
MakeLexicon = Callable[..., Lexicon]


class Spaces:
    """Cuts at spaces, so that a test says what the tokens are."""

    name = "spaces"

    def cut(self, text: str) -> list[str]:
        return text.split(" ")


def corpus(*rows: tuple[str, int, bool]) -> list[CorpusSentence]:
    """Sentences of given tokens, so often, inside or outside; documents take turns."""
    return [
        CorpusSentence(n % 3, text, inside, ("过剩",) if inside else ())
        for text, times, inside in rows
        for n in range(times)
    ]


@pytest.fixture(scope="module")
def lexicon(make_entry: MakeEntry, make_lexicon: MakeLexicon) -> Lexicon:
    return make_lexicon(
        make_entry("过剩", "lockin.legacy", stance="problem"),
        make_entry("低端…锁定", "lockin.legacy", stance="problem", kind="gap"),
    )


def go(sentences: Sequence[CorpusSentence], lexicon: Lexicon, limit: int = 40) -> list[Suggestion]:
    return suggest(sentences, Spaces(), lexicon, limit)


def terms(found: Sequence[Suggestion]) -> set[str]:
    return {s.term for s in found}


PLENTY = corpus(
    ("钢铁 产能 过剩 。", 12, True),
    ("钢铁 厂 搬迁 。", 3, False),
    ("天气 很 好 。", 40, False),
)


def test_what_keeps_company_with_the_category_is_proposed(lexicon: Lexicon) -> None:
    found = go(PLENTY, lexicon)
    assert {"钢铁", "产能", "钢铁产能"} <= terms(found)
    assert not terms(found) & {"天气", "搬迁", "很好"}


def test_what_the_lexicon_holds_or_would_count_is_not(lexicon: Lexicon) -> None:
    assert not [t for t in terms(go(PLENTY, lexicon)) if "过剩" in t]


def test_the_figures_are_those_of_the_formulas(lexicon: Lexicon) -> None:
    (s,) = [s for s in go(PLENTY, lexicon) if s.term == "钢铁"]
    k, n, held, total = 12, 15, 12, 55
    assert (s.count, s.inside, s.documents) == (n, k, 3)
    g2 = 2 * (k * log(k / (n * held / total)) + (n - k) * log((n - k) / (n * (1 - held / total))))
    assert s.g2 == pytest.approx(g2, abs=0.005)
    assert s.log_ratio == pytest.approx(log2((12.5 / 12) / (3.5 / 43)), abs=0.005)
    assert s.log_dice == pytest.approx(14 + log2(24 / 27), abs=0.005)
    assert s.example == "钢铁 产能 过剩 。"


def test_the_most_telling_comes_first_and_the_limit_holds(lexicon: Lexicon) -> None:
    found = go(PLENTY, lexicon)
    assert [s.g2 for s in found] == sorted((s.g2 for s in found), reverse=True)
    assert go(PLENTY, lexicon, 1) == go(PLENTY, lexicon, 1)
    assert len(go(PLENTY, lexicon, 1)) == 1


def test_words_used_alike_are_near_in_meaning(lexicon: Lexicon) -> None:
    sentences = corpus(
        ("产能 过剩 严重 。", 15, True),
        ("落后 过剩 项目 。", 6, True),
        ("落后 山区 学校 。", 5, False),
        ("山区 学校 天气 。", 30, False),
    )
    cosine = {s.term: s.cosine for s in go(sentences, lexicon)}
    assert cosine["产能"] is not None
    assert cosine["落后"] is not None
    assert 1 >= cosine["产能"] > cosine["落后"] > 0


def test_a_corpus_of_one_sentence_again_and_again_raises_no_warning(lexicon: Lexicon) -> None:
    sentences = corpus(("钢铁 产能 过剩 。", 12, True), ("天气 很 好 。", 36, False))
    assert {s.cosine for s in go(sentences, lexicon)} == {1.0}


def test_the_same_corpus_gives_the_same_figures(lexicon: Lexicon) -> None:
    assert go(PLENTY, lexicon) == go(PLENTY, lexicon)


@pytest.mark.parametrize(
    "sentences",
    [
        [],
        corpus(("天气 很 好 。", 40, False)),
        corpus(("钢铁 产能 过剩 。", 4, True), ("天气 很 好 。", 40, False)),  # too few
        corpus(("2024 A 1 ， % 过剩", 12, True), ("天气 很 好 。", 40, False)),  # no words
        corpus(("钢铁 产能 过剩 。", 12, True)),  # nothing to compare with
        [CorpusSentence(0, s.text, s.inside, s.surfaces) for s in PLENTY],  # one document
    ],
    ids=["none", "outside", "few", "figures", "inside", "one document"],
)
def test_nothing_is_proposed_on_thin_evidence(
    sentences: list[CorpusSentence], lexicon: Lexicon
) -> None:
    assert go(sentences, lexicon) == []
