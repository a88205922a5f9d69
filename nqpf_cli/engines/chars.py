"""The characters of a PDF's page: its text, and where each of them stands."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from nqpf_cli.analysis.layout.reading import Box
from nqpf_cli.engines.native import address, plain, raw

Rect = tuple[float, float, float, float]  # left, top, right, bottom in PDFium's points

_RECT = struct.Struct("=4f")  # FS_RECTF, which is a Rect
_GET_BOX = plain(raw.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_int, ctypes.c_void_p)
_CHAR_INDEX = plain(raw.FPDFText_GetCharIndexFromTextIndex, ctypes.c_int, ctypes.c_int)
_SAMPLES = 4  # characters of a page whose fonts are looked at
_ABOVE, _BELOW = 0.88, 0.12  # of its size: how far a Han character reaches from its baseline
_WIDE = 0x2E80  # from here on, characters are as wide as they are high


def page_text(textpage: Any) -> str:
    """Return a page's text as PDFium gives it: lines end CRLF, half characters are left out."""
    count = raw.FPDFText_CountChars(textpage)
    first, last = 0, count - 1
    # From a character that is left out of the text, PDFium would read beyond the range's end.
    while first <= last and raw.FPDFText_GetTextIndexFromCharIndex(textpage, first) < 0:
        first += 1
    while first <= last and raw.FPDFText_GetTextIndexFromCharIndex(textpage, last) < 0:
        last -= 1
    if first > last:
        return ""
    start, end = (raw.FPDFText_GetTextIndexFromCharIndex(textpage, n) for n in (first, last))
    # Not as many as characters: the text has some that the page has not, and the reverse.
    buffer = (ctypes.c_ushort * (end - start + 2))()
    length = raw.FPDFText_GetText(textpage, first, last - first + 1, buffer)
    return bytes(memoryview(buffer)[: length - 1]).decode("utf-16-le", "ignore")


@dataclass(frozen=True, slots=True)
class Turn:
    """From PDFium's points (origin at the lower left, page not turned) to those of a reader."""

    left: float
    bottom: float
    right: float
    top: float
    degrees: int

    @classmethod
    def of(cls, page: Any) -> Turn | None:
        """Return that of a page, None where PDFium does not tell it."""
        box = raw.FS_RECTF()
        quarters = raw.FPDFPage_GetRotation(page)
        if quarters < 0 or not raw.FPDF_GetPageBoundingBox(page, box):
            return None
        return cls(box.left, box.bottom, box.right, box.top, 90 * quarters)

    def boxes(self, rects: Iterable[Rect]) -> list[Box]:
        """Return (x0, top, x1, bottom) from the upper left corner of the page as it is shown."""
        x0, y0, x1, y1 = self.left, self.bottom, self.right, self.top
        match self.degrees:
            case 0:
                return [(a - x0, y1 - b, c - x0, y1 - d) for a, b, c, d in rects]
            case 90:
                return [(d - y0, a - x0, b - y0, c - x0) for a, b, c, d in rects]
            case 180:
                return [(x1 - c, d - y0, x1 - a, b - y0) for a, b, c, d in rects]
            case _:
                return [(y1 - b, x1 - c, y1 - d, x1 - a) for a, b, c, d in rects]


def char_boxes(textpage: Any, turn: Turn, length: int) -> Callable[[Sequence[int]], list[Box]]:
    """Return what gives the boxes of characters by their advances, or raises ``LookupError``.

    It takes offsets into the page's text, which is ``length`` long. A page asks for hundreds of
    boxes, and asks for all of them at once, so that no call but PDFium's own is made for each.
    """
    handle = address(textpage)
    exact = raw.FPDFText_CountChars(textpage) == length

    def boxes(offsets: Sequence[int]) -> list[Box]:
        count = len(offsets)
        if not exact:  # PDFium's text leaves out characters without a meaning
            offsets = list(map(_CHAR_INDEX, repeat(handle), offsets))
        found = (ctypes.c_float * (4 * count))()
        start = ctypes.addressof(found)
        places = range(start, start + _RECT.size * count, _RECT.size)
        if min(offsets, default=0) < 0 or not all(map(_GET_BOX, repeat(handle), offsets, places)):
            raise LookupError
        rects: Iterable[Rect] = _RECT.iter_unpack(found)
        sample = range(0, count, count // _SAMPLES + 1)
        if any(_is_drawn(textpage, offsets[n]) for n in sample):
            rects = [_set(textpage, n, rect) for n, rect in zip(offsets, rects, strict=True)]
        return turn.boxes(rects)

    return boxes


def _is_drawn(textpage: Any, char: int) -> bool:
    """Return whether a character is of a Type 3 font: without a name, its glyphs are drawings.

    Such a font tells no height of a line; PDFium makes one of the ink.
    """
    thing = raw.FPDFText_GetTextObject(textpage, char)
    font = raw.FPDFTextObj_GetFont(thing) if thing else None
    return bool(font) and raw.FPDFFont_GetBaseFontName(font, None, 0) <= 1


def _set(textpage: Any, char: int, rect: Rect) -> Rect:
    """Return the box that a character of a Type 3 font is set in, by its size and baseline."""
    matrix = raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    told = _is_drawn(textpage, char) and raw.FPDFText_GetMatrix(textpage, char, matrix)
    if not told or not raw.FPDFText_GetCharOrigin(textpage, char, x, y):
        return rect
    size = raw.FPDFText_GetFontSize(textpage, char) * matrix.d
    left, top, right, bottom = rect
    upright = abs(matrix.b) + abs(matrix.c) < 0.01 * abs(matrix.d)
    # Where a font's own unit is not its size, the ink does not fit.
    if not upright or not 0.8 * (top - bottom) < size or right - x.value > 1.3 * size:
        return rect
    if raw.FPDFText_GetUnicode(textpage, char) >= _WIDE:
        right = max(right, x.value + size)
    return min(left, x.value), y.value + _ABOVE * size, right, y.value - _BELOW * size
