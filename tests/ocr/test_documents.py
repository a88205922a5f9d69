"""``--ocr``: pictures in a PDF are read with a recognizer, and the report tells so."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from nqpf_cli.documents import read_document
from nqpf_cli.engines.base import ReadOptions
from nqpf_cli.errors import EmptyError, MissingExtraError, NoTextLayerError, UsageError
from nqpf_cli.model import Document, Lexicon, Settings
from nqpf_cli.ocr import registry
from nqpf_cli.ocr.base import RecognisedLine
from nqpf_cli.pipeline import Analyzer

Lines = Callable[..., RecognisedLine]
Install = Callable[..., Any]
SENTENCES = ("人才是第一资源，要引进高层次人才。", "发展战略性新兴产业，推进新型城镇化。")


@pytest.fixture(scope="module")
def scanned_pdf() -> bytes:
    """Two pages that hold a picture each and no character."""
    width, height = 60, 80
    picture = bytes(255 - (x * y) % 200 for y in range(height) for x in range(width))
    body = b"q 500 0 0 700 40 40 cm /P Do Q"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
          b"/Resources << /XObject << /P 6 0 R >> >> /Contents 5 0 R >>"] * 2,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(body), body),
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray "
        b"/BitsPerComponent 8 /Length %d >>\nstream\n%s\nendstream"
        % (width, height, len(picture), picture),
    ]  # fmt: skip
    out, places = b"%PDF-1.4\n", []
    for n, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return out + b"startxref\n%d\n%%%%EOF\n" % start


@pytest.fixture
def install(fake: Any, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Make a fake the only recognizer there is; its answers, one a page."""

    def make(*answers: list[RecognisedLine]) -> Any:
        recognizer = fake(*answers)
        module = ModuleType("nqpf_test_recognizer")
        module.make = lambda threads=1: recognizer  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(registry, "RECOGNIZERS", {"tesseract": f"{module.__name__}:make"})
        return recognizer

    return make


def recognise(data: bytes, name: str = "auto", **more: Any) -> Document:
    return read_document(data, "scan.pdf", ReadOptions(ocr=name, **more))


def test_pictures_are_refused_and_the_way_out_is_told(scanned_pdf: bytes) -> None:
    with pytest.raises(NoTextLayerError) as e:
        recognise(scanned_pdf, "off")
    assert "--ocr" in str(e.value.hint)
    assert "nqpf[ocr]" in str(e.value.hint)


def test_pages_are_read_in_their_order(install: Install, line: Lines, scanned_pdf: bytes) -> None:
    recognizer = install(*([line(text)] for text in SENTENCES))
    document = recognise(scanned_pdf)
    assert [(s.page, s.text) for s in document.sentences] == [*enumerate(SENTENCES, 1)]
    assert len(recognizer.shown) == 2
    assert [p.ocr_confidence for p in document.pages] == [0.9, 0.9]


def test_the_report_tells_which_pages_were_recognised(
    install: Install, line: Lines, scanned_pdf: bytes, shipped: Lexicon
) -> None:
    install(*([line(text)] for text in SENTENCES))
    analyzer = Analyzer(shipped, Settings(coder="rules", resamples=10), ReadOptions(ocr="auto"))
    document = analyzer.read_data(scanned_pdf, "scan.pdf")
    report = analyzer.score(document).to_dict()
    assert report["quality"]["ocr_pages"] == [1, 2]
    assert report["dimensions"]["factor"]["sentences"] == 1
    hits = analyzer.evidence(document)
    assert {h.page for h in hits} == {1, 2}
    assert {h.ocr_confidence for h in hits} == {0.9}
    assert all(document.raw.text[h.start : h.end] == h.surface for h in hits)


def test_a_page_that_stays_mute_is_empty_and_the_others_count(
    install: Install, line: Lines, scanned_pdf: bytes
) -> None:
    install([line(SENTENCES[0])], [])
    document = recognise(scanned_pdf)
    assert [s.page for s in document.sentences] == [1]
    assert document.pages[1].text == ""


def test_a_scan_without_a_character_is_empty_and_ocr_is_not_advised_again(
    install: Install, scanned_pdf: bytes
) -> None:
    install([])
    with pytest.raises(EmptyError) as e:
        recognise(scanned_pdf)
    assert "--ocr" not in str(e.value.hint)


def test_a_page_with_text_is_not_recognised(install: Install, sample: Any) -> None:
    recognizer = install([])
    data = (sample / "report.pdf").read_bytes()
    document = recognise(data)
    assert recognizer.shown == []
    assert document.raw == recognise(data, "off").raw


def test_other_documents_do_not_ask_for_a_recognizer(
    monkeypatch: pytest.MonkeyPatch, read: Callable[..., Document]
) -> None:
    monkeypatch.setattr(registry, "RECOGNIZERS", {"tesseract": "no_such_module:x"})
    assert read(SENTENCES[0], ocr="auto").sentences


def test_without_the_extra_its_install_command_is_told(
    monkeypatch: pytest.MonkeyPatch, scanned_pdf: bytes
) -> None:
    monkeypatch.setattr(registry, "RECOGNIZERS", {"tesseract": "no_such_module:x"})
    with pytest.raises(MissingExtraError) as e:
        recognise(scanned_pdf)
    assert e.value.exit_code == 5
    assert "nqpf[ocr]" in str(e.value.hint)


def test_an_unknown_recognizer_is_wrong_usage(scanned_pdf: bytes) -> None:
    with pytest.raises(UsageError, match="nosuch"):
        recognise(scanned_pdf, "nosuch")
