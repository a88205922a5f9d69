"""Rules that go by place, on pages given line by line."""

from __future__ import annotations

from collections.abc import Iterable

from nqpf_cli.analysis.layout.build import build_blocks, raw_text
from nqpf_cli.model import Block, Line, Page

Row = tuple[str, float, float, float]  # text, x0, top, size: full-width characters
LEFT, EM, WIDTH = 72.0, 12.0, 37
BODY = "坚持以人民为中心的发展思想加快发展新质生产力破除体制机制障碍促进要素自由流动推动改革"[
    :WIDTH
]


def row(text: str, x0: float, top: float, size: float = EM) -> Row:
    return text, x0, top, size


def body(first: float, lines: int, *, end: str = "") -> list[Row]:
    """Full lines of one paragraph, 20 points apart."""
    out = [row(BODY, LEFT, first + 20 * n) for n in range(lines)]
    return [*out[:-1], row(out[-1][0][: -len(end)] + end, LEFT, out[-1][2])] if end else out


def page(number: int, rows: Iterable[Row]) -> Page:
    texts, lines, at = [], [], 0
    for text, x0, top, size in rows:
        # Half-width characters are half as wide; cells stand where tabs put them.
        shown = text.split("\t")
        x1 = x0 + size * sum(1 if c > "\x7f" else 0.5 for c in shown[-1])
        x1 += 110 * (len(shown) - 1)
        text = " ".join(shown)
        box = (x0, top, x1, top + size)
        lines.append(Line(start=at, end=at + len(text), box=box, size=size))
        texts.append(text)
        at += len(text) + 1
    text = "\n".join(texts)
    return Page(number=number, text=text, lines=tuple(lines), engine="made", width=595, height=842)


def blocks(*pages: Iterable[Row]) -> tuple[Block, ...]:
    made = tuple(page(n, rows) for n, rows in enumerate(pages, 1))
    return build_blocks(made, raw_text(made))


def of_kind(found: Iterable[Block], *kinds: str) -> list[str]:
    return [b.text for b in found if b.kind in kinds]


def test_a_chapters_title_in_the_running_header_is_furniture() -> None:
    chapters = ["一、工作回顾", "一、工作回顾", "二、总体要求", "三、重点任务"]
    pages = [
        [row(chapter, 400, 40, 9), row(str(n), 72, 40, 9), *body(120, 20)]
        for n, chapter in enumerate(chapters, 1)
    ]
    found = blocks(*pages)
    assert of_kind(found, "paragraph", "heading") == [BODY * 80]


def test_roman_page_numbers_are_furniture() -> None:
    pages = [[*body(120, 20), row(n, 290, 790, 9)] for n in "ⅠⅡⅢ"]
    assert of_kind(blocks(*pages), "paragraph") == [BODY * 60]


def test_cells_of_several_lines_are_table() -> None:
    rows = [
        *body(90, 10, end="。"),
        row("表1　主要指标", 250, 300, 10.5),
        row("指标\t单位\t属性", 76, 318, 10.5),
        row("每万人口高价值发明专", 76, 336, 10.5),
        row("利拥有量\t件\t预期性", 76, 350, 10.5),
        row("数字经济", 76, 370, 10.5),
        row("比重\t%\t约束性", 76, 384, 10.5),
        *body(420, 10, end="。"),
    ]
    found = blocks(rows)
    assert len(of_kind(found, "table")) == 6
    assert len(of_kind(found, "paragraph")) == 2


def test_a_short_paragraph_beside_a_table_is_none_of_its_rows() -> None:
    rows = [
        *body(90, 10, end="。"),
        row("具体如下", LEFT + 2 * EM, 292),
        row("指标\t单位\t属性", 76, 312, 10.5),
        row("总值\t亿元\t预期性", 76, 330, 10.5),
        *body(360, 10),
    ]
    assert "具体如下" in of_kind(blocks(rows), "paragraph")


def test_a_note_goes_on_at_the_foot_of_the_next_page() -> None:
    first = [*body(120, 25), row("[1] 按不变价格计算，" + "详见公报" * 8, 72, 720, 9)]
    second = [*body(120, 25), row("统计口径与上年相同。", 72, 720, 9)]
    found = blocks(first, second)
    assert len(of_kind(found, "footnote")) == 2
    assert of_kind(found, "paragraph") == [BODY * 50]


def test_a_title_over_two_lines_is_one() -> None:
    title = ["关于加快推进新型工业化建设", "现代化产业体系的实施意见"]
    rows = [
        row(title[0], 294 - 11 * len(title[0]), 90, 22),
        row(title[1], 294 - 11 * len(title[1]), 125, 22),
        *body(180, 20),
    ]
    assert of_kind(blocks(rows), "paragraph")[0] == "".join(title)


def test_signature_and_date_on_a_page_of_their_own_stay_apart() -> None:
    last = [row("某省人民政府", 380, 90), row("二〇二五年三月", 374, 110)]
    found = of_kind(blocks(body(90, 30, end="。"), last), "paragraph")
    assert found[-2:] == ["某省人民政府", "二〇二五年三月"]


def test_space_between_paragraphs_parts_them_where_nothing_is_indented() -> None:
    heading = row("关于产业发展", LEFT, 310, EM)
    found = blocks([*body(90, 10, end="。"), heading, *body(340, 10)])
    assert of_kind(found, "paragraph")[1] == "关于产业发展"


def test_ragged_lines_are_joined() -> None:
    ends = [0, 6, 1, 5, 2, 6, 3, 0, 6, 4]
    rows = [row(BODY[: WIDTH - e], LEFT, 90 + 20 * n) for n, e in enumerate(ends * 3)]
    assert len(of_kind(blocks(rows), "paragraph")) == 1


def test_columns_row_by_row_keep_their_paragraphs() -> None:
    half = BODY[:18]
    left = [row(half, 60, 90 + 16 * n) for n in range(30)]
    right = [row(half, 310, 90 + 16 * n) for n in range(30)]
    left[9] = row("到此为止。", 60, left[9][2])
    left[10] = row(half[:16], 60 + 2 * EM, left[10][2])
    found = of_kind(blocks([*left, *right]), "paragraph")
    assert found == [half * 9 + "到此为止。", half[:16] + half * 49]


def test_a_title_of_two_lines_over_two_columns_is_one() -> None:
    title = ["某省人民政府办公厅关于印发行动方案", "和重点任务分工的通知"]
    half = BODY[:18]
    rows = [row(text, 294 - 9 * len(text), 60 + 30 * n, 18) for n, text in enumerate(title)]
    rows += [row(half, x, 140 + 16 * n) for x in (72, 310) for n in range(30)]
    assert of_kind(blocks(rows), "paragraph") == ["".join(title), half * 60]


def test_lines_that_hang_behind_a_label_are_its_paragraph() -> None:
    rows = [
        *body(90, 10, end="。"),
        row(f"抄送：{BODY[:-3]}", LEFT, 320),
        row("省法院，省检察院。", LEFT + 3 * EM, 340),
    ]
    assert of_kind(blocks(rows), "paragraph")[-1] == f"抄送：{BODY[:-3]}省法院，省检察院。"


def test_a_heading_that_fills_its_line_ends_there() -> None:
    heading = f"（一）{BODY[: WIDTH - 5]}"
    first = row(BODY[:-2], LEFT + 2 * EM, 330)
    rows = [*body(90, 10, end="。"), row(heading, LEFT + 2 * EM, 310), first, *body(350, 5)]
    found = blocks(rows)
    assert of_kind(found, "heading") == [heading]
    assert of_kind(found, "paragraph")[-1] == BODY[:-2] + BODY * 5


def test_the_header_of_a_single_page_is_furniture() -> None:
    header, footer = row("某省人民政府公报", LEFT, 50, 9), row("印数：500册", 400, 790, 9)
    title = row("关于做好春耕工作的通知", 230, 90, 16)
    found = blocks([header, title, *body(130, 20, end="。"), footer])
    assert of_kind(found, "furniture") == [header[0], footer[0]]
    assert of_kind(found, "paragraph")[0] == title[0]


def test_what_stands_at_the_edge_in_the_texts_size_is_text() -> None:
    found = blocks([row("附件2", LEFT, 50), *body(100, 20, end="。")])
    assert of_kind(found, "furniture") == []


def test_a_large_title_that_fills_its_line_goes_on_below() -> None:
    title = ["某省国民经济和社会发展", "第十五个五年规划和远景目标纲要", "及说明"]
    rows = [row(t, 294 - 14 * len(t), 90 + 40 * n, 28) for n, t in enumerate(title)]
    assert of_kind(blocks([*rows, *body(250, 20)]), "paragraph")[0] == "".join(title)


def test_annexes_at_the_heads_of_pages_are_text() -> None:
    heads = [[row(f"附件{n // 2}", LEFT, 90)] if n % 2 == 0 else [] for n in range(2, 10)]
    pages = [[*head, *body(120, 20)] for head in heads]
    assert len(of_kind(blocks(*pages), "furniture")) == 0


def test_headers_that_count_the_pages_are_furniture() -> None:
    pages = [[row(f"实施方案 {n + 8}", LEFT, 60, 9), *body(120, 20)] for n in range(4)]
    assert len(of_kind(blocks(*pages), "furniture")) == 4


def test_a_line_of_text_that_begins_several_pages_is_text() -> None:
    opening = "各地区要加强组织领导，压实主体责任。"
    others = [BODY[n:] + BODY[:n] for n in range(6)]
    pages = [[row(text, LEFT, 92), *body(112, 20)] for text in [opening] * 3 + others]
    assert of_kind(blocks(*pages), "furniture") == []


def test_what_seldom_returns_at_the_edge_is_text() -> None:
    ticked = row("□适用　√不适用", LEFT, 60)
    pages = [[*([ticked] if n % 12 == 0 else []), *body(120, 20)] for n in range(36)]
    assert of_kind(blocks(*pages), "furniture") == []


def test_page_numbers_in_the_outer_margin_are_furniture() -> None:
    pages = [[*body(120, 20), row(str(n), 550, 400)] for n in range(4, 8)]
    found = blocks(*pages)
    assert of_kind(found, "furniture") == ["4", "5", "6", "7"]
    assert of_kind(found, "paragraph") == [BODY * 80]


def test_a_stamp_at_the_head_of_the_first_page_is_furniture() -> None:
    stamp = [row("收文编号：2025-0123", 430, 40, 9), row("收文日期：3月4日", 430, 52, 9)]
    found = blocks([*body(120, 20), *stamp], body(120, 20), body(120, 20))
    assert of_kind(found, "paragraph") == [BODY * 60]


def test_a_note_of_several_lines_at_the_very_foot_is_a_note() -> None:
    note = [row("[1] 按不变价格计算，" + "详见公报" * 8, 72, 776, 9), row("附注。", 72, 790, 9)]
    assert len(of_kind(blocks([*body(120, 20), *note]), "footnote")) == 1


def test_rows_of_small_type_at_the_foot_of_a_page_are_no_footer() -> None:
    rows = [row("甲市\t乙市\t丙市", 76, 560 + 18 * n, 9) for n in range(14)]
    found = blocks([*body(120, 20, end="。"), *rows])
    assert of_kind(found, "furniture") == []


def test_hanging_lines_go_on_over_pages() -> None:
    hang = LEFT + 1.5 * EM
    texts = [BODY[n:] + BODY[: n - 1] for n in range(1, 31)]
    first = [row("为此：", LEFT, 112), row(f"■{BODY[:-1]}", LEFT, 132)]
    first += [row(text, hang, 152 + 20 * n) for n, text in enumerate(texts[:10])]
    second = [row(text, hang, 120 + 20 * n) for n, text in enumerate(texts[10:25])]
    third = [row(text, hang, 116 + 20 * n) for n, text in enumerate(texts[25:])]
    third += [row("到此为止。", hang, 216), *body(236, 10)]
    found = of_kind(blocks(first, second, third), "paragraph")
    assert found[1] == f"■{BODY[:-1]}" + "".join(texts) + "到此为止。"


def test_the_circled_call_of_a_note_on_the_page_is_no_text() -> None:
    last = row("增长5%①，其中：①工业较快；②服务业平稳。①", LEFT, 520)
    note = row("① 按不变价格计算。", 72, 720, 9)
    found = of_kind(blocks([*body(120, 20), last, note]), "paragraph")
    assert found == [BODY * 20 + "增长5%，其中：①工业较快；②服务业平稳。"]


def test_circled_numbers_without_a_note_are_text() -> None:
    last = row("实施三项行动①，见清单。", LEFT, 520)
    assert of_kind(blocks([*body(120, 20), last]), "paragraph") == [BODY * 20 + last[0]]
