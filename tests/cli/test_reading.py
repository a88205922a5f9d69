"""Options of reading: traditional characters, recognition, and what they need."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from nqpf_cli.engines import script
from nqpf_cli.ocr import registry

Run = Callable[..., CompletedProcess[str]]
TEXT = "發展戰略性新興產業，培育人才。\n"


@pytest.fixture
def traditional(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def factors(done: CompletedProcess[str]) -> tuple[str, int]:
    report = json.loads(done.stdout)
    return report["settings"]["script"], report["dimensions"]["industry"]["sentences"]


def test_traditional_characters_are_matched_when_asked(nqpf: Run, traditional: Path) -> None:
    pytest.importorskip("opencc", reason="needs pip install 'nqpf[traditional]'")
    score = ("score", traditional, "--format", "json", "--coder", "rules")
    assert factors(nqpf(*score)) == ("as_is", 0)
    assert factors(nqpf(*score, "--traditional")) == ("simplify", 1)
    done = nqpf("explain", traditional, "--traditional", "--format", "jsonl")
    hits = [json.loads(h) for h in done.stdout.splitlines()]
    raw = nqpf("text", traditional, "--raw").stdout
    assert "戰略性新興產業" in {h["surface"] for h in hits}
    assert all(raw[h["start"] : h["end"]] == h["surface"] for h in hits)


@pytest.fixture
def no_opencc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    script._converter.cache_clear()
    monkeypatch.setitem(sys.modules, "opencc", None)
    yield
    script._converter.cache_clear()


@pytest.mark.usefixtures("no_opencc")
@pytest.mark.parametrize("command", ["score", "explain"])
def test_without_opencc_the_install_command_is_told(
    nqpf: Run, traditional: Path, command: str
) -> None:
    done = nqpf(command, traditional, "--traditional")
    assert (done.returncode, done.stdout) == (5, "")
    assert "pip install 'nqpf[traditional]'" in done.stderr


@pytest.fixture(scope="module")
def scan_pdf(shared: Path) -> Path:
    return shared / "pdfs" / "made" / "d_scan.pdf"


@pytest.mark.shared
@pytest.mark.parametrize("command", ["score", "explain", "text"])
def test_without_a_recognizer_the_install_command_is_told(
    nqpf: Run, scan_pdf: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(registry, "RECOGNIZERS", {"tesseract": "no_such_module:x"})
    done = nqpf(command, scan_pdf, "--ocr")
    assert (done.returncode, done.stdout) == (5, "")
    assert "nqpf[ocr]" in done.stderr
    assert nqpf(command, scan_pdf).returncode == 3


def test_a_document_with_text_needs_no_recognizer(
    nqpf: Run, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "RECOGNIZERS", {"tesseract": "no_such_module:x"})
    done = nqpf("score", plan, "--ocr", "--format", "json")
    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert (report["settings"]["ocr"], report["quality"]["ocr_pages"]) == ("auto", [])
