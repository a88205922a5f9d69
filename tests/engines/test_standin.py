"""Fonts that a PDF names and does not carry: it is read without them, whatever the machine has."""

from __future__ import annotations

import pytest

from nqpf_cli.engines.base import ReadOptions
from nqpf_cli.engines.pdfium import PdfiumEngine
from nqpf_cli.engines.standin import stand_in
from nqpf_cli.resources import table

LINES = ("加快培育新质生产力，推动区域协调发展。", "共3项：ABC与2025年。")


def pdf(lines: tuple[str, ...], encoding: str, ordering: str) -> bytes:
    """Return a PDF whose only font is a name and an encoding."""
    shown = " ".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -24 Td" for line in lines)
    content = f"BT /F 12 Tf 60 700 Td {shown} ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        "/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        f"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/{encoding}/DescendantFonts[6 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/DW 1000/CIDSystemInfo"
        f"<</Registry(Adobe)/Ordering({ordering})/Supplement 2>>/FontDescriptor 7 0 R>>",
        "<</Type/FontDescriptor/FontName/SimSun/Flags 6/FontBBox[0 -141 1000 859]/Ascent 859"
        "/Descent -141/CapHeight 700/ItalicAngle 0/StemV 80>>",
    ]
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj{body}endobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{at:010d} 00000 n \n".encode() for at in places)
    out += f"trailer<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)


@pytest.mark.parametrize(
    ("encoding", "ordering"), [("UniGB-UCS2-H", "GB1"), ("UniCNS-UCS2-H", "CNS1")]
)
def test_the_text_is_whole(encoding: str, ordering: str) -> None:
    lines = LINES if ordering == "GB1" else ("加強關鍵核心技術攻關，發展產業。",)
    page = PdfiumEngine().read(pdf(lines, encoding, ordering), "a.pdf", ReadOptions()).pages[0]
    assert tuple(page.text.split("\n")) == lines
    first = page.lines[0].box
    assert first is not None
    assert first[2] - first[0] == pytest.approx(12 * len(lines[0]), abs=1)


def test_no_font_of_the_machine_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from nqpf_cli.engines import standin

    asked: list[str] = []
    monkeypatch.setattr(standin._Fonts, "_ask", lambda _, name, *args: asked.append(name))
    PdfiumEngine().read(pdf(LINES, "UniGB-UCS2-H", "GB1"), "a.pdf", ReadOptions())
    assert asked == []


def test_whoever_draws_pages_gets_the_fonts_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    import pypdfium2

    from nqpf_cli.engines import standin

    asked: list[str] = []

    def ask(_: object, name: str, *args: object) -> int:
        asked.append(name)
        return 0

    with stand_in():
        pass
    monkeypatch.setattr(standin._Fonts, "_ask", ask)
    document = pypdfium2.PdfDocument(pdf(LINES, "UniGB-UCS2-H", "GB1"))
    document[0].render().close()
    document.close()
    assert "MapFont" in asked


def test_the_font_is_what_its_tool_makes() -> None:
    pytest.importorskip("fontTools", reason="fontTools makes the font")
    from tools.standin import make

    assert make() == table("standin.ttf").read_bytes()
