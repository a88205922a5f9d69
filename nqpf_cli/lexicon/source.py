"""The files of a lexicon: which they are, and TOML with line numbers.

``tomllib`` gives values, this finds where they stand.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nqpf_cli.resources import data_dir

INDEX_NAME = "lexicon.toml"
MAX_BYTES = 8 * 1024 * 1024  # of one file
_ARRAY = re.compile(r"^\s*\[\[\s*([A-Za-z0-9_.-]+)\s*\]\]")
_TABLE = re.compile(r"^\s*\[\s*([A-Za-z0-9_.-]+)\s*\]")
_REACH = 300  # lines that one table of a lexicon takes at the most, for looking up a term
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a lexicon, with where it stands. ``line`` 0: the file as a whole."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line or 1}: {self.message}"


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A parsed file: ``data`` and the line of each path (``entry``, 3, ``terms``)."""

    name: str
    text: str
    data: dict[str, Any]
    lines: dict[tuple[str | int, ...], int]
    rows: tuple[str, ...]

    def line(self, *path: str | int) -> int:
        """Return the line of a path, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def line_of_text(self, text: str, *path: str | int) -> int:
        """Return the first line from the path on that holds ``text`` (a term in a list)."""
        first = self.line(*path)
        last = min(first + _REACH, len(self.rows) + 1)
        for needle in (f'"{text}"', f"'{text}'", text):
            for n in range(first, last):
                if needle in self.rows[n - 1]:
                    return n
        return first


def sources(paths: Sequence[Path]) -> list[Path]:
    """Return the folders and files to load, in order; the shipped lexicon is what files add to."""
    if not paths or paths[0].is_file():
        return [data_dir("lexicons"), *paths]
    return list(paths)


def parse(name: str, text: str) -> TomlFile:
    """Parse a file; raises ``tomllib.TOMLDecodeError``."""
    rows = tuple(text.splitlines())
    return TomlFile(name, text, tomllib.loads(text), _index(rows), rows)


def _index(rows: tuple[str, ...]) -> dict[tuple[str | int, ...], int]:
    lines: dict[tuple[str | int, ...], int] = {}
    seen: Counter[str] = Counter()
    here: tuple[str | int, ...] = ()
    for number, row in enumerate(rows, 1):
        if m := _ARRAY.match(row):
            here = (m[1], seen[m[1]])
            seen[m[1]] += 1
            lines[here] = number
        elif m := _TABLE.match(row):
            here = tuple(m[1].split("."))
            lines[here] = number
        elif m := _KEY.match(row):
            lines.setdefault((*here, m[1]), number)
    return lines
