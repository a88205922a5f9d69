"""Evidence in the terminal: by page, with what counts and what does not told apart."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from rich.console import Console

from nqpf_cli.formats.evidence import draw_hits
from nqpf_cli.model import Hit, Lexicon

Draw = Callable[..., str]


def hit(page: int | None, sentence: int, **more: Any) -> Hit:
    values: dict[str, Any] = {
        "path": "x.pdf", "sha256": "0" * 64, "category": "lockin", "indicator": "lockin.legacy",
        "entry": "产能", "surface": "产能", "stance": "problem", "start": 10 * sentence,
        "end": 10 * sentence + 2, "sentence": "产能过剩。", "sentence_start": 10 * sentence,
        "section": "other", "rule": "cue-after", "cue": "过剩", "span": (0, 2),
    }  # fmt: skip
    return Hit(page=page, **{**values, **more})


@pytest.fixture(scope="module")
def draw(shipped: Lexicon) -> Draw:
    def make(*hits: Hit, why: bool = False, lang: Any = "en") -> str:
        out = io.StringIO()
        draw_hits(Console(file=out, width=200), list(hits), shipped, lang, why=why)
        return out.getvalue()

    return make


def test_pages_head_their_sentences(draw: Draw) -> None:
    shown = draw(hit(3, 0), hit(3, 0, span=(2, 4)), hit(3, 1), hit(7, 2))
    assert shown.count("─ page ") == 2
    assert "page 3 · 3 hit(s) in 2 sentence(s)" in shown
    assert "page 7 · 1 hit(s) in 1 sentence(s)" in shown
    assert "第 3 页 · 3 处命中，2 句" in draw(*[hit(3, n) for n in (0, 0, 1)], lang="zh")


def test_a_sentence_over_two_pages_is_shown_once(draw: Draw) -> None:
    shown = draw(hit(3, 0), hit(4, 0), hit(3, 0), hit(4, 1))
    assert shown.count("产能过剩。") == 2
    assert shown.count("─ page ") == 2
    assert "[0–2] page 4" in shown


def test_a_text_without_pages_has_no_headings(draw: Draw) -> None:
    assert "─" not in draw(hit(None, 0))


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"stance": None, "counted": False}, "counts for nothing: no stance"),
        ({"counted": False}, "the label was not given"),
        ({"category": "factor", "stance": None, "counted": False}, "the label was not given"),
    ],
)
def test_what_does_not_count_is_marked(draw: Draw, more: dict[str, Any], reason: str) -> None:
    shown = draw(hit(1, 0), hit(1, 1, **more))
    assert shown.count(reason) == 1
    assert "2 hit(s), 1 of which (✗)" in shown
    assert "✗" not in draw(hit(1, 0))


def test_why_names_entry_rule_and_cue(draw: Draw) -> None:
    assert "← entry 产能 · rule cue-after · cue 过剩" in draw(hit(1, 0), why=True)
    assert "← 词条 产能 · 规则 cue-after · 线索 过剩" in draw(hit(1, 0), why=True, lang="zh")
    assert draw(hit(1, 0, rule="", cue=""), why=True).count("·") == 2  # heading, stance
    assert "←" not in draw(hit(1, 0))
