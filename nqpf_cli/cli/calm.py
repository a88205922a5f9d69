"""A rich console on which nothing but its own styles steers the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from nqpf_cli.formats.safe import printable


class CalmConsole(Console):
    """Shows text of documents, file names and lexicons with its control characters as marks.

    Tables clean what they show where it would cost them their shape; here it holds for all.
    """

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Yield the segments of a renderable, their text made harmless."""
        for segment in super().render(renderable, options):
            text, style, control = segment
            shown = text if control else printable(text)
            yield segment if shown is text else Segment(shown, style)
