"""Ruled tables, as PDFs: a row is put together from its cells, whatever lines they take."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nqpf_cli.model import Document
from tests.bare_pdf import Placed, bare_pdf

Read = Callable[..., Document]

LEFT, TOP, WIDTHS, HEIGHT = 60, 700, (80, 150, 150), 48
ROWS = (
    (("指标",), ("目标",), ("责任单位",)),
    (
        ("研发经费",),
        ("占生产总值比重达到百分", "之三以上"),
        ("省科技厅、省统计局和", "各市人民政府"),
    ),
    (("协调发展",), ("都市圈通勤时间缩短到", "一小时"), ("省发展改革委",)),
)
WHOLE = [" ".join("".join(cell) for cell in row) for row in ROWS]
PROSE = [
    "坚持以科技创新引领产业创新，因地制宜，先立后破，不搞一种模式，",
    "支持创新型企业联合高校建设实验室，对首次认定的给予奖励。",
]


def rules(*, frame: bool = True, across: bool = True, down: bool = True) -> str:
    """Draw the lines of the table."""
    xs = [LEFT + sum(WIDTHS[:n]) for n in range(4)]
    ys = [TOP - HEIGHT * n for n in range(4)]
    lines = []
    if across:
        lines += [f"{xs[0]} {y} m {xs[-1]} {y} l S" for y in (ys if frame else ys[1:-1])]
    if down:
        lines += [f"{x} {ys[0]} m {x} {ys[-1]} l S" for x in (xs if frame else xs[1:-1])]
    return "\n".join(["0.5 w", *lines])


def boxes() -> str:
    """Draw every cell as a frame of its own."""
    xs = [LEFT + sum(WIDTHS[:n]) for n in range(3)]
    return "0.5 w " + " ".join(
        f"{x} {TOP - HEIGHT * (n + 1)} {w} {HEIGHT} re S"
        for n in range(3)
        for x, w in zip(xs, WIDTHS, strict=True)
    )


def thin_bars() -> str:
    """Draw the rules as filled bars, as word processors do."""
    xs = [LEFT + sum(WIDTHS[:n]) for n in range(4)]
    bars = [f"{LEFT} {TOP - HEIGHT * n} {sum(WIDTHS)} 0.7 re f" for n in range(4)]
    return " ".join([*bars, *(f"{x} {TOP - 3 * HEIGHT} 0.7 {3 * HEIGHT} re f" for x in xs)])


def texts(rows: tuple[tuple[tuple[str, ...], ...], ...] = ROWS) -> list[Placed]:
    """Place the texts, the lines of a cell centred in its height, all cells line by line."""
    out: list[Placed] = []
    for n, row in enumerate(rows):
        for m, cell in enumerate(row):
            x, middle = LEFT + sum(WIDTHS[:m]) + 6, TOP - HEIGHT * (n + 0.5)
            for k, line in enumerate(cell):
                out.append((x, middle - 4 + 8 * (len(cell) - 1) - 16 * k, line))
    prose = [(60 + 24 * (not k), 500 - 18 * k, line) for k, line in enumerate(PROSE)]
    return sorted(out, key=lambda t: (-t[1], t[0])) + prose


def table(document: Document) -> list[str]:
    return [b.text for b in document.blocks if b.kind == "table"]


@pytest.mark.parametrize(
    "drawn",
    [rules(), rules(frame=False) + rules(down=False), rules(down=False), boxes(), thin_bars()],
)
def test_a_row_is_one_block_whose_cells_are_whole(read: Read, drawn: str) -> None:
    document = read(bare_pdf([texts()], drawn=drawn), "a.pdf")
    assert table(document) == WHOLE
    assert [b.text for b in document.blocks if b.kind == "paragraph"] == ["".join(PROSE)]
    for b in document.blocks:
        if b.kind == "table":
            assert document.raw.text[b.sources[0] : b.sources[-1] + 1] == b.text


@pytest.mark.parametrize("drawn", ["", rules(across=False)])
def test_without_a_grid_lines_stay_lines(read: Read, drawn: str) -> None:
    document = read(bare_pdf([texts()], drawn=drawn), "a.pdf")
    assert "之三以上 各市人民政府" in document.raw.text


def test_a_cell_over_two_rows_is_told_with_the_first(read: Read) -> None:
    drawn = rules().replace(
        f"{LEFT} {TOP - 2 * HEIGHT} m", f"{LEFT + WIDTHS[0]} {TOP - 2 * HEIGHT} m"
    )
    placed = [t for t in texts() if t[2] not in ("研发经费", "协调发展")]
    placed.append((LEFT + 6, TOP - 2 * HEIGHT - 4, "总体"))
    placed.sort(key=lambda t: (-t[1], t[0]))
    rows = table(read(bare_pdf([placed], drawn=drawn), "a.pdf"))
    assert rows[1] == WHOLE[1].replace("研发经费", "总体")
    assert rows[2] == WHOLE[2].removeprefix("协调发展 ")


def test_texts_that_touch_are_parted_at_the_rule(read: Read) -> None:
    full = (("指标",), ("占生产总值的比重达到了百",), ("之三",))
    placed = [*texts((*ROWS[:2], full))]
    placed = [(x - 5 if text == "之三" else x, y, text) for x, y, text in placed]
    document = read(bare_pdf([placed], drawn=rules()), "a.pdf")
    assert table(document)[2] == " ".join(cell[0] for cell in full)


def test_a_drawing_of_thousands_of_lines_is_no_table(read: Read) -> None:
    drawn = " ".join(f"{n % 500} {n % 800} m {n % 500 + 9} {n % 800} l S" for n in range(25_000))
    document = read(bare_pdf([texts()], drawn=drawn), "a.pdf")
    assert "研发经费" in document.raw.text


def test_rows_without_a_rule_between_them_are_no_wrapped_cells(read: Read) -> None:
    names = ("甲市", "乙市", "丙市", "丁市")
    placed = [
        (LEFT + sum(WIDTHS[:m]) + 6, TOP - 20 - 18 * k, f"{name}{m}")
        for k, name in enumerate(names)
        for m in range(3)
    ]
    placed += [(LEFT + 6, TOP - 2.5 * HEIGHT, "合计全省各市")]
    drawn = rules().replace(f"{LEFT} {TOP - HEIGHT} m", f"{LEFT} {TOP - 2 * HEIGHT} m")
    rows = table(read(bare_pdf([placed], drawn=drawn), "a.pdf"))
    assert rows[:4] == [f"{n}0 {n}1 {n}2" for n in names]


def test_cells_drawn_one_after_the_other_are_rows(read: Read) -> None:
    by_cell = sorted(texts(), key=lambda t: t[0] >= LEFT + WIDTHS[0])
    rows = table(read(bare_pdf([by_cell], drawn=rules()), "a.pdf"))
    assert rows == WHOLE


@pytest.mark.parametrize("rows", [2, 4, 12])
def test_rows_between_the_three_rules_of_a_table_stay_rows(read: Read, rows: int) -> None:
    lines = [("城市", "总值", "增速")]
    lines += [(f"甲{n}市", f"{n * 37}亿元", f"{n}.5%") for n in range(10, 10 + rows)]
    placed = [
        (LEFT + 6 + sum(WIDTHS[:m]), TOP - 14 - 20 * n, cell)
        for n, row in enumerate(lines)
        for m, cell in enumerate(row)
    ]
    drawn = " ".join(
        f"{LEFT} {TOP - y} m {LEFT + 380} {TOP - y} l S" for y in (0, 20, 22 + 20 * rows)
    )
    assert table(read(bare_pdf([placed], drawn=drawn), "a.pdf")) == [" ".join(r) for r in lines]


def test_rules_around_prose_make_no_table(read: Read) -> None:
    placed = [(60.0, 700.0 - 18 * k, line) for k, line in enumerate(PROSE * 2)]
    placed += [(60, 600, "某省人民政府办公厅"), (360, 600, "2025年3月13日印发")]
    drawn = " ".join(f"60 {y} m 460 {y} l S" for y in (720, 630, 590))
    assert table(read(bare_pdf([placed], drawn=drawn), "a.pdf")) == []
