"""A value that takes long to make, kept in a folder of the user's own.

``marshal`` loads fast and believes what it reads, so a file counts only where nobody else can have
put it: in a folder and a file that belong to the user and that no one else may write. A cache is
never needed: one that cannot be read, trusted or written is made anew, or done without.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from nqpf_cli.cachedir import keep

T = TypeVar("T")
_DIGEST = hashlib.sha256().digest_size


def stored(folder: Path, key: bytes, make: Callable[[], T]) -> T:
    """Return what ``make`` returns, from the cache where it has it for ``key``.

    ``make`` must give built-in values, and the same ones whenever ``key`` is the same.
    """
    version = f"py{sys.version_info.major}{sys.version_info.minor}"
    path = folder / f"{hashlib.sha256(key).hexdigest()[:32]}-{version}.cache"
    try:
        data = _own(path)
        if hashlib.sha256(data[_DIGEST:]).digest() == data[:_DIGEST]:
            known: T = marshal.loads(data[_DIGEST:])
            return known
    except (OSError, EOFError, ValueError, TypeError):
        pass
    made = make()
    with suppress(OSError):
        _write(path, made)
    return made


def _own(path: Path) -> bytes:
    """Return the bytes of a file that only the user can have written; raises ``OSError``."""
    with path.open("rb") as f:
        if not (_private(path.parent.stat()) and _private(os.fstat(f.fileno()))):
            raise PermissionError(path)
        return f.read()


def _private(about: os.stat_result) -> bool:
    if not hasattr(os, "getuid"):
        return True  # Windows: a user's folders are closed to others by its own rules
    return about.st_uid == os.getuid() and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _private(path.parent.stat()):
        return
    data = marshal.dumps(value)
    keep(path, hashlib.sha256(data).digest() + data)
