"""Where the data that ships with the package lies: inside the wheel, or in the source tree."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent


def package_dir() -> Path:
    """Return the folder of the package itself."""
    return _PACKAGE


def data_dir(name: str) -> Path:
    """Return the folder ``name`` (``lexicons`` or ``corpora``) that ships with the package.

    A wheel carries it under ``nqpf_cli/_data``; an editable install uses the source tree.
    """
    packed = _PACKAGE / "_data" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name


@cache
def words(name: str) -> dict[str, Any]:
    """Return one of the package's own TOML tables, read once a process; not to be changed."""
    with table(name).open("rb") as f:
        return tomllib.load(f)


def table(name: str) -> Path:
    """Return the path of one of the package's own small tables (``nqpf_cli/data``)."""
    return _PACKAGE / "data" / name


def citation_file() -> Path:
    """Return the path of CITATION.cff: in the wheel's data, or at the root of the source tree."""
    packed = _PACKAGE / "_data" / "CITATION.cff"
    return packed if packed.is_file() else _PACKAGE.parent / "CITATION.cff"
