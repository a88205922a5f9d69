"""Coded units: gold, written, and those that are looked up in the reports."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from nqpf_cli.model import LABELS
from training.units import KEPT_ASIDE, UNITS, gold_units, placed_units, written_units

TEXT = "河南省政府工作报告\n\n人才是第一资源。今天天气很好。\n"
HEAD = "document\tstart\tlength\tsha8\tstratum\tlabels\n"


def row(text: str, start: int, labels: str, stratum: str = "s") -> str:
    sha = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"河南-2025.txt\t{start}\t{len(text)}\t{sha}\t{stratum}\t{labels}\n"


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    (tmp_path / "河南-2025.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def table(folder: Path, *rows: str) -> Path:
    path = folder / "units.tsv"
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    return path


def test_units_are_found_by_their_place(reports: Path) -> None:
    first, second = "人才是第一资源。", "今天天气很好。"
    rows = (
        row(second, TEXT.index(second), "-", KEPT_ASIDE),
        row(first, TEXT.index(first), "factor,block"),
    )
    one, two = placed_units(reports, table(reports, *rows))
    assert (one.text, one.labels, one.stratum) == (second, frozenset(), KEPT_ASIDE)
    assert (two.text, two.labels, two.doc) == (first, {"factor", "block"}, "河南-2025.txt")
    assert not one.gold


@pytest.mark.parametrize(("text", "shift"), [("人才是第一资源！", 0), ("人才是第一资源。", 1)])
def test_another_edition_is_noticed(reports: Path, text: str, shift: int) -> None:
    place = TEXT.index("人才") + shift
    with pytest.raises(ValueError, match=rf"河南-2025\.txt.*{place}.*another edition"):
        placed_units(reports, table(reports, row(text, place, "factor")))


def test_gold_units_are_marked(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    unit = {"id": "u1", "text": "人才。", "labels": ["factor"], "doc": "河南-1", "stratum": "s"}
    path.write_text(json.dumps(unit) + "\n", encoding="utf-8")
    (found,) = gold_units(path)
    assert found.gold
    assert (found.id, found.text, found.labels, found.doc) == ("u1", "人才。", {"factor"}, "河南-1")


def test_the_written_sentences_are_sound() -> None:
    units = written_units()
    assert len({u.id for u in units}) == len(units) > 100
    assert len({u.text for u in units}) == len(units)
    assert {label for u in units for label in u.labels} <= set(LABELS)
    assert {u.stratum for u in units} == {"written"}
    assert not any(u.gold for u in units)
    assert len({u.doc for u in units}) == 10  # spread over folds


def test_the_table_of_places_is_sound() -> None:
    head, *rows = UNITS.read_text(encoding="utf-8").splitlines()
    assert head + "\n" == HEAD
    cells = [r.split("\t") for r in rows]
    assert {len(c) for c in cells} == {6}
    places = [(c[0], int(c[1])) for c in cells]
    assert len(set(places)) == len(places) > 1000
    assert all(c[5] == "-" or set(c[5].split(",")) <= set(LABELS) for c in cells)
    assert KEPT_ASIDE in {c[4] for c in cells}


@pytest.mark.shared
def test_every_place_is_in_the_reports(shared: Path, tmp_path: Path) -> None:
    """Three documents of the many: the first, one in the middle, the last."""
    _, *rows = UNITS.read_text(encoding="utf-8").splitlines(keepends=True)
    documents = list(dict.fromkeys(r.split("\t", 1)[0] for r in rows))
    chosen = {documents[0], documents[len(documents) // 2], documents[-1]}
    some = [r for r in rows if r.split("\t", 1)[0] in chosen]
    assert len(placed_units(shared / "corpora", table(tmp_path, *some))) == len(some)
