"""A recognizer that reads what it is told, PDFs without a text layer, and a measure of errors."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

import pytest

from nqpf_cli.model import Page
from nqpf_cli.ocr.base import Image, RecognisedLine


class FakeRecognizer:
    """Gives back one answer a call, the last one again and again; keeps what it was shown."""

    name = "fake"

    def __init__(self, *answers: Sequence[RecognisedLine]) -> None:
        self.answers = answers or ((),)
        self.shown: list[tuple[Image, float]] = []

    def recognise(self, image: Image, dpi: float) -> list[RecognisedLine]:
        answer = self.answers[min(len(self.shown), len(self.answers) - 1)]
        self.shown.append((image, dpi))
        return list(answer)


@pytest.fixture(scope="session")
def fake() -> type[FakeRecognizer]:
    return FakeRecognizer


@pytest.fixture(scope="session")
def line() -> Callable[..., RecognisedLine]:
    """A line of 30 px characters: ``line("人才", x=200, y=100)``; ``y`` is its middle."""

    def make(
        text: str, x: float = 200, y: float = 100, confidence: float = 0.9, size: float = 30
    ) -> RecognisedLine:
        ems = sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)
        box = (x, y - size * 0.6, x + ems * size, y + size * 0.6)
        return RecognisedLine(text=text, box=box, confidence=confidence)

    return make


@pytest.fixture(scope="session")
def blank_pdf() -> Callable[..., bytes]:
    """A PDF of empty pages, each of a size in points."""

    def make(*sizes: tuple[float, float]) -> bytes:
        import pypdfium2 as pdfium

        document = pdfium.PdfDocument.new()
        for width, height in sizes or ((595, 842),):
            document.new_page(width, height).close()
        out = io.BytesIO()
        document.save(out)
        document.close()
        return out.getvalue()

    return make


@pytest.fixture(scope="session")
def empty_pages() -> Callable[..., tuple[Page, ...]]:
    """Pages as PDFium reads pictures: without text, each with one image."""

    def make(count: int = 1, reason: str | None = None) -> tuple[Page, ...]:
        return tuple(
            Page(number=n, text="", lines=(), engine="pdfium", reason=reason, images=1)
            for n in range(1, count + 1)
        )

    return make


@pytest.fixture(scope="session")
def error_rate() -> Callable[[str, str], float]:
    """The character error rate: edits (Levenshtein) over the length of the truth.

    Spaces do not count, nor does the width of letters, digits and punctuation.
    """

    def fold(text: str) -> str:
        return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))

    def make(text: str, truth: str) -> float:
        text, truth = fold(text), fold(truth)
        return _edits(text, truth) / len(truth)

    return make


def _edits(a: Iterable[str], b: str) -> int:
    before = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        now = [i]
        for j, y in enumerate(b, 1):
            now.append(min(before[j] + 1, now[-1] + 1, before[j - 1] + (x != y)))
        before = now
    return before[-1]
