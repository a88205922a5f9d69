"""Where caches lie: the user's cache folder, by platform convention."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import platformdirs

T = TypeVar("T")
_DIGEST = hashlib.sha256().digest_size  # bytes at the head of a file: of all that follows


def cache_dir() -> Path:
    """Return nqpf's cache folder (``XDG_CACHE_HOME`` is honoured); it may not exist yet."""
    return Path(platformdirs.user_cache_dir("nqpf", appauthor=False))


def keep(path: Path, data: bytes) -> None:
    """Write a file of a cache folder, whole or not at all; raises ``OSError``."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as f:
            f.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def recall(path: Path) -> bytes | None:
    """Return what ``remember`` wrote; None where it is absent or not whole."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    body = data[_DIGEST:]
    return body if hashlib.sha256(body).digest() == data[:_DIGEST] else None


def remember(path: Path, data: bytes, most: int) -> None:
    """Keep data, whole or not at all, and drop what was made longest ago beside it.

    ``most`` is the number of files of this kind that stay. Without effect where nothing can be
    written: a read-only home, a full disk, another process at the same.
    """
    try:
        keep(path, hashlib.sha256(data).digest() + data)
        made = sorted(path.parent.glob(f"*{path.suffix}"), key=lambda p: p.stat().st_mtime_ns)
        for old in made[:-most]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def made_once(
    file: Path | None,
    most: int,
    make: Callable[[], T],
    pack: Callable[[T], bytes | None],
    unpack: Callable[[bytes], T],
) -> T:
    """Return what a file of a cache folder holds, or what is made and is then kept there.

    ``unpack`` raises ``ValueError`` for what is whole but of another layout: it is written over.
    ``pack`` gives None for what is not to be kept.
    Without a file nothing is kept; ``most`` is as in ``remember``.
    """
    data = recall(file) if file else None
    if data is not None:
        try:
            return unpack(data)
        except ValueError:
            pass
    made = make()
    if file and (packed := pack(made)) is not None:
        remember(file, packed, most)
    return made
