"""What changes between two lexicons: entries, and labels of sentences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nqpf_cli.analysis.coder import RuleCoder
from nqpf_cli.model import Entry, Lexicon
from nqpf_cli.workshop.diff import entry_changes, label_changes

MakeEntry = Callable[..., Entry]
MakeLexicon = Callable[..., Lexicon]
MakeCoder = Callable[..., RuleCoder]


@pytest.fixture(scope="module")
def old(make_entry: MakeEntry) -> tuple[Entry, ...]:
    return (
        make_entry("人才"),
        make_entry("工匠"),
        make_entry("产能过剩", "lockin.legacy", stance="problem"),
    )


@pytest.fixture(scope="module")
def new(make_entry: MakeEntry) -> tuple[Entry, ...]:
    return (
        make_entry("人才", "relations.people"),
        make_entry("工匠"),
        make_entry("产能过剩", "lockin.legacy", stance="remedy"),
        make_entry("低碳", "relations.green"),
    )


def test_entries_that_only_one_has(
    make_lexicon: MakeLexicon, old: tuple[Entry, ...], new: tuple[Entry, ...]
) -> None:
    changes = entry_changes(make_lexicon(*old), make_lexicon(*new))
    assert [(c.change, c.target, c.term, c.stance) for c in changes] == [
        ("removed", "factor.labour", "人才", None),
        ("removed", "lockin.legacy", "产能过剩", "problem"),
        ("added", "lockin.legacy", "产能过剩", "remedy"),
        ("added", "relations.green", "低碳", None),
        ("added", "relations.people", "人才", None),
    ]


def test_a_lexicon_does_not_differ_from_itself(
    make_lexicon: MakeLexicon, make_coder: MakeCoder, old: tuple[Entry, ...]
) -> None:
    lexicon, coder = make_lexicon(*old), make_coder(*old)
    assert entry_changes(lexicon, lexicon) == []
    assert list(label_changes([("a.txt", 1, "培育人才。")], coder, coder)) == []


def test_sentences_that_are_labelled_differently(
    make_coder: MakeCoder, old: tuple[Entry, ...], new: tuple[Entry, ...]
) -> None:
    sentences = [
        ("a.pdf", 1, "培育工匠。"),
        ("a.pdf", 2, "培育人才和工匠，发展低碳。"),
        ("b.txt", None, "产能过剩。"),
        ("b.txt", None, "今天天气很好。"),
    ]
    second, last = label_changes(sentences, make_coder(*old), make_coder(*new))
    assert (second.path, second.page, second.text) == sentences[1]
    assert (second.lost, second.gained) == ((), ("relations",))
    assert second.terms == ("低碳",)  # 人才 is found by both, for other categories
    assert (last.path, last.page) == ("b.txt", None)
    assert (last.lost, last.gained) == (("lockin.problem",), ("lockin.remedy",))


def test_sentences_are_coded_as_they_are_asked_for(
    make_coder: MakeCoder, old: tuple[Entry, ...], make_entry: MakeEntry
) -> None:
    def endless() -> object:
        while True:
            yield "a.txt", None, "培育人才。"

    changes = label_changes(endless(), make_coder(*old), make_coder(make_entry("低碳")))  # type: ignore[arg-type]
    assert next(changes).lost == ("factor",)
