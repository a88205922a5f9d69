"""A skewed page set upright: boxes as they would be if the sheet had lain straight."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, hypot, sin
from statistics import median

from nqpf_cli.ocr.base import Box

_LONG = 5.0  # a line this many times as wide as high tells the skew; shorter ones are noise
_SKEW_AT_MOST = 0.35  # radians (20°): what leans more is no line of the page's text


@dataclass(frozen=True, slots=True)
class Slanted:
    """A line as it lies on the sheet, in pixels: centre, length along it, height, slope (rad)."""

    x: float
    y: float
    width: float
    height: float
    angle: float


def slanted(corners: list[tuple[float, float]]) -> Slanted:
    """Return the line within four corners, clockwise from the upper left one."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    return Slanted(
        x=(ax + bx + cx + dx) / 4,
        y=(ay + by + cy + dy) / 4,
        width=(hypot(bx - ax, by - ay) + hypot(cx - dx, cy - dy)) / 2,
        height=(hypot(dx - ax, dy - ay) + hypot(cx - bx, cy - by)) / 2,
        angle=atan2(by + cy - ay - dy, bx + cx - ax - dx),
    )


def upright(lines: list[Slanted], width: int, height: int) -> list[Box]:
    """Return the boxes of ``lines`` on a page of ``width`` × ``height`` pixels, its skew undone.

    The skew is the median slope of the long lines, so that a slanted stamp does not count.
    """
    slopes = [ln.angle for ln in lines if ln.width > _LONG * ln.height]
    slopes = [a for a in slopes if abs(a) < _SKEW_AT_MOST]
    skew = median(slopes) if slopes else 0.0
    c, s = cos(skew), sin(skew)
    boxes = []
    for ln in lines:
        dx, dy = ln.x - width / 2, ln.y - height / 2
        x, y = width / 2 + c * dx + s * dy, height / 2 - s * dx + c * dy
        boxes.append((x - ln.width / 2, y - ln.height / 2, x + ln.width / 2, y + ln.height / 2))
    return boxes
