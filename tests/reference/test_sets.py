"""A scan becomes a reference set, and its file reads as it was written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nqpf_cli.errors import (
    CorruptError,
    InputError,
    NotFoundError,
    NothingFoundError,
    UsageError,
)
from nqpf_cli.formats.reference import figures, reference_csv
from nqpf_cli.reference.build import build
from nqpf_cli.reference.load import load

MakeReport = Callable[..., dict[str, Any]]


def test_a_file_reads_as_it_was_written(make_report: MakeReport, tmp_path: Path) -> None:
    odd = make_report('b "2",\n\u2028x.txt', jurisdiction=None, kind=None, year=None)
    reports = [odd, make_report("dir/a.txt", 3)]
    built = build(reports, 'it\'s "so" \\ 名', {"a.txt": "https://example.org/a"}).reference
    path = tmp_path / "set.csv"
    for bom in ("", "\ufeff"):
        path.write_text(bom + reference_csv(built), encoding="utf-8", newline="\n")
        found = load(path)
        assert (found.name, found.lexicon) == (built.name, built.lexicon)
        assert (found.documents, found.keys) == (built.documents, built.keys)
        assert found.settings == built.settings
        for part in ("hits", "sentences", "breadth"):
            assert np.array_equal(getattr(found, part), getattr(built, part), equal_nan=True)
        assert len(found.sha256) == 64
    assert [d.name for d in built.documents] == ["a", 'b "2",\n\u2028x']
    assert [d.source for d in built.documents] == ["https://example.org/a", None]
    assert built.keys == ("factor", "lockin.legacy.problem", "lockin.legacy.remedy")


def test_the_order_of_a_scan_does_not_matter(make_report: MakeReport) -> None:
    reports = [make_report(f"{n}.txt", n) for n in range(4)]
    assert reference_csv(build(reports, "n").reference) == reference_csv(
        build(reversed(reports), "n").reference
    )


def test_shares_and_densities_come_from_the_counts(make_report: MakeReport) -> None:
    (row, *_) = figures(build([make_report("a.txt", 3)], "n").reference)
    assert (row["measure"], row["sentences"], row["sentence_share"]) == ("factor", 3, 0.3)
    assert (row["hits"], row["density"], row["breadth"]) == (6, 60.0, 0.5)


def test_copies_and_empty_reports_are_left_out(make_report: MakeReport) -> None:
    copy = make_report("copy.txt", sha256=make_report("a.txt")["source"]["sha256"])
    built = build([make_report("a.txt"), copy, make_report("empty.txt", 0, 0)], "n")
    assert [d.name for d in built.reference.documents] == ["a"]
    assert (built.copies, built.empty) == (1, 1)


@pytest.mark.parametrize("key", ["nqpf_version", "lexicon", "settings"])
def test_figures_made_otherwise_are_refused(make_report: MakeReport, key: str) -> None:
    other = {**make_report("b.txt"), key: {"sha256": "1"}}
    with pytest.raises(UsageError, match=f"b.txt has another {key}"):
        build([make_report("a.txt"), other], "n")


def test_a_report_that_is_not_whole_is_told(make_report: MakeReport) -> None:
    torn = {k: v for k, v in make_report("a.txt").items() if k != "paths"}
    with pytest.raises(CorruptError, match="not whole"):
        build([torn], "n")


def test_a_set_of_nothing_is_told() -> None:
    with pytest.raises(NothingFoundError):
        build([], "n")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: "a,b\n1,2\n",
        lambda text: text.replace("format = 1", "format = 9"),
        lambda text: text.replace("[lexicon]", "[lexicon"),
        lambda text: text.replace(",6,3,0.5", ",6,x,0.5"),
        lambda text: text.rpartition(",")[0] + "\n",
        lambda text: text.replace("factor.sentences", "factor.clauses"),
    ],
    ids=["empty", "other csv", "later format", "bad head", "no number", "torn row", "no column"],
)
def test_what_is_no_set_is_refused(
    make_report: MakeReport, tmp_path: Path, change: Callable[[str], str]
) -> None:
    path = tmp_path / "set.csv"
    path.write_text(change(reference_csv(build([make_report("a.txt", 3)], "n").reference)), "utf-8")
    with pytest.raises(CorruptError, match="no reference set"):
        load(path)


def test_a_set_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        load(tmp_path / "gone.csv")
    with pytest.raises(InputError):
        load(tmp_path)
