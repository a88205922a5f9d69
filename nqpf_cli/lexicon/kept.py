"""Loaded lexicons, kept in the user's cache folder: no TOML is parsed and checked twice.

Only lexicons without a problem are kept, as JSON under the hash of what they depend on: their
files, and this program's own. Whatever is wrong with a file, the lexicon is loaded anew.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from nqpf_cli import model
from nqpf_cli.cachedir import cache_dir, recall, remember
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

T = TypeVar("T")
KEPT = 16  # lexicons; who edits one leaves a file for every version
_LISTS = frozenset({"unless", "unless_sentence", "with_any", "applies"})


def load(paths: Sequence[Path] = ()) -> Lexicon:
    """Return the lexicon of the given folders or files, as ``lexicon.load``; see there."""
    key = _key(paths)
    file = cache_dir() / "lexicons" / f"{key}.json" if key else None
    data = recall(file) if file else None
    lexicon = _decoded(data) if data else None
    if lexicon is None:
        from nqpf_cli.lexicon.load import load as parse_and_check

        lexicon = parse_and_check(paths)
        if file:
            remember(file, encode(lexicon), KEPT)
    return lexicon


def _key(paths: Sequence[Path]) -> str | None:
    """Return the hash of all that a lexicon is made from; None where a file cannot be read."""
    digest = hashlib.sha256()
    try:
        for own in (*_programs(Path(__file__).parent), *_programs(Path(model.__file__).parent)):
            state = own.stat()
            digest.update(f"{own.name}\0{state.st_size}\0{state.st_mtime_ns}\0".encode())
        for path in sources(paths):
            for file in _files(path):
                data = _bounded(file)
                digest.update(f"{path.stem}\0{file.name}\0{len(data)}\0".encode() + data)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return digest.hexdigest()


def _programs(folder: Path) -> Iterable[Path]:
    return sorted(folder.glob("*.py"))


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


def _decoded(data: bytes) -> Lexicon | None:
    try:
        return decode(data)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None


def encode(lexicon: Lexicon) -> bytes:
    """Return a lexicon as bytes."""
    lists: dict[tuple[str, ...], int] = {}

    def rows(values: Iterable[Any]) -> list[list[Any]]:
        return [
            [
                lists.setdefault(value, len(lists)) if f.name in _LISTS else value
                for f in fields(x)
                for value in (getattr(x, f.name),)
            ]
            for x in values
        ]

    head = [lexicon.name, lexicon.version, lexicon.licence, lexicon.sha256, lexicon.nested]
    body = {
        "head": head,
        "categories": [
            [c.id, c.kind, c.chain, c.zh, c.en, c.definition, c.source, rows(c.indicators)]
            for c in lexicon.categories
        ],
        "entries": rows(lexicon.entries),
        "prescriptions": rows(lexicon.prescriptions),
        "cues": rows(lexicon.stance.cues),
        "governors": rows(lexicon.stance.governors),
        "voids": rows(lexicon.stance.voids),
        "examples": rows(lexicon.examples),
        "lists": list(lists),
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def decode(data: bytes) -> Lexicon:
    """Return the lexicon of ``encode``."""
    body = json.loads(data)
    lists = [tuple(values) for values in body["lists"]]

    def made(kind: type[T], rows: Iterable[list[Any]]) -> tuple[T, ...]:
        names = [f.name for f in fields(kind)]  # type: ignore[arg-type]
        at = [n for n, name in enumerate(names) if name in _LISTS]
        out = []
        for row in rows:
            for n in at:
                row[n] = lists[row[n]]
            out.append(kind(**dict(zip(names, row, strict=True))))
        return tuple(out)

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
                indicators=made(Indicator, indicators),
            )
            for id_, kind, chain, zh, en, definition, source, indicators in body["categories"]
        ),
        entries=made(Entry, body["entries"]),
        prescriptions=made(Prescription, body["prescriptions"]),
        stance=StanceLexicon(
            cues=made(Cue, body["cues"]),
            governors=made(Marker, body["governors"]),
            voids=made(Marker, body["voids"]),
        ),
        examples=made(Example, body["examples"]),
    )
