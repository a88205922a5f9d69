"""Where output goes: data to stdout or a file, all else to stderr; a closed pipe ends quietly."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from nqpf_cli.cli.shared import Shared
from nqpf_cli.errors import NqpfError, OutputError
from nqpf_cli.formats.safe import printable
from nqpf_cli.i18n import tr
from nqpf_cli.storage import write as write_to_url

if TYPE_CHECKING:
    from rich.console import Console


def _to_file(shared: Shared) -> bool:
    return shared.url is not None or (shared.output is not None and str(shared.output) != "-")


def _write(shared: Shared, data: bytes) -> None:
    """Write to the chosen file or URL."""
    if shared.url is not None:
        write_to_url(shared.url, data)
    elif shared.output is not None:
        write_atomically(shared.output, data)


def write_text(shared: Shared, text: str, *, bom: bool = False) -> None:
    """Write data to the chosen file or URL, or to stdout; raises ``OutputError``.

    On a terminal control characters are shown as marks, one for one; elsewhere data is data.
    """
    if _to_file(shared):
        _write(shared, text.encode("utf-8-sig" if bom else "utf-8", "surrogateescape"))
        return
    shown = printable(text) if sys.stdout.isatty() else text
    _to_stdout(lambda out: out.write(shown))


def write_bytes(shared: Shared, data: bytes) -> None:
    """Write binary data to the chosen file or URL, or to stdout."""
    if _to_file(shared):
        _write(shared, data)
        return
    _to_stdout(lambda out: out.buffer.write(data))


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; raises ``OutputError``.

    A link is followed, and what is no regular file (a pipe, a device) is written to directly.
    """
    try:
        # Asked of the path as given: what /dev/stdout leads to may have no name of its own.
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            with path.open("wb") as f:
                f.write(data)
            return
        target = Path(os.path.realpath(path)) if path.is_symlink() else path
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as f:
                f.write(data)
                f.flush()
                os.fsync(f.fileno())
            Path(name).chmod(_mode(target))
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as e:
        raise OutputError.of(str(path), e) from e


def _mode(target: Path) -> int:
    """Return the mode of a file that is replaced, or that of a new one."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def stdout_error(e: OSError) -> OutputError:
    """Return the error for a standard output that cannot be written, and give up on it."""
    _silence_stdout()
    return OutputError.of("stdout", e)


def _to_stdout(write: Callable[[TextIO], object]) -> None:
    try:
        write(sys.stdout)
        sys.stdout.flush()
    except BrokenPipeError:
        quit_pipe()
    except OSError as e:
        raise stdout_error(e) from e


def _silence_stdout() -> None:
    # What is still buffered would fail again, loudly, when the interpreter ends.
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
    except (OSError, ValueError):
        return


def quit_pipe() -> NoReturn:
    """End quietly when the reader of our output has gone (``| head``)."""
    _silence_stdout()
    raise SystemExit(0)


def finish() -> None:
    """Flush stdout at the end; a closed pipe ends quietly, a full disk raises ``OutputError``."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        quit_pipe()
    except (OSError, ValueError) as e:
        if isinstance(e, OSError):
            raise stdout_error(e) from e


def render(shared: Shared, draw: Callable[[Console], None]) -> None:
    """Draw with rich to stdout, or to the chosen file without colour."""
    from io import StringIO

    from nqpf_cli.cli.calm import CalmConsole

    terminal = sys.stdout.isatty() and not _to_file(shared)
    buffer = StringIO()
    plain = shared.no_color or bool(os.environ.get("NO_COLOR")) or not terminal
    console = CalmConsole(
        file=buffer,
        force_terminal=terminal,
        color_system=None if plain else "auto",  # no bold and no dim either
        width=_terminal_width() if terminal or "COLUMNS" in os.environ else 100,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    draw(console)
    text = buffer.getvalue()
    if terminal:  # what was drawn is safe already, and rich's own escapes must pass
        _to_stdout(lambda out: out.write(text))
    else:
        write_text(shared, "\n".join(row.rstrip() for row in text.split("\n")))


def _terminal_width() -> int:
    import shutil

    return max(60, shutil.get_terminal_size((100, 24)).columns)


def say(shared: Shared, message: str) -> None:
    """Tell the user something beside the data, on stderr."""
    if not shared.quiet:
        print(printable(message), file=sys.stderr)


def complain(error: NqpfError) -> None:
    """Print an error with its next step on stderr."""
    print(f"{tr('错误', 'error')}: {printable(str(error.message))}", file=sys.stderr)
    if error.hint:
        print(f"  → {printable(str(error.hint))}", file=sys.stderr)
