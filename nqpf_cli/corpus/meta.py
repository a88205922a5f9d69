"""A table of what is known of documents: whose they are, of which year, of what kind."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Self

from nqpf_cli.analysis.given import META, division
from nqpf_cli.analysis.profile import as_jurisdiction, kinds
from nqpf_cli.errors import UsageError
from nqpf_cli.files import read_bytes
from nqpf_cli.i18n import Message
from nqpf_cli.model import Profile

COLUMNS = ("path", "title", "kind", "year", "jurisdiction")
_MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Meta:
    """What is known, by path or by file name."""

    rows: dict[str, Profile]

    @classmethod
    def read(cls, path: str) -> Self:
        """Read a CSV table (UTF-8) with the column ``path`` and any others of ``COLUMNS``.

        ``path`` is the path as the scan has it, or a file's name alone; ``jurisdiction`` a name
        or a six-digit code (GB/T 2260); an empty cell says nothing. Raises ``UsageError`` with
        all faults and their lines, ``InputError`` where the file cannot be read.
        """
        try:
            text = read_bytes(path).decode("utf-8-sig")
            rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        except (UnicodeDecodeError, csv.Error) as e:
            raise _faulty(path, [f"{path}: {e}"]) from e
        head = tuple(c for c in rows[0] if c is not None) if rows else COLUMNS
        faults = [f"{path}:1: no column '{c}'" for c in ("path",) if c not in head]
        faults += [f"{path}:1: unknown column '{c}'" for c in head if c not in COLUMNS]
        faults += [
            f"{path}:{n}: more cells than columns" for n, r in enumerate(rows, 2) if None in r
        ]
        if faults:
            raise _faulty(path, faults)
        found: dict[str, Profile] = {}
        for number, row in enumerate(rows, 2):
            values = {k: (v or "").strip() for k, v in row.items() if isinstance(k, str)}
            place = f"{path}:{number}"
            if not values["path"]:
                faults.append(f"{place}: no path")
            elif values["path"] in found:
                faults.append(f"{place}: {values['path']} stands twice")
            else:
                found[values["path"]] = _profile(values, place, faults)
        if faults:
            raise _faulty(path, faults)
        return cls(found)

    def of(self, path: str) -> Profile | None:
        """Return what is known of a document, None where nothing is."""
        return self.rows.get(path) or self.rows.get(PurePath(path).name)

    def unused(self, paths: Iterable[str]) -> list[str]:
        """Return the rows that none of the documents matches."""
        names = {n for p in paths for n in (p, PurePath(p).name)}
        return [p for p in self.rows if p not in names]


def _profile(values: dict[str, str], place: str, faults: list[str]) -> Profile:
    kind, year, name = (values.get(c) or None for c in ("kind", "year", "jurisdiction"))
    if kind is not None and kind not in kinds():
        faults.append(f"{place}: kind '{kind}' is none of {', '.join(kinds())}")
    if year is not None and not (year.isdecimal() and 1900 <= int(year) <= 2100):
        faults.append(f"{place}: year '{year}'")
        year = None
    where = division(name) if name else None
    if name and where is None:
        faults.append(f"{place}: jurisdiction '{name}' is no division, or more than one")
    return Profile(
        title=values.get("title") or None,
        kind=kind,
        year=int(year) if year else None,
        jurisdiction=as_jurisdiction(where, META) if where else None,
    )


def _faulty(path: str, faults: list[str]) -> UsageError:
    told = "\n".join(f"  {f}" for f in faults[:_MOST_TOLD])
    return UsageError(
        Message(
            f"{path} 有 {len(faults)} 处问题：\n{told}",
            f"{len(faults)} fault(s) in {path}:\n{told}",
        ),
        Message("列：" + "、".join(COLUMNS), "the columns are: " + ", ".join(COLUMNS)),
    )
