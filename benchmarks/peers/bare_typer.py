"""A Typer program of as many commands as nqpf has, which do nothing."""

from __future__ import annotations

import os
from collections.abc import Callable

import typer

COMMANDS = int(os.environ.get("BENCH_COMMANDS", "12"))


def command(number: int) -> Callable[[str, int], None]:
    """Return a command with an argument and an option."""

    def run(name: str, count: int = 1) -> None:
        """Print a name."""
        print(name * count)

    run.__name__ = f"command{number}"
    return run


app = typer.Typer()
for n in range(COMMANDS):
    app.command()(command(n))

if __name__ == "__main__":
    app()
