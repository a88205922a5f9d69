"""What two engines read differently on the same file: page by page, as a unified diff."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nqpf_cli.model import Page

_MAX_LINES = 400  # a page: beyond it difflib's cost is no longer worth the detail


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDifference:
    """A page as two engines read it; ``similarity`` in 0…1, of characters without spaces."""

    page: int
    similarity: float
    lines: tuple[str, ...]


def differences(
    a: Sequence[Page], b: Sequence[Page], names: tuple[str, str]
) -> Iterator[PageDifference]:
    """Yield the pages on which two readings differ, spaces apart."""
    readings = [{p.number: p.text for p in pages} for pages in (a, b)]
    for number in sorted(readings[0].keys() | readings[1].keys()):
        left, right = (texts.get(number, "") for texts in readings)
        if "".join(left.split()) == "".join(right.split()):
            continue
        rows = [t.split("\n")[:_MAX_LINES] for t in (left, right)]
        diff = difflib.unified_diff(rows[0], rows[1], *names, lineterm="", n=0)
        yield PageDifference(
            page=number,
            similarity=round(_similarity(left, right), 4),
            lines=tuple(diff),
        )


def _similarity(left: str, right: str) -> float:
    """Return the share of equal character pairs (Dice): linear, blind to the order of blocks."""
    a, b = ("".join(t.split()) for t in (left, right))
    pairs: list[dict[str, int]] = [{}, {}]
    for counts, text in zip(pairs, (a, b), strict=True):
        for i in range(len(text) - 1):
            counts[text[i : i + 2]] = counts.get(text[i : i + 2], 0) + 1
    shared = sum(min(n, pairs[1].get(p, 0)) for p, n in pairs[0].items())
    total = max(len(a) - 1, 0) + max(len(b) - 1, 0)
    return 2 * shared / total if total else 1.0
