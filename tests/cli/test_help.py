"""Help: every command shows an example, in both languages, on the right stream."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from subprocess import CompletedProcess
from typing import Any

import pytest
import typer

from nqpf_cli import __version__
from nqpf_cli.cli.app import application

Run = Callable[..., CompletedProcess[str]]


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of a command and of all that lie below it: (), ("lexicon", "list") …"""
    yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))


COMMANDS = tuple(commands(typer.main.get_command(application())))
GROUPS = {c[:-1] for c in COMMANDS if c}
each_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda c: " ".join(c) or "nqpf")


def test_the_commands_of_the_contract_are_there() -> None:
    wanted = {"score", "scan", "text", "explain", "code", "validate", "lexicon", "schema", "demo"}
    assert wanted <= {c[0] for c in COMMANDS if c}
    assert {("lexicon", name) for name in ("list", "show", "check")} <= set(COMMANDS)


# Asks for the help of every command in turn: the program is imported once, in one language.
EVERY_HELP = """
import contextlib, io, json, sys
from nqpf_cli.__main__ import main
found = []
for command in json.load(sys.stdin):
    sys.argv = ["nqpf", *command, "--help"]
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in "oe")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
            code = 0
        except SystemExit as e:
            code = e.code or 0
        out.flush(), err.flush()
    found.append([code, *(s.buffer.getvalue().decode() for s in (out, err))])
json.dump(found, sys.stdout)
"""
Help = Callable[[tuple[str, ...]], CompletedProcess[str]]


def every_help(environment: dict[str, str], lang: str, columns: int) -> Help:
    done = subprocess.run(
        [sys.executable, "-c", EVERY_HELP],
        input=json.dumps(COMMANDS).encode(),
        capture_output=True,
        env={**environment, "NQPF_LANG": lang, "COLUMNS": str(columns)},
        timeout=60,
        check=True,
    )
    found = dict(zip(COMMANDS, json.loads(done.stdout), strict=True))
    return lambda command: CompletedProcess(command, *found[command])


@pytest.fixture(scope="module")
def english(environment: dict[str, str]) -> Help:
    """Return the help of a command in English."""
    return every_help(environment, "en", 160)


@pytest.fixture(scope="module")
def chinese(environment: dict[str, str]) -> Help:
    """Return the help of a command in Chinese."""
    return every_help(environment, "zh", 120)


def test_a_process_shows_the_same_help(run: Run, english: Help) -> None:
    def rows(done: CompletedProcess[str]) -> list[str]:
        # As a module the program is called "python -m nqpf_cli".
        return [row for row in done.stdout.splitlines() if "Usage: " not in row]

    done = run("score", "--help", COLUMNS="160")
    assert (done.returncode, done.stderr) == (0, "")
    assert rows(done) == rows(english(("score",)))


@each_command
def test_help_shows_an_example_in_english(english: Help, command: tuple[str, ...]) -> None:
    done = english(command)
    assert done.returncode == 0
    assert " ".join(("Example: nqpf", *command)) in done.stdout
    assert "例：" not in done.stdout
    assert done.stderr == ""


@each_command
def test_help_shows_an_example_in_chinese(chinese: Help, command: tuple[str, ...]) -> None:
    done = chinese(command)
    assert done.returncode == 0
    assert " ".join(("例：nqpf", *command)) in done.stdout
    assert "Example:" not in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("arguments", [("--lang", "zh"), ("--lang=zh",)])
def test_the_option_for_the_language_wins_over_the_variable(
    run: Run, arguments: tuple[str, ...]
) -> None:
    assert "例：nqpf score" in run("score", *arguments, "--help", NQPF_LANG="en").stdout


def test_the_whole_program_takes_the_language_too(run: Run) -> None:
    done = run("--lang", "zh", "--help", NQPF_LANG="en")
    assert done.returncode == 0
    assert "例：nqpf score" in done.stdout


@pytest.mark.parametrize(
    ("variables", "example"),
    [
        ({"LC_ALL": "zh_CN.UTF-8"}, "例："),
        ({"LC_ALL": "en_GB.UTF-8"}, "Example:"),
        ({"LC_ALL": "", "LANG": "zh_CN.GB18030"}, "例："),
    ],
)
def test_without_a_choice_the_locale_decides(
    run: Run, variables: dict[str, str], example: str
) -> None:
    assert example in run("demo", "--help", NQPF_LANG="", **variables).stdout


def test_an_unknown_language_is_refused(nqpf: Run) -> None:
    done = nqpf("demo", "--lang", "fr")
    assert done.returncode == 2
    assert "--lang" in done.stderr
    assert done.stdout == ""


def test_short_help(run: Run) -> None:
    assert run("score", "-h").stdout == run("score", "--help").stdout


def test_version(run: Run) -> None:
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"nqpf {__version__}\n", "")


def test_every_command_tells_the_version(nqpf: Run) -> None:
    done = nqpf("score", "--version")
    assert (done.returncode, done.stdout) == (0, f"nqpf {__version__}\n")


@pytest.mark.parametrize("command", [c for c in COMMANDS if c not in GROUPS])
def test_every_command_takes_the_shared_options(english: Help, command: tuple[str, ...]) -> None:
    shown = english(command).stdout
    for option in ("--format", "--output", "-o", "--lexicon", "--no-color", "-q", "-v", "--debug"):
        assert option in shown


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [80, 120])
def test_help_fits_the_terminal(run: Run, columns: int, lang: str) -> None:
    from rich.cells import cell_len

    shown = run("validate", "--help", COLUMNS=str(columns), NQPF_LANG=lang).stdout
    assert max(map(cell_len, shown.splitlines())) <= columns


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_is_whole_in_a_narrow_terminal(environment: dict[str, str], lang: str) -> None:
    helps = every_help(environment, lang, 80)
    cut = [(c, row) for c in COMMANDS for row in helps(c).stdout.splitlines() if "… │" in row]
    assert cut == []
