"""Every exit code of the contract, each by a real case, in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Run = Callable[..., CompletedProcess[str]]


Arguments = tuple[str | Path, ...]


@pytest.fixture(scope="module")
def run_all(run: Run) -> Callable[[Iterable[Arguments]], dict[Arguments, CompletedProcess[str]]]:
    """Run commands side by side, each in a process of its own."""

    def go(commands: Iterable[Arguments]) -> dict[Arguments, CompletedProcess[str]]:
        every = list(commands)
        with ThreadPoolExecutor(4) as pool:
            return dict(zip(every, pool.map(lambda c: run(*c), every), strict=True))

    return cache(go)


def told(done: CompletedProcess[str]) -> bool:
    """Tell whether stderr says what happened and what to do next, without a traceback."""
    return done.stderr.startswith("error: ") and "\n  → " in done.stderr


def test_0_done(run: Run, documents: dict[str, Path]) -> None:
    done = run("score", documents["txt"])
    assert (done.returncode, done.stderr) == (0, "")


def test_1_nothing_found(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "weather.txt"
    path.write_text("今天天气很好。", encoding="utf-8")
    done = run("explain", path)
    assert (done.returncode, done.stdout) == (1, "")
    assert told(done)


WRONG: tuple[Arguments, ...] = (
    ("score", "x.txt", "--nosuch"),
    ("nosuch",),
    ("score",),
    ("score", "x.txt", "--resamples", "many"),
    ("score", "x.txt", "--resamples", "1"),
)
WRONG_CHOICES: dict[Arguments, str] = {
    ("score", "x.txt", "--format", "nosuch"): "json",
    ("score", "x.txt", "--engine", "nosuch"): "pdfium",
    ("score", "x.txt", "--nested", "nosuch"): "longest",
    ("score", "x.txt", "--tables", "nosuch"): "exclude",
    ("schema", "nosuch"): "report",
    ("demo", "-o", "x.nosuch"): "json",
}


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_2_wrong_usage(run_all: Any, arguments: Arguments) -> None:
    done = run_all(WRONG)[arguments]
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", WRONG_CHOICES, ids=" ".join)
def test_2_wrong_usage_names_the_choices(run_all: Any, arguments: Arguments) -> None:
    done = run_all(tuple(WRONG_CHOICES))[arguments]
    assert (done.returncode, done.stdout) == (2, "")
    assert told(done)
    assert WRONG_CHOICES[arguments] in done.stderr


@pytest.mark.parametrize(
    ("case", "code", "hint"),
    [
        ("missing", "not_found", "path"),
        ("folder", "unsupported_type", "nqpf scan"),
        ("empty", "empty", ""),
        ("blank", "empty", ""),
        ("text_named_pdf", "corrupt", ".txt"),
        ("truncated_pdf", "corrupt", ""),
        ("encrypted", "encrypted", "--password"),
        ("scan", "no_text_layer", "OCR"),
        ("no_docx", "corrupt", ""),
        ("broken_docx", "corrupt", ""),
        ("picture", "unsupported_type", ""),
        ("binary", "corrupt", "UTF-8"),
    ],
)
def test_3_an_input_cannot_be_read(
    run_all: Any, unreadable: dict[str, Path], case: str, code: str, hint: str
) -> None:
    path = unreadable[case]
    commands = tuple(("score", p, "--format", "json") for p in unreadable.values())
    done = run_all(commands)["score", path, "--format", "json"]
    assert done.returncode == 3
    assert told(done)
    assert str(path) in done.stderr
    record = json.loads(done.stdout)
    assert record["source"] == {"path": str(path)}
    assert record["error"]["code"] == code
    assert hint in record["error"]["hint"]
    assert record["error"]["hint"] in done.stderr


@pytest.mark.parametrize("command", ["text", "explain", "code", "validate"])
def test_3_for_every_command_that_reads(
    run: Run, unreadable: dict[str, Path], command: str
) -> None:
    done = run(command, unreadable["missing"])
    assert (done.returncode, done.stdout) == (3, "")
    assert told(done)


def test_4_a_lexicon_is_invalid(run: Run, documents: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "lexicon.toml").write_text("format = 1\n", encoding="utf-8")
    for arguments in (("score", documents["txt"], "--lexicon"), ("lexicon", "check")):
        done = run(*arguments, tmp_path)
        assert done.returncode == 4
        assert "lexicon.toml:1: " in done.stdout + done.stderr
        assert told(done)


def test_6_the_output_cannot_be_written(
    run: Run, documents: dict[str, Path], tmp_path: Path
) -> None:
    done = run("score", documents["txt"], "-o", tmp_path / "no" / "x.json")
    assert (done.returncode, done.stdout) == (6, "")
    assert told(done)
    assert str(tmp_path / "no" / "x.json") in done.stderr


def test_7_a_scan_ended_and_some_files_failed(
    run: Run, documents: dict[str, Path], unreadable: dict[str, Path]
) -> None:
    done = run("scan", documents["txt"], unreadable["encrypted"], documents["md"])
    assert done.returncode == 7
    first, bad, last = map(json.loads, done.stdout.splitlines())
    assert bad["error"]["code"] == "encrypted"
    assert first["source"]["path"] == str(documents["txt"])
    assert last["source"]["path"] == str(documents["md"])
    assert "error" not in first
    assert "error" not in last


def test_the_first_failure_of_several_files_decides(
    run: Run, documents: dict[str, Path], unreadable: dict[str, Path]
) -> None:
    done = run("score", documents["txt"], unreadable["scan"], documents["md"], "--format", "json")
    assert done.returncode == 3
    codes = [r.get("error", {}).get("code") for r in json.loads(done.stdout)]
    assert codes == [None, "no_text_layer", None]
