"""Tables ruled across only: their columns are told by the space between the texts.

Rules that begin and end alike part the rows. Where a strip of the page is left free by the text
between them, row for row, it parts two columns; a rule down is imagined there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from nqpf_cli.analysis.layout.reading import Piece, Span, at_gaps

_ALIKE = 4.0  # points: what the ends of a table's rules may differ by
_LINES = 8  # in a row; with more, it is no row but text between two rules
_FREE = 0.5  # of a character's height: narrower strips are spaces between words

# (at, start, end) of a ruling line, across at the height ``at`` or down at the place ``at``, in
# points. No class: pages have hundreds of them.
Rule = tuple[float, float, float]


def open_tables(
    across: Iterable[Rule], pieces: Sequence[Piece]
) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Yield the rules across of every table, from top to bottom, and those imagined down it."""
    alike: dict[tuple[int, int], list[Rule]] = defaultdict(list)
    for rule in across:
        alike[round(rule[1] / _ALIKE), round(rule[2] / _ALIKE)].append(rule)
    for rules in alike.values():
        if len(rules) < 3:
            continue
        rules.sort()
        rows = [_spans_between(a, b, pieces) for a, b in pairwise(rules)]
        first = 0
        while first < len(rows) - 1:
            last = first
            while last < len(rows) and rows[last]:
                last += 1
            if last - first >= 2:
                yield from _table(rules[first : last + 1], rows[first:last])
            first = last + 1


def _spans_between(upper: Rule, lower: Rule, pieces: Sequence[Piece]) -> list[tuple[Span, float]]:
    """Return where texts between two rules begin and end, with their size; none if many lines."""
    out: list[tuple[Span, float]] = []
    heights: set[int] = set()
    for piece in pieces:
        middle = (piece.head[1] + piece.head[3]) / 2
        if not upper[0] < middle < lower[0]:
            continue
        if piece.head[0] < upper[1] - _ALIKE or piece.tail[2] > upper[2] + _ALIKE:
            return []
        heights.add(round(middle / (piece.size or 1.0)))
        out += [((part.head[0], part.tail[2]), piece.size) for part in at_gaps(piece)]
    return out if len(heights) <= _LINES else []


def _table(
    rules: list[Rule], rows: list[list[tuple[Span, float]]]
) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Yield the rules with those down, without the first or last row if that goes over them."""
    for first, last in ((0, len(rows)), (1, len(rows)), (0, len(rows) - 1)):
        if last - first < 2:
            continue
        if free := _free(rows[first:last]):
            top, bottom = rules[first][0], rules[last][0]
            yield rules[first : last + 1], [(x, top, bottom) for x in free]
            return


def _free(rows: list[list[tuple[Span, float]]]) -> list[float]:
    """Return the middles of the strips that no text goes over, with texts of two rows behind."""
    spans = sorted(item for row in rows for item in row)
    out: list[float] = []
    end = spans[0][0][1]
    for (left, right), size in spans:
        if left - end > _FREE * size:
            at = (left + end) / 2
            behind = [any(x[0] > at for x, _ in row) for row in rows]
            before = [any(x[1] < at for x, _ in row) for row in rows]
            if sum(map(all, zip(before, behind, strict=True))) >= 2:
                out.append(at)
        end = max(end, right)
    return out
