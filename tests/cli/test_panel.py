"""``nqpf table``, ``nqpf codebook`` and ``nqpf panel``: from a scan to a statistics package."""

from __future__ import annotations

import copy
import csv
import io
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from nqpf_cli.lexicon import load as load_module

Run = Callable[..., CompletedProcess[str]]
BEIJING = {"name": "北京市", "code": "110000", "level": "province", "block": "east"}
HENAN = {"name": "河南省", "code": "410000", "level": "province", "block": "central"}
NATIONAL = {"name": "全国", "code": "100000", "level": "national", "block": None}


def line(report: dict[str, Any], path: str, place: dict[str, Any] | None, year: int | None) -> str:
    made = copy.deepcopy(report)
    where = {**place, "found_in": "title"} if place else None
    made["source"] |= {"path": path, "year": year, "kind": "work_report", "jurisdiction": where}
    return json.dumps(made, ensure_ascii=False) + "\n"


FAILED = '{"schema_version":"1.0","source":{"path":"bad.pdf"},"error":{"code":"encrypted","message":"locked","hint":null}}\n'  # noqa: E501


@pytest.fixture(scope="module", autouse=True)
def one_lexicon() -> Iterator[None]:
    """Load the lexicon, which only gives the labels here, once for all runs."""
    with pytest.MonkeyPatch.context() as m:
        m.setattr(load_module, "load", cache(load_module.load))
        yield


@pytest.fixture(scope="module")
def report(nqpf: Run) -> dict[str, Any]:
    """Return the report object of the sample document."""
    found: dict[str, Any] = json.loads(nqpf("demo", "--format", "json").stdout)
    return found


@pytest.fixture
def scan(report: dict[str, Any], tmp_path: Path) -> Path:
    """Return a scan: a gap (Henan 2024), a failure, a national text, one without a year."""
    path = tmp_path / "scan.jsonl"
    path.write_text(
        line(report, "b23.txt", BEIJING, 2023)
        + FAILED
        + line(report, "b24.txt", BEIJING, 2024)
        + line(report, "h23.txt", HENAN, 2023)
        + line(report, "undated.txt", HENAN, None)
        + line(report, "nation.txt", NATIONAL, 2024),
        encoding="utf-8",
    )
    return path


def rows_of(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def test_a_table_has_a_row_for_every_document(nqpf: Run, scan: Path) -> None:
    done = nqpf("table", scan)
    assert done.returncode == 0
    rows = rows_of(done.stdout)
    assert [r["path"] for r in rows] == [
        "b23.txt", "bad.pdf", "b24.txt", "h23.txt", "undated.txt", "nation.txt",
    ]  # fmt: skip
    assert (rows[1]["error"], rows[1]["factor_share"]) == ("encrypted", "")
    assert float(rows[0]["factor_share"]) > 0
    assert "6 document(s), 1 failed" in done.stderr


def test_a_table_of_some_measures(nqpf: Run, scan: Path) -> None:
    (first, *_) = rows_of(nqpf("table", scan, "--measure", "hits").stdout)
    assert {"factor_hits", "balance", "path"} <= set(first)
    assert "factor_share" not in first


def test_standard_input_and_several_scans(nqpf: Run, scan: Path) -> None:
    piped = nqpf("table", "-", stdin=scan.read_bytes())
    assert piped.stdout == nqpf("table", scan).stdout
    assert len(rows_of(nqpf("table", scan, scan).stdout)) == 12


@pytest.mark.parametrize("command", ["table", "panel"])
@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx", "dta", "parquet"])
def test_the_suffix_picks_the_format(
    nqpf: Run, scan: Path, tmp_path: Path, command: str, suffix: str
) -> None:
    pytest.importorskip("xlsxwriter", reason="needs pip install 'nqpf[tables]'")
    out = tmp_path / f"out.{suffix}"
    assert nqpf(command, scan, "-o", out).returncode == 0
    starts = {"csv": b"\xef\xbb\xbf", "tsv": b"", "xlsx": b"PK", "dta": b"<stata_dta>",
              "parquet": b"PAR1"}  # fmt: skip
    assert out.read_bytes().startswith(starts[suffix])
    before = out.read_bytes()
    nqpf(command, scan, "-o", out)
    assert out.read_bytes() == before


def test_the_mark_before_csv_is_an_option(nqpf: Run, scan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    nqpf("table", scan, "-o", out, "--no-bom")
    assert out.read_bytes().startswith(b"path,")
    assert nqpf("table", scan, "--bom").stdout.startswith("\ufeffpath,")


@pytest.mark.parametrize("command", ["table", "panel"])
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-f", "dta"), "-o"),
        (("--measure", "beauty"), "sentence_share"),
        (("--labels", "fr"), "zh or en"),
    ],
)
def test_wrong_use_is_said(
    nqpf: Run, scan: Path, command: str, arguments: tuple[str, ...], said: str
) -> None:
    done = nqpf(command, scan, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [("--level", "planet"), ("--years", "2024-2019"), ("--years", "soon"), ("--years", ""),
     ("--units", "some"), ("--duplicates", "both")],
)  # fmt: skip
def test_wrong_choices_of_a_panel_are_said(
    nqpf: Run, scan: Path, arguments: tuple[str, ...]
) -> None:
    done = nqpf("panel", scan, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert arguments[0] in done.stderr


@pytest.mark.parametrize("command", ["table", "panel"])
def test_what_is_no_scan_is_refused(nqpf: Run, tmp_path: Path, command: str) -> None:
    other = tmp_path / "x.jsonl"
    other.write_text('{"id": 1}\n', encoding="utf-8")
    assert nqpf(command, other).returncode == 3
    assert nqpf(command, tmp_path / "none.jsonl").returncode == 3
    other.write_text("", encoding="utf-8")
    done = nqpf(command, other)
    assert done.returncode == 1
    assert "nqpf scan" in done.stderr


def test_a_scan_of_another_lexicon_is_said(
    nqpf: Run, report: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "scan.jsonl"
    other = {**report, "lexicon": {"name": "own", "version": "9", "sha256": "f" * 64}}
    path.write_text(line(other, "a.txt", BEIJING, 2024), encoding="utf-8")
    done = nqpf("table", path)
    assert done.returncode == 0
    assert "own 9" in done.stderr
    assert "--lexicon" in done.stderr
    with path.open("a", encoding="utf-8") as f:
        f.write(line(report, "b.txt", BEIJING, 2025))
    mixed = nqpf("panel", path)
    assert mixed.returncode == 2
    assert "b.txt" in mixed.stderr


def test_a_panel_tells_what_is_missing_and_left_out(nqpf: Run, scan: Path) -> None:
    done = nqpf("panel", scan, "-f", "csv")
    assert done.returncode == 0
    found = [(r["code"], r["year"], r["missing"]) for r in rows_of(done.stdout)]
    assert found == [
        ("110000", "2023", "0"), ("110000", "2024", "0"),
        ("410000", "2023", "0"), ("410000", "2024", "1"),
    ]  # fmt: skip
    for said in (
        "2 jurisdictions × 2 years (2023–2024) = 4 cells, 1 missing",
        "missing: 河南省 2024",
        "failed: bad.pdf (encrypted)",
        "without a year: undated.txt",
        "1 of other levels (national 1)",
        "29 provinces have no document at all",
    ):
        assert said in done.stderr
    assert nqpf("panel", scan, "-q", "-f", "csv").stderr == ""
    assert "of other levels: nation.txt" in nqpf("panel", scan, "-v").stderr


def test_the_terminal_shows_which_cells_are_there(nqpf: Run, scan: Path) -> None:
    shown = nqpf("panel", scan).stdout
    assert [x.split()[1:] for x in shown.splitlines() if "0000" in x] == [
        ["北京市", "●", "●"],
        ["河南省", "●", "–"],
    ]
    decade = nqpf("panel", scan, "--years", "2016-2025").stdout
    assert [x.split()[1:] for x in decade.splitlines() if "20" in x or "0000" in x] == [
        ["jurisdiction", "2016–2025"],
        ["北京市", "–––––––●●–"],
        ["河南省", "–––––––●––"],
    ]


def test_a_panel_in_json_has_its_codebook_and_gaps(nqpf: Run, scan: Path) -> None:
    found = json.loads(nqpf("panel", scan, "-f", "json").stdout)
    assert found["missing"] == [
        {"code": 410000, "jurisdiction": "河南省", "level": "province", "year": 2024}
    ]
    assert {x["reason"] for x in found["left_out"]} == {"failed", "no_year", "other_level"}
    names = [v["name"] for v in found["codebook"]]
    assert all(list(r) == names for r in found["rows"])
    assert found["rows"][3]["factor_share"] is None
    assert found["balanced"] is False


def test_levels_years_balance_and_the_long_form(nqpf: Run, scan: Path) -> None:
    everyone = rows_of(nqpf("panel", scan, "--level", "all", "-f", "csv").stdout)
    assert {r["code"] for r in everyone} == {"100000", "110000", "410000"}
    one = rows_of(nqpf("panel", scan, "--years", "2023", "-f", "csv").stdout)
    assert [(r["code"], r["year"]) for r in one] == [("110000", "2023"), ("410000", "2023")]
    balanced = nqpf("panel", scan, "--balance", "-f", "csv")
    assert {r["code"] for r in rows_of(balanced.stdout)} == {"110000"}
    assert "without every year: 河南省" in balanced.stderr
    long = rows_of(nqpf("panel", scan, "--long", "--measure", "hits", "-f", "tsv").stdout, "\t")
    assert {r["measure"] for r in long} == {"hits", ""}
    assert len({(r["code"], r["year"], r["variable"]) for r in long}) == len(long)


def test_two_documents_for_a_cell_must_be_chosen_from(
    nqpf: Run, report: dict[str, Any], scan: Path
) -> None:
    with scan.open("a", encoding="utf-8") as f:
        f.write(line(report, "again.txt", BEIJING, 2024))
    done = nqpf("panel", scan, "-f", "csv")
    assert (done.returncode, done.stdout) == (1, "")
    assert "北京市 2024: b24.txt, again.txt" in done.stderr
    assert "--duplicates first|last" in done.stderr
    last = nqpf("panel", scan, "-f", "csv", "--duplicates", "last")
    assert rows_of(last.stdout)[1]["path"] == "again.txt"
    assert "b24.txt" in last.stderr


def test_a_panel_without_documents_says_the_next_step(nqpf: Run, scan: Path) -> None:
    done = nqpf("panel", scan, "--level", "city", "-f", "csv")
    assert (done.returncode, done.stdout) == (1, "")
    assert "--level" in done.stderr
    kind = nqpf("panel", scan, "--kind", "opinion")
    assert kind.returncode == 1
    assert "work_report 5" in kind.stderr


def test_the_codebook_in_every_format(nqpf: Run, tmp_path: Path) -> None:
    entries = json.loads(nqpf("codebook", "-f", "json").stdout)
    names = [e["name"] for e in entries]
    assert [r["name"] for r in rows_of(nqpf("codebook", "-f", "csv").stdout)] == names
    table = nqpf("codebook", "-f", "md").stdout.splitlines()
    assert len(table) == len(names) + 2
    assert {row.replace("\\|", "").count("|") for row in table} == {9}
    shown = nqpf("codebook", lang="zh").stdout
    assert "要素：句占比" in shown
    assert "Factors: share of sentences" in nqpf("codebook").stdout
    out = tmp_path / "codebook.csv"
    nqpf("codebook", "-o", out)
    assert out.read_bytes().startswith(b"\xef\xbb\xbfname,")


@pytest.mark.shared
def test_real_reports_become_a_panel(nqpf: Run, shared: Path, tmp_path: Path) -> None:
    pd = pytest.importorskip("pandas", reason="needs pip install 'nqpf[tables]'")
    pytest.importorskip("pyarrow", reason="needs pip install 'nqpf[tables]'")
    corpora = shared / "corpora"
    files = [*sorted(corpora.glob("北京-*.txt")), *sorted(corpora.glob("河北-*.txt"))[:1]]
    scan = tmp_path / "scan.jsonl"
    assert nqpf("score", *files, "-o", scan, "--coder", "rules").returncode == 0
    read = {"parquet": pd.read_parquet, "dta": pd.read_stata, "csv": pd.read_csv,
            "xlsx": pd.read_excel}  # fmt: skip
    frames = {}
    for suffix, reader in read.items():
        out = tmp_path / f"panel.{suffix}"
        assert nqpf("panel", scan, "-o", out).returncode == 0
        frames[suffix] = reader(out)
        frame = frames[suffix]
        assert list(frame["missing"].astype(str)) == [
            *({"dta": ["否"] * 3, "parquet": ["False"] * 3}.get(suffix, ["0"] * 3)),
            {"dta": "是", "parquet": "True"}.get(suffix, "1"),
        ]
        shares = frame["relations_share"]
        assert (shares[:3] > 0.05).all()
        assert shares[3:].isna().all()
        assert list(shares[:3]) == list(frames["parquet"]["relations_share"][:3])
