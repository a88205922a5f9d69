"""How entries fare in a corpus: dead, rare, redundant, dominant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

from nqpf_cli.analysis.coder import RuleCoder
from nqpf_cli.lexicon.check import EntryUse, use_in_corpus
from nqpf_cli.model import Entry, Lexicon

MakeEntry = Callable[..., Entry]


@pytest.fixture(scope="module")
def use(
    make_lexicon: Callable[..., Lexicon], make_coder: Callable[..., RuleCoder]
) -> Callable[..., dict[str, EntryUse]]:
    def go(corpus: Iterable[Sequence[str]], *entries: Entry) -> dict[str, EntryUse]:
        lexicon = make_lexicon(*entries)
        code, every = (make_coder(*entries, nested=n).code_all for n in ("category", "all"))
        return {u.entry.term: u for u in use_in_corpus(lexicon, corpus, code, every)}

    return go


def test_a_share_is_that_of_the_category(use: Any, make_entry: MakeEntry) -> None:
    entries = [make_entry(t) for t in ("人才", "技师", "工匠", "专家", "学者")]
    entries.append(make_entry("低碳", "relations.green"))
    text = ["人才、技师、工匠、专家、学者。低碳。"]
    uses = use([text, text], *entries)
    assert [u.verdict for u in uses.values()] == ["ok"] * 5 + ["dominant"]
    assert uses["人才"].share == pytest.approx(0.2)
    assert uses["低碳"].share == 1


def test_documents_are_counted_once_and_sentences_each(use: Any, make_entry: MakeEntry) -> None:
    uses = use([["人才。", "人才和人才。"], ["无。"], []], make_entry("人才"))
    u = uses["人才"]
    assert (u.documents, u.found, u.hits, u.verdict) == (1, 3, 3, "rare")


def test_an_entry_that_a_longer_one_always_holds_is_redundant(
    use: Any, make_entry: MakeEntry
) -> None:
    uses = use([["人才市场。"], ["人才市场。"]], make_entry("人才"), make_entry("人才市场"))
    assert (uses["人才"].found, uses["人才"].hits) == (2, 0)
    assert uses["人才"].verdict == "redundant"


def test_an_entry_of_another_category_takes_nothing_away(use: Any, make_entry: MakeEntry) -> None:
    other = make_entry("人才市场", "relations.people")
    assert use([["人才市场。"], ["人才市场。"]], make_entry("人才"), other)["人才"].hits == 2


def test_entries_that_only_silence_are_not_judged(use: Any, make_entry: MakeEntry) -> None:
    assert list(use([["人才。"]], make_entry("人才"), make_entry("人才市场", weight=0))) == ["人才"]


def test_a_context_that_voids_a_hit_leaves_the_entry_dead(use: Any, make_entry: MakeEntry) -> None:
    uses = use([["人才市场。"]], make_entry("人才", unless=("人才市场",)))
    assert (uses["人才"].found, uses["人才"].verdict) == (0, "dead")


def test_no_corpus_leaves_all_dead(use: Any, make_entry: MakeEntry) -> None:
    assert use([], make_entry("人才"))["人才"].verdict == "dead"
