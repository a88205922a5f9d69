"""A reference set's file → ``Reference``.

The file is CSV with a head of comment lines, which are TOML behind the ``#``: what made the
figures. Below, a row a document: what it is, then ``KEY.hits``, ``KEY.sentences`` and, where the
measure has one, ``KEY.breadth`` for every measure.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

from nqpf_cli.analysis.percentiles import FORMAT, Reference, ReferenceDocument
from nqpf_cli.errors import CorruptError, InputError, NotFoundError
from nqpf_cli.i18n import Message
from nqpf_cli.model import LexiconId
from nqpf_cli.resources import data_dir

COLUMNS = tuple(f.name for f in fields(ReferenceDocument))
_NUMBERS = frozenset({"year", "han_chars", "scored_han_chars", "sentences"})
_NAMED = frozenset({"name", "sha256"})


def shipped(coder: str) -> Path:
    """Return the set that ships for a coder; its name is the coder's."""
    return data_dir("corpora") / "reference" / f"work_reports_{coder}.csv"


def load(path: Path) -> Reference:
    """Return the set of a file; raises ``NotFoundError``, ``InputError`` or ``CorruptError``."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as e:
        raise NotFoundError(
            Message(f"找不到参照集 {path}", f"there is no reference set {path}"),
            Message("检查路径，或用 --reference none", "check the path, or use --reference none"),
        ) from e
    except OSError as e:
        raise InputError.of(str(path), e) from e
    try:
        return _parse(data)
    except (ValueError, KeyError, TypeError, IndexError, OverflowError, csv.Error) as e:
        raise CorruptError(
            Message(f"{path} 不是参照集", f"{path} is no reference set"),
            Message(
                "用 nqpf reference build 结果.jsonl -o 参照.csv 制作",
                "make one: nqpf reference build scan.jsonl -o reference.csv",
            ),
        ) from e


def _parse(data: bytes) -> Reference:
    import numpy as np  # not above: a document is read before numbers are wanted

    body = io.StringIO(data.decode("utf-8-sig"), newline="")
    lines = []
    while (line := body.readline()).startswith("#"):
        lines.append(line[1:])
    head: dict[str, Any] = tomllib.loads("".join(lines))
    if head["format"] != FORMAT:
        raise ValueError(f"format {head['format']}")
    (columns,) = csv.reader([line])
    rows = list(csv.reader(body))
    if tuple(columns[: len(COLUMNS)]) != COLUMNS or any(len(r) != len(columns) for r in rows):
        raise ValueError("columns")
    figures = {name: n for n, name in enumerate(columns) if n >= len(COLUMNS)}
    keys = tuple(c.removesuffix(".hits") for c in figures if c.endswith(".hits"))

    def counts(figure: str) -> Any:
        at = [figures[f"{key}.{figure}"] for key in keys]
        cells = [[int(row[n]) for n in at] for row in rows]
        return np.array(cells, dtype=np.int64).reshape(len(rows), len(keys))

    breadth = np.full((len(rows), len(keys)), np.nan)
    for i, key in enumerate(keys):
        if (n := figures.get(f"{key}.breadth")) is not None:
            breadth[:, i] = [float(row[n] or "nan") for row in rows]
    return Reference(
        name=head["name"],
        lexicon=LexiconId(**head["lexicon"]),
        nqpf_version=head["nqpf_version"],
        settings=head["settings"],
        documents=tuple(_document(row) for row in rows),
        keys=keys,
        hits=counts("hits"),
        sentences=counts("sentences"),
        breadth=breadth,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _document(row: list[str]) -> ReferenceDocument:
    values: dict[str, Any] = {}
    for column, cell in zip(COLUMNS, row, strict=False):
        value = cell if cell or column in _NAMED else None
        values[column] = int(value) if value is not None and column in _NUMBERS else value
    return ReferenceDocument(**values)
