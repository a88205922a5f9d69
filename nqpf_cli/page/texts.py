"""The words of the page, in Chinese and in English: ``texts.toml`` beside this file."""

from __future__ import annotations

import tomllib
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def texts() -> dict[str, tuple[str, str]]:
    """Return every text of the page by its key: Chinese, English."""
    loaded = tomllib.loads((FOLDER / "texts.toml").read_text(encoding="utf-8"))
    return {key: (pair[0], pair[1]) for key, pair in loaded.items()}
