"""The boxes of a skewed page are those of the page set upright."""

from __future__ import annotations

from math import atan, cos, radians, sin

import pytest

from nqpf_cli.ocr.upright import Slanted, slanted, upright


def turned(x: float, y: float, degrees: float, width: int, height: int) -> tuple[float, float]:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    dx, dy = x - width / 2, y - height / 2
    return width / 2 + c * dx - s * dy, height / 2 + s * dx + c * dy


@pytest.mark.parametrize("degrees", [-3, -0.5, 0, 1.2, 5])
def test_the_skew_is_undone(degrees: float) -> None:
    boxes = [(200.0, 100.0 + 60 * n, 1400.0, 130.0 + 60 * n) for n in range(10)]
    lines = [
        slanted([turned(x, y, degrees, 1654, 2339) for x, y in ((a, b), (c, b), (c, d), (a, d))])
        for a, b, c, d in boxes
    ]
    for got, expected in zip(upright(lines, 1654, 2339), boxes, strict=True):
        assert got == pytest.approx(expected)


def test_a_slanted_stamp_does_not_count() -> None:
    lines = [Slanted(800, 100 + 60 * n, 1200, 30, 0.0) for n in range(3)]
    stamp = Slanted(1200, 1800, 400, 40, atan(0.3))
    assert upright([*lines, stamp], 1654, 2339)[0] == (200, 85, 1400, 115)


def test_short_lines_alone_tell_no_skew() -> None:
    assert upright([Slanted(100, 100, 60, 30, 0.2)], 200, 200) == [(70, 85, 130, 115)]
