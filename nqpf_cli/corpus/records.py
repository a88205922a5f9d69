"""A scan's output, read again: a report object or an error object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from nqpf_cli.errors import CorruptError, InputError, NotFoundError
from nqpf_cli.i18n import Message

# What every report has; a line without them is of another program.
_PARTS = ("lexicon", "settings", "source", "quality", "dimensions", "indicators", "obstructions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One document of a scan. ``report`` is the report object, None where the document failed."""

    line: int
    path: str
    report: dict[str, Any] | None
    error: dict[str, Any] | None

    @property
    def source(self) -> dict[str, Any]:
        """Return the object ``source`` of the report; only a document that was read has one."""
        assert self.report is not None
        source: dict[str, Any] = self.report["source"]
        return source


def read_records(path: str) -> Iterator[Record]:
    """Yield the records of a scan's JSON Lines file (``-``: standard input), one at a time.

    A single report object or an array of them (``score --format json``) is taken as well. Raises
    ``NotFoundError``, ``InputError``, or ``CorruptError`` with the line's number.
    """
    if path == "-":
        import sys

        yield from _records(sys.stdin.buffer, "stdin")
        return
    try:
        with Path(path).open("rb") as f:
            yield from _records(f, path)
    except FileNotFoundError as e:
        raise NotFoundError(
            Message(f"找不到 {path}", f"there is no {path}"),
            Message("检查路径", "check the path"),
        ) from e
    except OSError as e:
        raise InputError.of(path, e) from e


def parse_record(line: bytes) -> Record | None:
    """Return the record of one line of a scan, or None where it is none; ``line`` is 0."""
    try:
        return as_record(json.loads(line.decode("utf-8", "surrogateescape")))
    except (ValueError, RecursionError):
        return None


def _records(stream: IO[bytes], name: str) -> Iterator[Record]:
    first = stream.readline()
    if first.strip() in (b"{", b"["):  # indented JSON: one document, or a handful
        whole = _load(first + stream.read(), name, 1)
        objects = whole if isinstance(whole, list) else [whole]
        yield from (_known(o, name, n) for n, o in enumerate(objects, 1))
        return
    number = 1
    while first:
        if first.strip():
            yield _known(_load(first, name, number), name, number)
        first = stream.readline()
        number += 1


def _load(data: bytes, name: str, line: int) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig", "surrogateescape"))
    except (ValueError, RecursionError) as e:
        raise _no_record(name, line) from e


def _known(value: Any, name: str, line: int) -> Record:
    record = as_record(value, line)
    if record is None:
        raise _no_record(name, line)
    return record


def as_record(value: Any, line: int = 0) -> Record | None:
    """Return the record of an object that a scan yields, or None where it is none."""
    source = value.get("source") if isinstance(value, dict) else None
    path = source.get("path") if isinstance(source, dict) else None
    if not isinstance(path, str):
        return None
    if isinstance(value.get("error"), dict):
        return Record(line=line, path=path, report=None, error=value["error"])
    if not all(isinstance(value.get(part), dict) for part in _PARTS):
        return None
    return Record(line=line, path=path, report=value, error=None)


def _no_record(name: str, line: int) -> CorruptError:
    return CorruptError(
        Message(f"{name} 第 {line} 行不是扫描结果", f"{name}, line {line}: no record of a scan"),
        Message(
            "先运行：nqpf scan 规划/ -o 结果.jsonl", "first run: nqpf scan plans/ -o scan.jsonl"
        ),
    )
