"""Tables with ruling lines: which text stands in which cell, and the rows that makes.

An engine gives a page's lines of text, and a cell whose text takes several lines is then cut by the
cells beside it. Where rules make a grid, every row is put together from its cells instead. A cell
over several rows belongs to the first of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise, starmap
from typing import NamedTuple

from nqpf_cli.analysis.layout.open_table import Rule, open_tables
from nqpf_cli.analysis.layout.reading import Box, Gap, Piece, at_gaps

_THIN = 3.0  # points: a thicker bar is no rule
_SHORT = 4.0  # points: a shorter one neither
_NEAR = 2.0  # points: rules that far apart meet
_MOST_RULES = 2000  # on a page; a drawing has more
_MOST_CELLS = 4000
_MANY = 4  # lines in which a heading of a column may be set, with short ones too, are fewer
_MANY_OPEN = 2  # … where no rules part the columns: three rules may hold many rows
_EARLY = 2.5  # characters: a cell's text that leaves so much room was not wrapped there
_LEVEL = 0.6  # of a character's height: what is less apart in height is one line of a cell


class _Grid(NamedTuple):
    """A table's place, what parts its rows and columns, and the cells that are one."""

    box: Box
    between_rows: list[float]
    between_columns: list[float]
    open: bool  # whether no rules part its columns
    cell: dict[tuple[int, int], tuple[int, int]]  # part of a cell → its first part


def may_hold_a_table(pieces: Sequence[Piece]) -> bool:
    """Return whether two lines or more have a gap as wide as a character, as between two cells.

    Or whether as many stand beside the line before. Only then is a page asked for its rules, which
    takes time.
    """
    celled = (True for p in pieces if any(g.right[0] - g.left[2] > p.size for g in p.gaps))
    if next(celled, False) and next(celled, False):
        return True
    beside = (True for a, b in pairwise(pieces) if _stands_beside(a.tail, b.head))
    return next(beside, False) and next(beside, False)


def _stands_beside(tail: Box, head: Box) -> bool:
    return head[0] > tail[2] and head[1] < tail[3] - _LEVEL * (tail[3] - tail[1])


class _Row(NamedTuple):
    """A row as it was met: the lines that begin in it, and the parts of lines in its cells."""

    pieces: list[Piece]
    cells: dict[int, list[Piece]]


def rules_of(boxes: Iterable[Box]) -> tuple[list[Rule], list[Rule]]:
    """Return the rules across and down among the boxes of what is drawn on a page."""
    across: list[Rule] = []
    down: list[Rule] = []
    for x0, top, x1, bottom in boxes:
        width, height = x1 - x0, bottom - top
        if height <= _THIN and width >= _SHORT:
            across.append(((top + bottom) / 2, x0, x1))
        elif width <= _THIN and height >= _SHORT:
            down.append(((x0 + x1) / 2, top, bottom))
    return _merged(across), _merged(down)


def table_rows(
    text: str,
    pieces: Sequence[Piece],
    boxes: Sequence[Box],
    char_boxes: Callable[[range], Sequence[Box]],
) -> tuple[str, list[Piece]] | None:
    """Return the text with the rows of ruled tables set as lines, and its pieces; None if none is.

    ``boxes`` are those of what is drawn, ``char_boxes`` gives those of the characters at offsets.
    """
    if len(boxes) > _MOST_RULES:
        return None
    whole, alone = _tables(*rules_of(boxes))
    tables = [(across, down, False) for across, down in whole]
    tables += [(across, down, True) for across, down in open_tables(alone, pieces)]
    grids = [g for g in starmap(_grid, tables) if g is not None]
    if not grids:
        return None
    rows: dict[tuple[int, int], _Row] = {}
    where: list[tuple[int, int] | Piece] = []
    for piece in pieces:
        n = _grid_around(piece, grids)
        if n is None:
            where.append(piece)
            continue
        met: set[int] = set()
        for (row, column), part in _cut(piece, grids[n], char_boxes):
            known = rows.get((n, row))
            if known is None:
                known = rows[n, row] = _Row([], defaultdict(list))
                where.append((n, row))
            if not met:
                known.pieces.append(piece)
            met.add(row)
            known.cells[column].append(part)
    return _set(text, _in_place(where), rows, grids)


def _merged(rules: list[Rule]) -> list[Rule]:
    """Join the rules that lie in one line and touch; those returned are in order."""
    out: list[Rule] = []
    spans: list[tuple[float, float]] = []  # of the rules in one line
    line = 0.0
    for at, start, end in sorted(rules):
        if spans and at - line >= _NEAR:
            out += _joined_in(line, spans)
            spans = []
        if not spans:
            line = at
        spans.append((start, end))
    return out + _joined_in(line, spans) if spans else out


def _joined_in(at: float, spans: list[tuple[float, float]]) -> list[Rule]:
    out: list[Rule] = []
    spans.sort()
    first, last = spans[0]
    for start, end in spans:
        if start > last + _NEAR:
            out.append((at, first, last))
            first, last = start, end
        elif end > last:
            last = end
    out.append((at, first, last))
    return out


def _tables(
    across: list[Rule], down: list[Rule]
) -> tuple[list[tuple[list[Rule], list[Rule]]], list[Rule]]:
    """Group the rules that meet: those across and those down of every table.

    Returns, besides, the rules across that meet none.
    """
    group = list(range(len(across) + len(down)))

    def first(n: int) -> int:
        while group[n] != n:
            group[n] = group[group[n]]
            n = group[n]
        return n

    places = [at for at, _, _ in down]
    for n, (at, start, end) in enumerate(across):
        meets = range(bisect_left(places, start - _NEAR), bisect_right(places, end + _NEAR))
        for m in meets:
            _, above, below = down[m]
            if above - _NEAR <= at <= below + _NEAR:
                group[first(len(across) + m)] = first(n)
    found: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for n, rule in enumerate([*across, *down]):
        found[first(n)][n >= len(across)].append(rule)
    whole = [g for g in found.values() if len(g[0]) >= 3 and g[1]]
    return whole, [rule for g in found.values() if not g[1] for rule in g[0]]


def _grid(across: list[Rule], down: list[Rule], open_: bool) -> _Grid | None:
    """Return the grid that the rules of a table make, None for less than two by two cells."""
    rows = _places(across, ())
    # Tables often have no rule at their left and right.
    columns = _places(down, (min(start for _, start, _ in across), max(r[2] for r in across)))
    if len(rows) < 3 or len(columns) < 3 or len(rows) * len(columns) > _MOST_CELLS:
        return None
    under, beside = _by_place(across, rows), _by_place(down, columns)
    middles = [(left + right) / 2 for left, right in pairwise(columns)]
    cell: dict[tuple[int, int], tuple[int, int]] = {}
    for i, (top, bottom) in enumerate(pairwise(rows)):
        for j, middle in enumerate(middles):
            own = (i, j)
            if i and not _ruled(under[i], middle):
                own = cell[i - 1, j]
            elif j and not _ruled(beside[j], (top + bottom) / 2):
                own = cell[i, j - 1]
            cell[i, j] = own
    box = (columns[0], rows[0], columns[-1], rows[-1])
    return _Grid(box, rows[1:-1], columns[1:-1], open_, cell)


def _by_place(rules: Iterable[Rule], places: Sequence[float]) -> list[list[Rule]]:
    out: list[list[Rule]] = [[] for _ in places]
    for rule in rules:
        out[bisect_right(places, rule[0] + _NEAR / 2) - 1].append(rule)
    return out


def _places(rules: Iterable[Rule], edges: Iterable[float]) -> list[float]:
    out: list[float] = []
    for at in sorted([*(at for at, _, _ in rules), *edges]):
        if not out or at - out[-1] > _NEAR:
            out.append(at)
    return out


def _ruled(rules: Iterable[Rule], middle: float) -> bool:
    for _, start, end in rules:  # noqa: SIM110 (cells by the thousand ask: no generator)
        if start <= middle <= end:
            return True
    return False


def _grid_around(piece: Piece, grids: Sequence[_Grid]) -> int | None:
    """Return the number of the grid that a line stands in."""
    _, _, head, tail, _, _ = piece
    middle = (head[1] + head[3]) / 2
    for n, (box, _, _, _, _) in enumerate(grids):
        left, top, right, bottom = box
        across = left - _NEAR <= head[0] and tail[2] <= right + _NEAR
        if across and top < middle < bottom:
            return n
    return None


def _cut(
    piece: Piece, grid: _Grid, char_boxes: Callable[[range], Sequence[Box]]
) -> Iterable[tuple[tuple[int, int], Piece]]:
    """Yield the parts of a line with their cells.

    A line is parted at its gaps, and where it goes over a rule: in narrow cells, texts may touch.
    """
    for part in at_gaps(piece):
        start, end, head, tail, _, _ = part
        cell = _cell_of(head, grid)
        if end - start == 1 or cell == _cell_of(tail, grid):
            yield cell, part
            continue
        before = head
        inside = range(start + 1, end)
        for offset, box in zip(inside, char_boxes(inside), strict=True):
            own = _cell_of(box, grid)
            if own != cell:
                yield cell, Piece(start, offset, head, before)
                start, head, cell = offset, box, own
            before = box
        yield cell, Piece(start, end, head, tail)


def _cell_of(box: Box, grid: _Grid) -> tuple[int, int]:
    """Return the row and column in which the cell begins that a character stands in."""
    row = bisect_right(grid.between_rows, (box[1] + box[3]) / 2)
    return grid.cell[row, bisect_right(grid.between_columns, (box[0] + box[2]) / 2)]


def _in_place(where: list[tuple[int, int] | Piece]) -> Iterable[tuple[int, int] | Piece]:
    """Put a table's rows in their order, at the places where rows were met."""
    waiting: dict[int, list[int]] = defaultdict(list)
    for item in where:
        if not isinstance(item, Piece):
            waiting[item[0]].append(item[1])
    ordered = {n: iter(sorted(rows)) for n, rows in waiting.items()}
    for item in where:
        yield item if isinstance(item, Piece) else (item[0], next(ordered[item[0]]))


def _set(
    text: str,
    where: Iterable[tuple[int, int] | Piece],
    rows: dict[tuple[int, int], _Row],
    grids: Sequence[_Grid],
) -> tuple[str, list[Piece]]:
    texts: list[str] = []
    out: list[Piece] = []
    at = 0

    def keep(piece: Piece) -> None:
        start, end, head, tail, gaps, row = piece
        by = at - start
        moved = tuple([Gap(a + by, b + by, left, right) for a, b, left, right in gaps])
        texts.append(text[start:end])
        out.append(Piece(at, end + by, head, tail, moved, row))

    for item in where:
        if isinstance(item, Piece):
            keep(item)
            at += len(texts[-1]) + 1
            continue
        cells = [_lines(parts) for _, parts in sorted(rows[item].cells.items())]
        if _unruled(cells, grids[item[0]]):
            for piece in rows[item].pieces:
                keep(piece)
                at += len(texts[-1]) + 1
            continue
        texts.append(" ".join(_joined(text, lines) for lines in cells))
        every = [p for lines in cells for line in lines for p in line]
        right = max([p.tail[2] for p in every])
        top, bottom = min([p.head[1] for p in every]), max([p.tail[3] for p in every])
        end = at + len(texts[-1])
        out.append(Piece(at, end, every[0].head, (right, top, right, bottom), row=True))
        at = end + 1
    return "\n".join(texts), out


def _unruled(cells: list[list[list[Piece]]], grid: _Grid) -> bool:
    """Return whether a row holds several, with no rule between them.

    Its lines end early, or, where nothing parts the columns, there are as many in all of them.
    """
    counts = {len(lines) for lines in cells}
    if grid.open and len(cells) > 1 and len(counts) == 1 and counts.pop() > 2:
        return True
    early = 0
    many = _MANY_OPEN if grid.open else _MANY
    for lines in cells:
        if len(lines) < many:
            continue
        head = lines[0][0].head
        column = bisect_right(grid.between_columns, (head[0] + head[2]) / 2)
        edges = [grid.box[0], *grid.between_columns, grid.box[2]]
        width = edges[column + 1] - edges[column]
        ends = [width - (line[-1].tail[2] - line[0].head[0]) for line in lines[:-1]]
        early += min(ends) > _EARLY * lines[0][0].size
    return early >= 2


def _lines(parts: list[Piece]) -> list[list[Piece]]:
    """Return the lines of a cell, each from left to right."""
    if len(parts) == 1:
        return [parts]
    lines: list[list[Piece]] = []
    for part in sorted(parts, key=lambda p: p.head[1] + p.head[3]):
        last = lines[-1][0] if lines else None
        if last is not None and part.head[1] - last.head[1] < _LEVEL * part.size:
            lines[-1].append(part)
        else:
            lines.append([part])
    return [sorted(line, key=lambda p: p.head[0]) for line in lines]


def _joined(text: str, lines: list[list[Piece]]) -> str:
    """Return the text of a cell."""
    if len(lines) == 1 and len(lines[0]) == 1:
        only = lines[0][0]
        return text[only.start : only.end]
    out = ""
    for line in lines:
        new = " ".join(text[p.start : p.end] for p in line)
        latin = out[-1:].isascii() and new[:1].isascii() and out[-1:].isalnum()
        out += (" " if latin and new[:1].isalnum() else "") + new
    return out
