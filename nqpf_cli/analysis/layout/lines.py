"""Lines as the layout rules see them: clean text beside the place on the page."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from nqpf_cli.analysis.layout.reading import Piece, page_gutters, place
from nqpf_cli.analysis.normalize import normalize
from nqpf_cli.model import BlockKind, Gutter, Page

UNEVEN = 1.45  # a box so much higher than its characters holds more than one line


@dataclass(slots=True)
class LayoutLine:
    """A line: ``text`` normalised, ``sources`` its raw offsets; points from the upper left.

    ``size`` is the height of its characters (0 where unknown); ``role`` is given by the rules,
    None means prose.
    """

    text: str
    sources: array[int]
    page: int
    index: int
    x0: float | None = None
    top: float = 0.0
    x1: float = 0.0
    bottom: float = 0.0
    size: float = 0.0
    page_height: float = 0.0
    role: BlockKind | None = None
    level: int = 0
    fixed: bool = False
    _celled: bool | None = None

    @property
    def has_cells(self) -> bool:
        """Whether each space of the line is wide enough to part two cells."""
        if self._celled is None:
            self._celled = self._has_cells()
        return self._celled

    def _has_cells(self) -> bool:
        if " " not in self.text or self.x0 is None:
            return False
        if self.bottom - self.top > UNEVEN * self.size:
            return True  # an engine made one line of cells that stand at different heights
        cells = self.text.split()
        room = self.x1 - self.x0 - natural_width("".join(cells), self.size)
        return room > 1.5 * self.size * (len(cells) - 1)


def lines_of(page: Page, page_start: int) -> list[LayoutLine]:
    """Return the non-empty lines of a page; ``page_start`` is where it begins in the raw text."""
    out = []
    for index, line in enumerate(page.lines):
        full, sources = normalize(page.text[line.start : line.end], page_start + line.start)
        text = full.strip()
        if not text:
            continue
        if len(text) != len(full):
            lead = full.index(text[0])
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
            new.size = _size(new.bottom - new.top, line.size)
        out.append(new)
    return out


def convert_lines(lines: list[LayoutLine], convert: Callable[[str], str]) -> None:
    """Convert the lines of a page with what keeps the length; it sees phrases over line ends."""
    whole = convert("".join([ln.text for ln in lines]))
    at = 0
    for ln in lines:
        end = at + len(ln.text)
        ln.text, at = whole[at:end], end


def _size(height: float, first: float | None) -> float:
    """Return a line's size from the height of its box and of its first character.

    Cells at different heights make a high box; text that is set upright or askew a very high one.
    """
    return first if first and UNEVEN * first < height < 3 * first else height


def em_of(lines: list[LayoutLine]) -> float:
    """Return the usual character size of the lines in points, 0 where unknown."""
    sizes = [ln.size for ln in lines if ln.x0 is not None and ln.size > 0]
    return median(sizes) if sizes else 0.0


def natural_width(text: str, em: float) -> float:
    """Return the width the text would have, set solid: ASCII half an em, all else a full one."""
    narrow = len(text.encode("ascii", "ignore"))
    return em * (len(text) - 0.5 * narrow)


def gutters_of(pages: tuple[Page, ...], layout: list[list[LayoutLine]]) -> list[tuple[Gutter, ...]]:
    """Return the gutters between the columns of every page; ``layout`` holds the pages' lines."""
    known = [page.gutters for page in pages]
    found = [gutters for gutters in known if gutters is not None]
    if len(found) == len(known):
        return found
    searched = page_gutters([[_piece(ln) for ln in page if ln.x0 is not None] for page in layout])
    return [b if a is None else a for a, b in zip(known, searched, strict=True)]


def by_column(lines: list[LayoutLine], gutters: tuple[Gutter, ...]) -> list[list[LayoutLine]]:
    """Return the lines of every column from left to right, without those over a gutter."""
    if not gutters:
        return [[ln for ln in lines if ln.x0 is not None]]
    em = em_of(lines)
    out: list[list[LayoutLine]] = [[] for _ in range(len(gutters) + 1)]
    for ln in lines:
        column = place(ln.x0, ln.x1, gutters, em) if ln.x0 is not None else None
        if column is not None:
            out[column].append(ln)
    return out


def _piece(ln: LayoutLine) -> Piece:
    box = (ln.x0 or 0.0, ln.top, ln.x1, ln.bottom)
    return Piece(0, 0, box, box)
