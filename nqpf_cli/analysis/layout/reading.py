"""The order in which a page is read, where the file's own order is not that.

A file may set a page of two columns row by row, and an engine then gives a line of the left
column and one of the right as a single line. Here such lines are parted at the gutter and the
columns put one after the other; lines that an engine broke into pieces are made whole again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from statistics import median
from typing import NamedTuple

from nqpf_cli.model import Gutter

Box = tuple[float, float, float, float]
Span = tuple[float, float]

_BIN = 3.0  # points: how finely a page is looked through for gutters
_CROSSED = 0.5  # share of the lines beside a gutter that may cross it (title, abstract, header)
_COLUMN = 10.0  # em: narrower columns are a table's
_ALIKE = 1.35  # how much wider than the narrowest a column of prose is at most
_MOST = 4  # gutters that a page is searched for
_WIDE = 5.0  # em: wider gutters are a table's
_SHEET = 0.2  # of the text's width: a gutter so wide between columns that are as wide as pages
_FULL = 0.72  # a line this long, as share of its column, is full
_MOSTLY_FULL = 0.4  # share of full lines in columns of prose
_INDENT = 2.8  # em: how far from its column's edge a line may begin
_COPY = 200  # characters: as much as one line holds
_WIDEST = 14400.0  # points: no page is wider
_LINES = 8  # a page with fewer shows no columns
_SPACE = 0.4  # em: a narrower gap is a space between words
_UPWARDS = 0.15  # share of the lines above the one before, in a file without an order
_SAME_ROW = 0.4  # of a character's height: lines that are less apart stand in one
_TALL = 2.5  # em: higher boxes are text set askew
_LOWER = 0.6  # of a character's height: one that stands so much lower is in another line
_MOST_JOINED = 3  # lines that an engine makes one of
_RAISED = 0.8  # of a line's size: smaller characters above its foot are the call of a note


# Named tuples: a page has hundreds of them, and they are made in a third of the time.
class Gap(NamedTuple):
    """Spaces inside a line: the offsets before and behind them, the characters' boxes there."""

    before: int
    behind: int
    left: Box
    right: Box


class Piece(NamedTuple):
    """A line as an engine gave it: ``start``/``end`` in its text.

    ``head`` and ``tail`` are the boxes of its first and last character; ``row`` tells a row of a
    ruled table.
    """

    start: int
    end: int
    head: Box
    tail: Box
    gaps: tuple[Gap, ...] = ()
    row: bool = False

    @property
    def box(self) -> Box:
        """The box of the whole line."""
        top, bottom = min(self.head[1], self.tail[1]), max(self.head[3], self.tail[3])
        return self.head[0], top, self.tail[2], bottom

    @property
    def size(self) -> float:
        """Height of the first character."""
        return self.head[3] - self.head[1]

    @property
    def largest(self) -> float:
        """Height of the first or last character: a raised one is smaller than its line's."""
        return max(self.size, self.tail[3] - self.tail[1])


def gutters(pieces: Sequence[Piece]) -> tuple[Gutter, ...]:
    """Return the gutters of a page set in columns of prose, none for any other page."""
    em = _em(pieces)
    return _gutters(_spans(pieces, em), em)


def _spans(pieces: Sequence[Piece], em: float) -> list[Span]:
    """Return where every part of every line begins and ends, parted at each gap."""
    tall, space = _TALL * em, _SPACE * em
    out: list[Span] = []
    for _, _, head, tail, gaps, _ in pieces:
        if max(head[3], tail[3]) - min(head[1], tail[1]) >= tall:
            continue
        left = head[0]
        for _, _, (_, _, before, _), (behind, _, _, _) in gaps:
            if behind - before > space:
                out.append((left, before))
                left = behind
        out.append((left, tail[2]))
    return out


def _gutters(spans: list[Span], em: float) -> tuple[Gutter, ...]:
    if len(spans) < _LINES:
        return ()
    widths = sorted([right - left for left, right in spans])
    # Spares the search in tables: two fifths of the lines inside columns are full ones, and at
    # most half of a page's lines stand over gutters.
    if widths[int(len(widths) * (1 - _MOSTLY_FULL / 2))] < _FULL * _COLUMN * em:
        return ()
    # In columns, most lines are half as wide as the page's text or less.
    if widths[len(widths) // 2] > 0.6 * (max([r for _, r in spans]) - min([s for s, _ in spans])):
        return ()
    # Between two pages printed on one sheet there are two margins.
    widest = max(_WIDE * em, _SHEET * (max([r for _, r in spans]) - min([s for s, _ in spans])))
    found = [
        gutter
        for gutter in (Gutter(first * _BIN, last * _BIN) for first, last in _valleys(spans))
        if 0.5 * em <= gutter.right - gutter.left <= widest and _begins_a_column(spans, gutter, em)
    ]
    widest_first = sorted(found, key=lambda g: (g.left - g.right, g.left))[:_MOST]
    for n in range(len(widest_first), 0, -1):
        some = sorted(widest_first[:n], key=lambda g: g.left)
        if _columns_of_prose(spans, some, em):
            return tuple(some)
    return ()


def usual(found: Iterable[tuple[Gutter, ...]]) -> tuple[Gutter, ...]:
    """Return the gutters that most pages with columns have, none where they differ."""
    known = [gutters_ for gutters_ in found if gutters_]
    places = Counter(tuple(round(g.right / 12) for g in gutters_) for gutters_ in known)
    if not places:
        return ()
    most, times = places.most_common(1)[0]
    if 2 * times < len(known):
        return ()
    return next(g for g in known if tuple(round(x.right / 12) for x in g) == most)


def page_gutters(pages: Sequence[Sequence[Piece]]) -> list[tuple[Gutter, ...]]:
    """Return the gutters of every page, where it shows none those of the other pages."""
    own = [gutters(pieces) for pieces in pages]
    others = usual(own)
    return [
        found or (others if others and fits(pieces, others) else ())
        for pieces, found in zip(pages, own, strict=True)
    ]


def fits(pieces: Sequence[Piece], known: Sequence[Gutter]) -> bool:
    """Return whether the gutters of other pages are this page's too, as on a short last page."""
    em = _em(pieces)
    parts = [p for piece in pieces if _level(piece, em) for p in _part_at(piece, known, em)]
    places = [place(p.head[0], p.tail[2], known, em) for p in parts]
    across = places.count(None)
    behind = sum(bool(place) for place in places)
    return behind >= 2 and across <= 2 + _CROSSED * (len(parts) - across)


def arrange(pieces: Sequence[Piece], known: tuple[Gutter, ...]) -> list[Piece] | None:
    """Return the pieces as they are read, or None where they stand so already."""
    em = _em(pieces)
    parts: list[Piece] = []
    for piece in pieces:
        parts += _part_at(piece, known, em)
    places = [place(p.head[0], p.tail[2], known, em) for p in parts]
    # What goes over the gutters parts the page into bands; each is read column by column.
    across = [c is None and _level(p, em) for p, c in zip(parts, places, strict=True)]
    backward = sum(a is not None and b is not None and b < a for a, b in pairwise(places))
    if len(parts) == len(pieces) and backward <= sum(across) and not _in_disorder(parts):
        return None
    tops = sorted(_middle(p) for p, over in zip(parts, across, strict=True) if over)
    keys = []
    for n, (part, column, over) in enumerate(zip(parts, places, across, strict=True)):
        band = bisect_left(tops, _middle(part))
        if column is not None:
            keys.append((band, column, part.box[1], n))
        else:
            keys.append((band if over else len(tops) + 1, len(known) + 1, part.box[1], n))
    return [parts[key[-1]] for key in sorted(keys)]


def may_hold_two_lines(piece: Piece) -> bool:
    """Return whether a line that runs across ends lower than it begins."""
    _, _, head, tail, _, _ = piece
    size = head[3] - head[1]
    return tail[1] - head[1] > _LOWER * size and abs(tail[0] - head[0]) > size


def with_jumps(piece: Piece, boxes: Sequence[Box]) -> Piece:
    """Return a piece with a gap wherever its text goes on in a line below, without a space.

    Engines join a short line and the next that begins below it. ``boxes`` are of all characters.
    """
    known = {n for gap in piece.gaps for n in range(gap.before, gap.behind + 1)}
    jumps = [
        Gap(n, n, a, b)
        for n, (a, b) in enumerate(pairwise(boxes), piece.start + 1)
        if n not in known and _is_below(b, a)
    ]
    if not 0 < len(jumps) <= _MOST_JOINED:  # more are steps: text set askew
        return piece
    return piece._replace(gaps=tuple(sorted([*piece.gaps, *jumps])))


def _is_below(b: Box, a: Box) -> bool:
    size = a[3] - a[1]
    return b[1] - a[1] > _LOWER * size and b[0] < a[2] + size


def parted(piece: Piece, text: str) -> list[Piece]:
    """Return the piece parted where it jumps back, without what is printed over itself.

    Engines put lines that overlap in height into one, and print bold that is set twice twice.
    """
    if not piece.gaps:
        return [piece]
    jumps = tuple(
        g for g in piece.gaps if g.right[0] < g.left[2] - 0.6 * piece.size or g.before == g.behind
    )
    if not jumps:
        return [piece]
    out: list[Piece] = []
    gaps = iter(piece.gaps)
    for part in at_gaps(piece._replace(gaps=jumps)):
        inside = []
        for gap in gaps:
            if gap.before >= part.end:
                break  # the jump that ends this part
            inside.append(gap)
        part = part._replace(gaps=tuple(inside))
        if out and abs(out[-1].tail[3] - part.head[3]) < 0.3 * part.size:
            part = _without_copy(out[-1], part, text)
        if part.start < part.end:
            out.append(part)
    return out


def _without_copy(before: Piece, part: Piece, text: str) -> Piece:
    """Return the part without the beginning that repeats the end of the part before."""
    old, new = text[before.start : before.end], text[part.start : part.end]
    most = min(len(old), len(new), _COPY)
    copied = next((k for k in range(most, 0, -1) if old.endswith(new[:k])), 0)
    if not copied:
        return part
    start = part.start + len(new) - len(new[copied:].lstrip())
    x = before.tail[2]
    head = (x, part.head[1], x + part.head[2] - part.head[0], part.head[3])
    return Piece(start, part.end, head, part.tail, tuple(g for g in part.gaps if g.before > start))


def mended(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Group the pieces that stand on end in one line, though the engine broke it."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        last = groups[-1][-1] if groups else None
        if last is not None and not (last.row or piece.row) and _goes_on(last, piece):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def downwards(pieces: Sequence[Piece]) -> list[Piece] | None:
    """Return the lines of one column from top to bottom, None where they stand about so already."""
    if not _in_disorder(pieces):
        return None
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=_middle):
        if rows and _middle(piece) - _middle(rows[-1][0]) < _SAME_ROW * piece.size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [piece for row in rows for piece in sorted(row, key=lambda p: p.head[0])]


def _in_disorder(pieces: Sequence[Piece]) -> bool:
    """Return whether lines often stand above the one before: no file's order, nor cells'."""
    upwards = 0
    for (_, _, head, tail, _, _), (_, _, below, end, _, _) in pairwise(pieces):
        if below[3] < head[1] + _SAME_ROW * (head[3] - head[1]):
            common = min(tail[2], end[2]) - max(head[0], below[0])
            upwards += common > 0.5 * min(tail[2] - head[0], end[2] - below[0])
    return upwards >= 3 and upwards > _UPWARDS * len(pieces)


def _goes_on(a: Piece, b: Piece) -> bool:
    tail, head = a.tail, b.head
    size = max(a.head[3] - a.head[1], head[3] - head[1])
    if not -0.2 * size < head[0] - tail[2] < 0.3 * size:
        return False
    if abs(tail[1] - head[1]) < 0.15 * size and abs(tail[3] - head[3]) < 0.15 * size:
        return True
    small, large = (tail, head) if tail[3] - tail[1] < head[3] - head[1] else (head, tail)
    # The call of a note, raised: no lower than its line, hardly higher.
    return (
        small[3] - small[1] < _RAISED * size
        and -0.4 * size < small[1] - large[1]
        and small[3] < large[3] - 0.15 * size
    )


def _em(pieces: Iterable[Piece]) -> float:
    sizes = [size for p in pieces if (size := p.head[3] - p.head[1]) > 0]
    return median(sizes) if sizes else 1.0


def _level(piece: Piece, em: float) -> bool:
    return piece.box[3] - piece.box[1] < _TALL * em


def _middle(piece: Piece) -> float:
    return (piece.box[1] + piece.box[3]) / 2


def at_gaps(piece: Piece) -> list[Piece]:
    """Return the piece parted at every gap."""
    out, start, head = [], piece.start, piece.head
    for gap in piece.gaps:
        out.append(Piece(start, gap.before, head, gap.left))
        start, head = gap.behind, gap.right
    out.append(Piece(start, piece.end, head, piece.tail))
    return out


def _cover(spans: Sequence[Span]) -> list[int]:
    """Return how many lines stand over each strip of the page."""
    width = min(_WIDEST, max([right for _, right in spans]))
    end = max(0, int(width / _BIN)) + 2
    steps = [0] * (end + 1)
    for left, right in spans:
        first, last = int(left / _BIN) + 1, int(right / _BIN)
        if first < 0:
            first = 0
        if last > end:
            last = end
        if last > first:
            steps[first] += 1
            steps[last] -= 1
    return list(accumulate(steps))


def _valleys(spans: Sequence[Span]) -> list[tuple[int, int]]:
    """Return the strips that few lines cross, with text on either side, from left to right."""
    cover = _cover(spans)
    highest_left = list(accumulate(cover, max))
    highest_right = list(accumulate(reversed(cover), max))[::-1]
    out: list[tuple[int, int]] = []
    first = None
    for i, n in enumerate(cover):
        beside = min(highest_left[i], highest_right[i])
        low = beside >= 4 and n <= beside * _CROSSED
        if low and first is None:
            first = i
        elif not low and first is not None:
            out.append(_deepest(cover, first, i))
            first = None
    return out


def _deepest(cover: list[int], first: int, last: int) -> tuple[int, int]:
    """Return the lowest run in a valley: its slopes are indents and short lines."""
    floor = min(cover[first:last])
    limit = floor + max(1, round(0.1 * max(cover)))
    runs: list[tuple[int, int]] = []
    at = first
    while at < last:
        if cover[at] > limit:
            at += 1
            continue
        end = at
        while end < last and cover[end] <= limit:
            end += 1
        runs.append((at, end))
        at = end
    return max(runs, key=lambda r: r[1] - r[0])


def _begins_a_column(spans: Sequence[Span], gutter: Gutter, em: float) -> bool:
    behind = [x for x, _ in spans if gutter.left - em < x < gutter.right + 4 * em]
    at_edge = sum(x < gutter.right + _INDENT * em for x in behind)
    return at_edge >= 3 and at_edge >= 0.7 * len(behind)


def _columns_of_prose(spans: Sequence[Span], found: Sequence[Gutter], em: float) -> bool:
    columns: list[list[Span]] = [[] for _ in range(len(found) + 1)]
    for left, right in spans:
        column = place(left, right, found, em)
        if column is not None:
            columns[column].append((left, right))
    widths = []
    for column_ in columns:
        if len(column_) < 3:
            return False
        lengths = sorted(right - left for left, right in column_)
        widths.append(lengths[int(len(lengths) * 0.85)])
        starts = [left for left, right in column_ if right - left >= _FULL * widths[-1]]
        edge = median(starts)
        flush = sum(-0.6 * em < x - edge < _INDENT * em for x in starts)
        if len(starts) < _MOSTLY_FULL * len(lengths) or flush < 0.8 * len(starts):
            return False
    return min(widths) >= _COLUMN * em and max(widths) <= _ALIKE * min(widths)


def place(left: float, right: float, known: Sequence[Gutter], em: float) -> int | None:
    """Return the number of the column a line stands in, None if it goes over a gutter."""
    column = 0
    for gutter in known:
        if left < (gutter.left + gutter.right) / 2 - 0.5 * em:
            return None if right > gutter.right + em else column
        column += 1
    return column


def _part_at(piece: Piece, known: Sequence[Gutter], em: float) -> list[Piece]:
    """Return the piece parted where a gap of its line is a gutter of the page.

    Such a gap is about as wide as the gutter, or there is much of a column before it: a space in
    a centred title may stand at the gutter by chance.
    """
    if not piece.gaps:
        return [piece]
    gaps: list[Gap] = []
    begins = piece.head[0]
    for gap in piece.gaps:
        left, right = gap.left[2], gap.right[0]
        edge = 0.0
        for g in known:
            wide = right - left > 0.6 * (g.right - g.left)
            at = left < g.right and right > g.left and -em < right - g.right < _INDENT * em
            if at and (wide or left - begins > 0.6 * (g.left - edge)):
                gaps.append(gap)
                begins = right
                break
            edge = g.right
    return at_gaps(piece._replace(gaps=tuple(gaps))) if gaps else [piece]
