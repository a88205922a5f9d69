"""Lines → paragraphs: which line begins a new one, told by place first and wording second."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from statistics import median

from nqpf_cli.analysis.layout.lines import LayoutLine, by_column, em_of
from nqpf_cli.model import Gutter

_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|"
    r"第[一二三四五六七八九十百零〇\d]{1,4}[篇章节条]|\d{1,2}[.．、](?!\d)|[（(]\d{1,2}[)）]|——)"
)
# Lines below may hang behind it.
_LABEL = re.compile(r"^(?:[●○•■□◆◇▪★►▶·*-]|[①-⑳]|\w{1,6}[:：])")
_ENDS = "。！？；：!?;:…”』」）)"
_CALL_ALONE = re.compile(r"^(?:\[\d{1,3}\]|［\d{1,3}］)+$")  # of a note, wrapped to a line
_INDENT = 1.2  # em: an indent beyond this begins a paragraph
_SHORT = 2.5  # em: a line that ends this far from the margin with a full stop ends a paragraph
_VERY_SHORT = 5.0  # em: … and this far without one
_LARGE = 1.3  # of the text's size: that of titles
_FEW_LINES = 8  # a page with fewer does not show where its columns end


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a page: where its lines begin and end, in points."""

    left: float
    right: float


def join(
    pages: list[list[LayoutLine]], gutters: list[tuple[Gutter, ...]]
) -> list[list[LayoutLine]]:
    """Group the prose lines of all pages into paragraphs, over page ends too."""
    groups: list[list[LayoutLine]] = []
    wraps = _hard_wrapped([ln for page in pages for ln in page])
    found = _columns(pages, gutters)
    short = _VERY_SHORT + 3 * _ragged(pages, found)
    state: tuple[LayoutLine, Column | None] | None = None
    for page, cols in zip(pages, found, strict=True):
        by = Measure(em_of(page), _leading(page), short, wraps)
        for ln, after in zip_longest(page, page[1:]):
            column = _column_of(ln, cols)
            if state is None or _begins(ln, column, *state, by, after):
                groups.append([])
            groups[-1].append(ln)
            state = (ln, column)
    return groups


@dataclass(frozen=True, slots=True)
class Measure:
    """What a line is measured by: a page's ``em`` and usual gap, both in points.

    A line that ends ``short`` em before the margin is a paragraph's last; ``wraps`` is the
    width in characters of a text without places.
    """

    em: float
    gap: float
    short: float
    wraps: int


def _columns(
    pages: list[list[LayoutLine]], gutters: list[tuple[Gutter, ...]]
) -> list[list[Column]]:
    """Return the columns of every page, from left to right (one for ordinary pages)."""
    parts = [
        by_column(page, parting) if parting else [[ln for ln in page if ln.x0 is not None]]
        for page, parting in zip(pages, gutters, strict=True)
    ]
    own = [[_column(lines) for lines in columns if lines] for columns in parts]
    many = [cols[0] for cols, lines in zip(own, parts, strict=True) if _is_full(lines)]
    usual = _usual(many)
    return [
        [_by_other_pages(cols[0], usual, _is_full(lines))] if len(cols) == 1 else cols
        for cols, lines in zip(own, parts, strict=True)
    ]


def _is_full(columns: list[list[LayoutLine]]) -> bool:
    """Return whether a page of one column has lines enough to show where it ends."""
    return len(columns) == 1 and len(columns[0]) >= _FEW_LINES


def _usual(columns: list[Column]) -> list[Column]:
    """Return the columns that single-column pages have, the most frequent first."""
    alike: dict[int, list[Column]] = defaultdict(list)
    for c in columns:
        alike[round(c.left / 3)].append(c)
    return [
        Column(min(c.left for c in cols), median(c.right for c in cols))
        for cols in sorted(alike.values(), key=len, reverse=True)
    ]


def _by_other_pages(own: Column, usual: list[Column], full: bool) -> Column:
    for c in usual:
        if full and abs(c.left - own.left) < 3:
            return Column(own.left, max(own.right, c.right))
        if not full and c.left < own.left + 2 and own.right < c.right + 24:
            return c
    return own


def _column(lines: list[LayoutLine]) -> Column:
    ends = sorted(ln.x1 for ln in lines)
    return Column(min(ln.x0 or 0.0 for ln in lines), ends[int(len(ends) * 0.9)])


def _leading(page: list[LayoutLine]) -> float:
    """Return the usual gap between a line and the next, in points."""
    gaps = [b.top - a.bottom for a, b in pairwise(page) if a.x0 is not None and b.top > a.top]
    return median(gaps) if gaps else 0.0


def _ragged(pages: list[list[LayoutLine]], found: list[list[Column]]) -> bool:
    """Return whether lines end anywhere short of the margin, as in text that is not justified."""
    rooms = []
    for page, cols in zip(pages, found, strict=True):
        em = em_of(page)
        for a, b in pairwise(page):
            column = _column_of(a, cols)
            if column is None or b.x0 is None or not em or a.text[-1] in _ENDS:
                continue
            long = a.x1 - (a.x0 or 0.0) > 0.6 * (column.right - column.left)
            if long and abs(b.x0 - column.left) < 0.5 * em:
                rooms.append((column.right - a.x1) / em)
    return len(rooms) >= 20 and median(rooms) > 0.9


def _column_of(ln: LayoutLine, cols: list[Column]) -> Column | None:
    if ln.x0 is None or not cols:
        return None
    if len(cols) == 1:
        return cols[0]
    n = next((n for n in range(len(cols) - 1, 0, -1) if ln.x0 >= cols[n].left - 2), 0)
    if n + 1 < len(cols) and ln.x1 > cols[n + 1].left + 2:
        return Column(cols[n].left, cols[-1].right)  # over the gutter
    return cols[n]


def _begins(
    ln: LayoutLine,
    column: Column | None,
    before: LayoutLine,
    before_column: Column | None,
    by: Measure,
    after: LayoutLine | None,
) -> bool:
    if ln.fixed or before.fixed or (ln.role or before.role):
        return True
    if ln.x0 is None or column is None or before.x0 is None or before_column is None:
        if not by.wraps:
            return True
        return len(before.text) < by.wraps * 0.8 or bool(_NUMBERED.match(ln.text))
    if ln.size < before.size and _CALL_ALONE.match(ln.text) and ln.page == before.page:
        return False
    if abs(ln.size - before.size) > 0.18 * max(ln.size, before.size):
        return True
    em = by.em
    room = (before_column.right - before.x1) / em
    ended = before.text[-1] in _ENDS
    indent = (ln.x0 - column.left) / em
    if column == before_column and _centred(before, ln, column, em):
        return ended or bool(_NUMBERED.match(ln.text))
    if indent >= _INDENT:
        if room >= 1.2 or ended or _goes_back(ln, column, em, after):
            return True
        shift = indent - (before.x0 - before_column.left) / em
        # On a page that holds nothing else, lines that hang seem to stand at the margin.
        if min(abs(shift), abs(ln.x0 - before.x0) / em) < 0.4:
            return room >= 1.0
        return shift < 0 or not (_NUMBERED.match(before.text) or _LABEL.match(before.text))
    if room > (_SHORT if ended else by.short):
        return True
    if _NUMBERED.match(ln.text) and ended and room > 0.6:
        return True
    if ln.page != before.page or column != before_column:
        return False
    gap = ln.top - before.bottom
    if ended and gap > min(1.2 * em, max(by.gap, 0.0) + 0.4 * em):
        return True
    return gap > max(by.gap, 0.0) + (0.4 if room > 1.5 else 1.0) * em


def _goes_back(ln: LayoutLine, column: Column, em: float, after: LayoutLine | None) -> bool:
    """Return whether an indented line is full and the next is not indented: a first line."""
    if after is None or after.x0 is None or ln.x0 is None or after.page != ln.page:
        return False
    return column.right - ln.x1 < 2 * em and -0.5 < (after.x0 - column.left) / em < 0.5


def _centred(a: LayoutLine, b: LayoutLine, column: Column, em: float) -> bool:
    """Return whether two lines are one title: centred, of one size, the first a long one."""
    if a.x0 is None or b.x0 is None or a.page != b.page or b.top - a.bottom > 1.2 * a.size:
        return False
    # Large type may fill the line; of text, a full line is no title's.
    room = 1.5 * a.size if a.size < _LARGE * em else -em
    if min(a.x0, b.x0) - column.left <= room or column.right - b.x1 <= room:
        return False
    centre_a, centre_b = (a.x0 + a.x1) / 2, (b.x0 + b.x1) / 2
    off = abs(centre_a - (column.left + column.right) / 2)
    long = a.x1 - a.x0 > 0.4 * (column.right - column.left)
    alike = abs(centre_a - centre_b) < 0.75 * a.size and abs(a.size - b.size) < 0.12 * a.size
    return off < 3 * a.size and long and alike


def _hard_wrapped(lines: list[LayoutLine]) -> int:
    """Return the width at which a text without positions is wrapped, or 0 if it is not."""
    plain = [ln for ln in lines if ln.x0 is None and not ln.fixed]
    if len(plain) < 8:
        return 0
    lengths = sorted(len(ln.text) for ln in plain)
    width = lengths[int(len(lengths) * 0.95)]
    if not 12 <= width <= 90:
        return 0
    full = [ln for ln in plain if len(ln.text) >= width * 0.85]
    open_ended = sum(ln.text[-1] not in _ENDS for ln in full)
    return width if len(full) > len(plain) / 2 and open_ended > len(full) * 0.6 else 0
