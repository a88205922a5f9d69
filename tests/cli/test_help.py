"""Help: every command shows an example, in both languages, on the right stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from subprocess import CompletedProcess
from typing import Any

import pytest
import typer

from nqpf_cli import __version__
from nqpf_cli.cli.app import app

Run = Callable[..., CompletedProcess[str]]


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of a command and of all that lie below it: (), ("lexicon", "list") …"""
    yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))


COMMANDS = tuple(commands(typer.main.get_command(app)))
GROUPS = {c[:-1] for c in COMMANDS if c}
each_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda c: " ".join(c) or "nqpf")


def test_the_commands_of_the_contract_are_there() -> None:
    wanted = {"score", "scan", "text", "explain", "code", "validate", "lexicon", "schema", "demo"}
    assert wanted <= {c[0] for c in COMMANDS if c}
    assert {("lexicon", name) for name in ("list", "show", "check")} <= set(COMMANDS)


@pytest.fixture(scope="module")
def english(run: Run) -> Callable[[tuple[str, ...]], CompletedProcess[str]]:
    """Return the help of a command in English; each is asked for once."""
    return cache(lambda command: run(*command, "--help", COLUMNS="160"))


Help = Callable[[tuple[str, ...]], CompletedProcess[str]]


@each_command
def test_help_shows_an_example_in_english(english: Help, command: tuple[str, ...]) -> None:
    done = english(command)
    assert done.returncode == 0
    assert " ".join(("Example: nqpf", *command)) in done.stdout
    assert "例：" not in done.stdout
    assert done.stderr == ""


@each_command
def test_help_shows_an_example_in_chinese(run: Run, command: tuple[str, ...]) -> None:
    done = run(*command, "--help", COLUMNS="120", NQPF_LANG="zh")
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
