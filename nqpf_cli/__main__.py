"""The one place where errors become messages and exit codes."""

from __future__ import annotations

import os
import sys

from nqpf_cli.errors import NqpfError
from nqpf_cli.i18n import tr


def main() -> None:
    """Run the command line; ends the process with the contract's exit code."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Data is UTF-8 whatever the locale; odd bytes in file names must not stop us.
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")
    _quiet_help()
    from nqpf_cli.cli.app import app
    from nqpf_cli.cli.console import complain, finish, quit_pipe

    try:
        try:
            app()
        finally:
            finish()
    except NqpfError as e:
        if "--debug" in sys.argv:
            raise
        complain(e)
        sys.exit(e.exit_code)
    except BrokenPipeError:
        quit_pipe()
    except SystemExit as e:
        # Typer and rich answer a closed pipe with exit 1 while they draw help; ours end with 0.
        if isinstance(e.__context__, BrokenPipeError):
            quit_pipe()
        raise
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as e:
        if "--debug" in sys.argv:
            raise
        print(
            tr(
                f"内部错误：{type(e).__name__}: {e}\n  → 加 --debug 重试，并把输出附在问题报告里",
                f"internal error: {type(e).__name__}: {e}\n"
                "  → run again with --debug and attach the output to a bug report",
            ),
            file=sys.stderr,
        )
        sys.exit(1)


def _quiet_help() -> None:
    # Typer draws help and usage errors itself, and takes colours from the environment only.
    if "--no-color" in sys.argv:
        os.environ["NO_COLOR"] = "1"
    if sys.stdout is None or not sys.stdout.isatty():
        os.environ["_TYPER_FORCE_DISABLE_TERMINAL"] = "1"


if __name__ == "__main__":
    main()
