"""Small PDFs made here: what PDFium gives for them must be put right before the layout."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from nqpf_cli.analysis.sentences import PROSE
from nqpf_cli.engines.base import ReadOptions
from nqpf_cli.engines.pdfium import PdfiumEngine
from nqpf_cli.model import Document

fpdf = pytest.importorskip("fpdf", reason="fpdf2 makes the PDFs")
Read = Callable[..., Document]
ROWS = 24
TAGS = [f"{a}{b}" for a in "BCDFGHJKLM" for b in "aeiou"]


def line(tag: str, width: int) -> str:
    return (tag + "nopqrstuvwxz" * 9)[:width]


def canvas(width: float = 595, height: float = 842) -> Any:
    pdf = fpdf.FPDF(unit="pt", format=(width, height))
    pdf.set_auto_page_break(False)
    pdf.set_font("Courier", size=10)
    return pdf


def prose(document: Document) -> str:
    return "".join("".join(b.text.split()) for b in document.blocks if b.kind in PROSE)


def draw(pdf: Any, lines: Iterable[tuple[float, float, str]]) -> bytes:
    pdf.add_page()
    for x, y, text in lines:
        pdf.text(x, y, text)
    return bytes(pdf.output())


def first_box(data: bytes) -> tuple[float, float, float, float]:
    box = PdfiumEngine().read(data, "a.pdf", ReadOptions()).pages[0].lines[0].box
    assert box is not None
    return box


@pytest.mark.parametrize("shift", [0.0, 5.0])
def test_columns_drawn_row_by_row_are_read_one_after_the_other(read: Read, shift: float) -> None:
    left = [line(tag, 38) for tag in TAGS[:ROWS]]
    right = [line(tag, 38) for tag in TAGS[ROWS : 2 * ROWS]]
    drawn = [
        item
        for n, (a, b) in enumerate(zip(left, right, strict=True))
        for item in ((56, 100 + 16 * n, a), (310, 100 + 16 * n + shift, b))
    ]
    assert prose(read(draw(canvas(), drawn), "a.pdf")) == "".join(left + right)


def test_a_page_that_is_turned_has_its_places(read: Read) -> None:
    import io

    import pypdfium2

    pdf = canvas()
    pdf.add_page()
    text = [line(tag, 100) for tag in TAGS[:ROWS]]
    with pdf.rotation(90, 0, 0):
        for n, item in enumerate([*text, "- 3 -"]):
            # Drawn upwards from the lower left: shown upright once the page is turned.
            pdf.text(-780 if n < ROWS else -430, 80 + 18 * n if n < ROWS else 570, item)
    turned = pypdfium2.PdfDocument(bytes(pdf.output()))
    turned[0].set_rotation(90)
    out = io.BytesIO()
    turned.save(out)
    document = read(out.getvalue(), "a.pdf")
    assert (document.pages[0].width, document.pages[0].height) == (842, 595)
    first = first_box(out.getvalue())
    assert first[0] == pytest.approx(62, abs=2)
    assert first[1] == pytest.approx(70, abs=5)
    assert prose(document) == "".join(text)


def test_places_count_from_the_crop_box() -> None:
    import io

    import pypdfium2

    drawn = [(150, 200 + 16 * n, line(tag, 70)) for n, tag in enumerate(TAGS[:ROWS])]
    cropped = pypdfium2.PdfDocument(draw(canvas(795, 1142), drawn))
    cropped[0].set_cropbox(100, 150, 695, 992)
    out = io.BytesIO()
    cropped.save(out)
    first = first_box(out.getvalue())
    assert first[0] == pytest.approx(50, abs=1)
    assert first[1] == pytest.approx(200 - 150 - 10, abs=5)


def test_bold_that_is_drawn_twice_is_read_once(read: Read) -> None:
    text = [line(tag, 70) for tag in TAGS[:ROWS]]
    drawn = [(x, 100 + 16 * n, item) for n, item in enumerate(text) for x in (60, 60.3)]
    assert prose(read(draw(canvas(), drawn), "a.pdf")) == "".join(text)
