"""Lines as the layout rules see them: clean text beside the place on the page."""

from __future__ import annotations

import unicodedata
from array import array
from dataclasses import dataclass
from statistics import median

from nqpf_cli.analysis.normalize import normalize
from nqpf_cli.model import BlockKind, Page


@dataclass(slots=True)
class LayoutLine:
    """A line: ``text`` normalised, ``sources`` its raw offsets; points from the upper left.

    ``role`` is given by the rules; None means prose.
    """

    text: str
    sources: array[int]
    page: int
    index: int
    x0: float | None = None
    top: float = 0.0
    x1: float = 0.0
    bottom: float = 0.0
    page_height: float = 0.0
    role: BlockKind | None = None
    level: int = 0
    fixed: bool = False

    @property
    def size(self) -> float:
        """Height of the line's characters in points (0 where unknown)."""
        return self.bottom - self.top


def lines_of(page: Page, page_start: int) -> list[LayoutLine]:
    """Return the non-empty lines of a page; ``page_start`` is where it begins in the raw text."""
    out = []
    for index, line in enumerate(page.lines):
        text, sources = normalize(page.text[line.start : line.end], page_start + line.start)
        if not text.strip():
            continue
        lead = len(text) - len(text.lstrip())
        text = text.strip()
        sources = sources[lead : lead + len(text)]
        new = LayoutLine(
            text,
            sources,
            page.number,
            index,
            role=line.role,
            level=line.level,
            fixed=line.role is not None,
            page_height=page.height or 0.0,
        )
        if line.box is not None:
            new.x0, new.top, new.x1, new.bottom = line.box
        out.append(new)
    return out


def em_of(lines: list[LayoutLine]) -> float:
    """Return the usual character size of the lines in points, 0 where unknown."""
    sizes = [ln.size for ln in lines if ln.x0 is not None and ln.size > 0]
    return median(sizes) if sizes else 0.0


def natural_width(text: str, em: float) -> float:
    """Return the width the text would have, set solid: full-width 1 em, others half."""
    wide = sum(1 for c in text if unicodedata.east_asian_width(c) in "WFA")
    return em * (wide + 0.5 * (len(text) - wide))
