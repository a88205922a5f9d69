"""Vertical writing and pages set sideways, as PDFs of every way to make them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nqpf_cli.analysis.layout.reading import Gap, Piece
from nqpf_cli.analysis.layout.upright import upright
from nqpf_cli.model import Document
from tests.bare_pdf import Placed, bare_pdf

Read = Callable[..., Document]

PARAGRAPHS = (
    "一、总体要求",
    "坚持以科技创新引领产业创新，因地制宜，先立后破，不搞一种模式。加快培育新质生产力，"
    "推动区域协调发展，完善跨区域利益共享机制，促进要素自由流动。",
    "二、重点任务",
    "支持创新型企业联合高校建设实验室，对首次认定的给予奖励；打破行政壁垒，建设统一的市场，"
    "推动产业集群向中西部地区有序转移。到二〇三〇年，各项制度基本定型。",
)
LONG = 30  # characters in a column
SIZE = 12
Cell = tuple[int, int, str]  # column, row


def cells() -> list[Cell]:
    """Lay the paragraphs out in columns, each begun two characters down."""
    out: list[Cell] = []
    column = 0
    for paragraph in PARAGRAPHS:
        row = 2
        for char in paragraph:
            if row == LONG:
                column, row = column + 1, 0
            out.append((column, row, char))
            row += 1
        column += 1
    return out


def columns() -> list[tuple[int, int, str]]:
    """Return the columns as texts, with the row in which each begins."""
    found: dict[int, list[Cell]] = {}
    for cell in cells():
        found.setdefault(cell[0], []).append(cell)
    return [(n, c[0][1], "".join(char for _, _, char in c)) for n, c in sorted(found.items())]


def singly(order: Callable[[Cell], tuple[int, int]]) -> list[Placed]:
    placed = sorted(cells(), key=order)
    return [(500 - 22 * column, 760 - 14 * row, char) for column, row, char in placed]


def text_of(document: Document) -> list[str]:
    return [b.text for b in document.blocks if b.kind in ("heading", "paragraph")]


@pytest.mark.parametrize(
    "order",
    [lambda c: (c[0], c[1]), lambda c: (c[1], -c[0]), lambda c: (-c[0], c[1])],
    ids=["column by column", "row by row", "from the left"],
)
def test_characters_set_one_by_one_are_read_down_and_leftwards(
    read: Read, order: Callable[[Cell], tuple[int, int]]
) -> None:
    document = read(bare_pdf([singly(order)], size=SIZE), "a.pdf")
    assert text_of(document) == list(PARAGRAPHS)
    assert [b.kind for b in document.blocks][::2] == ["heading", "heading"]


def test_lines_of_a_vertical_font_are_read_from_the_right(read: Read) -> None:
    placed = [(500 - 22 * n, 760 - 12 * row, text) for n, row, text in columns()]
    data = bare_pdf([placed], encoding="UniGB-UCS2-V", size=SIZE)
    assert text_of(read(data, "a.pdf")) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("matrix", "place"),
    [
        ("0 -1 1 0", lambda n, row: (500 - 22 * n, 760 - 12 * row)),
        ("0 1 -1 0", lambda n, row: (100 + 22 * n, 80 + 12 * row)),
    ],
    ids=["clockwise", "anticlockwise"],
)
def test_lines_set_sideways_are_read_in_order(
    read: Read, matrix: str, place: Callable[[int, int], tuple[float, float]]
) -> None:
    placed = [(*place(n, row), text) for n, row, text in columns()]
    document = read(bare_pdf([placed], matrix=matrix, size=SIZE), "a.pdf")
    assert text_of(document) == list(PARAGRAPHS)
    assert (document.pages[0].width, document.pages[0].height) == (842, 595)


def test_a_page_number_below_is_no_part_of_the_text(read: Read) -> None:
    page = singly(lambda c: (c[0], c[1]))
    data = bare_pdf([[*page, (280, 40, f"{n}")] for n in (11, 12, 13)], size=SIZE)
    document = read(data, "a.pdf")
    assert [b.text for b in document.blocks if b.kind == "furniture"] == ["11", "12", "13"]
    assert text_of(document) == list(PARAGRAPHS) * 3


def test_punctuation_of_vertical_lines_is_read_as_any_other(read: Read) -> None:
    text = "坚持创新︑绿色发展︒" * 3
    placed = [(500 - 22 * n, 760 - 14 * r, c) for n in range(3) for r, c in enumerate(text)]
    document = read(bare_pdf([placed], size=SIZE), "a.pdf")
    assert document.sentences[0].text == "坚持创新、绿色发展。"
    assert document.raw.text.startswith("坚持创新︑绿色发展︒")


def test_every_character_is_led_back_to_its_source(read: Read) -> None:
    document = read(bare_pdf([singly(lambda c: (c[1], c[0]))], size=SIZE), "a.pdf")
    for b in document.blocks:
        assert "".join(document.raw.text[i] for i in b.sources) == b.text


def box(x: float, y: float) -> tuple[float, float, float, float]:
    return x, y, x + 10, y + 10


def test_a_table_of_single_characters_in_rows_is_left_alone() -> None:
    text, pieces = "", []
    for row in range(12):
        y = 100.0 + 20 * row
        start = len(text)
        text += "是 否 是\n"
        gaps = tuple(
            Gap(start + 2 * n + 1, start + 2 * n + 2, box(50 + 90 * n, y), box(140 + 90 * n, y))
            for n in (0, 1)
        )
        pieces.append(Piece(start, start + 5, box(50, y), box(230, y), gaps))
    assert upright(text, pieces, 595, 842) is None


def test_lines_that_run_across_are_left_alone() -> None:
    pieces = [Piece(30 * n, 30 * n + 29, box(50, 20 * n), box(330, 20 * n)) for n in range(20)]
    assert upright("字" * 600, pieces, 595, 842) is None
    assert upright("", [], 595, 842) is None
