from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.errors import UsageError
from nqpf_cli.segmenters.base import boundaries
from nqpf_cli.segmenters.jieba_ import JiebaSegmenter
from nqpf_cli.segmenters.registry import resolve

texts = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("中部地区人才，。 a1\n"))
)


@given(texts)
def test_the_tokens_joined_are_the_text(jieba: JiebaSegmenter, text: str) -> None:
    assert "".join(jieba.cut(text)) == text


@given(texts)
def test_boundaries_are_offsets_of_the_text(jieba: JiebaSegmenter, text: str) -> None:
    edges = boundaries(jieba, text)
    assert {0, len(text)} <= edges
    assert all(0 <= e <= len(text) for e in edges)


def test_known_words(jieba: JiebaSegmenter) -> None:
    assert jieba.cut("推动中部地区崛起") == ["推动", "中部", "地区", "崛起"]


def test_words_added_to_the_global_tokenizer_change_nothing(jieba: JiebaSegmenter) -> None:
    before = jieba.cut("推动中部地区崛起")
    module = sys.modules["jieba"]
    module.add_word("推动中部")
    try:
        assert jieba.cut("推动中部地区崛起") == before
    finally:
        module.del_word("推动中部")


def test_the_dictionary_cache_lies_in_the_cache_folder(
    jieba: JiebaSegmenter, own_cache: Path
) -> None:
    jieba.cut("人才")
    assert list((own_cache / "nqpf" / "jieba").glob("*.cache"))


def test_loading_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    JiebaSegmenter().cut("人才")
    assert capfd.readouterr() == ("", "")


def test_segmenters_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    make: Callable[[str], object] = resolve
    assert isinstance(make("jieba"), JiebaSegmenter)
    with pytest.raises(UsageError, match="pkuseg"):
        make("pkuseg")
