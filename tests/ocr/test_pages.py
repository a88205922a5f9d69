"""Pages of a PDF are replaced by what a recognizer sees in their pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.errors import CorruptError, EncryptedError
from nqpf_cli.model import Page
from nqpf_cli.ocr.base import RecognisedLine
from nqpf_cli.ocr.pages import dashed, full_width, recognise_pages

Lines = Callable[..., RecognisedLine]
Pdf = Callable[..., bytes]
Pages = Callable[..., tuple[Page, ...]]

SCALE = 200 / 72  # pixels per point


def test_a_page_gets_text_lines_and_confidence(
    fake: Any, line: Lines, blank_pdf: Pdf, empty_pages: Pages
) -> None:
    seen = [
        line("数据是新型生产要素。", y=160, confidence=0.8),
        line("人才是第一资源。", y=100, confidence=1.0),
    ]
    (page,) = recognise_pages(blank_pdf(), empty_pages(), frozenset({1}), fake(seen))
    assert page.text == "人才是第一资源。\n数据是新型生产要素。"
    assert [page.text[ln.start : ln.end] for ln in page.lines] == page.text.split("\n")
    assert page.engine == "ocr:fake"
    assert page.reason == "no_text_layer"
    assert (page.width, page.height) == (595, 842)
    assert page.images == 1
    assert page.ocr_confidence == pytest.approx((8 * 1.0 + 10 * 0.8) / 18, abs=1e-4)


def test_boxes_are_in_points_from_the_upper_left_corner(
    fake: Any, line: Lines, blank_pdf: Pdf, empty_pages: Pages
) -> None:
    seen = [line("推动高质量发展取得新成效", x=200, y=100, size=30)]
    (page,) = recognise_pages(blank_pdf(), empty_pages(), frozenset({1}), fake(seen))
    (ln,) = page.lines
    size = 30 / SCALE
    top = 100 / SCALE - size / 2
    assert ln.size == pytest.approx(size)
    assert ln.box == pytest.approx((72, top, 72 + 12 * size, top + size))


def test_only_wanted_pages_are_read(
    fake: Any, line: Lines, blank_pdf: Pdf, empty_pages: Pages
) -> None:
    pages = empty_pages(3)
    recognizer = fake([line("人才是第一资源。")])
    data = blank_pdf(*[(595, 842)] * 3)
    got = recognise_pages(data, pages, frozenset({2}), recognizer)
    assert [p.engine for p in got] == ["pdfium", "ocr:fake", "pdfium"]
    assert (got[0], got[2]) == (pages[0], pages[2])
    assert len(recognizer.shown) == 1


def test_without_wanted_pages_nothing_is_opened(fake: Any, empty_pages: Pages) -> None:
    pages = empty_pages(2)
    assert recognise_pages(b"no pdf", pages, frozenset({7}), fake()) is pages


def test_an_empty_page_stays_empty_and_is_shown_once(
    fake: Any, blank_pdf: Pdf, empty_pages: Pages
) -> None:
    recognizer = fake()
    (page,) = recognise_pages(blank_pdf(), empty_pages(), frozenset({1}), recognizer)
    assert (page.text, page.lines, page.ocr_confidence) == ("", (), None)
    assert len(recognizer.shown) == 1


def test_the_reason_of_the_old_page_is_kept(
    fake: Any, line: Lines, blank_pdf: Pdf, empty_pages: Pages
) -> None:
    pages = empty_pages(reason="garbage_text")
    (page,) = recognise_pages(blank_pdf(), pages, frozenset({1}), fake([line("人才")]))
    assert page.reason == "garbage_text"


def test_the_picture_has_the_resolution_asked_for(
    fake: Any, blank_pdf: Pdf, empty_pages: Pages
) -> None:
    recognizer = fake()
    recognise_pages(blank_pdf((360, 720)), empty_pages(), frozenset({1}), recognizer, dpi=100)
    image, dpi = recognizer.shown[0]
    assert image.shape == (1000, 500, 3)
    assert image.dtype == "uint8"
    assert dpi == pytest.approx(100)


def test_a_page_the_size_of_a_wall_is_drawn_coarser(
    fake: Any, blank_pdf: Pdf, empty_pages: Pages
) -> None:
    recognizer = fake()
    recognise_pages(blank_pdf((14400, 7200)), empty_pages(), frozenset({1}), recognizer)
    image, dpi = recognizer.shown[0]
    assert image.shape == (2500, 5000, 3)
    assert dpi == pytest.approx(25)


def test_a_page_too_thin_for_text_is_not_shown(
    fake: Any, blank_pdf: Pdf, empty_pages: Pages
) -> None:
    recognizer = fake()
    pages = recognise_pages(blank_pdf((600, 3)), empty_pages(), frozenset({1}), recognizer)
    assert pages[0].text == ""
    assert recognizer.shown == []


def test_a_sheet_scanned_upside_down_is_turned(
    fake: Any, line: Lines, blank_pdf: Pdf, empty_pages: Pages
) -> None:
    recognizer = fake([line("，，一桥", confidence=0.5)], [line("人才是第一资源", confidence=0.9)])
    (page,) = recognise_pages(blank_pdf(), empty_pages(), frozenset({1}), recognizer)
    assert page.text == "人才是第一资源"
    assert len(recognizer.shown) == 2
    assert (page.width, page.height) == (595, 842)


def test_a_sheet_scanned_sideways_is_turned_and_its_size_with_it(
    fake: Any, line: Lines, blank_pdf: Pdf, empty_pages: Pages
) -> None:
    on_end = RecognisedLine(text="人才是第一资源", box=(100, 100, 130, 310), confidence=0.9)
    recognizer = fake([on_end], [], [line("人才是第一资源")])
    (page,) = recognise_pages(blank_pdf(), empty_pages(), frozenset({1}), recognizer)
    assert [image.shape[:2] for image, _ in recognizer.shown] == [
        (2339, 1653),
        (2339, 1653),
        (1653, 2339),
    ]
    assert (page.width, page.height) == (842, 595)


def test_a_page_that_reads_badly_every_way_keeps_its_best_reading(
    fake: Any, line: Lines, blank_pdf: Pdf, empty_pages: Pages
) -> None:
    recognizer = fake([line("人才弟一", confidence=0.6)], [line("一", confidence=0.5)])
    (page,) = recognise_pages(blank_pdf(), empty_pages(), frozenset({1}), recognizer)
    assert page.text == "人才弟一"
    assert page.ocr_confidence == 0.6
    assert len(recognizer.shown) == 4


def test_a_page_that_is_not_in_the_file_stays_as_it_is(
    fake: Any, blank_pdf: Pdf, empty_pages: Pages
) -> None:
    pages = empty_pages(2)
    got = recognise_pages(blank_pdf(), pages, frozenset({2}), fake())
    assert got == pages


def test_line_breaks_within_a_line_do_not_shift_the_others(
    fake: Any, line: Lines, blank_pdf: Pdf, empty_pages: Pages
) -> None:
    seen = [line("人\n才", y=100), line("数\f据", y=160)]
    (page,) = recognise_pages(blank_pdf(), empty_pages(), frozenset({1}), fake(seen))
    assert page.text == "人 才\n数 据"


def test_a_broken_file_is_refused(fake: Any, empty_pages: Pages) -> None:
    with pytest.raises(CorruptError):
        recognise_pages(b"%PDF-1.7 no more", empty_pages(), frozenset({1}), fake())


@pytest.mark.shared
def test_an_encrypted_file_needs_its_password(fake: Any, shared: Path, empty_pages: Pages) -> None:
    data = (shared / "pdfs/nasty/pdfplumber__password-example.pdf").read_bytes()
    with pytest.raises(EncryptedError):
        recognise_pages(data, empty_pages(), frozenset({1}), fake())


# --- punctuation ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("人才,资本;数据:技术!管理?", "人才，资本；数据：技术！管理？"),
        ("各位代表:", "各位代表："),
        (":一是人才", "：一是人才"),
        ("(一)推动改革", "（一）推动改革"),
        ("(2026年1月)", "（2026年1月）"),
        ("(2026年1月）", "（2026年1月）"),
        ("改革(试行", "改革（试行"),
        ("“人才”,“数据”", "“人才”，“数据”"),
        ('建设"数字中国"', "建设“数字中国”"),
        ("会议(扩大),要求", "会议（扩大），要求"),
        ("占比（%)", "占比（%）"),
        ("-6一", "-6—"),
        ("一 12 一", "— 12 —"),
    ],
)
def test_punctuation_between_chinese_characters_is_full_width(seen: str, meant: str) -> None:
    assert full_width(seen) == meant


@pytest.mark.parametrize(
    "text",
    [
        "增长1,234.5亿元",
        "比例为3:2",
        "GDP(2024)",
        "R&D, GDP; CPI",
        "https://example.cn",
        "(GDP)",
        "一",
        "一是",
        "2026",
        '"GDP"',
        "增长5.1%,高于全国",
        "",
    ],
)
def test_other_punctuation_is_left_alone(text: str) -> None:
    assert full_width(text) == text


@given(st.text(st.sampled_from("人才一2a ,:;()!?（），。：“”\"'—.%")))
def test_one_character_stands_for_one(text: str) -> None:
    new = full_width(text)
    assert len(new) == len(text)
    assert full_width(new) == new


@pytest.mark.parametrize("seen", ["一一经济运行向好", "一—经济运行向好", "—一经济运行向好"])
def test_a_dash_read_as_numerals_is_a_dash(
    fake: Any, line: Lines, blank_pdf: Pdf, empty_pages: Pages, seen: str
) -> None:
    lines = [line("取得新成效。", y=100), line(seen, y=160)]
    (page,) = recognise_pages(blank_pdf(), empty_pages(), frozenset({1}), fake(lines))
    assert page.text.split("\n")[1] == "——经济运行向好"


def test_numerals_within_a_sentence_stay(
    fake: Any, line: Lines, blank_pdf: Pdf, empty_pages: Pages
) -> None:
    lines = [line("任务与责任", y=100), line("一一对应", y=160)]
    (page,) = recognise_pages(blank_pdf(), empty_pages(), frozenset({1}), fake(lines))
    assert page.text == "任务与责任\n一一对应"


def test_longer_dashes_stay() -> None:
    assert dashed("———目录") == "———目录"
