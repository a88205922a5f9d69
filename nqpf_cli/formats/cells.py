"""Cells of tables that hold a line of text."""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.text import Text


class Cell:
    """One line in one style, drawn as ``Text`` is at a third of its cost where there is room.

    A table of figures has hundreds of these.
    """

    __slots__ = ("_style", "_text", "_width")

    def __init__(self, text: str, style: str = "") -> None:
        self._text, self._style, self._width = text, style, cell_len(text)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        words = map(cell_len, self._text.split())
        return Measurement(max(words, default=self._width), self._width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        room = options.max_width - self._width
        if room < 0 or options.justify not in ("default", "left", "right"):
            yield Text(self._text, self._style)
            return
        text = " " * room + self._text if options.justify == "right" else self._text + " " * room
        yield Segment(text, console.get_style(self._style) if self._style else None)
