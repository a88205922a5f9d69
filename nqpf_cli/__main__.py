"""The one place where errors become messages and exit codes."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
from contextlib import suppress
from typing import NoReturn

from nqpf_cli.errors import NqpfError
from nqpf_cli.i18n import tr

# Modules, lexicon and model are a hundred thousand objects that stay: looking through them again
# and again for garbage takes a tenth of a short run.
_FEW_COLLECTIONS = 500_000

_codes: list[int] = []  # with which exit code the process ends
_READERS = frozenset({"score", "text", "explain", "kwic", "compare"})


def run() -> None:
    """Be the program: as ``main``, and end at once when all is done that was to be done."""
    atexit.register(_leave)  # the first, so that it is called after all others
    try:
        main()
    except SystemExit as e:
        if e.code is None or isinstance(e.code, int):
            _codes.append(e.code or 0)
        raise
    _codes.append(0)


def _leave() -> None:
    """End the process, if it is known how, without taking apart what it is made of.

    Python would free modules, lexicon and model one by one: a twentieth of a short run. Threads
    are waited for, and files are closed, before this.
    """
    if _codes:
        for stream in (sys.stdout, sys.stderr):
            with suppress(AttributeError, OSError, ValueError):
                stream.flush()
        os._exit(_codes[0] & 0xFF)


def main() -> None:
    """Run the command line; ends the process with the contract's exit code."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Data is UTF-8 with line feeds, whatever the locale and system; odd bytes in file
            # names must not stop us.
            newline = None if stream is sys.stdin else "\n"
            stream.reconfigure(encoding="utf-8", errors="surrogateescape", newline=newline)
    _quiet_help()
    gc.set_threshold(_FEW_COLLECTIONS)
    # Our products are small: threads for them cost more at the start than they give, and would
    # take the processors from the other workers of a scan.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with suppress(ValueError):  # inside another program's thread, whose signals they are
        signal.signal(signal.SIGTERM, _interrupt)
    try:
        _run_command()
    except KeyboardInterrupt:
        sys.exit(130)


def _run_command() -> None:
    """Run the command; ends the process but where it was interrupted."""
    if _reads_a_pdf(sys.argv[1:]):
        from nqpf_cli.documents import expect_pdf

        expect_pdf()
    from nqpf_cli.cli.app import application, asked_for
    from nqpf_cli.cli.console import complain, finish, quit_pipe

    try:
        try:
            application(asked_for(sys.argv[1:]))()
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
    except Exception as e:
        if "--debug" in sys.argv:
            raise
        from nqpf_cli.formats.safe import printable

        what = printable(f"{type(e).__name__}: {e}")
        print(
            tr(
                f"内部错误：{what}\n  → 加 --debug 重试，并把输出附在问题报告里",
                f"internal error: {what}\n"
                "  → run again with --debug and attach the output to a bug report",
            ),
            file=sys.stderr,
        )
        sys.exit(1)


def _reads_a_pdf(arguments: list[str]) -> bool:
    """Return whether a run will read a PDF at once, and not by the workers of a scan."""
    reads = bool(arguments) and arguments[0] in _READERS
    return reads and any(a[-4:].lower() == ".pdf" for a in arguments)


def _interrupt(number: int, frame: object) -> NoReturn:
    # What is being written is written to its end, workers are ended, temporary files go.
    raise KeyboardInterrupt


def _quiet_help() -> None:
    # Typer draws help and usage errors itself, and takes its looks from the environment only.
    plain = "--no-color" in sys.argv or os.environ.get("NO_COLOR")
    if plain or sys.stdout is None or not sys.stdout.isatty():
        os.environ["_TYPER_FORCE_DISABLE_TERMINAL"] = "1"


if __name__ == "__main__":
    run()
