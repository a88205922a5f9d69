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


def told(read: Read, *lines: str) -> list[str]:
    return [b.section for b in read("\n".join(lines)).blocks]


PAST = "一年来，各项工作迈上新的台阶。"
WRONG = "在肯定成绩的同时，我们也清醒认识到，创新能力还不强。"
AIMS = "今年是示例规划的开局之年，做好各项工作意义重大。"
FIGURES = "今年经济社会发展主要预期目标是：地区生产总值增长5%。"
TASKS = "重点做好以下工作："
TASK = "（一）培育新兴产业。支持企业加大研发投入，建设中试平台。"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # One heading for aims and tasks, whatever it is called.
        *(
            (
                ["一、2024年工作回顾", PAST, WRONG, heading, AIMS, FIGURES, TASKS, TASK],
                ["review", "review", "problems", None, "outlook", "outlook", "plan", "plan"],
            )
            for heading in (
                "二、2025年工作安排",
                "二、2025年目标任务和重点工作",
                "二、牢记嘱托，在新征程上奋勇争先",
                "2025年工作安排",
            )
        ),
        # Headings that say nothing: the opening words of paragraphs do.
        (
            ["一、勇毅前行，各项事业取得新进展", PAST, WRONG, "二、乘势而上，奋力开创新局面", TASK],
            [None, "review", "problems", "plan", "plan"],
        ),
        # The tasks of a plan to come are aims.
        (
            [
                "一、工作回顾",
                PAST,
                "二、“十五五”时期主要目标任务",
                TASK,
                "三、2026年重点工作",
                TASK,
            ],
            ["review", "review", "outlook", "outlook", "plan", "plan"],
        ),
        (
            [
                "二、“十四五”时期发展成就和“十五五”时期主要目标任务",
                "过去五年，综合实力跃上新台阶。",
                "“十五五”时期，要在改革创新上走在前列。",
                TASK,
            ],
            ["review", "review", "outlook", "outlook"],
        ),
        # Numbered demands are no tasks; what follows without a word for it is.
        (
            ["一、总体要求", "（一）指导思想。坚持创新驱动。", "二、培育创新主体", TASK],
            ["outlook", "outlook", "plan", "plan"],
        ),
        (["三、2025年重点工作", TASKS, TASK, "四、加强自身建设", PAST], ["plan"] * 5),
        # What closes a report is read to its end.
        (
            ["二、2025年工作安排", TASK, "附件", "2025年实事清单", "一、稳定就业", "新增岗位。"],
            ["plan", "plan", "annex", "annex", "annex", "annex"],
        ),
        (
            [
                "一、工作回顾",
                "同时，还存在不少问题，主要是：",
                "一是人才不足。",
                "各位代表！",
                PAST,
            ],
            ["review", "problems", "problems", "review", "review"],
        ),
        # Difficulties that were met, or that a task meets, are no list of problems.
        (
            [
                "一、工作回顾",
                "面对不少困难和挑战，我们顶压前行。",
                "二、2025年工作安排",
                AIMS,
                WRONG,
            ],
            ["review", "review", "plan", "outlook", "outlook"],
        ),
        (["第一章 总则", "第一条 为了促进发展，制定本条例。"], ["other", "other"]),
    ],
)
def test_sections_by_headings_and_opening_words(
    read: Read, lines: list[str], expected: list[str | None]
) -> None:
    found = told(read, *lines)
    assert [f for f, e in zip(found, expected, strict=True) if e] == [e for e in expected if e]
