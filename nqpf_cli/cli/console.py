"""Where output goes: data to stdout or a file, all else to stderr; a closed pipe ends quietly."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from nqpf_cli.cli.shared import Shared
from nqpf_cli.errors import NqpfError, OutputError
from nqpf_cli.i18n import Message, tr

if TYPE_CHECKING:
    from rich.console import Console

# Control characters of a document or a file name must not reach the user's terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    """Return text without control characters, safe to show on a terminal."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def write_text(shared: Shared, text: str, *, bom: bool = False) -> None:
    """Write data to the chosen file, or to stdout; raises ``OutputError``."""
    if shared.output is not None and str(shared.output) != "-":
        data = text.encode("utf-8-sig" if bom else "utf-8", "surrogateescape")
        write_atomically(shared.output, data)
        return
    _to_stdout(lambda out: out.write(text))


def write_bytes(shared: Shared, data: bytes) -> None:
    """Write binary data to the chosen file, or to stdout."""
    if shared.output is not None:
        write_atomically(shared.output, data)
        return
    _to_stdout(lambda out: out.buffer.write(data))


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; raises ``OutputError``."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent or Path(), prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as f:
                f.write(data)
                f.flush()
                os.fsync(f.fileno())
            umask = os.umask(0)
            os.umask(umask)
            Path(name).chmod(0o666 & ~umask)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as e:
        raise output_error(str(path), e) from e


def output_error(where: str, e: OSError) -> OutputError:
    """Return the error for an output that cannot be written."""
    reason = e.strerror or str(e)
    return OutputError(
        Message(f"无法写入 {where}：{reason}", f"cannot write {where}: {reason}"),
        Message(
            "检查文件夹是否存在、可写、磁盘有空间",
            "check that the folder exists, is writable, has room",
        ),
    )


def _to_stdout(write: Callable[[TextIO], object]) -> None:
    try:
        write(sys.stdout)
        sys.stdout.flush()
    except BrokenPipeError:
        quit_pipe()
    except OSError as e:
        raise output_error("stdout", e) from e


def quit_pipe() -> NoReturn:
    """End quietly when the reader of our output has gone (``| head``)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(0)


def render(shared: Shared, draw: Callable[[Console], None]) -> None:
    """Draw with rich to stdout, or to the chosen file without colour."""
    from io import StringIO

    from rich.console import Console

    to_file = shared.output is not None
    terminal = sys.stdout.isatty() and not to_file
    width = None if terminal or "COLUMNS" in os.environ else 100
    buffer = StringIO()
    console = Console(
        file=buffer,
        force_terminal=terminal,
        no_color=shared.no_color or bool(os.environ.get("NO_COLOR")) or not terminal,
        width=width if width else _terminal_width(),
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    draw(console)
    text = buffer.getvalue()
    if not terminal:
        text = "\n".join(row.rstrip() for row in text.split("\n"))
    write_text(shared, text)


def _terminal_width() -> int:
    import shutil

    return max(60, shutil.get_terminal_size((100, 24)).columns)


def say(shared: Shared, message: str) -> None:
    """Tell the user something beside the data, on stderr."""
    if not shared.quiet:
        print(printable(message), file=sys.stderr)


def complain(error: NqpfError) -> None:
    """Print an error with its next step on stderr."""
    print(f"{tr('错误', 'error')}: {printable_lines(str(error.message))}", file=sys.stderr)
    if error.hint:
        print(f"  → {printable_lines(str(error.hint))}", file=sys.stderr)


def printable_lines(text: str) -> str:
    """Return ``text`` safe for a terminal, its line ends kept."""
    return "\n".join(printable(line) for line in text.split("\n"))
