"""What is drawn on a PDF's page besides text: the lines that may rule a table."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pypdfium2.raw as raw

from nqpf_cli.analysis.layout.reading import Box

MOST_OBJECTS = 20_000  # on a page; one with more is a drawing
_MOST_SEGMENTS = 2000  # of a path, likewise
_THIN = 3.0  # points: thinner paths are lines, whatever they are made of
_STRAIGHT = 0.5  # points: what a line's ends may differ by


def _plain(function: Any, returned: Any, *arguments: Any) -> Any:
    """Return a function that takes plain addresses: half the time of typed pointers."""
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    return ctypes.CFUNCTYPE(returned, ctypes.c_void_p, *arguments)(address)


_BOX = struct.Struct("=4f")
_PATH = int(raw.FPDF_PAGEOBJ_PATH)
_OBJECT = _plain(raw.FPDFPage_GetObject, ctypes.c_void_p, ctypes.c_int)
_KIND = _plain(raw.FPDFPageObj_GetType, ctypes.c_int)
_BOUNDS = _plain(raw.FPDFPageObj_GetBounds, ctypes.c_int, *[ctypes.c_void_p] * 4)


def lines_drawn(page: Any) -> list[Box]:
    """Return the boxes (left, bottom, right, top; PDFium's points) of straight lines on a page.

    Returns none where there are so many objects that the page is a drawing.
    """
    count = raw.FPDFPage_CountObjects(page.raw)
    if count > MOST_OBJECTS:
        return []
    get, kind_of, bounds, unpack, kind = _OBJECT, _KIND, _BOUNDS, _BOX.unpack, _PATH
    handle = ctypes.cast(page.raw, ctypes.c_void_p).value
    values = (ctypes.c_float * 4)()
    at = ctypes.addressof(values)
    places, view = (at, at + 4, at + 8, at + 12), memoryview(values).cast("B")
    out: list[Box] = []
    for n in range(count):
        path = get(handle, n)
        if kind_of(path) == kind and bounds(path, *places):
            left, bottom, right, top = box = unpack(view)
            if right - left <= _THIN or top - bottom <= _THIN:
                out.append(box)
            else:
                out += _segments(ctypes.cast(path, raw.FPDF_PAGEOBJECT))
    return out


def _segments(path: Any) -> Iterator[Box]:
    """Yield the straight lines of a path that is stroked: of a frame, its four sides."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    count = raw.FPDFPath_CountSegments(path)
    drawn = raw.FPDFPath_GetDrawMode(path, fill, stroke) and stroke.value
    if not drawn or not 2 <= count <= _MOST_SEGMENTS:
        return
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(path, matrix):
        return
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for n in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, n)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            yield from _straight(points)
            points = []
        points.append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    yield from _straight(points)


def _straight(points: list[tuple[float, float]]) -> Iterator[Box]:
    for (x0, y0), (x1, y1) in pairwise(points):
        if abs(x0 - x1) <= _STRAIGHT or abs(y0 - y1) <= _STRAIGHT:
            yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
