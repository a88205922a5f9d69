"""Rows come in the order in which a reader reads them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.ocr.base import RecognisedLine
from nqpf_cli.ocr.order import rows_in_order

Lines = Callable[..., RecognisedLine]

LEFT = [f"左栏第{n}行文字写满一栏" for n in "一二三四五六"]
RIGHT = [f"右栏第{n}行文字写满一栏" for n in "一二三四五六"]


def texts(lines: list[RecognisedLine]) -> list[str]:
    shuffled = list(lines)
    Random(1).shuffle(shuffled)  # the recognizer's own order must not matter
    return [row.text for row in rows_in_order(shuffled)]


def columns(line: Lines, top: float, shift: float = 0) -> list[RecognisedLine]:
    return [
        *(line(t, x=100, y=top + 50 * n) for n, t in enumerate(LEFT)),
        *(line(t, x=560, y=top + shift + 50 * n) for n, t in enumerate(RIGHT)),
    ]


def test_top_to_bottom(line: Lines) -> None:
    assert texts([line(t, y=100 + 50 * n) for n, t in enumerate(LEFT)]) == LEFT


@pytest.mark.parametrize("shift", [0, 12, 25])
def test_two_columns_one_after_the_other(line: Lines, shift: float) -> None:
    assert texts(columns(line, 100, shift)) == LEFT + RIGHT


def test_short_last_lines_are_part_of_their_column(line: Lines) -> None:
    lines = columns(line, 100)
    lines[2] = line("完。", x=100, y=200)
    lines[9] = line("完。", x=560, y=250)
    assert texts(lines)[2] == "完。"
    assert texts(lines)[9] == "完。"


def test_a_title_and_a_page_number_stand_before_and_after_the_columns(line: Lines) -> None:
    title = line("关于促进区域协调发展的若干意见", x=300, y=40)
    number = line("— 12 —", x=480, y=420)
    got = texts([title, *columns(line, 100), number])
    assert got == [title.text, *LEFT, *RIGHT, number.text]


def test_a_line_across_parts_the_columns(line: Lines) -> None:
    across = line("二、以下内容从这里另起一段通栏排印", x=200, y=450)
    got = texts([*columns(line, 100), across, *columns(line, 520)])
    assert got == [*LEFT, *RIGHT, across.text, *LEFT, *RIGHT]


def test_three_columns(line: Lines) -> None:
    third = [f"末栏第{n}行文字写满一栏" for n in "一二三四五六"]
    lines = columns(line, 100) + [line(t, x=1020, y=100 + 50 * n) for n, t in enumerate(third)]
    assert texts(lines) == LEFT + RIGHT + third


def test_a_table_is_read_row_by_row(line: Lines) -> None:
    cells = [
        line(t, x=100 + 400 * column, y=100 + 60 * row)
        for row, cells in enumerate(
            [
                ("指标", "单位", "数值"),
                ("产值", "亿元", "100"),
                ("人口", "万人", "60"),
                ("甲", "", "3"),
            ]
        )
        for column, t in enumerate(cells)
        if t
    ]
    assert texts(cells) == ["指标 单位 数值", "产值 亿元 100", "人口 万人 60", "甲 3"]


def test_parts_of_a_line_that_touch_are_joined(line: Lines) -> None:
    assert texts([line("推动高质量", x=100), line("发展取得成效", x=255)]) == [
        "推动高质量发展取得成效"
    ]


def test_latin_parts_keep_their_space(line: Lines) -> None:
    assert texts([line("New quality", x=100), line("forces", x=270)]) == ["New quality forces"]


def test_nothing_gives_nothing(line: Lines) -> None:
    assert rows_in_order([]) == []
    assert rows_in_order([line("  ")]) == []


def test_lines_of_one_size_get_one_size_whatever_their_boxes(line: Lines) -> None:
    lines = []
    for n, height in enumerate([28, 34, 40, 31, 44]):
        x0, _, x1, _ = line(LEFT[n]).box
        y = 100 + 60 * n
        box = (x0, y - height / 2, x1, y + height / 2)
        lines.append(RecognisedLine(text=LEFT[n], box=box, confidence=0.9))
    rows = rows_in_order(lines)
    assert {round(r.size, 3) for r in rows} == {30}
    assert all(r.box[3] - r.box[1] == pytest.approx(30) for r in rows)


def test_larger_and_smaller_lines_keep_their_sizes(line: Lines) -> None:
    rows = rows_in_order(
        [
            line("政府工作报告", y=60, size=50),
            *(line(t, y=140 + 50 * n) for n, t in enumerate(LEFT)),
            line("注：数据为初步核算数", y=500, size=22),
        ]
    )
    assert rows[0].size == pytest.approx(50)
    assert rows[-1].size == pytest.approx(22)


def test_letters_set_wide_apart_do_not_make_a_large_size(line: Lines) -> None:
    wide = RecognisedLine(text="政府报告", box=(300, 42, 600, 78), confidence=0.9)
    rows = rows_in_order([wide, *(line(t, y=140 + 50 * n) for n, t in enumerate(LEFT))])
    assert rows[0].size < 40


boxes = st.tuples(
    st.integers(0, 1500), st.integers(0, 2000), st.integers(1, 1500), st.integers(1, 60)
)


@given(st.lists(boxes, max_size=25))
def test_no_line_is_lost_and_none_comes_twice(places: list[tuple[int, int, int, int]]) -> None:
    lines = [
        RecognisedLine(text=chr(0x4E00 + n) * 4, box=(x, y, x + w, y + h), confidence=0.9)
        for n, (x, y, w, h) in enumerate(places)
    ]
    got = "".join(row.text for row in rows_in_order(lines)).replace(" ", "")
    assert sorted(got) == sorted("".join(ln.text for ln in lines))
