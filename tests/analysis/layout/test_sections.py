from __future__ import annotations

from collections.abc import Callable

import pytest

from nqpf_cli.model import Document

Read = Callable[..., Document]


def sections(document: Document) -> dict[str, str]:
    return {s.text: s.section for s in document.sentences}


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("第一篇 总则", 1),
        ("一、2024年工作回顾", 1),
        ("第三章 发展目标", 1),
        ("第二节 数据要素", 2),
        ("（三）促进科技创新", 2),
        ("1.培育人才", 3),
        ("（4）引进团队", 4),
    ],
)
def test_numbered_lines_are_headings(read: Read, line: str, level: int) -> None:
    block = read(f"{line}\n人才是第一资源。").blocks[0]
    assert (block.kind, block.level) == ("heading", level)


@pytest.mark.parametrize(
    "line",
    ["一、坚持人才是第一资源，坚持创新是第一动力。", "1.5万亿元", "人才工作", "一、" + "长" * 60],
)
def test_sentences_are_no_headings(read: Read, line: str) -> None:
    assert read(f"{line}\n人才是第一资源。").blocks[0].kind == "paragraph"


def test_the_section_is_that_of_the_heading_above(read: Read) -> None:
    found = sections(
        read(
            "一、2024年工作回顾\n成绩显著。\n（一）科技\n突破不断。\n"
            "二、存在的问题和不足\n差距不小。\n三、2025年重点任务\n加快发展。\n附件\n名单。"
        )
    )
    assert found["成绩显著。"] == found["突破不断。"] == "review"
    assert found["差距不小。"] == "problems"
    assert found["加快发展。"] == "plan"


def test_a_paragraph_that_announces_problems_is_about_problems(read: Read) -> None:
    found = sections(
        read("一、工作回顾\n我们也清醒看到，发展还面临不少困难。创新能力不强。\n成绩来之不易。")
    )
    assert found["创新能力不强。"] == "problems"
    assert found["成绩来之不易。"] == "review"


@pytest.mark.parametrize("heading", ["参考文献", "参考文献：", "参 考 文 献", "References"])
def test_references_are_not_scored(read: Read, heading: str) -> None:
    document = read(f"人才是第一资源。\n{heading}\n[1]张三.论人才[J].2024.\n李四. 数据.")
    assert list(sections(document)) == ["人才是第一资源。"]
    assert {b.kind for b in document.blocks} == {"paragraph", "references"}
