"""Loaded lexicons, kept in the user's cache folder: no TOML is parsed and checked twice.

Only lexicons without a problem are kept, as JSON under the hash of what they depend on: their
files, and this program's own. Whatever is wrong with a file, the lexicon is loaded anew.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
import unicodedata
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import fields
from itertools import chain, groupby, repeat
from pathlib import Path
from typing import Any, TypeVar

from nqpf_cli import analysis, model
from nqpf_cli.cachedir import cache_dir, made_once
from nqpf_cli.lexicon.source import INDEX_NAME, MAX_BYTES, sources
from nqpf_cli.model import (
    Category,
    Cue,
    Entry,
    Example,
    Indicator,
    Lexicon,
    Marker,
    Prescription,
    StanceLexicon,
)
from nqpf_cli.model.filled import filled
from nqpf_cli.resources import table
from nqpf_cli.version import __version__

T = TypeVar("T")
_loaded: deque[tuple[Lexicon, str]] = deque(maxlen=2)  # as many as are compared
KEPT = 16  # lexicons; who edits one leaves a file for every version


def load(paths: Sequence[Path] = ()) -> Lexicon:
    """Return the lexicon of the given folders or files, as ``lexicon.load``; see there."""
    found = key(paths)
    edited: list[bool] = []  # while it was read

    def make() -> Lexicon:
        lexicon = _parsed(paths)
        edited.append(key(paths) != found)
        return lexicon

    lexicon = made_once(
        cache_dir() / "lexicons" / f"{found}.json" if found else None,
        KEPT,
        make,
        lambda made: None if any(edited) else encode(made),
        _decoded,
    )
    if found and not any(edited):
        _loaded.append((lexicon, found))
    return lexicon


def _parsed(paths: Sequence[Path]) -> Lexicon:
    from nqpf_cli.lexicon.load import load as parse_and_check  # not wanted the second time

    return parse_and_check(paths)


def key_of(lexicon: Lexicon) -> str | None:
    """Return the ``key`` that a lexicon was loaded with, but for its policies.

    None where its entries and cues are not the very ones that a load of this process gave.
    """
    for known, key_ in tuple(_loaded):
        if known.entries is lexicon.entries and known.stance is lexicon.stance:
            return key_
    return None


def key(paths: Sequence[Path]) -> str | None:
    """Return the hash of all that a lexicon, and what it is coded with, is made from.

    None where a file cannot be read.
    """
    # Terms are normalised: by the tables of Python, and by one of ours.
    digest = hashlib.sha256(f"{__version__}\0{unicodedata.unidata_version}\0".encode())
    try:
        for own in (*_programs(), table("radicals.csv")):
            digest.update(state(own))
        for path in sources(paths):
            for file in _files(path):
                data = _bounded(file)
                digest.update(f"{path.stem}\0{file.name}\0{len(data)}\0".encode() + data)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return digest.hexdigest()


def _programs() -> Iterator[Path]:
    """Yield the files of this program that say what a lexicon is, and how it is coded with."""
    for part in (__file__, analysis.__file__, model.__file__):
        yield from sorted(Path(part).parent.glob("*.py"))


def state(own: Path) -> bytes:
    """Return what tells one version of a file that ships from another; raises ``OSError``."""
    found = own.stat()
    return f"{own.name}\0{found.st_size}\0{found.st_mtime_ns}\0".encode()


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    index = path / INDEX_NAME
    yield index
    for name in tomllib.loads(_bounded(index).decode("utf-8-sig"))["files"]:
        yield path / name


def _bounded(path: Path) -> bytes:
    """Return the bytes of a regular file of no odd size; raises ``OSError``."""
    if not path.is_file() or path.stat().st_size > MAX_BYTES:
        raise OSError(path)
    return path.read_bytes()


def _decoded(data: bytes) -> Lexicon:
    try:
        return decode(data)
    except (TypeError, KeyError, IndexError, RecursionError) as e:
        raise ValueError("not a kept lexicon") from e


def encode(lexicon: Lexicon) -> bytes:
    """Return a lexicon as bytes."""
    head = [lexicon.name, lexicon.version, lexicon.licence, lexicon.sha256, lexicon.nested]
    body = {
        "head": head,
        "categories": [
            [c.id, c.kind, c.chain, c.zh, c.en, c.definition, c.source, _columns(c.indicators)]
            for c in lexicon.categories
        ],
        "entries": _columns(lexicon.entries),
        "prescriptions": _columns(lexicon.prescriptions),
        "cues": _columns(lexicon.stance.cues),
        "governors": _columns(lexicon.stance.governors),
        "voids": _columns(lexicon.stance.voids),
        "examples": _columns(lexicon.examples),
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


_Column = tuple[str, list[Any], list[int], list[int]]


def _columns(rows: Sequence[Any]) -> list[_Column]:
    """Return dataclass instances by their fields: for each its values, and which ones rows have.

    Most values are many rows' own, and neighbours', so that these are told in runs: of which
    value, and of how many rows. A column is filled in at once.
    """
    columns = []
    for f in fields(rows[0]) if rows else ():
        numbers: dict[tuple[type, Any], int] = {}  # by type too: 1 is 1.0 to a dict
        cells = [getattr(row, f.name) for row in rows]
        which = [numbers.setdefault((type(x), x), len(numbers)) for x in cells]
        runs = [(n, len(list(run))) for n, run in groupby(which)]
        values = [x for _, x in numbers]
        columns.append((f.name, values, [n for n, _ in runs], [count for _, count in runs]))
    return columns


def decode(data: bytes) -> Lexicon:
    """Return the lexicon of ``encode``."""
    body = json.loads(data)
    name, version, licence, sha256, nested = body["head"]
    return Lexicon(
        name=name,
        version=version,
        licence=licence,
        sha256=sha256,
        nested=nested,
        categories=tuple(
            Category(
                id=id_,
                kind=kind,
                chain=chain,
                zh=zh,
                en=en,
                definition=definition,
                source=source,
                indicators=_rows(Indicator, indicators),
            )
            for id_, kind, chain, zh, en, definition, source, indicators in body["categories"]
        ),
        entries=_rows(Entry, body["entries"]),
        prescriptions=_rows(Prescription, body["prescriptions"]),
        stance=StanceLexicon(
            cues=_rows(Cue, body["cues"]),
            governors=_rows(Marker, body["governors"]),
            voids=_rows(Marker, body["voids"]),
        ),
        examples=_rows(Example, body["examples"]),
    )


def _rows(kind: type[T], columns: Sequence[_Column]) -> tuple[T, ...]:
    """Return the instances of ``_columns``; raises ``ValueError`` where a field is not told."""
    if not columns:
        return ()
    count = sum(columns[0][3])
    names = [name for name, *_ in columns]
    if names != [f.name for f in fields(kind)] or any(sum(c[3]) != count for c in columns):  # type: ignore[arg-type]
        raise ValueError(f"not the columns of {kind.__name__}")
    cells = {}
    for name, values, which, counts in columns:
        given = [tuple(x) if isinstance(x, list) else x for x in values]
        cells[name] = chain.from_iterable(map(repeat, map(given.__getitem__, which), counts))
    return tuple(filled(kind, count, cells))
