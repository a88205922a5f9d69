from __future__ import annotations

import unicodedata
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.analysis.normalize import bare, han_count, is_han, normalize, squeeze
from nqpf_cli.analysis.skeletons import Skeletons
from nqpf_cli.analysis.strings import han_counts

SUPPLEMENT = [chr(c) for c in range(0x2E80, 0x2F00) if unicodedata.name(chr(c), "")]
KANGXI = [chr(c) for c in range(0x2F00, 0x2FE0) if unicodedata.name(chr(c), "")]

# Arbitrary characters, thick with the ones that need work.
texts = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("人才机制，。：“”《》 \u3000\t\n\f\r\u200b\ufeff\xa0ＡＺ０９①㎡ﬁ⼯⻓İß"),
    )
)


@given(texts, st.integers(0, 1000))
def test_normalized_characters_know_where_they_come_from(text: str, start: int) -> None:
    clean, sources = normalize(text, start)
    assert len(clean) == len(sources)
    assert list(sources) == sorted(sources)
    for char, source in zip(clean, sources, strict=True):
        assert char in normalize(text[source - start])[0]


@given(texts)
def test_normalizing_twice_changes_nothing(text: str) -> None:
    once, _ = normalize(text)
    assert normalize(once)[0] == once


@given(texts)
def test_normalizing_a_text_is_normalizing_its_parts(text: str) -> None:
    middle = len(text) // 2
    assert normalize(text)[0] == normalize(text[:middle])[0] + normalize(text[middle:])[0]


@given(texts)
def test_squeezing_drops_spaces_and_nothing_else(text: str) -> None:
    squeezed, sources = squeeze(text, array("I", range(len(text))))
    assert len(squeezed) == len(sources)
    assert list(sources) == sorted(set(sources))
    assert squeezed == "".join(text[s] for s in sources)
    dropped = set(range(len(text))) - set(sources)
    assert "".join(text[i] for i in sorted(dropped)).strip() == ""


@given(texts)
def test_skeleton_characters_know_where_they_come_from(text: str) -> None:
    sentences = Skeletons([text])
    folded = sentences.skeleton(0)
    places = [sentences.span(0, n, n + 1)[0] for n in range(len(folded))]
    assert folded == bare(text)
    assert len(folded) == len(places)
    assert list(places) == sorted(set(places))
    plain = dict(zip("＋－％．／＆", "+-%./&", strict=True))
    for char, source in zip(folded, places, strict=True):
        assert char in (text[source], text[source].lower(), plain.get(text[source]))
    assert not set(folded) & set("“”\"‘’'「」『』《》〈〉 \n")


def test_every_radical_is_in_the_tables_of_unicode() -> None:
    assert (len(SUPPLEMENT), len(KANGXI)) == (115, 214)


@pytest.mark.parametrize("block", [SUPPLEMENT, KANGXI], ids=["supplement", "kangxi"])
def test_every_radical_becomes_one_character_that_is_no_radical(block: list[str]) -> None:
    for radical in block:
        clean, _ = normalize(f"加{radical}强")
        assert len(clean) == 3, radical
        assert not "\u2e80" <= clean[1] <= "\u2fdf", radical


def test_kangxi_radicals_become_what_unicode_says() -> None:
    assert normalize("".join(KANGXI))[0] == unicodedata.normalize("NFKC", "".join(KANGXI))


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("⾼质量发展⼈⺠⽣活⽔平", "高质量发展人民生活水平"),
        ("⻓三⻆", "长三角"),
        ("⻘年⻛险", "青年风险"),
        ("２０２５年ＡＩ产业", "2025年AI产业"),
        ("人\u200b才\ufeff队\xad伍", "人才队伍"),
        ("一、回顾\u3000展望", "一、回顾 展望"),
        ("豈樂", "豈樂"),
    ],
)
def test_characters_become_what_a_reader_sees(seen: str, meant: str) -> None:
    assert normalize(seen)[0] == meant


@pytest.mark.parametrize("text", ["，：；！？（）", "“”‘’《》", "①②③", "㎡㎏", "……——"])
def test_punctuation_and_units_stay(text: str) -> None:
    assert normalize(text)[0] == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("体 制 机 制", "体制机制"),
        ("  一、 回顾  ", "一、回顾"),
        ("发展 AI 产业", "发展 AI 产业"),
        ("New York 市", "New York 市"),
        ("增长 5.8 %", "增长 5.8 %"),
        ("一, 回顾", "一,回顾"),
        ("a, 回顾; b", "a, 回顾; b"),
        (", 回顾", ", 回顾"),
        ("AI （ AI  ） AI", "AI （AI） AI"),
        ("𠮷 林 “ 人”", "𠮷林“人”"),
    ],
)
def test_spaces_between_han_characters_go(text: str, expected: str) -> None:
    assert squeeze(text, array("I", range(len(text))))[0] == expected


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("AI、6G。", 0), ("人才 strategy 〇", 3), ("𠮷林", 2)]
)
def test_han_characters_are_counted(text: str, count: int) -> None:
    assert han_count(text) == count == sum(map(is_han, text))
    assert han_counts(["人。", text, ""]) == [1, count, 0]
