"""``nqpf text``: the cleaned text, the raw text, pages, and blocks as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]


def test_raw_text_is_the_file_as_it_stands(nqpf: Run, plan: Path) -> None:
    assert nqpf("text", "--raw", plan).stdout == plan.read_text(encoding="utf-8")


def test_pages_of_the_raw_text_are_parted_by_form_feeds(nqpf: Run, report_pdf: Path) -> None:
    pages = nqpf("text", "--raw", report_pdf).stdout.split("\f")
    report = json.loads(nqpf("score", report_pdf, "--format", "json").stdout)
    assert len(pages) == report["source"]["pages"]
    assert nqpf("text", "--raw", "--pages", "3", report_pdf).stdout == pages[2]
    some = nqpf("text", "--raw", "--pages", "2-3,5", report_pdf).stdout
    assert some.split("\f") == [pages[1], pages[2], pages[4]]


def test_pages_of_the_scored_text_join_to_the_whole(nqpf: Run, report_pdf: Path) -> None:
    whole = nqpf("text", report_pdf).stdout
    first = nqpf("text", "--pages", "1-4", report_pdf).stdout
    rest = nqpf("text", "--pages", "5-999", report_pdf).stdout
    assert first
    assert rest
    assert first + rest == whole


@pytest.mark.parametrize("pages", ["x", "3-", "-3", "1,,2", "1-2-3", ""])
def test_pages_that_cannot_be_read_are_wrong_usage(nqpf: Run, plan: Path, pages: str) -> None:
    done = nqpf("text", f"--pages={pages}", plan)
    assert done.returncode == 2
    assert "3-5" in done.stderr


def test_a_paragraph_broken_into_lines_is_whole_again(nqpf: Run, report_pdf: Path) -> None:
    raw = nqpf("text", "--raw", report_pdf).stdout
    scored = nqpf("text", report_pdf).stdout
    sentence = next(s for s in raw.split("。") if s.count("\n") == 1 and "\f" not in s)
    assert sentence.replace("\n", "").strip() in scored.replace("\n", "")
    assert scored.count("\n") < raw.count("\n")


def test_json_has_pages_and_blocks(nqpf: Run, report_pdf: Path) -> None:
    document = json.loads(nqpf("text", "--format", "json", report_pdf).stdout)
    raw = nqpf("text", "--raw", report_pdf).stdout
    assert [p["page"] for p in document["pages"]] == list(range(1, raw.count("\f") + 2))
    blocks = [b for p in document["pages"] for b in p["blocks"]]
    assert {b["kind"] for b in blocks} >= {"paragraph", "heading"}
    assert all(b["page"] == p["page"] for p in document["pages"] for b in p["blocks"])
    for b in blocks:
        source = raw[b["start"] : b["end"]]
        assert "".join(source.split())[:1] == b["text"][:1]


def test_json_of_some_pages(nqpf: Run, report_pdf: Path) -> None:
    whole = json.loads(nqpf("text", "--format", "json", report_pdf).stdout)
    some = json.loads(nqpf("text", "--format", "json", "--pages", "2,4", report_pdf).stdout)
    assert some["pages"] == [whole["pages"][1], whole["pages"][3]]


def test_json_has_what_text_prints(nqpf: Run, plan: Path) -> None:
    document = json.loads(nqpf("text", "--format", "json", plan).stdout)
    texts = [b["text"] for p in document["pages"] for b in p["blocks"]]
    assert nqpf("text", plan).stdout.splitlines() == texts


def test_tables_can_be_left_out(nqpf: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_text("# 规划\n\n正文在此。\n\n| 指标 | 值 |\n|---|---|\n| 增速 | 5 |\n", "utf-8")
    assert "增速" in nqpf("text", path).stdout
    without = nqpf("text", path, "--tables", "exclude").stdout
    assert "增速" not in without
    assert "正文在此。" in without
