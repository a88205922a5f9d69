"""Help that loses no word in a narrow terminal."""

from __future__ import annotations

from rich.text import Text
from typer import rich_utils


class FoldingHighlighter(rich_utils.OptionHighlighter):
    """Colours options as Typer does; what is wider than its column goes on in the next line.

    Rich cuts it off instead, and Chinese has no spaces to break lines at.
    """

    def __call__(self, text: str | Text) -> Text:
        """Return the coloured text."""
        shown = super().__call__(text)
        shown.overflow = "fold"
        return shown


def fold_help() -> None:
    """Have Typer fold the texts of help."""
    rich_utils.highlighter = FoldingHighlighter()
