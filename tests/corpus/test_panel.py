"""The panel: every document in a cell or left out with its reason, every cell a row."""

from __future__ import annotations

from typing import Any

import pytest

from nqpf_cli.corpus.panel import Choice, Panel, Unit, panel, spans, told
from nqpf_cli.corpus.panel_rows import (
    long_rows,
    long_variables,
    needed,
    varying,
    wide_rows,
    wide_variables,
)
from nqpf_cli.corpus.variables import codebook
from nqpf_cli.errors import NothingFoundError
from nqpf_cli.formats.frames import Variable
from nqpf_cli.model import Lexicon

PLACES = {
    "北京": (110000, "北京市", "province", "east"),
    "河南": (410000, "河南省", "province", "central"),
    "四川": (510000, "四川省", "province", "west"),
    "全国": (100000, "全国", "national", None),
}


def row(place: str | None, year: int | None, **more: Any) -> dict[str, Any]:
    code, name, level, block = PLACES[place] if place else (None, None, None, None)
    return {
        "path": f"{place}-{year}.txt", "kind": "work_report", "error": None, "code": code,
        "jurisdiction": name, "level": level, "block": block, "year": year,
        "factor_share": 0.25, "balance": 0.9, **more,
    }  # fmt: skip


FULL = [row("北京", 2023), row("北京", 2024), row("北京", 2025)]
GAPS = [*FULL, row("河南", 2025), row("河南", 2023)]


def absent_cells(found: Panel) -> list[tuple[str, int]]:
    return [(u.name, y) for u, y in found.missing]


@pytest.fixture(scope="module")
def variables(shipped: Lexicon) -> tuple[Variable, ...]:
    wanted = {"factor_share", "factor_hits", "balance", "lockin_verdict", "rx_covered"}
    return tuple(
        v for v in needed(codebook(shipped))
        if v.name in wanted or v.part in ("document", "jurisdiction", "quality", "settings")
    )  # fmt: skip


def test_the_grid_is_units_by_years_and_gaps_are_named() -> None:
    found = panel(GAPS, Choice())
    assert [u.name for u in found.units] == ["北京市", "河南省"]
    assert found.years == (2023, 2024, 2025)
    assert absent_cells(found) == [("河南省", 2024)]
    assert len(found.absent) == 29
    assert found.left_out == ()


def test_a_year_that_nobody_has_is_a_gap_too() -> None:
    found = panel([row("北京", 2019), row("北京", 2021)], Choice())
    assert absent_cells(found) == [("北京市", 2020)]


def test_all_units_make_those_without_a_document_missing() -> None:
    found = panel(FULL, Choice(units="all"))
    assert len(found.units) == 31
    assert len(found.missing) == 30 * 3
    assert found.absent == ()
    assert "台湾省" not in {u.name for u in found.units}


def test_balance_keeps_the_units_with_every_year() -> None:
    found = panel(GAPS, Choice(balance=True))
    assert [u.name for u in found.units] == ["北京市"]
    assert [u.name for u in found.unbalanced] == ["河南省"]
    assert found.missing == ()
    both = panel(GAPS, Choice(balance=True, years=(2023, 2025)))
    assert len(both.units) == 2
    with pytest.raises(NothingFoundError, match="2023–2026"):
        panel(GAPS, Choice(balance=True, years=(2023, 2024, 2025, 2026)))


def test_no_document_is_dropped_without_a_word() -> None:
    rows = [
        *FULL,
        row("北京", None),
        row(None, 2024),
        row("全国", 2024),
        row("四川", 2024, kind="plan"),
        row("四川", 2018),
        {**row(None, None), "path": "bad.pdf", "error": "encrypted"},
    ]
    found = panel(rows, Choice(kinds=frozenset({"work_report"}), years=(2023, 2024, 2025)))
    assert [(x.path, x.reason, x.detail) for x in found.left_out] == [
        ("北京-None.txt", "no_year", "北京市"),
        ("None-2024.txt", "no_jurisdiction", None),
        ("全国-2024.txt", "other_level", "national"),
        ("四川-2024.txt", "other_kind", "plan"),
        ("四川-2018.txt", "other_year", "2018"),
        ("bad.pdf", "failed", "encrypted"),
    ]
    assert len(found.cells) + len(found.left_out) == len(rows)
    assert told(found.left_out).en == (
        "1 failed (encrypted 1); 1 without a jurisdiction; 1 without a year; "
        "1 of other levels (national 1); 1 of other kinds (plan 1); 1 of other years"
    )


def test_two_documents_for_a_cell_are_an_error_that_names_them() -> None:
    rows = [*FULL, row("北京", 2024, path="second.txt")]
    with pytest.raises(NothingFoundError, match=r"北京市 2024: 北京-2024\.txt, second\.txt"):
        panel(rows, Choice())


@pytest.mark.parametrize(
    ("which", "kept", "dropped"),
    [("first", "北京-2024.txt", "second.txt"), ("last", "second.txt", "北京-2024.txt")],
)
def test_one_of_two_documents_can_be_taken(which: Any, kept: str, dropped: str) -> None:
    rows = [*FULL, row("北京", 2024, path="second.txt")]
    found = panel(rows, Choice(duplicates=which))
    assert found.cells[110000, 2024]["path"] == kept
    assert [(x.path, x.reason) for x in found.left_out] == [(dropped, "duplicate")]


@pytest.mark.parametrize(
    ("rows", "hint"),
    [
        ([row("全国", 2024)], "--level"),
        ([row("北京", None)], "file name"),
        ([{**row(None, None), "error": "corrupt"}], "mend"),
        ([], "file name"),
    ],
)
def test_without_a_document_the_next_step_is_said(rows: list[dict[str, Any]], hint: str) -> None:
    with pytest.raises(NothingFoundError) as caught:
        panel(rows, Choice())
    assert caught.value.hint is not None
    assert hint in caught.value.hint.en


def test_wide_rows_are_a_rectangle_with_flags(variables: tuple[Variable, ...]) -> None:
    found = panel(GAPS, Choice())
    rows = list(wide_rows(found))
    assert [(r["code"], r["year"], r["missing"]) for r in rows] == [
        (110000, 2023, False), (110000, 2024, False), (110000, 2025, False),
        (410000, 2023, False), (410000, 2024, True), (410000, 2025, False),
    ]  # fmt: skip
    assert rows[4] == {
        "code": 410000, "jurisdiction": "河南省", "level": "province", "block": "central",
        "year": 2024, "missing": True,
    }  # fmt: skip
    columns = wide_variables(found, variables)
    assert [v.name for v in columns][:7] == [
        "code", "jurisdiction", "level", "block", "year", "missing", "path",
    ]  # fmt: skip
    assert {"factor_share", "balance", "lockin_verdict"} <= {v.name for v in columns}
    assert not any(v.part == "settings" for v in columns)
    assert [(c, m.zh) for c, m in columns[0].values] == [(110000, "北京市"), (410000, "河南省")]


def test_long_rows_hold_every_number_once(variables: tuple[Variable, ...]) -> None:
    found = panel(GAPS, Choice())
    rows = list(long_rows(found, variables, "zh"))
    numbers = ("factor_hits", "factor_share", "balance", "rx_covered")
    assert [r["variable"] for r in rows] == list(numbers) * 6
    assert {r["variable"]: r["value"] for r in rows[:4]} == {
        "factor_hits": None, "factor_share": 0.25, "balance": 0.9, "rx_covered": None,
    }  # fmt: skip
    share = next(r for r in rows if r["variable"] == "factor_share")
    assert (share["id"], share["measure"], share["label"]) == (
        "factor", "sentence_share", "要素：句占比",
    )  # fmt: skip
    assert [v.name for v in long_variables(found, variables)] == list(rows[0])
    gap = [r for r in rows if r["missing"]]
    assert len(gap) == 4
    assert all(r["value"] is None for r in gap)


def test_settings_that_vary_are_told(variables: tuple[Variable, ...]) -> None:
    rows = [{**r, "set_coder": c} for r, c in zip(FULL, ("model", "rules", "model"), strict=True)]
    assert varying(panel(rows, Choice()), variables) == ("set_coder",)
    assert varying(panel(FULL, Choice()), variables) == ()


def test_a_unit_is_known_by_its_code() -> None:
    rows = [row("北京", 2023), row("北京", 2024, jurisdiction="北京")]
    found = panel(rows, Choice())
    assert found.units == (Unit(code=110000, name="北京", level="province", block="east"),)


def test_spans() -> None:
    assert spans([2023, 2019, 2021, 2022]) == "2019, 2021–2023"


def test_of_many_documents_for_many_cells_the_first_are_told() -> None:
    rows = [row("北京", year, path=f"{year}-{n}") for year in range(1990, 2020) for n in range(9)]
    with pytest.raises(NothingFoundError, match=r"30 cell\(s\)") as told_of:
        panel(rows, Choice())
    text = str(told_of.value)
    assert "1990: 1990-0, 1990-1, 1990-2, 1990-3, 1990-4 … (9)" in text
    assert text.count("\n") < 25
