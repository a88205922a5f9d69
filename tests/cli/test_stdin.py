"""``-`` reads standard input, under the name that ``--stdin-filename`` gives it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]


def test_a_process_reads_its_standard_input(run: Run, plan: Path) -> None:
    done = run("score", "-", "--format", "json", stdin=plan.read_bytes())
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert report["source"]["path"] == "stdin.txt"
    assert report["source"]["bytes"] == plan.stat().st_size


def test_the_figures_are_those_of_the_file(nqpf: Run, plan: Path) -> None:
    piped = nqpf(
        "score", "-", "--stdin-filename", str(plan), "--format", "json", stdin=plan.read_bytes()
    )
    assert piped.stdout == nqpf("score", plan, "--format", "json").stdout


@pytest.mark.parametrize(
    ("name", "media_type"), [("a.txt", "text/plain"), ("b/某省规划.md", "text/markdown")]
)
def test_the_name_tells_the_type(nqpf: Run, plan: Path, name: str, media_type: str) -> None:
    done = nqpf("score", "-", "--stdin-filename", name, "--format", "json", stdin=plan.read_bytes())
    source = json.loads(done.stdout)["source"]
    assert (source["path"], source["media_type"]) == (name, media_type)


def test_a_pdf_is_known_by_its_content(nqpf: Run, report_pdf: Path) -> None:
    done = nqpf("score", "-", "--format", "json", stdin=report_pdf.read_bytes())
    assert json.loads(done.stdout)["source"]["media_type"] == "application/pdf"


def test_the_name_stands_in_messages_and_error_records(nqpf: Run) -> None:
    done = nqpf("score", "-", "--stdin-filename", "某文.pdf", "--format", "json", stdin=b"text")
    assert done.returncode == 3
    assert json.loads(done.stdout)["source"]["path"] == "某文.pdf"
    assert "某文.pdf" in done.stderr


def test_empty_standard_input_is_an_empty_document(nqpf: Run) -> None:
    done = nqpf("score", "-", "--format", "json")
    assert done.returncode == 3
    assert json.loads(done.stdout)["error"]["code"] == "empty"


def test_standard_input_has_the_limit_of_bytes(nqpf: Run, plan: Path) -> None:
    arguments = ("score", "-", "--max-bytes", "100", "--format", "json")
    done = nqpf(*arguments, stdin=plan.read_bytes())
    assert done.returncode == 3
    assert json.loads(done.stdout)["error"]["code"] == "too_large"


@pytest.mark.parametrize("command", [("text",), ("text", "--raw"), ("explain",)])
def test_the_commands_for_one_file_read_it_too(
    nqpf: Run, plan: Path, command: tuple[str, ...]
) -> None:
    piped = nqpf(*command, "-", stdin=plan.read_bytes())
    assert piped.returncode == 0
    assert piped.stdout == nqpf(*command, plan).stdout
