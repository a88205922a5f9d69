"""A password is given to the engine and to nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from nqpf_cli.engines.base import ReadOptions

Run = Callable[..., CompletedProcess[str]]
SECRET = "hunter2"


@pytest.mark.parametrize("engine", ["auto", "pdfium", "pdfplumber"])
def test_a_wrong_password_is_called_wrong(
    nqpf: Run, unreadable: dict[str, Path], engine: str
) -> None:
    given = ("score", unreadable["encrypted"], "--format", "json", "--engine", engine)
    error = json.loads(nqpf(*given).stdout)["error"]
    assert (error["code"], "needs a password" in error["message"]) == ("encrypted", True)
    done = nqpf(*given, "--password", SECRET)
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (3, "encrypted")
    assert "the password is wrong" in error["message"]


@pytest.mark.parametrize("how", ["option", "variable"])
@pytest.mark.parametrize("command", ["score", "text", "explain", "kwic"])
def test_a_password_is_shown_nowhere(
    run: Run, documents: dict[str, Path], unreadable: dict[str, Path], command: str, how: str
) -> None:
    option = ("--password", SECRET) if how == "option" else ()
    variable = {} if how == "option" else {"NQPF_PASSWORD": SECRET}
    more = ("新质",) if command == "kwic" else ()
    files = [unreadable["encrypted"], documents["txt"]]
    for paths in files if command in ("text", "explain") else [files]:
        given = paths if isinstance(paths, list) else [paths]
        for debug in ((), ("--debug", "-v")):
            form = ("--format", "json")
            done = run(command, *given, *more, *form, *option, *debug, **variable)
            assert done.stdout + done.stderr
            assert SECRET not in done.stdout + done.stderr


def test_a_password_is_in_no_description_of_what_was_asked() -> None:
    assert SECRET not in repr(ReadOptions(password=SECRET))
