"""The terms of the lexicon that ships, as a user's script would read them: plain TOML."""

from __future__ import annotations

import tomllib
from pathlib import Path

LEXICONS = Path(__file__).resolve().parents[2] / "lexicons"


def by_category() -> dict[str, list[str]]:
    """Return the terms of each category."""
    terms: dict[str, list[str]] = {}
    for path in sorted(LEXICONS.glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("entry", ()):
            terms.setdefault(path.stem, []).extend(entry["terms"])
    return terms


def all_terms() -> list[str]:
    """Return every term once."""
    return sorted({t for terms in by_category().values() for t in terms})


def texts(arguments: list[str]) -> list[str]:
    """Return the texts of the files, and of the ``.txt`` files below the folders, named."""
    files = [
        f
        for name in arguments
        for f in (sorted(Path(name).rglob("*.txt")) if Path(name).is_dir() else [Path(name)])
    ]
    return [f.read_text(encoding="utf-8") for f in files]
