"""A locked document: its password by option, by environment, or asked for on a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]
PASSWORD = "secret"
pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def locked(shared: Path) -> Path:
    return shared / "pdfs" / "nasty" / "craft__enc_user_pw.pdf"


def test_by_option_or_environment(run: Run, locked: Path) -> None:
    by_option = run("text", locked, "--password", PASSWORD)
    by_environment = run("text", locked, NQPF_PASSWORD=PASSWORD)
    assert by_option.returncode == by_environment.returncode == 0
    assert by_option.stdout == by_environment.stdout != ""


def test_without_a_terminal_nobody_is_asked(run: Run, locked: Path) -> None:
    done = run("text", locked)
    assert (done.returncode, done.stdout) == (3, "")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no pseudo-terminals")
@pytest.mark.parametrize(
    ("answer", "code", "told"),
    [
        (PASSWORD + "\n", 0, ""),
        ("no such word\n", 3, "the password is wrong"),
        ("\x04", 3, "needs a password"),
    ],
    ids=["right", "wrong", "Ctrl-D"],
)
def test_on_a_terminal_it_is_asked_for_and_not_shown(
    environment: dict[str, str], locked: Path, answer: str, code: int, told: str
) -> None:
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "nqpf_cli", "text", str(locked)],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=environment,
        start_new_session=True,  # no terminal but ours
    ) as process:
        os.close(theirs)
        shown = b""
        while b"Password of" not in shown:
            shown += os.read(ours, 4096)
        os.write(ours, answer.encode())
        out, _ = process.communicate(timeout=60)
    try:
        while more := os.read(ours, 4096):
            shown += more
    except OSError:  # the other side has closed
        pass
    os.close(ours)
    assert process.returncode == code
    assert bool(out) == (code == 0)
    assert told.encode() in shown
    assert answer.strip().encode() not in shown
