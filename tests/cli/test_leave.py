"""How the process ends: with its code, and after all that others wanted done at the end."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import atexit, sys, threading
from nqpf_cli import __main__ as program

def main():
    atexit.register(print, "cleaned up")
    threading.Thread(target=lambda: event.wait() and print("done")).start()
    print("said", end=" ")
    event.set()
    {end}

event = threading.Event()
program.main = main
program.run()
"""


@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("pass", 0),
        ("sys.exit()", 0),
        ("sys.exit(3)", 3),
        ("sys.exit('wrong')", 1),
        ("raise KeyError('x')", 1),
    ],
)
def test_what_is_to_be_done_at_the_end_is_done(
    environment: dict[str, str], end: str, code: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(end=end)],
        capture_output=True,
        env=environment,
        timeout=60,
        text=True,
    )
    assert done.returncode == code
    assert done.stdout.split() == ["said", "done", "cleaned", "up"]
    assert ("KeyError" in done.stderr) == ("KeyError" in end)
    assert ("wrong" in done.stderr) == ("wrong" in end)
