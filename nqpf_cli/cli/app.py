"""The command line: a table of commands, each in its own file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Annotated

import typer

from nqpf_cli.cli.quick import App
from nqpf_cli.cli.shared import check_language, show_version
from nqpf_cli.i18n import tr

COMMANDS = {
    "score": "score",
    "scan": "scan",
    "table": "table",
    "codebook": "table",
    "panel": "panel",
    "text": "text",
    "explain": "explain",
    "kwic": "kwic",
    "compare": "compare",
    "cluster": "cluster",
    "trend": "trend",
    "code": "code",
    "validate": "validate",
    "report": "report",
    "reference": "reference",
    "cite": "cite",
    "sample": "sample",
    "agree": "sample",
    "lexicon": "lexicon",
    "cache": "cache",
    "schema": "schema",
    "demo": "demo",
}
"""Commands and groups → the module that has them, in the order that help shows."""


def application(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """Return the application with the commands of the given names, and what stands beside them.

    A run wants one command, and neither imports nor builds the others.
    """
    app = App(
        name="nqpf",
        help=tr(
            "新质生产力与区域协调发展：中文政策文本分析。",
            "How Chinese policy documents speak of new-quality productive forces.",
        ),
        epilog=tr("例：nqpf score 规划.pdf", "Example: nqpf score plan.pdf"),
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for module in dict.fromkeys(COMMANDS[name] for name in names):
        import_module(f"nqpf_cli.cli.{module}").register(app)
    return app


def asked_for(arguments: Sequence[str]) -> Iterable[str]:
    """Return the names of the commands that a run with these arguments can want."""
    match arguments:
        case [name, *_] if name in COMMANDS:
            return (name,)
        case ["--version", *_]:
            return ()
        case _:
            return COMMANDS


def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=show_version, is_eager=True, help=tr("版本", "show the version")
        ),
    ] = False,
    lang: Annotated[
        str | None,
        typer.Option(help=tr("界面语言：zh 或 en", "language: zh or en"), callback=check_language),
    ] = None,
) -> None:
    pass
