import json
from pathlib import Path

import pytest

from nqpf_cli.corpus.records import read_records
from nqpf_cli.errors import CorruptError, NotFoundError
from nqpf_cli.model import measures
from nqpf_cli.pipeline import Analyzer

SAMPLE = Path("corpora/sample/report.md")


@pytest.fixture(scope="module")
def report() -> dict:
    analyzer = Analyzer.of()
    return analyzer.score(analyzer.read(str(SAMPLE))).to_dict()


ERROR = {"schema_version": "1.0", "source": {"path": "x.pdf"}, "error": {"code": "corrupt"}}


def test_a_scan_and_the_json_of_score_are_read_alike(report: dict, tmp_path: Path) -> None:
    lines = tmp_path / "scan.jsonl"
    lines.write_text(json.dumps(report) + "\n\n" + json.dumps(ERROR) + "\n", encoding="utf-8")
    array = tmp_path / "score.json"
    array.write_text(json.dumps([report, ERROR], indent=2), encoding="utf-8")
    one = tmp_path / "one.json"
    one.write_text(json.dumps(report, indent=2), encoding="utf-8")
    found = list(read_records(str(lines)))
    assert [r.line for r in found] == [1, 3]
    assert found[0].report == report
    assert found[1].error == {"code": "corrupt"}
    assert [r.report for r in read_records(str(array))] == [report, None]
    assert [r.report for r in read_records(str(one))] == [report]


@pytest.mark.parametrize("bad", ["{", "[1]", '{"id": 3}', '{"source": {"path": "a"}}', "\xff"])
def test_a_line_of_another_program_is_named(bad: str, tmp_path: Path) -> None:
    path = tmp_path / "scan.jsonl"
    path.write_text(json.dumps(ERROR) + "\n" + bad + "\n", encoding="latin-1")
    with pytest.raises(CorruptError, match="line 2"):
        list(read_records(str(path)))


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        list(read_records(str(tmp_path / "no.jsonl")))


def test_every_measure_has_a_name_of_its_own(report: dict) -> None:
    rows = list(measures(report))
    assert len({(r.level, r.key) for r in rows}) == len(rows)
    assert {r.level for r in rows} == {
        "dimension", "obstruction", "path", "indicator", "carrier", "method",
    }  # fmt: skip
