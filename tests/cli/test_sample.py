"""``nqpf sample`` and ``nqpf agree``: sheets for one's own coders, and how far they agree."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from nqpf_cli.model import LABELS

Run = Callable[..., CompletedProcess[str]]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def coded(path: Path, **labels: str) -> Path:
    """Write a coder's sheet: ``coded(path, u1="factor block", u2="")``."""
    with path.open("w", encoding="utf-8", newline="") as f:
        writer = csv.DictWriter(f, ["id", *LABELS])
        writer.writeheader()
        for id_, given in labels.items():
            writer.writerow({"id": id_, **dict.fromkeys(given.split(), "1")})
    return path


# --- sample -----------------------------------------------------------------------------------


def test_a_sheet_holds_sentences_of_the_document(nqpf: Run, plan: Path) -> None:
    done = nqpf("sample", plan, "-n", "4")
    assert done.returncode == 0
    rows = rows_of(done.stdout)
    assert [r["id"] for r in rows] == ["u0001", "u0002", "u0003", "u0004"]
    text = plan.read_text(encoding="utf-8")
    for r in rows:
        assert r["text"] in text
        assert r["prev"] in text[: text.index(r["text"])]
        assert (r["doc"], r["page"], r["stratum"]) == ("plan.txt", "", "random")
        assert not any(r[label] for label in LABELS)
    assert "4 sentences drawn from " in done.stderr


def test_more_than_there_are_gives_all(nqpf: Run, plan: Path) -> None:
    rows = rows_of(nqpf("sample", plan).stdout)
    again = rows_of(nqpf("sample", plan, "-n", "100000", "--seed", "5").stdout)
    assert {r["text"] for r in rows} == {r["text"] for r in again}
    assert len({r["text"] for r in rows}) == len(rows) > 5


def test_the_seed_decides(nqpf: Run, plan: Path) -> None:
    first, same, other = (
        nqpf("sample", plan, "-n", "5", "--seed", seed).stdout for seed in ("1", "1", "2")
    )
    assert first == same
    assert first != other


@pytest.mark.parametrize(
    ("strata", "expected"),
    [("label", "factor"), ("label", "none"), ("section", "problems")],
)
def test_strata_are_named(nqpf: Run, plan: Path, strata: str, expected: str) -> None:
    rows = rows_of(nqpf("sample", plan, "--strata", strata, "-n", "40").stdout)
    assert expected in {r["stratum"] for r in rows}


def test_a_file_opens_in_a_spreadsheet(nqpf: Run, plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheet.csv"
    shown = nqpf("sample", plan, "-n", "5").stdout
    assert nqpf("sample", plan, "-n", "5", "-o", out).returncode == 0
    assert out.read_bytes().decode("utf-8-sig") == shown
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")


def test_lines_of_json_can_be_coded_by_the_program(nqpf: Run, plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "units.jsonl"
    assert nqpf("sample", plan, "-n", "5", "-o", out).returncode == 0
    units = [json.loads(r) for r in out.read_text(encoding="utf-8").splitlines()]
    fields = {"id", "doc", "page", "stratum", "prev", "text", "lexicon_sha256"}
    assert all(set(u) == fields for u in units)
    done = nqpf("code", out)
    assert [json.loads(r)["id"] for r in done.stdout.splitlines()] == [u["id"] for u in units]


def test_a_workbook_explains_the_labels(nqpf: Run, plan: Path, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter", reason="needs pip install 'nqpf[workshop]'")
    openpyxl = pytest.importorskip("openpyxl")
    out = tmp_path / "sheet.xlsx"
    done = nqpf("sample", plan, "-n", "5", "-o", out)
    assert (done.returncode, done.stdout) == (0, "")
    units, codebook = openpyxl.load_workbook(out).worksheets
    assert units.max_row == 6
    meaning = dict(codebook.iter_rows(min_row=2, values_only=True))
    assert list(meaning) == list(LABELS)
    assert "诊断" in meaning["lockin.problem"]
    assert "回应" in meaning["lockin.remedy"]


def test_a_page_is_named_where_there_are_pages(nqpf: Run, report_pdf: Path) -> None:
    rows = rows_of(nqpf("sample", report_pdf, "-n", "20", "--coder", "rules").stdout)
    assert {r["page"] for r in rows} <= {str(n) for n in range(1, 11)}
    assert all(r["doc"] == "report.pdf" for r in rows)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--strata", "nosuch"), 2, "section"),
        (("--format", "xlsx"), 2, "-o"),
        (("--size", "0"), 2, ""),
        (("--coder", "nosuch"), 2, "rules"),
    ],
)
def test_what_cannot_be_asked_for(
    nqpf: Run, plan: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    done = nqpf("sample", plan, *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr


def test_a_missing_folder_and_a_folder_of_nothing(nqpf: Run, tmp_path: Path) -> None:
    assert nqpf("sample", tmp_path / "gone").returncode == 3
    done = nqpf("sample", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")


def test_without_the_extra_the_install_command_is_told(
    nqpf: Run, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    done = nqpf("sample", plan, "-o", tmp_path / "sheet.xlsx")
    assert (done.returncode, done.stdout) == (5, "")
    assert "pip install 'nqpf[workshop]'" in done.stderr
    assert not (tmp_path / "sheet.xlsx").exists()


# --- agree ------------------------------------------------------------------------------------


@pytest.fixture
def krippendorff() -> None:
    pytest.importorskip("krippendorff", reason="needs pip install 'nqpf[workshop]'")


@pytest.mark.usefixtures("krippendorff")
def test_the_agreement_of_two_coders(nqpf: Run, tmp_path: Path) -> None:
    a = coded(tmp_path / "甲.csv", u1="factor", u2="factor block", u3="", u4="")
    b = coded(tmp_path / "乙.csv", u1="factor", u2="block", u3="", u4="")
    done = nqpf("agree", a, b, "--format", "json")
    assert done.returncode == 0
    view = json.loads(done.stdout)
    assert view["coders"] == [str(a), str(b)]
    rows = {r["label"]: r for r in view["labels"]}
    assert list(rows) == list(LABELS)
    assert (rows["block"]["alpha"], rows["block"]["f1"], rows["block"]["percent"]) == (1, 1, 1)
    assert rows["factor"]["percent"] == 0.75
    assert rows["factor"]["f1"] == pytest.approx(2 / 3, abs=1e-4)
    assert 0 < rows["factor"]["alpha"] < 1
    assert (rows["industry"]["alpha"], rows["industry"]["f1"]) == (None, None)


@pytest.mark.usefixtures("krippendorff")
def test_the_same_figures_as_table_and_csv(nqpf: Run, tmp_path: Path) -> None:
    a = coded(tmp_path / "a.csv", u1="factor", u2="factor", u3="")
    b = coded(tmp_path / "b.csv", u1="factor", u2="", u3="")
    shown = nqpf("agree", a, b).stdout
    (line,) = [row for row in shown.splitlines() if "factor" in row]
    assert "66.7%" in line
    assert all(label in shown for label in LABELS)
    rows = rows_of(nqpf("agree", a, b, "--format", "csv").stdout)
    assert [r["percent"] for r in rows if r["label"] == "factor"] == ["0.6667"]


@pytest.mark.usefixtures("krippendorff")
def test_the_program_may_be_one_of_the_coders(nqpf: Run, plan: Path, tmp_path: Path) -> None:
    units, labels = tmp_path / "units.jsonl", tmp_path / "labels.jsonl"
    nqpf("sample", plan, "-n", "50", "-o", units)
    nqpf("code", units, "-o", labels)
    given = [json.loads(r) for r in labels.read_text(encoding="utf-8").splitlines()]
    sheet = coded(tmp_path / "a.csv", **{r["id"]: " ".join(r["labels"]) for r in given})
    done = nqpf("agree", sheet, labels, "--format", "json")
    found = [r for r in json.loads(done.stdout)["labels"] if r["marked"]]
    assert found
    assert all((r["alpha"], r["percent"], r["f1"]) == (1, 1, 1) for r in found)


def test_one_sheet_is_not_enough(nqpf: Run, tmp_path: Path) -> None:
    done = nqpf("agree", coded(tmp_path / "a.csv", u1="factor"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "two sheets" in done.stderr


@pytest.mark.usefixtures("krippendorff")
def test_sheets_of_other_units(nqpf: Run, tmp_path: Path) -> None:
    done = nqpf("agree", coded(tmp_path / "a.csv", u1=""), coded(tmp_path / "b.csv", u2=""))
    assert (done.returncode, done.stdout) == (2, "")
    assert "share no unit" in done.stderr


@pytest.mark.parametrize("name", ["b.csv", "b.xlsx", "b.jsonl"])
def test_what_is_no_sheet(nqpf: Run, tmp_path: Path, name: str) -> None:
    if name.endswith("xlsx"):
        pytest.importorskip("openpyxl")
    bad = tmp_path / name
    bad.write_text("no sheet\nat all\n", encoding="utf-8")
    done = nqpf("agree", coded(tmp_path / "a.csv", u1=""), bad)
    assert (done.returncode, done.stdout) == (3, "")
    assert name in done.stderr
    assert "nqpf sample" in done.stderr
    assert nqpf("agree", bad, tmp_path / "gone.csv").returncode == 3
