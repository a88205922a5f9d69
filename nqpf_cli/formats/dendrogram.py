"""A tree of clusters, drawn with lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_LINES = {
    0: " ",
    _UP | _DOWN: "│",
    _LEFT | _RIGHT: "─",
    _LEFT: "─",
    _RIGHT: "─",
    _DOWN | _RIGHT: "┌",
    _UP | _RIGHT: "└",
    _LEFT | _DOWN: "┐",
    _LEFT | _UP: "┘",
    _UP | _DOWN | _LEFT: "┤",
    _UP | _DOWN | _RIGHT: "├",
    _LEFT | _RIGHT | _DOWN: "┬",
    _LEFT | _RIGHT | _UP: "┴",
    _UP | _DOWN | _LEFT | _RIGHT: "┼",
}


@dataclass(frozen=True, slots=True)
class Tip:
    """A row of the drawing: documents by position, several where a branch is not unfolded."""

    members: tuple[int, ...]
    lines: str


@dataclass(frozen=True, slots=True)
class Tree:
    """The rows of a drawing, and the heights at its left and right ends."""

    tips: tuple[Tip, ...]
    low: float
    high: float


def draw_tree(
    merges: Sequence[dict[str, Any]], order: Sequence[int], *, width: int, most: int
) -> Tree:
    """Return the drawing of a tree, root on the right, ``width`` cells of lines a row.

    ``merges`` and ``order`` are those of the JSON object (numbers from 1). Of more than ``most``
    documents the lowest branches are folded into one row each, so that ``most`` rows are left.
    """
    count = len(order)
    place = {n - 1: i for i, n in enumerate(order)}
    members: dict[int, list[int]] = {n: [n] for n in range(count)}
    folded = max(0, count - most)
    for i, m in enumerate(merges[:folded]):
        members[count + i] = members.pop(m["left"] - 1) + members.pop(m["right"] - 1)
    tips = sorted(members, key=lambda k: min(place[n] for n in members[k]))
    at = {k: (row, 0) for row, k in enumerate(tips)}
    cells = [[0] * width for _ in tips]
    low, high = merges[folded]["height"], merges[-1]["height"]
    for i, m in enumerate(merges[folded:], folded):
        share = (m["height"] - low) / (high - low) if high > low else 1.0
        column = 1 + round(share * (width - 2))
        ends = sorted((at.pop(m["left"] - 1), at.pop(m["right"] - 1)))
        for row, start in ends:
            _across(cells[row], start, column)
        (upper, _), (lower, _) = ends
        for row in range(upper, lower + 1):
            cells[row][column] |= (_UP if row > upper else 0) | (_DOWN if row < lower else 0)
        at[count + i] = ((upper + lower) // 2, column)
    rows = (
        Tip(
            tuple(sorted(members[k], key=place.__getitem__)),
            "".join(_LINES[c] for c in row).rstrip(),
        )
        for k, row in zip(tips, cells, strict=True)
    )
    return Tree(tuple(rows), low, high)


def _across(row: list[int], start: int, end: int) -> None:
    for column in range(start, end + 1):
        row[column] |= (_LEFT if column > start or start == 0 else 0) | (
            _RIGHT if column < end else 0
        )
