"""Coders' sheets: what is drawn, how it is written and read, and how far coders agree."""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.engines import docx_
from nqpf_cli.errors import CorruptError, MissingExtraError, TooLargeError, UsageError
from nqpf_cli.model import LABELS
from nqpf_cli.workshop.sheet import (
    COLUMNS,
    Candidate,
    SampledUnit,
    agree,
    draw,
    read_sheet,
    to_csv,
    to_xlsx,
)


def candidate(
    text: str, labels: str = "", section: str = "body", page: int | None = 1
) -> Candidate:
    return Candidate(
        doc="a.pdf", page=page, prev="前句。", text=text,
        labels=tuple(labels.split()), section=section,
    )  # fmt: skip


POOL = [
    *(candidate(f"要素{n}。", "factor") for n in range(50)),
    *(candidate(f"产业{n}。", "industry", "plan") for n in range(8)),
    *(candidate(f"两者{n}。", "factor industry") for n in range(5)),
    *(candidate(f"皆非{n}。", "", "problems") for n in range(40)),
]

# --- drawing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("strata", ["random", "label", "section"])
@pytest.mark.parametrize("size", [1, 2, 30, 103, 500])
def test_so_many_sentences_are_drawn_each_once(strata: str, size: int) -> None:
    units = draw(POOL, size, strata, 1)
    assert len(units) == min(size, len(POOL))
    assert len({u.text for u in units}) == len(units)
    assert [u.id for u in units] == [f"u{n:04d}" for n in range(1, len(units) + 1)]


def test_the_same_seed_draws_the_same_sample() -> None:
    assert draw(POOL, 20, "label", 7) == draw(POOL, 20, "label", 7)
    assert draw(POOL, 20, "label", 7) != draw(POOL, 20, "label", 8)


def test_strata_are_drawn_alike() -> None:
    units = draw(POOL, 30, "label", 1)
    assert {s: n for s, n in Counter(u.stratum for u in units).items() if s != "random"} == {
        "factor": 10, "industry": 10, "none": 10,
    }  # fmt: skip
    sections = Counter(u.stratum for u in draw(POOL, 24, "section", 1))
    assert sections == {"body": 8, "plan": 8, "problems": 8}


def test_a_stratum_that_is_too_small_is_made_up_for_at_random() -> None:
    pool = [*POOL[:50], candidate("唯一。", "block")]
    strata = Counter(u.stratum for u in draw(pool, 20, "label", 1))
    assert strata == {"factor": 10, "block": 1, "random": 9}


def test_a_unit_carries_its_place_and_context() -> None:
    (unit,) = draw([candidate("人才。", page=3)], 5, "random", 1)
    assert unit == SampledUnit(
        id="u0001", doc="a.pdf", page=3, stratum="random", prev="前句。", text="人才。"
    )


def test_sentences_that_are_repeated_are_drawn_once() -> None:
    assert len(draw([candidate("人才。")] * 5, 5, "random", 1)) == 1


def test_nothing_comes_of_nothing() -> None:
    for strata in ("random", "label", "section"):
        assert draw([], 5, strata, 1) == []


def test_an_unknown_stratification_names_the_choices() -> None:
    with pytest.raises(UsageError, match="nosuch") as e:
        draw(POOL, 5, "nosuch", 1)
    assert "label" in str(e.value.hint)


# --- writing and reading ----------------------------------------------------------------------

UNITS = draw(POOL, 6, "label", 1)
HOSTILE = SampledUnit(
    id="u0009", doc="=a.pdf", page=None, stratum="random", prev="+1", text='=HYPERLINK("http://x")'
)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_sheet_has_a_column_for_every_label() -> None:
    rows = rows_of(to_csv(UNITS))
    assert tuple(rows[0]) == COLUMNS
    assert [r["text"] for r in rows] == [u.text for u in UNITS]
    assert all(r[label] == "" for r in rows for label in LABELS)


def test_no_cell_of_a_sheet_is_a_formula() -> None:
    (row,) = rows_of(to_csv([HOSTILE]))
    assert [v for v in row.values() if v[:1] in ("=", "+", "-", "@")] == []


def test_a_sheet_that_nobody_filled_in_has_no_labels() -> None:
    found = read_sheet("a.csv", to_csv(UNITS).encode("utf-8-sig"))
    assert found == {u.id: frozenset() for u in UNITS}


def test_a_workbook_is_read_as_it_was_filled_in() -> None:
    pytest.importorskip("xlsxwriter", reason="needs pip install 'nqpf[workshop]'")
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx([*UNITS, HOSTILE], {"factor": "要素"})))
    units, codebook = book.worksheets
    assert [c.value for c in units[1]] == list(COLUMNS)
    assert [c.value for c in codebook[2]] == ["factor", "要素"]
    assert units.cell(8, COLUMNS.index("text") + 1).data_type == "s"
    (choices,) = units.data_validations.dataValidation
    assert choices.formula1 == '"1,0"'
    for row, (label, value) in enumerate(
        [("factor", 1), ("block", "是"), ("industry", 0), ("lockin.problem", True)], 2
    ):
        units.cell(row, COLUMNS.index(label) + 1, value)
    out = io.BytesIO()
    book.save(out)
    found = read_sheet("a.XLSX", out.getvalue())
    assert list(found.values()) == [
        {"factor"}, {"block"}, set(), {"lockin.problem"}, set(), set(), set(),
    ]  # fmt: skip
    assert list(found) == [*(u.id for u in UNITS), HOSTILE.id]


yes = st.sampled_from(["1", "1.0", " 1 ", "y", "YES", "x", "是", "TRUE", "√", "✓"])
no = st.sampled_from(["", " ", "0", "0.0", "n", "No", "否", "false", "-"])


@given(st.lists(st.tuples(yes | no, st.sampled_from(LABELS)), max_size=8))
def test_coders_may_say_yes_in_many_ways(cells: list[tuple[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for n, (cell, label) in enumerate(cells):
        writer.writerow({"id": n, label: cell})
    denials = ("", "0", "0.0", "n", "no", "否", "false", "-")
    assert read_sheet("a.csv", out.getvalue().encode()) == {
        str(n): frozenset({label} if cell.strip().lower() not in denials else ())
        for n, (cell, label) in enumerate(cells)
    }


def test_lines_of_json_are_read_too() -> None:
    data = b'{"id": 1, "labels": ["factor"]}\n\n{"id": "b", "labels": []}\n'
    assert read_sheet("a.jsonl", data) == {"1": {"factor"}, "b": set()}


def test_a_unit_may_be_called_0() -> None:
    assert read_sheet("a.csv", b"id,factor\n0,1\n,1\n") == {"0": {"factor"}}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"text,note\nx,y\n"),
        ("a.csv", b"id,text\nu1,x\n"),
        ("a.csv", b"id,factor\nu1,perhaps\n"),
        ("a.csv", "id,factor\nu1,\u662f\n".encode("gbk")),
        ("a.csv", b"id,factor\nu1,\0\n"),
        ("a.csv", b"id,factor\nu1," + b"x" * 200_000 + b"\n"),
        ("a.xlsx", b"no workbook"),
        ("a.xlsx", b""),
        ("a.xlsx", b"PK\x05\x06" + bytes(18)),
        ("a.jsonl", b'{"id": 1}\n'),
        ("a.jsonl", b'{"id": 1, "labels": ["nosuch"]}\n'),
        ("a.jsonl", b'{"id": 1, "labels": 3}\n'),
        ("a.jsonl", b"[1]\n"),
        ("a.jsonl", b"1\n"),
        ("a.jsonl", b"{\n"),
    ],
)
def test_what_is_no_sheet_is_refused_by_name(name: str, data: bytes) -> None:
    if name.endswith("xlsx"):
        pytest.importorskip("openpyxl")
    with pytest.raises(CorruptError, match=name) as e:
        read_sheet(name, data)
    assert "nqpf sample" in str(e.value.hint)


def test_a_sheet_that_claims_to_be_endless_is_read_as_far_as_it_goes() -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter", reason="needs pip install 'nqpf[workshop]'")
    pytest.importorskip("openpyxl")
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ("id", "factor"))
    sheet.write_row(1, 0, ("u1", 1))
    sheet.write(1_048_575, 16_383, "the last cell there can be")
    book.close()
    assert read_sheet("a.xlsx", out.getvalue()) == {"u1": frozenset({"factor"})}


def test_a_sheet_that_unpacks_to_too_much_is_refused_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("openpyxl")
    monkeypatch.setattr(docx_, "_MAX_UNPACKED", 1000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/sharedStrings.xml", bytes(1001))
    with pytest.raises(TooLargeError):
        read_sheet("a.xlsx", out.getvalue())


# --- agreement --------------------------------------------------------------------------------


@pytest.fixture
def measured() -> Callable[..., dict[str, Any]]:
    pytest.importorskip("krippendorff", reason="needs pip install 'nqpf[workshop]'")

    def go(*coders: dict[str, str]) -> dict[str, Any]:
        sheets = [{i: frozenset(labels.split()) for i, labels in c.items()} for c in coders]
        return {a.label: a for a in agree(sheets)}

    return go


def test_coders_who_agree(measured: Any) -> None:
    coder = {"1": "factor", "2": "", "3": "factor block"}
    found = measured(coder, coder, coder)
    assert list(found) == list(LABELS)
    assert (found["factor"].alpha, found["factor"].percent, found["factor"].f1) == (1, 1, 1)
    assert found["factor"].marked == 6
    # nobody gave it: no chance to disagree, and nothing to measure
    assert (found["industry"].alpha, found["industry"].f1) == (None, None)
    assert (found["industry"].percent, found["industry"].marked) == (1, 0)


def test_alpha_is_krippendorffs(measured: Any) -> None:
    """His own example of binary data (2011, section B): ten units, two coders, α = 0.095."""
    given_ = ("0100000010", "1110010000")
    first, second = ({str(n): "factor" * int(c) for n, c in enumerate(g)} for g in given_)
    a = measured(first, second)["factor"]
    assert a.alpha == pytest.approx(0.095, abs=0.001)
    assert a.percent == 0.6
    assert a.f1 == pytest.approx(1 / 3, abs=1e-4)
    assert a.marked == 6


def test_units_that_only_one_coder_saw_do_not_count(measured: Any) -> None:
    first, second = {"1": "factor", "2": ""}, {"1": "factor", "2": ""}
    assert measured({**first, "3": "factor"}, second) == measured(first, second)


def test_coders_may_share_units_in_pairs(measured: Any) -> None:
    found = measured({"1": "factor", "2": ""}, {"2": "", "3": ""}, {"3": "factor", "1": "factor"})
    assert found["factor"].percent == pytest.approx(2 / 3, abs=1e-4)


def test_sheets_without_a_unit_in_common(measured: Any) -> None:
    with pytest.raises(UsageError, match="share no unit"):
        measured({"1": ""}, {"2": ""})


# --- without the extra ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "attempt"),
    [
        ("xlsxwriter", lambda: to_xlsx(UNITS, {})),
        ("openpyxl", lambda: read_sheet("a.xlsx", b"")),
        ("krippendorff", lambda: agree([{"1": frozenset()}, {"1": frozenset()}])),
    ],
)
def test_without_the_extra_its_install_command_is_told(
    monkeypatch: pytest.MonkeyPatch, module: str, attempt: Callable[[], object]
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError) as e:
        attempt()
    assert "nqpf[workshop]" in str(e.value.hint)


def test_the_sheet_of_a_sample_as_json_is_no_coding() -> None:
    data = json.dumps({"id": "u0001", "text": "人才。"}).encode()
    with pytest.raises(CorruptError):
        read_sheet("a.jsonl", data)
