"""Pages whose lines run from top to bottom or are set sideways, given as if they ran across.

In vertical writing, lines stand from right to left; engines give its characters one by one, or its
lines from left to right. Here the page is turned as a whole, so that a line's way is x and the way
from line to line is y: whatever looks at places afterwards (gutters, indents, margins) finds an
ordinary page. Text set sideways, as on a broad table's page, is turned likewise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from nqpf_cli.analysis.layout.reading import Box, Gap, Piece, at_gaps
from nqpf_cli.analysis.normalize import is_han

_PITCH = 1.45  # sizes: single characters that stand closer than this, one below the other, are text
_CLOSER = 0.85  # … and by so much closer than the columns
_SAME = 0.55  # em: what is less apart across is one column
_SPACE = 0.5  # em: a wider gap in a column is a space
_LONG = 5  # units: a column with fewer does not show where the text begins and ends
_OUTSIDE = 1.5  # em: what stands so far above or below the text is a header or footer


class _Unit(NamedTuple):
    """What stands in a column in one piece: a character, a run of them, a number set across."""

    piece: Piece
    middle: float
    top: float
    bottom: float


def upright(
    text: str, pieces: Sequence[Piece], width: float, height: float
) -> tuple[str, list[Piece]] | None:
    """Return the text of a turned page in its order, and its lines; None for any other page.

    ``width`` and ``height`` are the page's in points; the page that the lines are given for is
    ``height`` wide and ``width`` high.
    """
    down = up = single = flat = 0
    for start, end, head, tail, gaps, _ in pieces:
        length = end - start - len(gaps)
        rise = tail[1] - head[1]
        if length == len(gaps) + 1:
            single += length
        elif abs(rise) > 0.5 * (head[3] - head[1]) and abs(rise) > abs(tail[0] - head[0]):
            down, up = down + length * (rise > 0), up + length * (rise < 0)
        else:
            flat += length
    total = down + up + single + flat
    if 2 * max(up, down + single) <= total:
        return None
    if up > down + single:
        return _upwards(text, pieces, height)
    units = [_unit(part) for piece in pieces for part in at_gaps(piece)]
    em = median([u.piece.head[2] - u.piece.head[0] for u in units]) or 1.0
    columns = _columns(units, em)
    # One line alone, a title upright on a cover, makes no page of vertical writing.
    if len(columns) < 2 if down > single else not _stacked(text, units, em):
        return None

    def turn(b: Box) -> Box:
        return b[1], width - b[2], b[3], width - b[0]

    above, columns, below = _parted(columns, em)
    body = [[_turned(u.piece, turn) for u in column] for column in columns]
    return _set(text, [*_across(above, 0.0, em), *body, *_across(below, width - em, em)])


def _upwards(text: str, pieces: Sequence[Piece], height: float) -> tuple[str, list[Piece]]:
    """Turn a page whose lines run from bottom to top."""

    def turn(b: Box) -> Box:
        return height - b[3], b[0], height - b[1], b[2]

    turned = [_turned(piece, turn) for piece in pieces]
    turned.sort(key=lambda piece: (round(piece.head[1]), piece.head[0]))
    return _set(text, [[piece] for piece in turned])


def _unit(piece: Piece) -> _Unit:
    head, tail = piece.head, piece.tail
    top, bottom = min(head[1], tail[1]), max(head[3], tail[3])
    return _Unit(piece, (head[0] + head[2]) / 2, top, bottom)


def _turned(piece: Piece, turn: Callable[[Box], Box]) -> Piece:
    gaps = tuple(g._replace(left=turn(g.left), right=turn(g.right)) for g in piece.gaps)
    return piece._replace(head=turn(piece.head), tail=turn(piece.tail), gaps=gaps)


def _set(text: str, lines: Iterable[list[Piece]]) -> tuple[str, list[Piece]]:
    """Set the lines one below the other; the pieces of a line that stand apart get a space."""
    out: list[Piece] = []
    texts: list[str] = []
    at = 0
    for line in lines:
        start = at
        gaps: list[Gap] = []
        before: Piece | None = None
        for piece in line:
            if before is not None and piece.head[0] - before.tail[2] > _SPACE * piece.size:
                gaps.append(Gap(at, at + 1, before.tail, piece.head))
                texts.append(" ")
                at += 1
            shift = at - piece.start
            gaps += [
                g._replace(before=g.before + shift, behind=g.behind + shift) for g in piece.gaps
            ]
            texts.append(text[piece.start : piece.end])
            at += piece.end - piece.start
            before = piece
        out.append(Piece(start, at, line[0].head, line[-1].tail, tuple(gaps)))
        texts.append("\n")
        at += 1
    return "".join(texts[:-1]), out


def _stacked(text: str, units: Sequence[_Unit], em: float) -> bool:
    """Return whether single characters stand closer in columns than in rows."""
    han = [u for u in units if is_han(text[u.piece.start : u.piece.start + 1])]
    if 2 * len(han) < len(units):
        return False
    columns: dict[int, list[float]] = defaultdict(list)
    rows: dict[int, list[float]] = defaultdict(list)
    for u in han:
        columns[round(u.middle / em)].append(u.top)
        rows[round(u.top / em)].append(u.middle)
    down, across = _pitch(columns.values()), _pitch(rows.values())
    size = median([u.bottom - u.top for u in han])
    return 0 < down < _PITCH * size and (not across or down < _CLOSER * across)


def _pitch(groups: Iterable[list[float]]) -> float:
    steps = [b - a for group in groups for a, b in pairwise(sorted(group)) if b > a]
    return median(steps) if steps else 0.0


def _columns(units: Iterable[_Unit], em: float) -> list[list[_Unit]]:
    """Return the columns from right to left, each from top to bottom."""
    columns: list[list[_Unit]] = []
    for u in sorted(units, key=lambda u: -u.middle):
        if columns and columns[-1][0].middle - u.middle < _SAME * em:
            columns[-1].append(u)
        else:
            columns.append([u])
    return [sorted(column, key=lambda u: u.top) for column in columns]


def _parted(
    columns: list[list[_Unit]], em: float
) -> tuple[list[_Unit], list[list[_Unit]], list[_Unit]]:
    """Part what stands above and below the text from its columns: headers, page numbers."""
    long = [c for c in columns if sum(u.piece.end - u.piece.start for u in c) >= _LONG]
    if not long:
        return [], columns, []
    top = sorted(c[0].top for c in long)[len(long) // 5]
    bottom = sorted(c[-1].bottom for c in long)[len(long) * 4 // 5]
    room = _OUTSIDE * em
    above: list[_Unit] = []
    below: list[_Unit] = []
    for column in columns:
        while column and column[0].bottom < top - room and _alone(column[:2], room):
            above.append(column.pop(0))
        while column and column[-1].top > bottom + room and _alone(column[-2:], room):
            below.append(column.pop())
    return above, [c for c in columns if c], below


def _alone(two: list[_Unit], room: float) -> bool:
    return len(two) < 2 or two[1].top - two[0].bottom > room


def _across(units: Iterable[_Unit], top: float, em: float) -> list[list[Piece]]:
    """Return rows of a header or footer, standing at ``top``: the edge of the turned page."""
    rows: dict[int, list[_Unit]] = defaultdict(list)
    for u in units:
        rows[round(u.top / em)].append(u)

    def put(b: Box) -> Box:
        return b[0], top, b[2], top + em

    in_order = (sorted(row, key=lambda u: u.middle) for _, row in sorted(rows.items()))
    return [[_turned(u.piece, put) for u in row] for row in in_order]
