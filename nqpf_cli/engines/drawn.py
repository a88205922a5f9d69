"""What is drawn on a PDF's page besides text: the lines that may rule a table."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator
from itertools import pairwise, repeat
from typing import Any

from nqpf_cli.engines.chars import Rect
from nqpf_cli.engines.native import address, plain, raw

MOST_OBJECTS = 20_000  # on a page; one with more is a drawing
_MOST_SEGMENTS = 2000  # of a path, likewise
_THIN = 3.0  # points: thinner paths are lines, whatever they are made of
_FORMS_DEEP = 4  # forms in forms are looked into so deep
_STRAIGHT = 0.5  # points: what a line's ends may differ by


_BOX = struct.Struct("=4f")
_PATH = int(raw.FPDF_PAGEOBJ_PATH)
_OBJECT = plain(raw.FPDFPage_GetObject, ctypes.c_void_p, ctypes.c_int)
_KIND = plain(raw.FPDFPageObj_GetType, ctypes.c_int)
_BOUNDS = plain(raw.FPDFPageObj_GetBounds, ctypes.c_int, *[ctypes.c_void_p] * 4)
_MATRIX = plain(raw.FPDFPageObj_GetMatrix, ctypes.c_int, ctypes.c_void_p)
_DRAWN = plain(raw.FPDFPath_GetDrawMode, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_COUNT = plain(raw.FPDFPath_CountSegments, ctypes.c_int)
_SEGMENT = plain(raw.FPDFPath_GetPathSegment, ctypes.c_void_p, ctypes.c_int)
_POINT = plain(raw.FPDFPathSegment_GetPoint, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_SEGMENT_KIND = plain(raw.FPDFPathSegment_GetType, ctypes.c_int)
_CLOSES = plain(raw.FPDFPathSegment_GetClose, ctypes.c_int)


def lines_drawn(page: Any) -> list[Rect]:
    """Return where straight lines are drawn on a page.

    Returns none where there are so many objects that the page is a drawing.
    """
    count = raw.FPDFPage_CountObjects(page)
    if count > MOST_OBJECTS:
        return []
    kind_of, path_ = _KIND, _PATH
    objects = map(_OBJECT, repeat(address(page)), range(count))
    paths = [thing for thing in objects if kind_of(thing) == path_]
    found = (ctypes.c_float * (4 * len(paths)))()
    at = ctypes.addressof(found)
    # Left, bottom, right, top: each at an address of its own.
    places = [range(at + n, at + n + _BOX.size * len(paths), _BOX.size) for n in (0, 4, 8, 12)]
    known = list(map(_BOUNDS, paths, *places))
    out: list[Rect] = []
    boxes = _BOX.iter_unpack(found)
    for path, told, (left, bottom, right, top) in zip(paths, known, boxes, strict=True):
        if not told:
            continue
        if right - left <= _THIN or top - bottom <= _THIN:
            out.append((left, top, right, bottom))
        else:
            out += _segments(path)
    return out


def _segments(path: int) -> Iterator[Rect]:
    """Yield the straight lines of a path that is stroked: of a frame, its four sides."""
    count = _COUNT(path)
    if not 2 <= count <= _MOST_SEGMENTS:
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    drawn = _DRAWN(path, ctypes.addressof(fill), ctypes.addressof(stroke)) and stroke.value
    matrix = (ctypes.c_float * 6)()
    if not drawn or not _MATRIX(path, ctypes.addressof(matrix)):
        return
    a, b, c, d, e, f = matrix
    found = (ctypes.c_float * 2)()
    x_at = ctypes.addressof(found)
    y_at = x_at + ctypes.sizeof(ctypes.c_float)
    points: list[tuple[float, float]] = []
    for segment in map(_SEGMENT, repeat(path), range(count)):
        _POINT(segment, x_at, y_at)
        x, y = found
        if _SEGMENT_KIND(segment) == raw.FPDF_SEGMENT_MOVETO:
            yield from _straight(points)
            points = []
        points.append((a * x + c * y + e, b * x + d * y + f))
        if _CLOSES(segment):
            points.append(points[0])
    yield from _straight(points)


def _straight(points: list[tuple[float, float]]) -> Iterator[Rect]:
    for (x0, y0), (x1, y1) in pairwise(points):
        if abs(x0 - x1) <= _STRAIGHT or abs(y0 - y1) <= _STRAIGHT:
            yield min(x0, x1), max(y0, y1), max(x0, x1), min(y0, y1)


def pictures(page: Any) -> int:
    """Return how many pictures there are on a page, those in its forms with them."""
    return _pictures(raw.FPDFPage_CountObjects(page), raw.FPDFPage_GetObject, page, _FORMS_DEEP)


def _pictures(count: int, get: Any, parent: Any, depth: int) -> int:
    found = 0
    for n in range(count):
        thing = get(parent, n)
        kind = raw.FPDFPageObj_GetType(thing)
        found += kind == raw.FPDF_PAGEOBJ_IMAGE
        if kind == raw.FPDF_PAGEOBJ_FORM and depth > 1:
            inside = raw.FPDFFormObj_CountObjects(thing)
            found += _pictures(inside, raw.FPDFFormObj_GetObject, thing, depth - 1)
    return found
