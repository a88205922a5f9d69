"""``nqpf trend``: from a scan or from documents, as a table, JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]
QUICK = ("--permutations", "199")


@pytest.fixture(scope="module")
def scan(nqpf: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what a scan of eight years writes: a new level from 2016 on, 2018 missing."""
    folder = tmp_path_factory.mktemp("years")
    lines = []
    for n, year in enumerate([2012, 2013, 2014, 2015, 2016, 2017, 2019, 2020, 2021]):
        industry = 4 + n % 2 if year < 2016 else 30 + n % 3
        path = folder / f"{year}.txt"
        text = f"河南省{year}年政府工作报告\n\n" + "发展战略性新兴产业。\n" * industry
        path.write_text(text + "今天天气很好。\n" * (100 - industry), encoding="utf-8")
        done = nqpf("score", path, "--coder", "rules", "--resamples", "50", "--format", "jsonl")
        lines.append(done.stdout)
    out = folder / "scan.jsonl"
    out.write_text("".join(lines), encoding="utf-8")
    return out


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        (
            "en",
            (
                "河南省 · work report · 2012–2021 (missing: 2018)", "◆ 2016 [2016]",
                "4.5% → 30.", "199 permutations of the years, seed 20240201", "(2017)",
            ),
        ),
        ("zh", ("（缺 2018）", "断点", "产业", "年份置换 199 次", "MOVER")),
    ],
)  # fmt: skip
def test_the_table_tells_years_changes_and_breaks(
    nqpf: Run, scan: Path, lang: str, wanted: tuple[str, ...]
) -> None:
    shown = nqpf("trend", scan, "--measure", "industry", *QUICK, lang=lang)
    assert (shown.returncode, shown.stderr) == (0, "")
    for text in wanted:
        assert text in shown.stdout


@pytest.mark.parametrize(("title", "warned"), [("数据条例", True), ("政府工作报告", False)])
def test_a_series_of_different_subjects_is_told(
    nqpf: Run, tmp_path: Path, title: str, warned: bool
) -> None:
    paths = [tmp_path / f"{year}.txt" for year in (2021, 2022)]
    for path in paths:
        text = f"河南省{title}\n\n（{path.stem}年3月1日）\n\n发展战略性新兴产业。\n"
        path.write_text(text, encoding="utf-8")
    shown = nqpf("trend", *paths, *QUICK).stdout
    assert "2021–2022" in shown
    assert ("joined by kind alone" in shown) == warned


def test_json_and_csv_say_the_same(nqpf: Run, scan: Path) -> None:
    asked = ("trend", scan, "--measure", "industry", *QUICK)
    view = json.loads(nqpf(*asked, "--format", "json").stdout)
    rows = list(csv.DictReader(io.StringIO(nqpf(*asked, "--format", "csv").stdout)))
    (series,) = view["series"]
    assert [p["share"] for p in series["points"]] == [float(r["share"]) for r in rows]
    assert [r["year"] for r in rows if r["break"] == "1"] == ["2016"]
    assert series["breaks"][0]["year"] == 2016
    assert rows[6]["since"] == "2017"


def test_a_scan_may_come_through_a_pipe(nqpf: Run, scan: Path) -> None:
    piped = nqpf("trend", "-", *QUICK, stdin=scan.read_bytes())
    assert piped.stdout == nqpf("trend", scan, *QUICK).stdout


def test_documents_are_scored_on_the_way(nqpf: Run, scan: Path) -> None:
    done = nqpf("trend", scan.parent / "2012.txt", scan.parent / "2013.txt", *QUICK)
    assert done.returncode == 0
    assert "2012–2013" in done.stdout
    assert "too few years" in done.stdout


def test_what_is_left_out_is_told_beside_the_data(nqpf: Run, scan: Path, tmp_path: Path) -> None:
    both = tmp_path / "both.jsonl"
    error = {"source": {"path": "bad\x1b.pdf"}, "error": {"code": "corrupt"}}
    both.write_text(scan.read_text(encoding="utf-8") + json.dumps(error) + "\n", encoding="utf-8")
    done = nqpf("trend", both, *QUICK)
    assert done.stderr == "left out: bad\N{REPLACEMENT CHARACTER}.pdf: corrupt\n"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--measure", "nonsense"), 2, "nonsense"),
        (("--jurisdiction", "火星"), 1, "no document makes a series"),
        (("gone.jsonl",), 3, "gone.jsonl"),
    ],
)
def test_what_cannot_be_shown_is_refused(
    nqpf: Run, scan: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = nqpf("trend", scan, *arguments, *QUICK)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
