from __future__ import annotations

import json
import re
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.analysis.layout.build import build_blocks, raw_text
from nqpf_cli.analysis.normalize import normalize
from nqpf_cli.analysis.sentences import PROSE
from nqpf_cli.engines.plain import lines_of
from nqpf_cli.model import Document, Page

PdfOf = Callable[[str], Document]
HEADERS = {
    "a_single": "2025年湖北省政府工作报告",
    "b_toc_tables": "江苏省人民政府政府工作报告",
    "c_twocol": "贵州省人民政府公报2026年第2期",
}
TRUTH = {"a_single": "a_single", "b_toc_tables": "b_toc_tables.body", "c_twocol": "c_twocol"}
LEAST = {"a_single": 0.995, "b_toc_tables": 0.98, "c_twocol": 0.99}


def prose(document: Document) -> list[str]:
    return [b.text for b in document.blocks if b.kind in PROSE]


def of_kind(document: Document, kind: str) -> list[str]:
    return [dense(b.text) for b in document.blocks if b.kind == kind]


def dense(text: str) -> str:
    return re.sub(r"\s", "", text)


def truth(shared: Path, name: str) -> list[str]:
    text = (shared / "pdfs/made" / f"{TRUTH[name]}.txt").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip()]


def similarity(a: list[str], b: list[str]) -> float:
    """Share of characters in common: line by line, and inside lines only where they differ."""
    same = 0
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            same += sum(map(len, a[i:j]))
        for x, y in zip(a[i:j], b[k:m], strict=False) if tag == "replace" else ():
            matcher = SequenceMatcher(None, x, y, autojunk=False)
            same += sum(block.size for block in matcher.get_matching_blocks())
    return 2 * same / sum(map(len, a + b))


# --- made PDFs, whose text is known -----------------------------------------------------------


@pytest.mark.shared
@pytest.mark.parametrize("name", TRUTH)
def test_the_text_of_a_pdf_is_the_text_it_was_made_from(
    shared: Path, pdf_of: PdfOf, name: str
) -> None:
    assert similarity(prose(pdf_of(f"made/{name}")), truth(shared, name)) >= LEAST[name]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["a_single", "b_toc_tables"])
def test_paragraphs_are_whole_over_lines_and_pages(shared: Path, pdf_of: PdfOf, name: str) -> None:
    assert prose(pdf_of(f"made/{name}")) == truth(shared, name)


@pytest.mark.shared
@pytest.mark.parametrize("name", TRUTH)
def test_no_sentence_holds_anything_else(shared: Path, pdf_of: PdfOf, name: str) -> None:
    whole = [dense(normalize(line)[0]) for line in truth(shared, name)]
    strangers = [
        s.text
        for s in pdf_of(f"made/{name}").sentences
        if not any(dense(s.text) in paragraph for paragraph in whole)
    ]
    assert strangers == []


@pytest.mark.shared
@pytest.mark.parametrize("name", TRUTH)
def test_running_headers_and_page_numbers_are_furniture(pdf_of: PdfOf, name: str) -> None:
    document = pdf_of(f"made/{name}")
    pages = len(document.pages)
    furniture = of_kind(document, "furniture")
    assert furniture.count(HEADERS[name]) == pages
    assert [f for f in furniture if f != HEADERS[name]] == [f"—{n}—" for n in range(1, pages + 1)]


@pytest.mark.shared
@pytest.mark.parametrize("kind", ["toc", "footnote", "table"])
def test_blocks_that_are_no_prose_are_told_apart(shared: Path, pdf_of: PdfOf, kind: str) -> None:
    path = shared / "pdfs/made/b_toc_tables.labels.json"
    labels = json.loads(path.read_text(encoding="utf-8"))
    expected = [dense(text) for label, text in labels if label == kind]
    assert of_kind(pdf_of("made/b_toc_tables"), kind) == expected


@pytest.mark.shared
def test_every_sentence_knows_its_page(pdf_of: PdfOf) -> None:
    document = pdf_of("made/a_single")
    texts = {p.number: dense(normalize(p.text)[0]) for p in document.pages}
    begins = [dense(s.text)[:4] in texts[s.page or 0] for s in document.sentences]
    # A few sentences begin with the last characters of a page.
    assert begins.count(False) < len(document.pages)
    assert [s.page for s in document.sentences] == sorted(s.page or 0 for s in document.sentences)


# --- the sample document ----------------------------------------------------------------------


def test_the_sample_reads_the_same_from_pdf_and_markdown(
    sample: Path, read: Callable[..., Document]
) -> None:
    pdf, markdown = (
        [s.text for s in read((sample / name).read_bytes(), name, tables="exclude").sentences]
        for name in ("report.pdf", "report.md")
    )
    caption = "表1 主要指标2025年完成情况和2026年预期目标"
    assert [s for s in pdf if s != caption] == [s for s in markdown if s != caption]


def test_the_samples_table_is_a_table(sample: Path, read: Callable[..., Document]) -> None:
    pdf, markdown = (
        read((sample / name).read_bytes(), name) for name in ("report.pdf", "report.md")
    )
    rows = [r.replace("|", "") for r in of_kind(markdown, "table")]
    assert len(rows) == 9
    assert [r for r in of_kind(pdf, "table") if r in rows] == rows


def test_the_samples_footnotes_are_not_scored(sample: Path, read: Callable[..., Document]) -> None:
    notes = [
        len(of_kind(read((sample / name).read_bytes(), name), "footnote"))
        for name in ("report.pdf", "report.md")
    ]
    assert notes[0] == notes[1] > 0


# --- whatever the text ------------------------------------------------------------------------

NOTE_CALLS = re.compile(r"\[\d+\]|［\d+］|〔\d+〕")
pages = st.lists(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "目录",
                    "— 3 —",
                    "12",
                    "一、回顾",
                    "参考文献",
                    "人才是资源。",
                    "\u3000\u3000要素",
                    "a b",
                    "[1]",
                ]
            ),
            st.text(st.characters(exclude_characters="\n\f\r", exclude_categories=["Cs"])),
        ),
        max_size=8,
    ).map("\n".join),
    min_size=1,
    max_size=4,
)


@given(pages)
def test_blocks_hold_all_text_with_a_way_back(texts: list[str]) -> None:
    made = tuple(
        Page(number=n, text=t, lines=lines_of(t), engine="text") for n, t in enumerate(texts, 1)
    )
    raw = raw_text(made)
    blocks = build_blocks(made, raw)
    assert raw.text == "\f".join(texts)
    seen: list[int] = []
    for b in blocks:
        assert len(b.text) == len(b.sources) > 0
        assert list(b.sources) == sorted(b.sources)
        assert b.page == raw.page_of(b.sources[0])
        seen += sorted(set(b.sources))
    assert seen == sorted(seen), "blocks stand in the order of the text"
    lost = "".join(c for i, c in enumerate(raw.text) if i not in set(seen))
    # Nothing is lost but spaces, invisible characters and the calls of notes.
    assert NOTE_CALLS.sub("", normalize(lost)[0]).strip(" \n\f[]［］〔〕0123456789") == ""


@given(st.text())
def test_any_single_page_is_read(text: str) -> None:
    page = Page(number=1, text=text, lines=lines_of(text), engine="text")
    raw = raw_text((page,))
    build_blocks((page,), raw)
