from __future__ import annotations

from collections.abc import Callable

import pytest

from nqpf_cli.model import Document

Read = Callable[..., Document]
LONG = (
    "坚持以人民为中心的发展思想，加快发展新质生产力，破除体制机制障碍，促进要素自由流动，"
    "推动传统产业改造提升，培育壮大战略性新兴产业，前瞻布局未来产业，建设现代化产业体系，"
    "完善科技创新体制机制，强化企业科技创新主体地位，推动科技成果加快转化为现实生产力，"
    "深化人才发展体制机制改革，优化基本公共服务供给，推进以县城为重要载体的城镇化建设，"
    "健全数据基础制度，支持中部地区加快崛起，促进区域协调发展迈上新台阶，取得新的更大成效。"
)


def wrapped(text: str, width: int) -> str:
    return "\n".join(text[i : i + width] for i in range(0, len(text), width))


def texts(document: Document) -> list[str]:
    return [b.text for b in document.blocks]


@pytest.mark.parametrize("width", [14, 20, 28, 38])
def test_lines_of_a_hard_wrapped_text_are_joined(read: Read, width: int) -> None:
    assert texts(read(wrapped(LONG * 2, width))) == [LONG * 2]


def test_a_numbered_line_of_a_hard_wrapped_text_begins_a_paragraph(read: Read) -> None:
    text = wrapped(LONG, 20) + "\n二、重点任务\n" + wrapped(LONG, 20)
    assert texts(read(text)) == [LONG, "二、重点任务", LONG]


def test_each_line_of_an_ordinary_text_is_a_paragraph(read: Read) -> None:
    lines = ["一、回顾", "人才是第一资源。", "短", "数据是要素，" * 20 + "。"] * 4
    assert texts(read("\n".join(lines))) == lines


def test_latin_words_are_joined_with_a_space(read: Read) -> None:
    line = "this line of twenty xx"
    assert " ".join([line] * 12) == " ".join(texts(read("\n".join([line] * 12))))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(read: Read, end: str) -> None:
    assert texts(read(f"第一段。{end}{end}第二段。")) == ["第一段。", "第二段。"]


def test_letter_spaced_digits_are_a_number(read: Read) -> None:
    assert "2025" in texts(read("到 2 0 2 5 年，增长 5 倍。"))[0]


def test_the_call_of_a_note_is_no_text(read: Read) -> None:
    assert texts(read("推进智改数转[1]，实施揭榜挂帅〔12〕。")) == ["推进智改数转，实施揭榜挂帅。"]


def test_the_number_of_a_document_is_text(read: Read) -> None:
    assert texts(read("国发〔2024〕5号")) == ["国发〔2024〕5号"]


def test_the_call_of_a_note_is_no_text_behind_a_share(read: Read) -> None:
    assert texts(read("增长5.5%[1]，其中工业7％[2]。")) == ["增长5.5%，其中工业7％。"]
