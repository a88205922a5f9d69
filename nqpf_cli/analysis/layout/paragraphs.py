"""Lines → paragraphs: which line begins a new one, told by place first and wording second."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from nqpf_cli.analysis.layout.lines import LayoutLine, em_of

_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|"
    r"第[一二三四五六七八九十百零〇\d]{1,4}[篇章节条]|\d{1,2}[.．、](?!\d)|[（(]\d{1,2}[)）]|——)"
)
_ENDS = "。！？；：!?;:…”』」）)"
_INDENT = 1.2  # em: an indent beyond this begins a paragraph
_SHORT = 2.5  # em: a line that ends this far from the margin with a full stop ends a paragraph
_VERY_SHORT = 5.0  # em: … and this far without one


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a page: where its lines begin and end, in points."""

    left: float
    right: float


def columns(lines: list[LayoutLine], em: float) -> list[Column]:
    """Return the columns of a page, from left to right (one for ordinary pages)."""
    placed = [ln for ln in lines if ln.x0 is not None]
    if not placed or not em:
        return []
    starts = Counter(round((ln.x0 or 0) / (em / 2)) for ln in placed)
    needed = max(4, len(placed) * 0.15)
    lefts = sorted(k for k, n in starts.items() if n + starts.get(k + 1, 0) >= needed)
    first = min((ln.x0 or 0) for ln in placed)
    edges = [first]
    for k in lefts:
        left = k * em / 2 - em / 4
        before = [ln for ln in placed if (ln.x0 or 0) < left - em / 2]
        clear = sum(ln.x1 <= left + em for ln in before) >= 0.8 * len(before)
        if before and clear and left - edges[-1] > 6 * em:
            edges.append(min(ln.x0 or 0 for ln in placed if (ln.x0 or 0) >= left - em / 2))
    out = []
    for n, left in enumerate(edges):
        limit = edges[n + 1] if n + 1 < len(edges) else float("inf")
        own = sorted(ln.x1 for ln in placed if left - em <= (ln.x0 or 0) < limit - em / 2)
        out.append(Column(left, own[int(len(own) * 0.9)] if own else left))
    return out


def join(pages: list[list[LayoutLine]]) -> list[list[LayoutLine]]:
    """Group the prose lines of all pages into paragraphs, over page ends too."""
    groups: list[list[LayoutLine]] = []
    wraps = _hard_wrapped([ln for page in pages for ln in page])
    state: tuple[LayoutLine, Column | None] | None = None
    for page in pages:
        em = em_of(page)
        cols = columns(page, em)
        for ln in page:
            column = _column_of(ln, cols)
            if state is None or _begins(ln, column, *state, em, wraps):
                groups.append([])
            groups[-1].append(ln)
            state = (ln, column)
    return groups


def _column_of(ln: LayoutLine, cols: list[Column]) -> Column | None:
    if ln.x0 is None:
        return None
    return next((c for c in reversed(cols) if ln.x0 >= c.left - 2), cols[0] if cols else None)


def _begins(
    ln: LayoutLine,
    column: Column | None,
    before: LayoutLine,
    before_column: Column | None,
    em: float,
    wraps: int,
) -> bool:
    if ln.fixed or before.fixed or (ln.role or before.role):
        return True
    if ln.x0 is None or column is None or before.x0 is None or before_column is None:
        if not wraps:
            return True
        return len(before.text) < wraps * 0.8 or bool(_NUMBERED.match(ln.text))
    if abs(ln.size - before.size) > 0.18 * max(ln.size, before.size):
        return True
    room = (before_column.right - before.x1) / em
    ended = before.text[-1] in _ENDS
    indent = (ln.x0 - column.left) / em
    if indent >= _INDENT:
        same = abs((before.x0 - before_column.left) / em - indent) < 0.4
        return not (same and room < 1.0 and not ended)
    if room > (_SHORT if ended else _VERY_SHORT):
        return True
    if _NUMBERED.match(ln.text) and ended and room > 0.6:
        return True
    same_place = ln.page == before.page and column is before_column
    gap = ln.top - before.bottom
    return same_place and ended and gap > 1.2 * em


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
