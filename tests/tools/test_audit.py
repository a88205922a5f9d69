"""The audit never calls clean what was not looked up."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from tools import audit

CLEAN = {"name": "a", "version": "1", "vulns": []}
KNOWN = {"name": "b", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["3"]}]}
SKIPPED = {"name": "c", "skip_reason": "not found"}


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    def give(out: str, err: str) -> None:
        done = subprocess.CompletedProcess([], 0, out, err)
        monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)

    return give


@pytest.mark.parametrize(
    ("packages", "code", "told"),
    [
        ([CLEAN], 0, "1 of 1 packages audited"),
        ([CLEAN, KNOWN], 1, "b 2: CVE-1, mended in 3"),
        ([KNOWN, SKIPPED], 1, "1 of 2 packages audited"),
        ([CLEAN, SKIPPED], 2, "not audited: 1 packages unknown to the index in use: c"),
        ([], 2, "not audited"),
    ],
)
def test_what_was_found_and_what_was_not_looked_up(
    answer: Callable[[str, str], None],
    capsys: pytest.CaptureFixture[str],
    packages: list[dict[str, Any]],
    code: int,
    told: str,
) -> None:
    answer(json.dumps({"dependencies": packages}), "No known vulnerabilities found")
    assert audit.main() == code
    assert told in "".join(capsys.readouterr())


@pytest.mark.parametrize("out", ["", "{", "[]", "{}"])
def test_no_network_is_told_as_that(
    answer: Callable[[str, str], None], capsys: pytest.CaptureFixture[str], out: str
) -> None:
    answer(out, "Traceback …\nConnectionError: no route to host\n")
    assert audit.main() == 2
    told = capsys.readouterr().err
    assert "needs the network" in told
    assert "no route to host" in told
    assert "Traceback" not in told


def test_the_lock_names_versions_hashes_and_no_place() -> None:
    text = audit.LOCK.read_text(encoding="utf-8")
    rows = [r for r in text.split("\n") if r and not r.startswith((" ", "#"))]
    assert len(rows) > 50
    assert all("==" in r for r in rows)
    assert text.count("--hash=sha256:") >= len(rows)
    assert "://" not in text
    assert "--index" not in text
