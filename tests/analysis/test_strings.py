"""Many strings in a text at once: all of them, wherever they stand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.analysis import coder, strings
from nqpf_cli.analysis.coder import RuleCoder
from nqpf_cli.analysis.strings import Strings, Trie, codes_of
from nqpf_cli.model import Entry

some_text = st.text("人才市场ab𠮷\n", max_size=30)
some_strings = st.lists(
    st.text("人才市场ab𠮷", min_size=1, max_size=6), min_size=1, max_size=12, unique=True
)


def places(looked_for: list[str], text: str) -> set[tuple[int, int, int]]:
    found = Strings(Trie.of(looked_for)).find(codes_of(text))
    return set(zip(*(x.tolist() for x in found), strict=True))


def plainly(looked_for: list[str], text: str) -> set[tuple[int, int, int]]:
    return {
        (at, at + len(s), n)
        for n, s in enumerate(looked_for)
        for at in range(len(text))
        if text.startswith(s, at)
    }


@given(some_strings, some_text)
def test_every_place_is_found_and_no_other(looked_for: list[str], text: str) -> None:
    assert places(looked_for, text) == plainly(looked_for, text)


@given(some_strings, some_text)
def test_many_keys_are_found_as_few_are(looked_for: list[str], text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strings, "_MANY", 0)
        assert places(looked_for, text) == plainly(looked_for, text)


def test_keys_that_share_a_place_of_the_table_are_all_found() -> None:
    random = np.random.default_rng(5)
    pool = [chr(0x4E00 + n) for n in range(60)]
    words = sorted({"".join(random.choice(pool, 3)) for _ in range(4000)})
    text = "".join(random.choice(pool, 8000))
    found = places(words, text)
    known = {word: n for n, word in enumerate(words)}
    wanted = {(at, at + 3, known.get(text[at : at + 3], -1)) for at in range(len(text) - 2)}
    assert found == {place for place in wanted if place[2] >= 0}
    assert len(found) > 100


@given(st.lists(st.sampled_from(["人才兴。", "", "“人 才”市场", "产业", "其他。"]), max_size=8))
def test_sentences_are_coded_alike_alone_together_and_in_parts(
    make_coder: Callable[..., RuleCoder], make_entry: Callable[..., Entry], texts: list[str]
) -> None:
    rules = make_coder(
        make_entry("人才"), make_entry("(人才|产业)…(兴|市场)", "industry.chain", kind="gap")
    )
    alone = [rules.code(text) for text in texts]
    assert list(rules.code_all(texts)) == alone
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coder, "_AT_ONCE", 5)
        parts = rules.code_all(texts)
        assert list(parts) == alone
        assert parts[1:] == alone[1:]
        assert len(parts.labels) == len(texts)
        assert (np.diff(parts.sentences) >= 0).all()
