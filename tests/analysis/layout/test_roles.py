from __future__ import annotations

from collections.abc import Callable

import pytest

from nqpf_cli.model import Document

Read = Callable[..., Document]


def kinds(document: Document) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for b in document.blocks:
        found.setdefault(b.kind, []).append(b.text)
    return found


def paged(numbers: list[str]) -> str:
    bodies = ("人才是资源。\n加快引育。", "数据是要素。\n推动流通。", "绿色是底色。\n守护蓝天。")
    return "\f".join(
        f"某省政府工作报告\n{body}\n{number}" for body, number in zip(bodies, numbers, strict=True)
    )


@pytest.mark.parametrize(
    "number",
    ["{}", "— {} —", "第{}页", "{}/3"],
)
def test_headers_and_page_numbers_are_furniture(read: Read, number: str) -> None:
    numbers = [number.format(n) for n in (1, 2, 3)]
    found = kinds(read(paged(numbers)))
    assert found["furniture"] == [x for n in numbers for x in ("某省政府工作报告", n)]
    assert len(found["paragraph"]) == 6


@pytest.mark.parametrize("number", ["第{}页", "第 {} 页", "第{}页 共二十页", "第{}页，共二十页"])
def test_page_numbers_in_words_are_furniture(read: Read, number: str) -> None:
    found = kinds(read(paged([number.format(n) for n in ("九", "十", "十一")])))
    assert len(found["furniture"]) == 6
    assert len(found["paragraph"]) == 6


def test_the_address_of_a_printed_web_page_is_furniture(read: Read) -> None:
    address = "https://www.example.gov.cn/zwgk/2025-03/12/content_5512.html?from=search&page={}/3"
    found = kinds(read(paged([address.format(n) for n in (1, 2, 3)])))
    assert len(found["furniture"]) == 6


def test_a_text_without_pages_has_no_furniture(read: Read) -> None:
    assert "furniture" not in kinds(read("2025\n人才是第一资源。\n2025\n人才是第一资源。\n2025"))


def test_a_sentence_that_returns_on_every_page_is_kept_in_the_middle(read: Read) -> None:
    page = "页首{n}甲\n页首{n}乙\n人才是第一资源。\n页尾{n}丙\n页尾{n}丁"
    document = read("\f".join(page.replace("{n}", "子丑寅"[n]) for n in range(3)))
    assert kinds(document)["paragraph"].count("人才是第一资源。") == 3


LEADERS = [
    "……………",
    "........",
    "········",
    ". . . . . . ",
    "．．．．．．",
    "‥‥‥‥",
    "______",
    "------",
    "——————",
]


@pytest.mark.parametrize("leader", LEADERS)
def test_lines_with_leaders_are_contents(read: Read, leader: str) -> None:
    document = read(f"一、工作回顾{leader}2\n二、重点任务{leader}15\n一、工作回顾\n成绩显著。")
    assert kinds(document)["toc"] == [f"一、工作回顾{leader}2", f"二、重点任务{leader}15"]
    assert [s.text for s in document.sentences] == ["一、工作回顾", "成绩显著。"]


@pytest.mark.parametrize("word", ["目录", "目 录", "目　　录", "CONTENTS"])
def test_contents_without_leaders_are_told_by_their_headings(read: Read, word: str) -> None:
    document = read(
        f"{word}\n一、工作回顾 1\n二、重点任务 8\n各位代表：\n"
        "一、工作回顾\n成绩显著。\n二、重点任务\n加快发展。"
    )
    assert [s.text for s in document.sentences] == [
        "各位代表：",
        "一、工作回顾",
        "成绩显著。",
        "二、重点任务",
        "加快发展。",
    ]


@pytest.mark.parametrize("number", ["2", "（2）", "- 2 -", "—2—"])
def test_a_leaders_page_number_may_stand_in_brackets_or_dashes(read: Read, number: str) -> None:
    document = read(f"目录\n一、工作回顾........{number}\n一、工作回顾\n成绩显著。")
    assert [s.text for s in document.sentences] == ["一、工作回顾", "成绩显著。"]


def test_an_ellipsis_in_prose_is_no_leader(read: Read) -> None:
    assert "toc" not in kinds(read("他说……人才、数据……\n都是要素。"))


def test_headings_that_several_chapters_share_do_not_make_the_text_contents(read: Read) -> None:
    chapters = ["第一章发展环境", "第二章重点任务", "第三章保障措施"]
    listed = [f"{line} {n}" for n, chapter in enumerate(chapters, 1) for line in (chapter, "概述")]
    body = [line for chapter in chapters for line in (chapter, "概述", "成绩显著。")]
    document = read("\n".join(["目录", *listed, *body]))
    assert kinds(document)["toc"] == ["目录", *listed]
    assert len(document.sentences) == len(body)
