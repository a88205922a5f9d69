from __future__ import annotations

from itertools import count

import pytest

from nqpf_cli.analysis.layout.reading import (
    Gap,
    Gutter,
    Piece,
    arrange,
    downwards,
    fits,
    gutters,
    may_hold_two_lines,
    mended,
    page_gutters,
    parted,
    with_jumps,
)

EM = 10.0
LEFT, RIGHT, WIDTH = 50.0, 310.0, 240.0


def char(x: float, y: float, size: float = EM) -> tuple[float, float, float, float]:
    return x, y, x + size, y + size


def piece(start: int, x0: float, y: float, x1: float, size: float = EM, *gaps: Gap) -> Piece:
    return Piece(start, start + 9, char(x0, y, size), char(x1 - size, y, size), gaps)


def gap(start: int, y: float, left: float, right: float) -> Gap:
    return Gap(start + 4, start + 5, char(left - EM, y), char(right, y))


def columns(*, lines: int = 12, merged: bool = False) -> list[Piece]:
    """Two columns, row by row: as lines of their own, or each row one line over both."""
    at = count(0, 10)
    out: list[Piece] = []
    for n in range(lines):
        y = 100.0 + 16 * n
        if merged:
            start = next(at)
            space = gap(start, y, LEFT + WIDTH, RIGHT)
            out.append(piece(start, LEFT, y, RIGHT + WIDTH, EM, space))
        else:
            out += [piece(next(at), x, y, x + WIDTH) for x in (LEFT, RIGHT)]
    return out


def order(pieces: list[Piece]) -> list[tuple[float, float]]:
    known = gutters(pieces)
    return [(p.head[0], p.head[1]) for p in arrange(pieces, known) or pieces]


@pytest.mark.parametrize("merged", [False, True])
def test_columns_set_row_by_row_are_read_one_after_the_other(merged: bool) -> None:
    rows = [100.0 + 16 * n for n in range(12)]
    assert order(columns(merged=merged)) == [(x, y) for x in (LEFT, RIGHT) for y in rows]


def test_columns_that_stand_in_order_are_left_alone() -> None:
    pieces = columns()
    in_order = pieces[::2] + pieces[1::2]
    assert arrange(in_order, gutters(in_order)) is None


def test_what_goes_over_both_columns_parts_the_page() -> None:
    across = piece(900, LEFT, 195.0, RIGHT + WIDTH)
    got = order([*columns(lines=6), across, *columns(lines=12)[12:]])
    assert got.index((LEFT, 195.0)) == 12
    assert got[:12] == [(x, 100.0 + 16 * n) for x in (LEFT, RIGHT) for n in range(6)]


def test_a_page_of_one_column_has_no_gutter() -> None:
    assert gutters([piece(n, LEFT, 16.0 * n, LEFT + 500) for n in range(30)]) == ()


def test_a_table_has_no_gutter() -> None:
    rows = [
        piece(n, x, 16.0 * n, x + w)
        for n in range(20)
        for x, w in ((50, 120 - n), (200, 60 + n), (310, 30 + 2 * n), (420, 40))
    ]
    assert gutters(rows) == ()


def test_a_short_last_page_has_the_gutters_of_the_others() -> None:
    last = columns(lines=3, merged=True)
    assert gutters(last) == ()
    assert page_gutters([columns(), columns(), last])[2] == gutters(columns())


def test_a_page_of_one_column_does_not_take_the_gutters_of_the_others() -> None:
    assert not fits([piece(n, LEFT, 16.0 * n, 550) for n in range(30)], (Gutter(290, 310),))


def test_a_space_in_a_centred_line_is_no_gutter() -> None:
    header = piece(900, 220, 50.0, 380, EM, gap(900, 50.0, 296, 300))
    pieces = [header, *columns(merged=True)]
    parts = arrange(pieces, gutters(pieces)) or []
    assert [p.start for p in parts if p.start >= 900] == [900]


def test_a_line_is_parted_where_it_jumps_back() -> None:
    jump = Gap(4, 5, char(540, 100), char(50, 116))
    line = Piece(0, 9, char(310, 100), char(90, 116), (jump,))
    assert [(p.start, p.end) for p in parted(line, "右栏文字 左栏文字")] == [(0, 4), (5, 9)]


@pytest.mark.parametrize(("text", "rest"), [("增长 增长", []), ("下降增长 增长，较快", [(8, 10)])])
def test_bold_that_is_printed_twice_is_read_once(text: str, rest: list[tuple[int, int]]) -> None:
    space = text.index(" ")
    tail = char(50 + EM * (space - 1), 100)
    jump = Gap(space, space + 1, tail, char(50.3 + EM * (space - 2), 100))
    end = char(50 + EM * (len(text) - 4), 100)
    line = Piece(0, len(text), char(50, 100), end, (jump,))
    parts = parted(line, text)
    assert [(p.start, p.end) for p in parts][1:] == [(text.index("，"), len(text)) for _ in rest]
    assert len(mended(parts)) == 1


def test_pieces_of_a_broken_line_are_one_line() -> None:
    broken = [piece(0, 50, 100, 120), piece(10, 120, 100, 300), piece(20, 50, 116, 300)]
    assert [[p.start for p in row] for row in mended(broken)] == [[0, 10], [20]]


def test_cells_are_not_mended() -> None:
    assert len(mended([piece(0, 50, 100, 120), piece(10, 150, 100, 300)])) == 2


def test_the_raised_call_of_a_note_stands_in_its_line() -> None:
    before, call = piece(0, 50, 100, 120), Piece(10, 13, char(120, 99, 5), char(130, 99, 5))
    behind = Piece(13, 20, char(135, 99, 5), char(300, 100))
    assert [len(row) for row in mended([before, call, piece(20, 135, 100, 300)])] == [3]
    assert [len(row) for row in mended([before, behind._replace(head=call.head)])] == [2]
    assert len(mended([before, Piece(10, 13, char(120, 105, 5), char(130, 105, 5))])) == 2


@pytest.mark.parametrize("start", [40.0, 70.0])
def test_a_line_that_an_engine_joined_to_the_short_one_above_is_parted(start: float) -> None:
    boxes = [char(50, 100), char(60, 100), *(char(start + EM * n, 118) for n in range(8))]
    joined = Piece(0, len(boxes), boxes[0], boxes[-1])
    assert may_hold_two_lines(joined)
    parts = parted(with_jumps(joined, boxes), "图。——粮食再创新高")
    assert [(p.start, p.end) for p in parts] == [(0, 2), (2, 10)]


def test_text_set_askew_is_not_parted() -> None:
    boxes = [char(50 + 7 * n, 100 + 7 * n) for n in range(8)]
    askew = Piece(0, len(boxes), boxes[0], boxes[-1])
    assert with_jumps(askew, boxes) == askew


def test_two_pages_on_one_sheet_are_read_one_after_the_other() -> None:
    right = 50 + 2 * WIDTH
    pages = [piece(n, x, 100 + 16 * n, x + 400) for n in range(12) for x in (LEFT, right)]
    assert [p.head[0] for p in arrange(pages, gutters(pages)) or []] == [LEFT] * 12 + [right] * 12


@pytest.mark.parametrize("turned", [slice(None, None, -1), slice(1, None, 2)])
def test_lines_without_an_order_are_read_downwards(turned: slice) -> None:
    lines = [piece(10 * n, LEFT, 100 + 16 * n, 450) for n in range(20)]
    mixed = [*lines[turned], *(p for p in lines if p not in lines[turned])]
    mixed = mixed if turned.step == -1 else sorted(mixed, key=lambda p: p.start % 70)
    assert downwards(mixed) == lines
    assert downwards(lines) is None


def test_cells_drawn_column_by_column_keep_their_order() -> None:
    cells = [piece(0, x, 100 + 16 * n, x + 100) for x in (50, 200, 350) for n in range(6)]
    assert downwards(cells) is None


def test_columns_drawn_from_the_foot_are_read_from_the_head() -> None:
    rows = [100.0 + 16 * n for n in range(12)]
    upwards = sorted(columns(), key=lambda p: (p.head[0], -p.head[1]))
    assert order(upwards) == [(x, y) for x in (LEFT, RIGHT) for y in rows]
