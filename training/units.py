"""Coded units: gold sentences with their text, and positions that are looked up in the reports."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from nqpf_cli.analysis.agreement import Unit
from nqpf_cli.documents import read_document
from nqpf_cli.engines.base import ReadOptions

UNITS = Path(__file__).with_name("units.tsv")
WRITTEN = Path(__file__).with_name("written.jsonl")
PASSES = Path(__file__).with_name("passes.tsv")
KEPT_ASIDE = "val"  # the stratum of a simple random sample that never trains


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """A coded unit; ``gold`` tells adjudicated units from those of one pass."""

    text: str
    labels: frozenset[str]
    doc: str
    stratum: str
    gold: bool
    id: str = ""


def two_passes(table: Path = PASSES) -> list[Unit]:
    """Return the units kept aside as two coders saw them: the first pass as gold."""

    def labels(cell: str) -> frozenset[str]:
        return frozenset() if cell == "-" else frozenset(cell.split(","))

    with table.open(encoding="utf-8", newline="") as f:
        return [
            Unit(
                id=f"{row['document']}:{row['start']}",
                gold=labels(row["first"]),
                predicted=labels(row["second"]),
                doc=row["document"],
                stratum=KEPT_ASIDE,
            )
            for row in csv.DictReader(f, delimiter="\t")
        ]


def gold_units(path: Path) -> list[Coded]:
    """Return the units of a gold file (JSON Lines)."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [
        Coded(
            text=r["text"],
            labels=frozenset(r["labels"]),
            doc=r["doc"],
            stratum=r["stratum"],
            gold=True,
            id=r["id"],
        )
        for r in rows
    ]


def written_units(path: Path = WRITTEN) -> list[Coded]:
    """Return the sentences written for training, most of them statements of problems."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [
        Coded(
            text=r["text"],
            labels=frozenset(r["labels"]),
            doc=f"written-{n % 10}",
            stratum="written",
            gold=False,
            id=r["id"],
        )
        for n, r in enumerate(rows)
    ]


def placed_units(reports: Path, table: Path = UNITS) -> list[Coded]:
    """Return the units of ``units.tsv`` with their text from the reports.

    A unit is found by its place in the raw text and checked by hash; ``ValueError`` when a
    report is another edition.
    """
    found: list[Coded] = []
    sentences: dict[str, dict[int, str]] = {}
    with table.open(encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f, delimiter="\t"):
            doc = row["document"]
            if doc not in sentences:
                sentences[doc] = _sentences(reports / doc)
            text = sentences[doc].get(int(row["start"]), "")
            if hashlib.sha256(text.encode()).hexdigest()[:8] != row["sha8"]:
                raise ValueError(f"{doc}: no such unit at {row['start']}: another edition?")
            labels = row["labels"]
            found.append(
                Coded(
                    text=text,
                    labels=frozenset() if labels == "-" else frozenset(labels.split(",")),
                    doc=doc,
                    stratum=row["stratum"],
                    gold=False,
                )
            )
    return found


def _sentences(path: Path) -> dict[int, str]:
    document = read_document(path.read_bytes(), str(path), ReadOptions())
    return {document.blocks[s.block].sources[s.start]: s.text for s in document.sentences}
