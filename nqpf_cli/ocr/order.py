"""Recognised lines → rows in reading order: top to bottom, two columns one after the other.

A page is cut at a gutter: lines across it (a title, a table, a page number) part the page into
bands, and a band whose both sides are filled like prose is read side by side. A table is not: its
cells leave most of their columns empty, and its rows are read across.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from unicodedata import east_asian_width

from nqpf_cli.ocr.base import Box, RecognisedLine

_SLACK = 0.5  # em: a line that goes this much beyond the gutter does not cross it
_CENTRAL = (0.15, 0.85)  # share of the text's width in which a gutter may lie
_ROWS = 3  # a column has at least so many rows …
_NARROW = 8.0  # … is at least so many em wide …
_FILLED = 0.6  # … and its lines fill this share of its width
_SAME_ROW = 0.5  # of the lower line's height: centres nearer than this are on one row
_TOUCHING = 0.8  # em: parts of a row nearer than this are one text
_OPENING, _CLOSING = "（《〈“‘【〔「『", "，。、；：！？）》〉”’】〕」』"
_MEASURABLE = 3  # wide characters: with fewer the width does not tell the size
_SURE = 8.0  # em: a line this long tells how boxes relate to characters
_SAME_SIZE = 0.12  # sizes that differ less from the page's usual size are that size


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of text; ``box`` in pixels, as high as its characters, which are ``size`` px."""

    text: str
    box: Box
    size: float
    confidence: float


def rows_in_order(lines: Sequence[RecognisedLine]) -> list[Row]:
    """Return the rows of a page in reading order, parts of a row joined.

    Parts that stand apart are joined by one space, so that the layout knows a table's row.
    """
    lines = [ln for ln in lines if ln.text.strip() and ln.box[2] > ln.box[0]]
    sizes = _sizes(lines)
    return [_row(parts, [sizes[id(p)] for p in parts]) for parts in _ordered(lines, sizes)]


# --- columns ----------------------------------------------------------------------------------


def _ordered(lines: list[RecognisedLine], sizes: dict[int, float]) -> list[list[RecognisedLine]]:
    if not lines:
        return []
    em = median(sizes[id(ln)] for ln in lines)
    found = _gutter(lines, em)
    if found is None:
        return _rows(lines)
    out = []
    across: list[RecognisedLine] = []
    for band, is_columns in _bands(lines, found, em):
        if not is_columns:
            across += band
            continue
        out += _rows(across)
        across = []
        for side in _sides(band, found, em):
            out += _ordered(side, sizes)
    return out + _rows(across)


def _gutter(lines: list[RecognisedLine], em: float) -> float | None:
    """Return the x of the gutter that most lines stand beside in columns, None without one."""
    left, right = min(ln.box[0] for ln in lines), max(ln.box[2] for ln in lines)
    low, high = (left + share * (right - left) for share in _CENTRAL)
    candidates = sorted({ln.box[0] - em / 4 for ln in lines if low < ln.box[0] < high})
    best, best_count = None, 0
    for x in candidates:
        count = sum(len(band) for band, is_columns in _bands(lines, x, em) if is_columns)
        if count > best_count:
            best, best_count = x, count
    return best


def _bands(
    lines: list[RecognisedLine], gutter: float, em: float
) -> list[tuple[list[RecognisedLine], bool]]:
    """Part the lines, top to bottom, at those that cross the gutter; tell which are columns."""
    bands: list[list[RecognisedLine]] = [[]]
    for ln in sorted(lines, key=_middle):
        if ln.box[0] < gutter - _SLACK * em and ln.box[2] > gutter + _SLACK * em:
            bands += [[ln], []]
        else:
            bands[-1].append(ln)
    return [
        (band, all(_is_column(side, em) for side in _sides(band, gutter, em)))
        for band in bands
        if band
    ]


def _sides(
    band: list[RecognisedLine], gutter: float, em: float
) -> tuple[list[RecognisedLine], list[RecognisedLine]]:
    left = [ln for ln in band if ln.box[0] < gutter - _SLACK * em]
    right = [ln for ln in band if ln.box[0] >= gutter - _SLACK * em]
    return left, right


def _is_column(side: list[RecognisedLine], em: float) -> bool:
    rows = _rows(side)
    if len(rows) < _ROWS:
        return False
    width = max(ln.box[2] for ln in side) - min(ln.box[0] for ln in side)
    filled = sum(ln.box[2] - ln.box[0] for ln in side)
    return width >= _NARROW * em and filled >= _FILLED * width * len(rows)


# --- rows -------------------------------------------------------------------------------------


def _middle(ln: RecognisedLine) -> float:
    return (ln.box[1] + ln.box[3]) / 2


def _rows(lines: list[RecognisedLine]) -> list[list[RecognisedLine]]:
    """Group lines that stand beside each other; rows top to bottom, parts left to right."""
    rows: list[list[RecognisedLine]] = []
    for ln in sorted(lines, key=_middle):
        if rows and all(_beside(ln, other) for other in rows[-1]):
            rows[-1].append(ln)
        else:
            rows.append([ln])
    return [sorted(row, key=lambda ln: ln.box[0]) for row in rows]


def _beside(a: RecognisedLine, b: RecognisedLine) -> bool:
    height = min(a.box[3] - a.box[1], b.box[3] - b.box[1])
    overlap = min(a.box[2], b.box[2]) - max(a.box[0], b.box[0])
    return abs(_middle(a) - _middle(b)) < _SAME_ROW * height and overlap < height


def _row(parts: list[RecognisedLine], sizes: list[float]) -> Row:
    text = parts[0].text.strip()
    for left, right, size in zip(parts, parts[1:], sizes, strict=False):
        more = right.text.strip()
        latin = text[-1].isascii() and more[0].isascii()
        text += more if right.box[0] - left.box[2] < _TOUCHING * size and not latin else " " + more
    lengths = [len(p.text) for p in parts]
    size = max(zip(lengths, sizes, strict=True))[1]
    middle = sum(n * _middle(p) for n, p in zip(lengths, parts, strict=True)) / sum(lengths)
    confidence = sum(n * p.confidence for n, p in zip(lengths, parts, strict=True)) / sum(lengths)
    x0, x1 = min(p.box[0] for p in parts), max(p.box[2] for p in parts)
    box = (x0, middle - size / 2, x1, middle + size / 2)
    return Row(text=text, box=box, size=size, confidence=confidence)


# --- sizes ------------------------------------------------------------------------------------


def _sizes(lines: list[RecognisedLine]) -> dict[int, float]:
    """Return the size of the characters of each line in pixels, by its ``id``.

    Boxes are drawn around the ink, with a margin of the recognizer's own, so that lines of one
    size differ in height by a third; Chinese characters are as wide as high, so the width of
    a line is the better measure. What is near the page's usual size is that size: the layout
    takes a change of size for the end of a paragraph.
    """
    if not lines:
        return {}
    heights = [ln.box[3] - ln.box[1] for ln in lines]
    widths = [(ln.box[2] - ln.box[0]) / _ems(ln.text) for ln in lines]
    ratios = [
        w / h
        for ln, w, h in zip(lines, widths, heights, strict=True)
        if _ems(ln.text) >= _SURE and 0.4 < w / h < 1.2
    ]
    ratio = median(ratios) if ratios else 1.0
    sizes = []
    for ln, by_width, height in zip(lines, widths, heights, strict=True):
        by_height = ratio * height
        # Letters set wide apart (目　录) would make a large size of a small one.
        by_width_holds = _wide(ln.text) >= _MEASURABLE and by_width < 1.3 * by_height
        sizes.append(by_width if by_width_holds else by_height)
    usual = _weighted_median(sizes, [len(ln.text) for ln in lines])
    return {
        id(ln): usual if abs(size - usual) < _SAME_SIZE * usual else size
        for ln, size in zip(lines, sizes, strict=True)
    }


def _wide(text: str) -> int:
    return sum(1 for c in text if east_asian_width(c) in "WFA")


def _ems(text: str) -> float:
    """Return how many characters wide the ink of ``text`` is."""
    text = text.strip()
    wide = _wide(text)
    # The ink of punctuation fills one half of its square: at the ends the other is outside.
    outside = 0.5 * (text[:1] in _OPENING) + 0.5 * (text[-1:] in _CLOSING)
    return max(wide + 0.5 * (len(text) - wide) - outside, 0.5)


def _weighted_median(values: list[float], weights: list[int]) -> float:
    half = sum(weights) / 2
    for value, weight in sorted(zip(values, weights, strict=True)):
        half -= weight
        if half <= 0:
            return value
    return max(values)
