"""Markdown tables: the report's figures, and nothing of a document that Markdown would read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from markdown_it import MarkdownIt

from nqpf_cli.formats.markdown import report_markdown
from nqpf_cli.model import Document, Report
from nqpf_cli.pipeline import Analyzer

TEXT = (
    "江苏省2025年政府工作报告\n\n发展新质生产力，推进长三角一体化。\n\n"
    "产能过剩问题突出。推进人工智能应用。\n"
)
HOSTILE = "<b>a</b>|`c`*d*_e_[f](g)![h](i)\\j &amp; $k$\n# l\x1b[31m"
Tables = list[list[list[str]]]


@pytest.fixture(scope="module")
def report(analyzer: Analyzer, read: Callable[..., Document]) -> Report:
    return analyzer.score(read(TEXT, "plan.txt"))


def parse(text: str) -> list[Any]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def tables(text: str) -> Tables:
    found: Tables = []
    for token, inner in zip(tokens := parse(text), [*tokens[1:], None], strict=True):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type in ("th_open", "td_open"):
            found[-1][-1].append(inner.children[0].content if inner.children else "")
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tables_hold_the_figures(analyzer: Analyzer, report: Report, lang: Any) -> None:
    found = tables(report_markdown(report, analyzer.lexicon, lang))
    chains, indicators, obstructions, carriers, prescriptions = found
    assert all(len({len(row) for row in rows}) == 1 for rows in found)
    assert [len(rows) - 1 for rows in found[:4]] == [12, 14, 10, 13]
    in_block = {"zh": "P 东部", "en": "P east"}[lang]
    assert all(rows[0][-2:] == ["P", in_block] for rows in found[:4])
    assert chains[1][1] == str(report.dimensions["factor"].sentences)
    assert indicators[1][3] == str(report.indicators["factor.labour"].hits)  # type: ignore[union-attr]
    assert carriers[2][1] == "✓"  # 长三角 is for 江苏
    assert report.prescriptions is not None
    ticks = [row[2] for row in prescriptions[1:]]
    taken = [t for f in report.prescriptions.carriers.values() for t in f.taken_up.values()]
    assert ticks == ["✓" if t else "✗" for t in taken]
    assert len(obstructions[0]) == 9


def test_what_is_not_known_has_no_column(analyzer: Analyzer, report: Report) -> None:
    bare = replace(report, reference=None, prescriptions=None)
    text = report_markdown(bare, analyzer.lexicon, "en")
    found = tables(text)
    assert len(found) == 4
    assert not any("P" in rows[0] for rows in found)
    assert {row[1] for row in found[3][1:]} == {"?"}
    assert "percentiles" not in text


def test_the_note_says_how_the_figures_were_made(analyzer: Analyzer, report: Report) -> None:
    note = report_markdown(report, analyzer.lexicon, "en").strip().split("\n\n")[-1]
    assert report.reference is not None
    for part in (
        report.nqpf_version, report.lexicon.sha256, report.source.sha256, "seed 20240201",
        report.reference.sha256, "same kind and level", "coder model",
    ):  # fmt: skip
        assert part in note


def test_a_document_cannot_write_markdown(analyzer: Analyzer, report: Report) -> None:
    source = replace(report.source, path=f"dir/{HOSTILE.replace('/', '')}")
    hostile = replace(report, source=source, profile=replace(report.profile, title=HOSTILE))
    text = report_markdown(hostile, analyzer.lexicon, "en")
    assert "\x1b" not in text
    assert len(tables(text)) == len(tables(report_markdown(report, analyzer.lexicon, "en")))
    tokens = parse(text)
    assert [t.type for t in tokens].count("heading_open") == 1
    spoken = {c.type for t in tokens for c in t.children or ()}
    assert spoken <= {"text", "text_special", "strong_open", "strong_close"}
