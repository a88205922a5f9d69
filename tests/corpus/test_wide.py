"""A scan as a table: what stands in the reports, no document lost, no mixture of lexicons."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from nqpf_cli.corpus.records import Record
from nqpf_cli.corpus.wide import documents
from nqpf_cli.errors import CorruptError, NothingFoundError, UsageError
from nqpf_cli.model import Lexicon

RecordOf = Callable[..., Record]


def table(records: list[Record], shipped: Lexicon) -> list[dict[str, Any]]:
    return list(documents(records, shipped).rows())


def test_a_row_has_the_figures_of_its_report(
    beijing: dict[str, Any], record_of: RecordOf, shipped: Lexicon
) -> None:
    (row,) = table([record_of("北京.txt")], shipped)
    assert (row["code"], row["jurisdiction"], row["year"]) == (110000, "北京市", 2025)
    assert (row["level"], row["block"], row["kind"]) == ("province", "east", "work_report")
    factor = beijing["dimensions"]["factor"]
    assert row["factor_hits"] == factor["hits"] > 0
    assert [row["factor_lo"], row["factor_hi"]] == factor["ci"]
    assert row["lockin_p_sents"] == beijing["obstructions"]["lockin"]["problem"]["sentences"] > 0
    assert row["lockin_verdict"] == beijing["obstructions"]["lockin"]["verdict"]
    assert row["strategy_jjj_sents"] == 1
    assert row["rx_jjj_parks"] is True
    assert row["rx_jjj_transfer"] is False
    assert row["engines_used"] == "text"
    assert (row["warnings"], row["warning_codes"]) == (1, "short_text")


def test_what_is_not_known_is_missing_not_zero(record_of: RecordOf, shipped: Lexicon) -> None:
    record = record_of("x.txt", jurisdiction=None, year=None)
    assert record.report is not None
    record.report["prescriptions"] = None
    (row,) = table([record], shipped)
    unknown = ("code", "jurisdiction", "year", "pages", "error", "rx_covered", "rx_jjj_parks")
    assert [row[name] for name in unknown] == [None] * len(unknown)
    assert row["method_relatedness_hits"] == 0


def test_a_failed_document_is_a_row_with_its_error(record_of: RecordOf, shipped: Lexicon) -> None:
    rows = table([record_of("bad.pdf", error="encrypted"), record_of("good.txt")], shipped)
    assert [r["path"] for r in rows] == ["bad.pdf", "good.txt"]
    assert (rows[0]["error"], rows[0]["error_message"]) == ("encrypted", "cannot be read")
    assert rows[0]["factor_hits"] is None
    assert rows[1]["error"] is None


def test_where_every_document_failed_the_variables_are_still_there(
    record_of: RecordOf, shipped: Lexicon
) -> None:
    found = documents([record_of("bad.pdf", error="corrupt")], shipped)
    assert "factor_share" in {v.name for v in found.variables}
    assert found.lexicon is None
    assert [r["error"] for r in found.rows()] == ["corrupt"]


def test_an_empty_scan_is_said(shipped: Lexicon) -> None:
    with pytest.raises(NothingFoundError, match="empty"):
        documents([], shipped)


def test_two_lexicons_do_not_share_a_table(record_of: RecordOf, shipped: Lexicon) -> None:
    other = record_of("b.txt")
    assert other.report is not None
    other.report["lexicon"] = {"name": "own", "version": "2", "sha256": "f" * 64}
    with pytest.raises(UsageError, match=r"b\.txt.*own 2 \(ffffffff\)"):
        table([record_of("a.txt"), other], shipped)
    alone = documents([other], shipped)
    assert alone.foreign
    assert next(alone.rows())["factor_hits"] > 0


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [
        ("source", "year", "soon"),
        ("source", "bytes", 10**20),
        ("source", "bytes", 1.5),
        ("indices", "balance", "high"),
        ("indices", "balance", float("nan")),
        ("quality", "warnings", ["text"]),
        ("quality", "warnings", [{}]),
    ],
)
def test_a_value_that_is_none_is_named(
    part: str, key: str, value: Any, record_of: RecordOf, shipped: Lexicon
) -> None:
    record = record_of("a.txt")
    assert record.report is not None
    record.report[part] = {**record.report[part], key: value}
    with pytest.raises(CorruptError, match=f"/{part}/{key}"):
        table([record], shipped)


def test_half_a_report_of_another_lexicon_is_refused(record_of: RecordOf, shipped: Lexicon) -> None:
    record = copy.deepcopy(record_of("a.txt"))
    assert record.report is not None
    del record.report["methods"]
    record.report["lexicon"] = {"name": "own"}
    with pytest.raises(CorruptError, match="no whole report"):
        documents([record], shipped)
