"""The bytes of a file, a pipe, a URL or standard input: at most as many as are allowed."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from nqpf_cli.defaults import MAX_BYTES
from nqpf_cli.errors import InputError, NotFoundError, TooLargeError, UnsupportedTypeError
from nqpf_cli.i18n import Message
from nqpf_cli.storage import is_url
from nqpf_cli.storage import read as storage_read

PIPE_WAIT_S = 5.0
# Without O_NONBLOCK, to open a pipe that nobody writes to would take for ever.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_bytes(path: str, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the bytes of a file; raises ``NotFoundError``, ``TooLargeError``, ``InputError``."""
    p = Path(path)
    try:
        if not path:
            raise FileNotFoundError(path)
        if is_url(path):
            return _within(storage_read(path, max_bytes), path, max_bytes)
        if p.is_dir():
            os.scandir(p).close()  # one that may not be looked into is told as that
            raise UnsupportedTypeError(
                Message(f"{path} 是文件夹", f"{path} is a folder"),
                Message(f"整批分析请用：nqpf scan {path}", f"to score a folder: nqpf scan {path}"),
            )
        return _within(_at_most(p, max_bytes + 1), path, max_bytes)
    except (FileNotFoundError, NotADirectoryError) as e:
        raise NotFoundError(
            Message(f"找不到文件 {path}", f"there is no file {path}"),
            Message("检查路径与文件名", "check the path and the name"),
        ) from e
    except (OSError, ValueError) as e:
        reason = getattr(e, "strerror", None) or str(e)
        raise InputError(
            Message(f"无法打开 {path}：{reason}", f"cannot open {path}: {reason}"),
            Message("检查权限", "check its permissions"),
        ) from e


def _at_most(path: Path, size: int) -> bytes:
    # Not by st_size: a pipe or a device has none, and a file may grow.
    with os.fdopen(os.open(path, _FLAGS), "rb") as f:
        if stat.S_ISFIFO(os.fstat(f.fileno()).st_mode):
            return _from_pipe(f.fileno(), path, size)
        if hasattr(os, "O_NONBLOCK"):
            os.set_blocking(f.fileno(), True)
        return f.read(size)


def _from_pipe(handle: int, path: Path, size: int) -> bytes:
    """Read a named pipe (``<(…)`` of a shell is one) while somebody writes; ``InputError``."""
    import select

    data = bytearray()
    while len(data) < size:
        ready, _, _ = select.select([handle], [], [], PIPE_WAIT_S)
        try:
            chunk = os.read(handle, size - len(data))
        except BlockingIOError:
            continue  # its writer takes time
        if not chunk and not ready:
            raise InputError(
                Message(f"{path} 是没有人写入的管道", f"{path} is a pipe that nobody writes to"),
                Message("改用标准输入：-", "use standard input instead: -"),
            )
        if not chunk:
            break
        data += chunk
    return bytes(data)


def read_stdin(max_bytes: int = MAX_BYTES) -> bytes:
    """Return standard input, up to a limit; raises ``TooLargeError``."""
    return _within(sys.stdin.buffer.read(max_bytes + 1), "stdin", max_bytes)


def _within(data: bytes, name: str, max_bytes: int) -> bytes:
    if len(data) > max_bytes:
        raise TooLargeError(
            Message(
                f"{name} 超过 {max_bytes} 字节的上限",
                f"{name} is over the limit of {max_bytes} bytes",
            ),
            Message("用 --max-bytes 放宽上限", "raise the limit with --max-bytes"),
        )
    return data
