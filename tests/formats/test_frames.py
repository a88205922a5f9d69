"""Tables in every format: the same values come back, missing stays missing, text stays text."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from nqpf_cli.errors import MissingExtraError, OutputError
from nqpf_cli.formats.frames import (
    FORMATS,
    About,
    Sheet,
    Variable,
    delimited_lines,
    write_table,
)
from nqpf_cli.i18n import Message

openpyxl = pytest.importorskip("openpyxl")
pd = pytest.importorskip("pandas")
pq = pytest.importorskip("pyarrow.parquet")
pyreadstat = pytest.importorskip("pyreadstat")

HOSTILE = '=HYPERLINK("http://x")'
LONG = "长" * 4000


def variable(name: str, type_: Any, **more: Any) -> Variable:
    return Variable(
        name=name, label=Message(f"{name} 的含义", f"what {name} is"), type=type_, **more
    )


WORDS = (("low", Message("低", "low")), ("high", Message("高", "high")))
VARIABLES = (
    variable("title", "text"),
    variable("code", "integer", values=((110000, Message("北京市", "Beijing")),)),
    variable("bytes", "integer"),
    variable("share", "real", unit=Message("比例", "share"), where="/dimensions/factor/hits"),
    variable("taken_up", "flag"),
    variable("grade", "category", values=WORDS),
)
ROWS: list[dict[str, Any]] = [
    {"title": "规划", "code": 110000, "bytes": 2**40, "share": 0.146789, "taken_up": True,
     "grade": "high"},
    {"title": HOSTILE, "code": 310000, "bytes": 0, "share": 0.0, "taken_up": False,
     "grade": "unheard"},
    {"title": "a\x07\udcffb\nc"},
    {"title": LONG, "code": None, "bytes": None, "share": None, "taken_up": None, "grade": None},
]  # fmt: skip
ABOUT = About(
    title="试表",
    notes=(("lexicon", "nqpf-core"), ("evil", "=1+1")),
    sheets=(Sheet(name="missing", columns=("year", "name"), rows=[{"year": 2025, "name": "@x"}]),),
)


def from_csv(data: bytes) -> Any:
    return pd.read_csv(io.BytesIO(data))


def from_tsv(data: bytes) -> Any:
    return pd.read_csv(io.BytesIO(data), sep="\t")


def from_xlsx(data: bytes) -> Any:
    return pd.read_excel(io.BytesIO(data))


def from_parquet(data: bytes) -> Any:
    return pd.read_parquet(io.BytesIO(data))


def from_stata(data: bytes) -> Any:
    return pd.read_stata(io.BytesIO(data), convert_categoricals=False)


READERS: dict[str, Callable[[bytes], Any]] = {
    "csv": from_csv,
    "tsv": from_tsv,
    "xlsx": from_xlsx,
    "parquet": from_parquet,
    "dta": from_stata,
}
each_format = pytest.mark.parametrize("format_", FORMATS)


@each_format
def test_values_come_back_and_missing_stays_missing(format_: str) -> None:
    frame = READERS[format_](write_table(format_, iter(ROWS), VARIABLES, ABOUT))
    assert list(frame.columns) == [v.name for v in VARIABLES]
    numbers = frame[["code", "bytes", "share"]].astype("Float64")
    for name in numbers:
        assert [None if pd.isna(x) else x for x in numbers[name]] == [r.get(name) for r in ROWS]
    assert [None if pd.isna(x) else bool(x) for x in frame["taken_up"]] == [
        True, False, None, None,
    ]  # fmt: skip
    assert frame["title"][0] == "规划"
    assert frame["title"][2] == "a��b\nc"
    assert frame["title"][3] == LONG


@each_format
def test_the_same_table_gives_the_same_bytes(format_: str) -> None:
    assert write_table(format_, ROWS, VARIABLES, ABOUT) == write_table(
        format_, iter(ROWS), VARIABLES, ABOUT
    )


@each_format
def test_a_table_without_rows_has_its_columns(format_: str) -> None:
    frame = READERS[format_](write_table(format_, [], VARIABLES))
    assert (len(frame), list(frame.columns)) == (0, [v.name for v in VARIABLES])


def test_lines_stream_one_by_one() -> None:
    seen: list[int] = []

    def rows() -> Any:
        for n, row in enumerate(ROWS):
            seen.append(n)
            yield row

    lines = delimited_lines("tsv", rows(), VARIABLES)
    assert next(lines) == "title\tcode\tbytes\tshare\ttaken_up\tgrade\n"
    assert next(lines) == "规划\t110000\t1099511627776\t0.146789\t1\thigh\n"
    assert seen == [0]


def test_the_mark_of_utf_8_is_there_when_asked_for() -> None:
    plain = write_table("csv", ROWS, VARIABLES)
    assert write_table("csv", ROWS, VARIABLES, bom=True) == b"\xef\xbb\xbf" + plain


def test_no_text_of_a_document_becomes_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(write_table("csv", ROWS, VARIABLES).decode())))
    assert rows[2][0] == "'" + HOSTILE
    book = openpyxl.load_workbook(io.BytesIO(write_table("xlsx", ROWS, VARIABLES, ABOUT)))
    texts = [c for sheet in book for row in sheet for c in row if isinstance(c.value, str)]
    assert HOSTILE in {c.value for c in texts}
    assert {c.data_type for c in texts} <= {"s", "inlineStr"}


def test_a_workbook_has_its_codebook_notes_and_sheets() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_table("xlsx", ROWS, VARIABLES, ABOUT)))
    assert book.sheetnames == ["data", "codebook", "notes", "missing"]
    assert {sheet.freeze_panes for sheet in book} == {"A2"}
    assert isinstance(book["data"]["D2"].value, float)
    head, *entries = book["codebook"].iter_rows(values_only=True)
    codes = [dict(zip(head, e, strict=True)) for e in entries]
    assert [c["name"] for c in codes] == [v.name for v in VARIABLES]
    assert codes[3]["where"] == "/dimensions/factor/hits"
    assert codes[5]["values"] == "low = 低 low; high = 高 high"
    assert list(book["notes"].iter_rows(values_only=True))[1] == ("lexicon", "nqpf-core")
    assert list(book["missing"].iter_rows(values_only=True))[1] == (2025, "@x")
    assert book.properties.created == datetime(2024, 2, 1)


def test_fields_of_parquet_carry_the_codebook() -> None:
    schema = pq.read_schema(io.BytesIO(write_table("parquet", ROWS, VARIABLES, ABOUT)))
    field = schema.field("share")
    assert field.metadata[b"label_zh"].decode() == "share 的含义"
    assert field.metadata[b"unit_en"] == b"share"
    assert schema.metadata[b"lexicon"] == b"nqpf-core"
    assert [str(t) for t in schema.types[:5]] == ["string", "int64", "int64", "double", "bool"]


def test_stata_gets_labels_of_variables_and_values(tmp_path: Path) -> None:
    data = write_table("dta", ROWS, VARIABLES, ABOUT)
    assert data.startswith(b"<stata_dta><header><release>118</release>")
    path = tmp_path / "t.dta"
    path.write_bytes(data)
    frame, meta = pyreadstat.read_dta(str(path))
    assert meta.column_names_to_labels["share"] == "share 的含义"
    assert meta.file_label == "试表"
    assert meta.variable_value_labels == {
        "code": {110000: "北京市"},
        "taken_up": {0: "否", 1: "是"},
        "grade": {1: "低", 2: "高", 3: "unheard"},
    }
    assert list(frame["grade"][:2]) == [2, 3]


def test_stata_labels_can_be_english_and_are_cut_where_they_must(tmp_path: Path) -> None:
    long = Variable(name="x", type="flag", label=Message("短", "word " * 30))
    path = tmp_path / "t.dta"
    path.write_bytes(write_table("dta", [{"x": True}], [long], About(labels="en")))
    _, meta = pyreadstat.read_dta(str(path))
    assert len(meta.column_names_to_labels["x"]) == 80
    assert meta.column_names_to_labels["x"].endswith("…")
    assert meta.variable_value_labels == {"x": {0: "no", 1: "yes"}}


@pytest.mark.parametrize("length", [681, 682, 2045, 2046])
def test_stata_text_is_whole_around_the_limit_of_fixed_strings(length: int) -> None:
    # 681 Han characters are 2,043 bytes, 682 are 2,046: one over what a fixed string takes.
    text = "字" * length
    frame = from_stata(write_table("dta", [{"title": text}, {}], VARIABLES[:1]))
    assert list(frame["title"]) == [text, ""]


@pytest.mark.parametrize(
    ("format_", "module"), [("xlsx", "xlsxwriter"), ("dta", "pandas"), ("parquet", "pyarrow")]
)
def test_an_absent_extra_is_named(
    format_: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError) as caught:
        write_table(format_, ROWS, VARIABLES)
    assert caught.value.hint is not None
    assert "nqpf[tables]" in caught.value.hint.en


@pytest.mark.parametrize(
    ("format_", "limit", "most"),
    [("xlsx", "_MAX_ROWS", 4), ("xlsx", "_MAX_COLUMNS", 5), ("dta", "_MAX_COLUMNS", 5)],
)
def test_a_table_too_large_for_its_format_is_refused(
    format_: str, limit: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"nqpf_cli.formats.{format_}.{limit}", most)
    with pytest.raises(OutputError) as caught:
        write_table(format_, ROWS, VARIABLES)
    assert caught.value.hint is not None
    assert "parquet" in caught.value.hint.en
