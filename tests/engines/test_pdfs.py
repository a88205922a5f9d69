"""All ways through a PDF: PDFium, pdfplumber, and the choice between them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nqpf_cli.engines.base import Limits
from nqpf_cli.errors import (
    CorruptError,
    EmptyError,
    EncryptedError,
    InputError,
    NoTextLayerError,
    TooLargeError,
)
from nqpf_cli.model import Document

Read = Callable[..., Document]
Attempt = Callable[..., Document | InputError]
PdfOf = Callable[[str], Document]
RealPdf = Callable[[str], bytes]


@pytest.fixture
def bytes_of(shared: Path) -> RealPdf:
    return lambda name: (shared / "pdfs" / f"{name}.pdf").read_bytes()


@pytest.fixture(scope="module")
def report(sample: Path) -> bytes:
    return (sample / "report.pdf").read_bytes()


# --- sound files ------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["auto", "pdfium", "pdfplumber"])
def test_every_engine_reads_the_sample(read: Read, report: bytes, engine: str) -> None:
    document = read(report, "report.pdf", engine=engine)
    assert document.paged
    assert len(document.pages) == 10
    assert document.sentences[0].text == "澜江省2026年政府工作报告"
    assert "人才" in document.raw.text
    assert {p.engine for p in document.pages} == {"pdfium" if engine == "auto" else engine}


def test_engines_agree_on_the_sentences_of_the_sample(read: Read, report: bytes) -> None:
    pdfium, plumber = (
        {s.text for s in read(report, "report.pdf", "exclude", engine=e).sentences}
        for e in ("pdfium", "pdfplumber")
    )
    assert len(pdfium & plumber) >= 0.98 * max(len(pdfium), len(plumber))


@pytest.mark.shared
def test_radicals_of_a_font_are_read_as_characters(pdf_of: PdfOf) -> None:
    text = "".join(s.text for s in pdf_of("nasty/craft__radicals_in_text").sentences)
    assert "高质量发展人民生活水平" in text
    assert "推进工业长远发展" in text


@pytest.mark.shared
def test_overprinted_bold_is_read_once(pdf_of: PdfOf) -> None:
    first = pdf_of("nasty/craft__fake_bold_double").blocks[0].text
    assert first.startswith("一、2024年工作回顾与2025年重点任务")


@pytest.mark.shared
def test_a_reference_table_out_of_place_does_not_stop_the_reader(pdf_of: PdfOf) -> None:
    document = pdf_of("real/yunnan-15plan")
    assert len(document.pages) == 28
    assert len(document.sentences) > 500


@pytest.mark.shared
@pytest.mark.parametrize("name", ["craft__enc_empty_user", "craft__enc_aes256_empty_user"])
def test_a_file_without_a_user_password_is_read(pdf_of: PdfOf, name: str) -> None:
    assert pdf_of(f"nasty/{name}").sentences


@pytest.mark.shared
def test_a_password_opens_a_file(read: Read, attempt: Attempt, bytes_of: RealPdf) -> None:
    data = bytes_of("nasty/pdfjs__pr6531_2")
    with pytest.raises(EncryptedError):
        read(data, "a.pdf", password="wrong")
    opened = attempt(data, "a.pdf", password="asdfasdf")
    assert not isinstance(opened, EncryptedError)


def test_a_process_of_its_own_changes_nothing(read: Read, report: bytes) -> None:
    alone = read(report, "report.pdf", limits=Limits())
    assert alone.raw == read(report, "report.pdf").raw


# --- files that cannot be read ----------------------------------------------------------------


@pytest.mark.shared
@pytest.mark.parametrize("engine", ["auto", "pdfium", "pdfplumber"])
@pytest.mark.parametrize("name", ["craft__enc_user_pw", "pdfplumber__password-example"])
def test_a_file_with_an_unknown_password_is_encrypted(
    read: Read, bytes_of: RealPdf, name: str, engine: str
) -> None:
    with pytest.raises(EncryptedError) as e:
        read(bytes_of(f"nasty/{name}"), "a.pdf", engine=engine)
    assert e.value.code == "encrypted"


@pytest.mark.shared
@pytest.mark.parametrize("name", ["made/d_scan", "made/d2_scan_degraded", "real/gmt0031-2014"])
def test_pages_without_a_sound_text_layer_are_refused(
    read: Read, bytes_of: RealPdf, name: str
) -> None:
    with pytest.raises(NoTextLayerError) as e:
        read(bytes_of(name), "a.pdf")
    assert "OCR" in (e.value.hint.en if e.value.hint else "")


@pytest.mark.shared
def test_text_named_pdf_is_corrupt(read: Read, bytes_of: RealPdf) -> None:
    with pytest.raises(CorruptError):
        read(bytes_of("nasty/craft__text_named"), "a.pdf")


@pytest.mark.shared
def test_a_file_of_no_bytes_is_empty(read: Read, bytes_of: RealPdf) -> None:
    with pytest.raises(EmptyError):
        read(bytes_of("nasty/craft__zero_bytes"), "a.pdf")


@pytest.mark.shared
def test_a_refusal_keeps_its_reason_in_a_process_of_its_own(read: Read, bytes_of: RealPdf) -> None:
    with pytest.raises(EncryptedError) as e:
        read(bytes_of("nasty/craft__enc_user_pw"), "a.pdf", limits=Limits())
    assert e.value.hint is not None


def test_a_file_cut_off_at_its_head_is_corrupt(read: Read, report: bytes) -> None:
    with pytest.raises(CorruptError):
        read(report[:200], "a.pdf")


@pytest.mark.parametrize("engine", ["auto", "pdfplumber"])
@pytest.mark.parametrize("percent", range(5, 100, 10))
def test_a_truncated_file_is_read_or_refused(
    attempt: Attempt, report: bytes, percent: int, engine: str
) -> None:
    outcome = attempt(report[: len(report) * percent // 100], "a.pdf", engine=engine)
    assert isinstance(outcome, Document) or outcome.hint is not None


@pytest.mark.parametrize("limits", [{"max_pages": 3}, {"max_chars": 500}])
@pytest.mark.parametrize("engine", ["auto", "pdfium", "pdfplumber"])
def test_a_file_over_the_limits_is_refused(
    read: Read, report: bytes, limits: dict[str, int], engine: str
) -> None:
    with pytest.raises(TooLargeError):
        read(report, "a.pdf", engine=engine, **limits)


@pytest.mark.shared
@pytest.mark.parametrize("engine", ["auto", "pdfplumber"])
def test_a_nasty_file_is_read_or_refused(attempt: Attempt, nasty_pdf: Path, engine: str) -> None:
    outcome = attempt(nasty_pdf.read_bytes(), nasty_pdf.name, engine=engine)
    if isinstance(outcome, InputError):
        assert outcome.hint is not None
        return
    for b in outcome.blocks:
        assert len(b.text) == len(b.sources)
        assert outcome.raw.page_of(b.sources[-1]) is not None


@pytest.mark.shared
@pytest.mark.parametrize("before", ["craft__enc_user_pw", "pdfjs__issue9105_other"])
@pytest.mark.parametrize("name", ["craft__zero_pages", "pdfjs__Brotli-Prototype-FileA"])
def test_what_is_wrong_with_a_file_does_not_depend_on_the_file_before(
    read: Read, bytes_of: RealPdf, before: str, name: str
) -> None:
    with pytest.raises(InputError):
        read(bytes_of(f"nasty/{before}"), "a.pdf")
    with pytest.raises(InputError) as e:
        read(bytes_of(f"nasty/{name}"), "b.pdf")
    assert e.value.code in ("corrupt", "empty")
