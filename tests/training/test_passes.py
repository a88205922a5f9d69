"""The two passes over the units kept aside, and what was made of them."""

from __future__ import annotations

import csv
from pathlib import Path

from nqpf_cli.model import LABELS
from training.units import KEPT_ASIDE, PASSES, UNITS, two_passes


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f, delimiter="\t"))


def test_every_unit_kept_aside_was_coded_twice() -> None:
    aside = [(r["document"], r["start"]) for r in rows(UNITS) if r["stratum"] == KEPT_ASIDE]
    assert [(r["document"], r["start"]) for r in rows(PASSES)] == aside
    assert len({u.id for u in two_passes()}) == len(aside)
    assert all(u.gold | u.predicted <= set(LABELS) for u in two_passes())


def test_what_both_coders_say_stands() -> None:
    adjudicated = [r["labels"] for r in rows(UNITS) if r["stratum"] == KEPT_ASIDE]
    for row, labels in zip(rows(PASSES), adjudicated, strict=True):
        assert row["first"] != row["second"] or labels == row["first"]
