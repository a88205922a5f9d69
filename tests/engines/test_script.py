"""Traditional characters: simplified for matching, kept in the evidence."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.engines import script
from nqpf_cli.engines.base import ReadOptions
from nqpf_cli.errors import MissingExtraError
from nqpf_cli.model import Document, Lexicon, Settings
from nqpf_cli.pipeline import Analyzer

pytest.importorskip("opencc", reason="needs pip install 'nqpf[traditional]'")

TEXT = "加強「關鍵核心技術」攻關，發展戰略性新興產業。"
RULES = Settings(coder="rules")


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("發展數據要素，培育人才", "发展数据要素，培育人才"),
        ("皇后在後面", "皇后在后面"),
        ("頭髮與發展", "头发与发展"),
        ("已经是简体", "已经是简体"),
        ("ABC 123，\n𠀀", "ABC 123，\n𠀀"),
        ("", ""),
    ],
)
def test_characters_are_converted_one_for_one(text: str, simple: str) -> None:
    assert script.simplify(text) == simple


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.characters()))
def test_the_length_stays(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    assert len(script.simplify(text)) == len(text)


def test_where_a_phrase_would_change_its_length_characters_are_converted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Phrases:
        def convert(self, text: str) -> str:
            return {"數": "数", "據": "据據"}.get(text, "longer than it was")

    monkeypatch.setattr(script, "_converter", Phrases)
    assert script.simplify("數據") == "数據"


def test_evidence_is_what_stands_in_the_source(shipped: Lexicon) -> None:
    analyzer = Analyzer(shipped, RULES, ReadOptions(script="simplify"))
    document = analyzer.read_data(TEXT.encode(), "a.txt")
    assert document.raw.text == TEXT
    hits = {h.entry: h for h in analyzer.evidence(document)}
    assert hits["战略性新兴产业"].surface == "戰略性新興產業"
    assert all(TEXT[h.start : h.end] == h.surface for h in hits.values())


def test_it_scores_as_the_simplified_text_does(shipped: Lexicon) -> None:
    one = Analyzer(shipped, RULES, ReadOptions(script="simplify"))
    two = Analyzer(shipped, RULES)
    traditional, simplified = (
        a.score(a.read_data(text.encode(), "a.txt")).to_dict()
        for a, text in ((one, TEXT), (two, script.simplify(TEXT)))
    )
    assert traditional["indicators"] == simplified["indicators"]
    assert any(m.get("hits") for m in traditional["indicators"].values())


def test_without_the_option_characters_are_as_they_are(
    read: Callable[..., Document],
) -> None:
    assert read(TEXT).sentences[0].text == TEXT


@pytest.fixture
def no_opencc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    script._converter.cache_clear()
    monkeypatch.setitem(sys.modules, "opencc", None)
    yield
    script._converter.cache_clear()


@pytest.mark.usefixtures("no_opencc")
def test_without_the_extra_its_install_command_is_told(read: Callable[..., Document]) -> None:
    with pytest.raises(MissingExtraError, match="traditional") as e:
        read(TEXT, script="simplify")
    assert e.value.exit_code == 5
    assert "pip install 'nqpf[traditional]'" in str(e.value.hint)
    assert read(TEXT).sentences


REPORT = """關於推動區域協調發展的意見
目錄
一、總體要求 1
二、存在的主要問題 2
三、重點任務 3
參考文獻 4
一、總體要求
    堅持創新驅動，培育新質生產力。
二、存在的主要問題
    產業鏈還不完整，頭髮絲大小的零件也要進口。
（一）人才不足
    乾旱地區的人才引進還有困難。
三、重點任務
第一節 打造產業集群
    發展戰略性新興產業，後續工作由各部門落實。
參考文獻
[1] 張三：《區域經濟與產業轉移》，某大學出版社2020年版。
"""


def test_a_traditional_document_has_the_structure_of_a_simplified_one(
    read: Callable[..., Document],
) -> None:
    traditional = read(REPORT, script="simplify")
    simplified = read(script.simplify(REPORT))
    seen = [(b.kind, b.level, b.section, b.text) for b in traditional.blocks]
    assert seen == [(b.kind, b.level, b.section, b.text) for b in simplified.blocks]
    kinds = {b.text: (b.kind, b.section) for b in traditional.blocks}
    assert kinds["目录"][0] == "toc"
    assert kinds["二、存在的主要问题"] == ("heading", "problems")
    assert kinds["干旱地区的人才引进还有困难。"] == ("paragraph", "problems")
    assert kinds["第一节打造产业集群"] == ("heading", "plan")
    assert kinds["[1] 张三：《区域经济与产业转移》，某大学出版社2020年版。"][0] == "references"
    assert traditional.raw.text == REPORT
    for b in traditional.blocks:
        surface = "".join(REPORT[i] for i in b.sources)
        assert script.simplify(surface) == b.text


def test_a_phrase_over_a_line_end_is_seen(read: Callable[..., Document]) -> None:
    lines = "\n".join(["發展產業要有扭轉乾", "坤的決心與不懈的努"] * 8)  # 乾 alone would be 干
    assert "扭转乾坤的决心" in "".join(b.text for b in read(lines, script="simplify").blocks)
