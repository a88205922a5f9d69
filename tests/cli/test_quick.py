"""Parameters that are taken as they are given, and those that are still checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from typer.testing import CliRunner

from nqpf_cli.cli.app import COMMANDS, application, asked_for
from nqpf_cli.cli.quick import App


def _upper(value: str | None) -> str | None:
    return value and value.upper()


def run(*arguments: str) -> tuple[int, Any]:
    """Return the exit code of a command with many kinds of parameters, and what it was given."""
    app = App()

    @app.command()
    def command(
        words: Annotated[list[str], typer.Argument()],
        name: str | None = None,
        shout: Annotated[str | None, typer.Option(callback=_upper)] = None,
        number: Annotated[int, typer.Option(min=1)] = 3,
        share: float = 0.5,
        flag: Annotated[bool, typer.Option("--flag")] = False,
        out: Path | None = None,
        there: Annotated[Path | None, typer.Option(exists=True)] = None,
        many: list[Path] | None = None,
        sign: Annotated[str, typer.Option(parser=lambda x: x * 2)] = "a",
    ) -> None:
        print(
            json.dumps(
                [words, name, shout, number, share, flag, repr(out), repr(there), repr(many), sign]
            )
        )

    done = CliRunner().invoke(app, arguments)
    return done.exit_code, json.loads(done.stdout) if not done.exit_code else done.output


def test_defaults_are_what_a_command_takes() -> None:
    none = repr(None)
    assert run("a") == (0, [["a"], None, None, 3, 0.5, False, none, none, none, "aa"])


def test_what_is_given_has_the_type_that_was_declared(tmp_path: Path) -> None:
    given = ["--name", "n", "--shout", "s", "--number", "7", "--share", "1", "--flag", "--out", "-"]
    paths = ["--there", str(tmp_path), "--many", "p", "--many", "q", "--sign", "b"]
    words, name, shout, number, share, flag, *rest = run("a", "b", *given, *paths)[1]
    assert (words, name, shout, number, share, flag) == (["a", "b"], "n", "S", 7, 1.0, True)
    assert type(share) is float
    many = [Path("p"), Path("q")]
    assert rest == [repr(Path("-")), repr(tmp_path), repr(many), "bb"]


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        ("a", "--number", "0"),
        ("a", "--number", "x"),
        ("a", "--share", "x"),
        ("a", "--there", "/nowhere/at/all"),
    ],
    ids=" ".join,
)
def test_what_is_wrong_is_refused(wrong: tuple[str, ...]) -> None:
    assert run(*wrong)[0] == 2


def test_a_run_gets_the_command_that_it_asks_for() -> None:
    everything = typer.main.get_command(application())
    for name in COMMANDS:
        alone = typer.main.get_command(application(asked_for([name, "--help"])))
        assert name in alone.commands  # type: ignore[attr-defined]
    assert sorted(everything.commands) == sorted(COMMANDS)  # type: ignore[attr-defined]


@pytest.mark.parametrize("arguments", [(), ("--help",), ("--lang", "en", "score"), ("scoer",)])
def test_where_it_is_not_told_all_commands_are_there(arguments: tuple[str, ...]) -> None:
    assert list(asked_for(arguments)) == list(COMMANDS)
