"""Fonts that a PDF names and does not carry: it is read without them, whatever the machine has."""

from __future__ import annotations

import pytest

from nqpf_cli.engines.base import ReadOptions
from nqpf_cli.engines.pdfium import PdfiumEngine
from nqpf_cli.engines.standin import stand_in
from nqpf_cli.resources import table
from tests.bare_pdf import bare_pdf

LINES = ("加快培育新质生产力，推动区域协调发展。", "共3项：ABC与2025年。")


def pdf(lines: tuple[str, ...], encoding: str = "UniGB-UCS2-H", ordering: str = "GB1") -> bytes:
    placed = [(60, 700 - 24 * n, line) for n, line in enumerate(lines)]
    return bare_pdf([placed], encoding=encoding, ordering=ordering)


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
    PdfiumEngine().read(pdf(LINES), "a.pdf", ReadOptions())
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
    document = pypdfium2.PdfDocument(pdf(LINES))
    document[0].render().close()
    document.close()
    assert "MapFont" in asked


def test_the_font_is_what_its_tool_makes() -> None:
    pytest.importorskip("fontTools", reason="fontTools makes the font")
    from tools.standin import make

    assert make() == table("standin.ttf").read_bytes()
