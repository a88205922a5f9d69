"""Outputs for the sample document, byte for byte: on every system and version of Python.

Renew them, when figures are meant to change, with ``RENEW_GOLDEN=1 pytest tests/test_golden.py``,
and look at the difference before committing it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]
GOLDEN = Path(__file__).parent / "golden"
ROOT = Path(__file__).resolve().parents[1]
SAMPLE = "corpora/sample/report.pdf"
COMMANDS: dict[str, tuple[str, ...]] = {
    "demo.json": ("demo", "--format", "json"),
    "demo.md": ("demo", "--format", "md"),
    "evidence.csv": ("explain", SAMPLE, "--category", "lockin", "--why", "--format", "csv"),
    "text.txt": ("text", SAMPLE),
    "kwic.jsonl": ("kwic", SAMPLE, "lockin", "--format", "jsonl"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_bytes_are_those_that_were_committed(
    nqpf: Run, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    done = nqpf(*COMMANDS[name])
    assert done.returncode == 0, done.stderr
    path = GOLDEN / name
    if os.environ.get("RENEW_GOLDEN"):
        path.write_bytes(done.stdout.encode())
    assert path.read_bytes() == done.stdout.encode(), "renew: see the head of this file"
