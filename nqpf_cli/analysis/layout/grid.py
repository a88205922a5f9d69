"""Tables with ruling lines: which text stands in which cell, and the rows that makes.

An engine gives a page's lines of text, and a cell whose text takes several lines is then cut by the
cells beside it. Where rules make a grid, every row is put together from its cells instead. A cell
over several rows belongs to the first of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from nqpf_cli.analysis.layout.reading import Box, Piece, at_gaps

_THIN = 3.0  # points: a thicker bar is no rule
_SHORT = 4.0  # points: a shorter one neither
_NEAR = 2.0  # points: rules that far apart meet
_MOST_RULES = 2000  # on a page; a drawing has more
_MOST_CELLS = 4000
_MANY = 4  # lines in which a heading of a column may be set, with short ones too, are fewer
_EARLY = 2.5  # characters: a cell's text that leaves so much room was not wrapped there
_LEVEL = 0.6  # of a character's height: what is less apart in height is one line of a cell


class Rule(NamedTuple):
    """A ruling line, across at the height ``at`` or down at the place ``at``, in points."""

    at: float
    start: float
    end: float


class _Grid(NamedTuple):
    """A table's place, what parts its rows and columns, and the cells that are one."""

    box: Box
    between_rows: list[float]
    between_columns: list[float]
    cell: dict[tuple[int, int], tuple[int, int]]  # part of a cell → its first part


def may_hold_a_table(pieces: Sequence[Piece]) -> bool:
    """Return whether two lines or more have a gap as wide as a character, as between two cells.

    Only then is a page asked for its rules, which takes time.
    """
    celled = (True for p in pieces if any(g.right[0] - g.left[2] > p.size for g in p.gaps))
    return next(celled, False) and next(celled, False)


class _Row(NamedTuple):
    """A row as it was met: the lines that begin in it, and the parts of lines in its cells."""

    pieces: list[Piece]
    cells: dict[int, list[Piece]]


def rules_of(boxes: Iterable[Box]) -> tuple[list[Rule], list[Rule]]:
    """Return the rules across and down among the boxes of what is drawn on a page."""
    across: list[Rule] = []
    down: list[Rule] = []
    for x0, top, x1, bottom in boxes:
        if bottom - top <= _THIN and x1 - x0 >= _SHORT:
            across.append(Rule((top + bottom) / 2, x0, x1))
        elif x1 - x0 <= _THIN and bottom - top >= _SHORT:
            down.append(Rule((x0 + x1) / 2, top, bottom))
    return _merged(across), _merged(down)


def table_rows(
    text: str,
    pieces: Sequence[Piece],
    boxes: Sequence[Box],
    char_box: Callable[[int], Box],
) -> tuple[str, list[Piece]] | None:
    """Return the text with the rows of ruled tables set as lines, and its pieces; None if none is.

    ``boxes`` are those of what is drawn, ``char_box`` gives that of the character at an offset.
    """
    if len(boxes) > _MOST_RULES:
        return None
    grids = [g for g in map(_grid, *_tables(*rules_of(boxes))) if g is not None]
    if not grids:
        return None
    rows: dict[tuple[int, int], _Row] = {}
    where: list[tuple[int, int] | Piece] = []
    for piece in pieces:
        n = next((n for n, g in enumerate(grids) if _inside(piece, g)), None)
        if n is None:
            where.append(piece)
            continue
        met: set[int] = set()
        for (row, column), part in _cut(piece, grids[n], char_box):
            if (n, row) not in rows:
                rows[n, row] = _Row([], defaultdict(list))
                where.append((n, row))
            if not met:
                rows[n, row].pieces.append(piece)
            met.add(row)
            rows[n, row].cells[column].append(part)
    return _set(text, _in_place(where), rows, grids)


def _merged(rules: list[Rule]) -> list[Rule]:
    """Join the rules that lie in one line and touch."""
    out: list[Rule] = []
    lines: list[list[Rule]] = []
    for rule in sorted(rules):
        if lines and rule.at - lines[-1][0].at < _NEAR:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    for line in lines:
        at = line[0].at
        start, end = None, 0.0
        for rule in sorted(line, key=lambda r: r.start):
            if start is None:
                start, end = rule.start, rule.end
            elif rule.start <= end + _NEAR:
                end = max(end, rule.end)
            else:
                out.append(Rule(at, start, end))
                start, end = rule.start, rule.end
        if start is not None:
            out.append(Rule(at, start, end))
    return out


def _tables(across: list[Rule], down: list[Rule]) -> tuple[list[list[Rule]], list[list[Rule]]]:
    """Group the rules that meet: those across and those down of every table."""
    group = list(range(len(across) + len(down)))

    def first(n: int) -> int:
        while group[n] != n:
            group[n] = group[group[n]]
            n = group[n]
        return n

    for n, a in enumerate(across):
        for m, d in enumerate(down, len(across)):
            if (
                a.start - _NEAR <= d.at <= a.end + _NEAR
                and d.start - _NEAR <= a.at <= d.end + _NEAR
            ):
                group[first(m)] = first(n)
    found: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for n, rule in enumerate([*across, *down]):
        found[first(n)][n >= len(across)].append(rule)
    whole = [g for g in found.values() if len(g[0]) >= 3 and g[1]]
    return [g[0] for g in whole], [g[1] for g in whole]


def _grid(across: list[Rule], down: list[Rule]) -> _Grid | None:
    """Return the grid that the rules of a table make, None for less than two by two cells."""
    rows = _places(across, ())
    # Tables often have no rule at their left and right.
    columns = _places(down, (min(r.start for r in across), max(r.end for r in across)))
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
    return _Grid(box, rows[1:-1], columns[1:-1], cell)


def _by_place(rules: Iterable[Rule], places: Sequence[float]) -> list[list[Rule]]:
    out: list[list[Rule]] = [[] for _ in places]
    for rule in rules:
        out[bisect_right(places, rule.at + _NEAR / 2) - 1].append(rule)
    return out


def _places(rules: Iterable[Rule], edges: Iterable[float]) -> list[float]:
    out: list[float] = []
    for at in sorted([*(r.at for r in rules), *edges]):
        if not out or at - out[-1] > _NEAR:
            out.append(at)
    return out


def _ruled(rules: Iterable[Rule], middle: float) -> bool:
    return any(start <= middle <= end for _, start, end in rules)


def _inside(piece: Piece, grid: _Grid) -> bool:
    left, top, right, bottom = grid.box
    middle = (piece.head[1] + piece.head[3]) / 2
    return (
        top < middle < bottom and left - _NEAR <= piece.head[0] and piece.tail[2] <= right + _NEAR
    )


def _cut(
    piece: Piece, grid: _Grid, char_box: Callable[[int], Box]
) -> Iterable[tuple[tuple[int, int], Piece]]:
    """Yield the parts of a line with their cells.

    A line is parted at its gaps, and where it goes over a rule: in narrow cells, texts may touch.
    """
    for part in at_gaps(piece):
        start, head, cell = part.start, part.head, _cell_of(part.head, grid)
        if part.end - start > 1 and cell != _cell_of(part.tail, grid):
            before = head
            for offset in range(start + 1, part.end):
                box = char_box(offset)
                own = _cell_of(box, grid)
                if own != cell:
                    yield cell, Piece(start, offset, head, before)
                    start, head, cell = offset, box, own
                before = box
        yield cell, Piece(start, part.end, head, part.tail)


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
        by = at - piece.start
        gaps = tuple(g._replace(before=g.before + by, behind=g.behind + by) for g in piece.gaps)
        texts.append(text[piece.start : piece.end])
        out.append(piece._replace(start=at, end=at + len(texts[-1]), gaps=gaps))

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
        right = max(p.tail[2] for p in every)
        top, bottom = min(p.head[1] for p in every), max(p.tail[3] for p in every)
        end = at + len(texts[-1])
        out.append(Piece(at, end, every[0].head, (right, top, right, bottom), row=True))
        at = end + 1
    return "\n".join(texts), out


def _unruled(cells: list[list[list[Piece]]], grid: _Grid) -> bool:
    """Return whether a row holds several, with no rule between them: its lines end early."""
    early = 0
    for lines in cells:
        if len(lines) < _MANY:
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
    out = ""
    for line in lines:
        new = " ".join(text[p.start : p.end] for p in line)
        latin = out[-1:].isascii() and new[:1].isascii() and out[-1:].isalnum()
        out += (" " if latin and new[:1].isalnum() else "") + new
    return out
