"""What the program owes its users whatever the input is: one function a promise.

Each yields sentences, one for every promise that an outcome breaks.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Any

from fuzz.sandbox import Files, Outcome

MARGIN_S = 20.0  # start, segmenter and lexicon on a busy machine
CODES = frozenset(
    {
        "not_found", "encrypted", "corrupt", "no_text_layer", "empty", "too_large", "timeout",
        "unsupported_type", "unreadable",
    }
)  # fmt: skip
_LOUD = re.compile(r"Traceback|internal error|内部错误|Error in sys|Exception ignored|Warning:")
_OURS = re.compile(r"^(failed|分析失败): |: corrupt: failed: ")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r\n]")


@cache
def _validator(name: str) -> Any:
    import jsonschema_rs

    from nqpf_cli.formats.schemas import SCHEMAS

    return jsonschema_rs.validator_for(SCHEMAS[name])


def ended(outcome: Outcome, codes: Collection[int], limit_s: float | None) -> Iterator[str]:
    """An exit code of the contract, in time, with an error told as an error."""
    if outcome.code is None or (limit_s is not None and outcome.seconds > limit_s + MARGIN_S):
        yield f"took {outcome.seconds:.0f} s"
    elif outcome.code not in codes:
        yield f"exit {outcome.code}: {outcome.err.strip()[-300:]}"
    if found := _LOUD.search(outcome.err):
        yield f"loud: {outcome.err[max(0, found.start() - 200) :][:2000]}"
    if outcome.code in (2, 3, 4) and not outcome.err.strip():
        yield f"exit {outcome.code} without a word"
    if steering := _CONTROL.search(outcome.err):
        yield f"stderr holds {steering[0]!r}"


def same_files(before: Files, after: Files, expected: Collection[str]) -> Iterator[str]:
    """Nothing written, changed or left but what was asked for."""
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name) and name not in expected:
            yield f"file {name!r} was written, changed or lost"


def record(value: Any, path: str) -> Iterator[str]:
    """A record of the contract: a report or an error, of the right path, with a known word."""
    for error in list(_validator("scan").iter_errors(value))[:2]:
        yield f"no record of the schema: {error.message[:300]}"
    if not isinstance(value, dict) or value.get("source", {}).get("path") != path:
        yield "a record of another path"
        return
    if "error" in value:
        error = value["error"]
        if error.get("code") not in CODES:
            yield f"unknown word {error.get('code')!r}"
        if _OURS.search(str(error.get("message"))):
            yield f"a fault of ours: {error['message']}"
        if not error.get("message") or not error.get("hint"):
            yield f"an error without message or next step: {error}"


def lines(text: str, paths: Sequence[str]) -> Iterator[tuple[int, str]]:
    """One whole line a file, in order; the index says whose (-1: of the whole)."""
    rows = text.split("\n")
    if rows.pop():
        yield -1, "the last line is not whole"
    if len(rows) != len(paths):
        yield -1, f"{len(rows)} records for {len(paths)} files"
    for n, (row, path) in enumerate(zip(rows, paths, strict=False)):
        try:
            value = json.loads(row)
        except ValueError as e:
            yield n, f"no JSON: {e}"
            continue
        yield from ((n, fault) for fault in record(value, path))


def is_json(text: str) -> Iterator[str]:
    """JSON, and no control character that a terminal would obey."""
    try:
        json.loads(text)
    except ValueError as e:
        yield f"no JSON: {e}: {text[:80]!r}"
    yield from is_calm(text)


def is_calm(text: str) -> Iterator[str]:
    """Text without characters that steer a terminal."""
    if found := _CONTROL.search(text):
        yield f"stdout holds {found[0]!r}"


def is_table(text: str) -> Iterator[str]:
    """CSV with as many cells in each row, none of which a spreadsheet would compute."""
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # of the whole process
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    if len({len(r) for r in rows}) > 1:
        yield "rows of unequal length"
    for row in rows:
        for cell in row:
            if _FORMULA.match(cell) and not re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell):
                yield f"a cell begins a formula: {cell[:40]!r}"
                return
