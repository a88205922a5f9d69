"""``nqpf reference`` and ``--reference``: sets of one's own, and the percentiles from them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Run = Callable[..., CompletedProcess[str]]
LINES = (
    "发展新质生产力，培育战略性新兴产业。",
    "淘汰落后产能。",
    "今天天气很好。",
    "加强人才培养。",
)


@pytest.fixture(scope="module")
def scan(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scan of 24 short reports and a file that cannot be read."""
    folder = tmp_path_factory.mktemp("reports")
    for n in range(24):
        text = f"河南省{2000 + n}年政府工作报告\n\n" + "\n\n".join(LINES[: 1 + n % 4] * (1 + n % 3))
        (folder / f"{n:02d}.txt").write_text(text, encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4\n")
    out = folder.parent / "scan.jsonl"
    assert run("scan", folder, "-o", out).returncode == 7
    return out


@pytest.fixture(scope="module")
def own(nqpf: Run, scan: Path) -> Path:
    out = scan.parent / "henan.csv"
    done = nqpf("reference", "build", scan, "-o", out)
    assert (done.returncode, done.stdout) == (0, "")
    assert "24 document(s); left out: 1 failed" in done.stderr
    return out


def report(nqpf: Run, *arguments: str | Path) -> dict[str, Any]:
    done = nqpf("score", *arguments, "--format", "json")
    assert done.returncode == 0
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_percentiles_come_from_the_set_that_is_given(
    nqpf: Run, own: Path, scan: Path, plan: Path
) -> None:
    found = report(nqpf, plan, "--reference", own)
    assert found["reference"]["name"] == "henan"
    # The plan is of 2025: one report lies within two years, all are of its kind and level.
    assert (found["reference"]["n"], found["reference"]["basis"]) == (24, "kind+level")
    own_share = found["dimensions"]["factor"]["sentence_share"]
    lines = map(json.loads, scan.read_text(encoding="utf-8").splitlines())
    others = [r["dimensions"]["factor"]["sentence_share"] for r in lines if "error" not in r]
    rank = sum(o < own_share for o in others) + sum(o == own_share for o in others) / 2
    assert found["dimensions"]["factor"]["percentile"] == round(100 * rank / 24, 2)
    assert found["quality"]["warnings"] == report(nqpf, plan)["quality"]["warnings"]


def test_the_shipped_set_is_the_default(nqpf: Run, plan: Path) -> None:
    for coder in ("model", "rules"):
        found = report(nqpf, plan, "--coder", coder)
        assert found["reference"]["basis"] == "kind+level+years"
        assert found["reference"]["name"].endswith(coder)
        assert found["dimensions"]["factor"]["percentile"] is not None


def test_none_gives_none(nqpf: Run, plan: Path) -> None:
    found = report(nqpf, plan, "--reference", "none")
    assert found["reference"] is None
    assert found["dimensions"]["factor"]["percentile"] is None


def test_another_lexicon_gives_a_warning_and_no_percentiles(
    nqpf: Run, plan: Path, tiny: Path
) -> None:
    found = report(nqpf, plan, "--lexicon", tiny)
    assert (found["reference"]["n"], found["reference"]["basis"]) == (0, None)
    assert found["dimensions"]["factor"]["percentile"] is None
    codes = [w["code"] for w in found["quality"]["warnings"]]
    assert "reference_other_lexicon" in codes


@pytest.mark.parametrize("command", ["score", "scan"])
def test_a_set_that_is_not_there_is_told_once(nqpf: Run, plan: Path, command: str) -> None:
    done = nqpf(command, plan, plan, "--reference", "nosuch.csv")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.count("nosuch.csv") == 1


def test_a_scan_does_not_go_on_with_another_set(
    nqpf: Run, run: Run, own: Path, plan: Path, tmp_path: Path
) -> None:
    out = tmp_path / "scan.jsonl"
    assert run("scan", plan, "-o", out).returncode == 0
    for reference in (own, "none"):
        done = nqpf("scan", plan, "-o", out, "--resume", "--reference", reference)
        assert done.returncode == 2
        assert "another reference" in done.stderr
    assert nqpf("scan", plan, "-o", out, "--resume").returncode == 0


def test_the_cache_knows_the_set(run: Run, own: Path, plan: Path) -> None:
    names = [
        (json.loads(run("scan", plan, *more).stdout)["reference"] or {}).get("name")
        for more in ((), ("--reference", own), ("--reference", "none"), ())
    ]
    assert names == ["nqpf-work-reports-model", "henan", None, "nqpf-work-reports-model"]


def test_the_table_says_what_is_compared(nqpf: Run, own: Path, plan: Path) -> None:
    shown = nqpf("score", plan, "--reference", own).stdout
    assert "among 24 documents of henan" in shown
    assert "among" not in nqpf("score", plan, "--reference", "none").stdout
    zh = nqpf("score", plan, "--reference", own, lang="zh").stdout
    assert "24 份文档" in zh


def test_criteria_are_chosen_and_few_are_told(nqpf: Run, own: Path, plan: Path) -> None:
    # All of the set are of Henan, in the block of the plan, one of them at most two years away.
    for asked, basis, n, code in (
        ("level， kind", "kind+level", 24, None),
        ("kind,level,years", None, 1, "reference_too_few"),
        ("kind,level,year", None, 0, "reference_too_few"),
        ("block,level,kind", "kind+level+block", 24, None),
        ("all", "all", 24, None),
    ):
        found = report(nqpf, plan, "--reference", own, "--comparable", asked)
        assert (found["reference"]["basis"], found["reference"]["n"]) == (basis, n)
        assert (found["dimensions"]["factor"]["percentile"] is None) == (basis is None)
        codes = [w["code"] for w in found["quality"]["warnings"]]
        assert codes.count(code) == (code is not None)


def test_a_place_is_ranked_in_its_block(nqpf: Run, own: Path, scan: Path) -> None:
    henan = next(scan.parent.glob("reports*/23.txt"))  # of 2023, itself one of the set
    found = report(nqpf, henan, "--reference", own)["reference"]
    assert (found["n"], found["block"]["name"], found["block"]["n"]) == (23, "central", 23)
    shown = report(nqpf, henan, "--reference", own)
    assert found["block"]["percentiles"]["factor"] == shown["dimensions"]["factor"]["percentile"]
    table = nqpf("score", henan, "--reference", own).stdout
    assert "P central: among the 23 in the same block" in " ".join(table.split())
    rows = nqpf("score", henan, "--reference", own, "--format", "csv").stdout.splitlines()
    assert rows[0].endswith("percentile,percentile_block")
    only = nqpf("score", henan, "--reference", own, "--comparable", "kind,block").stdout
    assert "same kind and block" in only
    assert "P central" not in only


@pytest.mark.parametrize("asked", ["kind,colour", "year,years", "auto,kind", ""])
def test_criteria_that_make_no_sense_are_refused(nqpf: Run, plan: Path, asked: str) -> None:
    done = nqpf("score", plan, "--comparable", asked)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--comparable" in done.stderr


def test_the_long_table_has_percentiles(nqpf: Run, own: Path, plan: Path) -> None:
    text = nqpf("score", plan, "--reference", own, "--format", "csv").stdout
    rows = {(r["id"], r["stance"]): r for r in csv.DictReader(io.StringIO(text))}
    percentiles = {r["percentile"] for r in rows.values()}
    assert "" not in percentiles
    assert all(0 <= float(p) <= 100 for p in percentiles)


def test_info_counts_what_is_in_a_set(nqpf: Run, own: Path) -> None:
    done = nqpf("reference", "info", own, "--format", "json")
    info = json.loads(done.stdout)
    assert info["counts"]["kind"] == {"work_report": 24}
    assert info["counts"]["block"] == {"central": 24}
    assert len(info["counts"]["year"]) == 24
    assert info["name"] == "henan"
    assert "24 document(s)" in nqpf("reference", "info", own).stdout
    assert "政府工作报告" in nqpf("reference", "info", lang="zh").stdout


def test_info_gives_the_figures_in_long_form(nqpf: Run, own: Path, scan: Path) -> None:
    text = nqpf("reference", "info", own, "--format", "csv").stdout
    rows = {(r["name"], r["measure"]): r for r in csv.DictReader(io.StringIO(text))}
    for line in scan.read_text(encoding="utf-8").splitlines():
        scanned = json.loads(line)
        if "error" in scanned:
            continue
        m = scanned["obstructions"]["lockin"]["remedy"]
        row = rows[Path(scanned["source"]["path"]).stem, "lockin.remedy"]
        for key in ("hits", "density", "sentences", "sentence_share", "breadth"):
            assert float(row[key]) == m[key]


def test_what_is_no_scan_makes_no_set(nqpf: Run, plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    done = nqpf("reference", "build", plan, "-o", out)
    assert done.returncode == 3
    assert not out.exists()
