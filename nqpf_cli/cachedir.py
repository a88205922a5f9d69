"""Where caches lie: the user's cache folder, by platform convention."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import platformdirs


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
