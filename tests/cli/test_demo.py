"""``nqpf demo``: the sample that ships, from anywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]


def test_demo_works_from_another_folder(run: Run, tmp_path: Path) -> None:
    done = run("demo", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Three chains" in done.stdout
    assert "corpora/sample/report.pdf" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_demo_is_the_score_of_the_sample(nqpf: Run, report_pdf: Path) -> None:
    demo = json.loads(nqpf("demo", "--format", "json").stdout)
    score = json.loads(nqpf("score", report_pdf, "--format", "json").stdout)
    assert demo["source"].pop("path") == "corpora/sample/report.pdf"
    assert score["source"].pop("path") == str(report_pdf)
    assert demo == score


@pytest.mark.parametrize(("lang", "word"), [("zh", "三条链"), ("en", "Three chains")])
def test_demo_speaks_both_languages(run: Run, lang: str, word: str) -> None:
    assert word in run("demo", "--lang", lang).stdout


def test_demo_shows_every_category_and_the_strongest_sentences(nqpf: Run) -> None:
    shown = nqpf("demo").stdout
    for name in ("Factors", "Rigid institutions", "New-type urbanization", "strongest"):
        assert name in shown
