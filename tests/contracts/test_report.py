"""The report object: its schema, its keys in their order, the same bytes every time."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from jsonschema import Draft202012Validator

Run = Callable[..., CompletedProcess[str]]
KINDS = ("pdf", "txt", "crlf", "gb18030", "md", "docx")
each_kind = pytest.mark.parametrize("kind", KINDS)

# The contract, written out: not taken from the package, which must agree with it.
KEYS = [
    "schema_version", "nqpf_version", "lexicon", "settings", "source", "quality", "dimensions",
    "indicators", "obstructions", "paths", "prescriptions", "indices",
]  # fmt: skip
MEASURE = ["hits", "density", "sentences", "sentence_share", "ci", "breadth", "percentile"]
OF_DIMENSIONS = [
    "factor.labour", "factor.means", "factor.objects", "factor.technology", "factor.flow",
    "factor.diversity", "industry.strategic", "industry.future", "industry.upgrade",
    "industry.chain", "industry.integration", "relations.green", "relations.inclusive",
    "relations.people",
]  # fmt: skip
OF_OBSTRUCTIONS = [
    "institution.data", "institution.innovation", "institution.talent", "institution.market",
    "lockin.legacy", "lockin.capability", "lockin.spillover", "services.shortage",
    "services.crowding", "services.imbalance",
]  # fmt: skip
PARTS = {
    "lexicon": ["name", "version", "sha256"],
    "settings": ["engine", "segmenter", "nested", "confidence", "resamples", "seed"],
    "source": [
        "path", "sha256", "media_type", "bytes", "pages", "title", "kind", "year", "jurisdiction",
    ],
    "quality": [
        "han_chars", "scored_han_chars", "sentences", "han_ratio", "empty_pages", "excluded",
        "ocr_pages", "warnings",
    ],
    "dimensions": ["factor", "industry", "relations"],
    "obstructions": ["institution", "lockin", "services"],
    "paths": ["strategy", "block", "urbanization"],
}  # fmt: skip


@pytest.fixture(scope="module")
def printed(nqpf: Run, documents: dict[str, Path]) -> dict[str, str]:
    """Return what ``score --format json`` prints for a document of every kind."""
    done = {kind: nqpf("score", path, "--format", "json") for kind, path in documents.items()}
    assert {d.returncode for d in done.values()} == {0}
    assert {d.stderr for d in done.values()} == {""}
    return {kind: d.stdout for kind, d in done.items()}


@pytest.fixture(scope="module")
def reports(printed: dict[str, str]) -> dict[str, dict[str, Any]]:
    return {kind: json.loads(text) for kind, text in printed.items()}


@pytest.fixture(scope="module")
def schema(nqpf: Run) -> Callable[[str], Draft202012Validator]:
    """Return the validator of a schema by its name, taken from ``nqpf schema``."""

    def of(name: str) -> Draft202012Validator:
        text = json.loads(nqpf("schema", name).stdout)
        assert text["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        Draft202012Validator.check_schema(text)
        return Draft202012Validator(text)

    return of


Schema = Callable[[str], Draft202012Validator]


# --- schemas ----------------------------------------------------------------------------------


def test_reports_hold_to_the_schema(schema: Schema, reports: dict[str, Any]) -> None:
    validator = schema("report")
    for kind in KINDS:
        validator.validate(reports[kind])


def test_the_schema_refuses_what_is_no_report(schema: Schema, reports: dict[str, Any]) -> None:
    validator = schema("report")
    report = reports["txt"]
    assert not validator.is_valid({})
    assert not validator.is_valid({k: v for k, v in report.items() if k != "indices"})
    assert not validator.is_valid({**report, "dimensions": {}})
    some = {k: v for k, v in report["indicators"].items() if k != "services.crowding"}
    assert not validator.is_valid({**report, "indicators": some})


def test_error_records_hold_to_the_schema(
    nqpf: Run, schema: Schema, unreadable: dict[str, Path]
) -> None:
    done = nqpf("score", *unreadable.values(), "--format", "json")
    records = json.loads(done.stdout)
    assert len(records) == len(unreadable)
    validator = schema("report")
    for record in records:
        assert list(record) == ["schema_version", "source", "error"]
        assert list(record["error"]) == ["code", "message", "hint"]
        validator.validate(record)


def test_lines_of_a_scan_hold_to_the_schema(
    run: Run, schema: Schema, documents: dict[str, Path], unreadable: dict[str, Path]
) -> None:
    done = run("scan", documents["txt"], documents["docx"], unreadable["scan"])
    validator = schema("scan")
    for line in done.stdout.splitlines():
        validator.validate(json.loads(line))


def test_lines_of_code_hold_to_the_schema(nqpf: Run, schema: Schema) -> None:
    given = '{"id": 1, "text": "发展新质生产力。"}\n{"id": null, "text": ""}\n'.encode()
    validator = schema("code")
    lines = nqpf("code", "-", stdin=given).stdout.splitlines()
    assert len(lines) == 2
    for line in lines:
        validator.validate(json.loads(line))
    assert not validator.is_valid({"id": 1, "labels": ["nosuch"]})


def test_hits_hold_to_the_schema(nqpf: Run, schema: Schema, documents: dict[str, Path]) -> None:
    validator = schema("hit")
    lines = nqpf("explain", documents["pdf"], "--format", "jsonl").stdout.splitlines()
    assert lines
    for line in lines:
        validator.validate(json.loads(line))


def test_the_report_is_the_schema_by_default(nqpf: Run) -> None:
    assert nqpf("schema").stdout == nqpf("schema", "report").stdout


# --- keys -------------------------------------------------------------------------------------


def in_order(found: Any, wanted: list[str]) -> bool:
    """Tell whether the wanted keys are there in their order; others may stand between."""
    return [k for k in found if k in wanted] == wanted


@each_kind
def test_keys_stand_in_the_order_of_the_contract(reports: dict[str, Any], kind: str) -> None:
    report = reports[kind]
    assert report["schema_version"] == "1.0"
    assert list(report)[: len(KEYS)] == KEYS
    for part, keys in PARTS.items():
        assert in_order(report[part], keys), part
    excluded = report["quality"]["excluded"]
    assert in_order(excluded, ["toc", "references", "headers_footers"])
    for o in report["obstructions"].values():
        assert list(o) == ["problem", "remedy", "response_gap", "verdict"]
    for p in report["paths"].values():
        assert list(p) == [*MEASURE, "carriers"]
    assert "balance" in report["indices"]


def measures(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return every M of a report by where it stands."""
    found: dict[str, dict[str, Any]] = dict(report["dimensions"])
    for id_, m in report["indicators"].items():
        inner = {id_: m} if "hits" in m else {f"{id_}.{s}": v for s, v in m.items()}
        found |= inner
    for id_, o in report["obstructions"].items():
        found |= {f"{id_}.{s}": o[s] for s in ("problem", "remedy")}
    for id_, p in report["paths"].items():
        found[id_] = {k: v for k, v in p.items() if k != "carriers"}
        found |= {f"{id_}.{c}": m for c, m in p["carriers"].items()}
    return found


@each_kind
def test_a_measure_has_its_keys_and_adds_up(reports: dict[str, Any], kind: str) -> None:
    report = reports[kind]
    total = report["quality"]["sentences"]
    for id_, m in measures(report).items():
        assert list(m) == MEASURE, id_
        assert m["sentence_share"] == pytest.approx(m["sentences"] / total, abs=1e-6)
        assert 0 <= m["ci"][0] <= m["ci"][1] <= 1
        per_character = m["hits"] / report["quality"]["scored_han_chars"]
        assert m["density"] == pytest.approx(10_000 * per_character, abs=1e-6)


@each_kind
def test_all_24_indicators_are_there(reports: dict[str, Any], kind: str) -> None:
    indicators = reports[kind]["indicators"]
    assert list(indicators) == OF_DIMENSIONS + OF_OBSTRUCTIONS
    assert all(list(indicators[i]) == MEASURE for i in OF_DIMENSIONS)
    assert all(list(indicators[i]) == ["problem", "remedy"] for i in OF_OBSTRUCTIONS)


def test_zeros_are_there_too(nqpf: Run, tmp_path: Path) -> None:
    path = tmp_path / "weather.txt"
    path.write_text("今天天气很好。", encoding="utf-8")
    report = json.loads(nqpf("score", path, "--format", "json").stdout)
    assert list(report["indicators"]) == OF_DIMENSIONS + OF_OBSTRUCTIONS
    assert {m["sentences"] for m in measures(report).values()} == {0}
    assert {o["verdict"] for o in report["obstructions"].values()} == {"silent"}


def test_a_small_lexicon_leaves_no_indicator_out(
    nqpf: Run, schema: Schema, documents: dict[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "lexicon.toml").write_text(
        'format = 1\nname = "n"\nversion = "1"\nlicence = "MIT"\nfiles = ["f.toml"]\n', "utf-8"
    )
    names = 'name = { zh = "名", en = "name" }\ndefinition = "d"\nsource = "s"\n'
    (tmp_path / "f.toml").write_text(
        f'id = "factor"\nkind = "dimension"\nchain = "factor"\n{names}'
        f'[[indicator]]\nid = "labour"\n{names}matches = []\nmisses = []\n'
        '[[entry]]\nindicator = "labour"\nterms = ["人才"]\nnote = "n"\n',
        encoding="utf-8",
    )
    done = nqpf("score", documents["txt"], "--lexicon", tmp_path, "--format", "json")
    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert report["indicators"]["factor.labour"]["hits"] == 1
    assert list(report["indicators"]) == OF_DIMENSIONS + OF_OBSTRUCTIONS
    schema("report").validate(report)


def test_what_is_known_of_a_document(reports: dict[str, Any]) -> None:
    source = reports["txt"]["source"]
    assert (source["title"], source["kind"]) == ("河南省2025年政府工作报告", "work_report")
    assert (source["year"], source["pages"]) == (2025, None)
    place = source["jurisdiction"]
    assert list(place) == ["name", "code", "level", "block", "found_in"]
    assert (place["name"], place["code"], place["block"]) == ("河南省", "410000", "central")
    assert source["found_in"] == {"title": "body", "kind": "title", "year": "title"}
    assert reports["txt"]["prescriptions"] is not None


def test_what_is_unknown_is_null(reports: dict[str, Any]) -> None:
    # The sample's province does not exist.
    assert reports["pdf"]["source"]["jurisdiction"] is None
    assert reports["pdf"]["prescriptions"] is None
    assert reports["pdf"]["source"]["pages"] > 1


def test_the_same_text_gets_the_same_figures_whatever_its_encoding(
    reports: dict[str, Any],
) -> None:
    assert measures(reports["gb18030"]) == measures(reports["txt"])
    assert measures(reports["crlf"]) == measures(reports["txt"])


# --- bytes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_same_bytes_twice(
    run: Run, documents: dict[str, Path], printed: dict[str, str], kind: str
) -> None:
    again = run("score", documents[kind], "--format", "json", PYTHONHASHSEED="7").stdout
    assert again == printed[kind]


def test_the_language_of_messages_changes_no_byte(
    run: Run, documents: dict[str, Path], printed: dict[str, str]
) -> None:
    done = run("score", documents["txt"], "--format", "json", "--lang", "zh")
    assert done.stdout == printed["txt"]


def test_several_files_make_an_array(
    nqpf: Run, documents: dict[str, Path], reports: dict[str, Any]
) -> None:
    done = nqpf("score", *documents.values(), "--format", "json")
    assert json.loads(done.stdout) == [reports[kind] for kind in documents]


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_output_is_utf_8_whatever_the_locale(
    run: Run, documents: dict[str, Path], printed: dict[str, str], locale: str
) -> None:
    done = run(
        "score", documents["txt"], "--format", "json", LC_ALL=locale, PYTHONCOERCECLOCALE="0"
    )
    assert done.stdout == printed["txt"]


def test_a_file_name_that_is_no_utf_8_still_gives_utf_8(run: Run, tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xb9\xe6\xbb\xae.txt")
    try:
        Path(path).write_text("发展新质生产力。", encoding="utf-8")
    except OSError:
        pytest.skip("this file system has no such names")
    try:
        done = run("score", path, "--format", "json")
    except UnicodeDecodeError:
        pytest.fail("the output is not UTF-8")
    assert done.returncode == 0
    assert json.loads(done.stdout)["source"]["bytes"] == 24
