"""Where caches lie: the user's cache folder, by platform convention."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def cache_dir() -> Path:
    """Return nqpf's cache folder (``XDG_CACHE_HOME`` is honoured); it may not exist yet."""
    return Path(platformdirs.user_cache_dir("nqpf", appauthor=False))
