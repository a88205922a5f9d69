"""The scripts in examples/ do what they say, on the sample document."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
with_jq = pytest.mark.skipif(
    not (shutil.which("jq") and shutil.which("sh")), reason="jq is not installed"
)


@pytest.fixture(scope="module")
def scan(nqpf: Run, sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    (folder / "bad.pdf").write_text("no PDF", encoding="utf-8")
    out = folder / "scan.jsonl"
    done = nqpf("scan", sample / "report.md", folder / "bad.pdf", "-o", out)
    assert done.returncode == 7
    return out


@pytest.fixture
def piped(environment: dict[str, str], scan: Path, tmp_path: Path) -> Callable[..., str]:
    """Run an example with the scan on standard input, and ``nqpf`` on the path."""
    (tmp_path / "nqpf").write_text(f'#!/bin/sh\nexec {sys.executable} -m nqpf_cli "$@"\n', "utf-8")
    (tmp_path / "nqpf").chmod(0o755)
    path = os.pathsep.join([str(tmp_path), environment["PATH"]])

    def go(*command: str | Path) -> str:
        done = subprocess.run(
            [*map(str, command)],
            input=scan.read_bytes(),
            capture_output=True,
            check=True,
            cwd=scan.parent,
            env={**environment, "PATH": path},
            timeout=120,
        )
        return done.stdout.decode()

    return go


@with_jq
def test_failures(piped: Callable[..., str]) -> None:
    (row,) = piped("sh", EXAMPLES / "failures.sh").splitlines()
    assert row.startswith("corrupt\t")


@with_jq
def test_gaps(piped: Callable[..., str]) -> None:
    # The sample answers what it diagnoses; a line has its four columns wherever there is one.
    for row in piped("sh", EXAMPLES / "gaps.sh").splitlines():
        assert len(row.split("\t")) == 4


@with_jq
def test_evidence(piped: Callable[..., str], sample: Path) -> None:
    rows = piped("sh", EXAMPLES / "evidence.sh", sample / "report.pdf", "lockin").splitlines()
    assert len(rows) > 5
    for row in rows:
        page, stance, surface, sentence = row.split("\t")
        assert page.isdecimal()
        assert stance in ("problem", "remedy", "-")
        assert surface
        assert sentence


def test_pandas(piped: Callable[..., str]) -> None:
    pytest.importorskip("pandas")
    head, _, row = piped(sys.executable, EXAMPLES / "shares.py").splitlines()[:3]
    assert "lockin.problem" in head
    assert row.split()[0] == "2026"


def test_duckdb(scan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.chdir(scan.parent)
    query = (EXAMPLES / "shares.sql").read_text(encoding="utf-8")
    ((year, reports, *shares),) = duckdb.sql(query).fetchall()
    assert (year, reports) == (2026, 1)
    assert all(0 < s < 1 for s in shares)


def test_every_example_is_listed() -> None:
    listed = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    for path in EXAMPLES.iterdir():
        assert path.name == "README.md" or f"]({path.name})" in listed
