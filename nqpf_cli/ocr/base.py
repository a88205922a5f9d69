"""Pictures of pages → lines of text: what a recognizer is, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Image: TypeAlias = NDArray[np.uint8]
Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedLine:
    """A line of text, or the part of one that stands apart (a table cell).

    ``box`` is (x0, top, x1, bottom) in pixels from the upper left corner of the page set
    upright; ``confidence`` is 0 to 1.
    """

    text: str
    box: Box
    confidence: float


class Recognizer(Protocol):
    """Reads the picture of one page; its order of lines is not relied on."""

    name: str

    def recognise(self, image: Image, dpi: float) -> list[RecognisedLine]:
        """Return the lines of ``image``: (height, width) gray or (height, width, 3) RGB.

        A skewed page is the recognizer's business: its boxes are those of the page set upright.
        Raises ``InputError`` where it fails, never an empty list for that.
        """
        ...
