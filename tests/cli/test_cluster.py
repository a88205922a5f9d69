"""``nqpf cluster``: a tree of documents, by words or by shares."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]
SEA = "发展海洋经济，建设港口，振兴渔业。\n"
STEPPE = "保护草原生态，壮大畜牧业，发展风电。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for n, (place, text) in enumerate(
        [("浙江省", SEA), ("福建省", SEA), ("山东省", SEA), ("宁夏", STEPPE), ("内蒙古", STEPPE)]
    ):
        path = tmp_path / f"{n}.txt"
        path.write_text(f"{place}2025年政府工作报告\n\n{text * (4 + n)}", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        ("en", ("5 documents, 2 clusters", "浙江省 2025 work report", "silhouette", "畜牧业")),
        ("zh", ("5 份文档，2 类", "浙江省 2025 政府工作报告", "轮廓系数", "─┘")),
    ],
)
def test_a_folder_becomes_a_tree(
    nqpf: Run, folder: Path, lang: str, wanted: tuple[str, ...]
) -> None:
    done = nqpf("cluster", folder, lang=lang)
    assert (done.returncode, done.stderr) == (0, "")
    for text in wanted:
        assert text in done.stdout


@pytest.mark.parametrize("by", ["text", "shares"])
@pytest.mark.parametrize(
    ("lang", "wanted"),
    [("en", ("4 documents, one group", "no split holds")), ("zh", ("4 份文档，一类", "站得住"))],
)
def test_copies_are_one_group_and_the_reason_is_told(
    nqpf: Run, tmp_path: Path, lang: str, wanted: tuple[str, ...], by: str
) -> None:
    for n in range(4):
        (tmp_path / f"{n}.txt").write_text(f"浙江省2025年政府工作报告\n\n{SEA}", encoding="utf-8")
    done = nqpf("cluster", tmp_path, "--by", by, "--resamples", "10", lang=lang)
    assert done.returncode == 0
    assert all(text in done.stdout for text in wanted)


def test_every_format_tells_the_same_clusters(nqpf: Run, folder: Path) -> None:
    view = json.loads(nqpf("cluster", folder, "--format", "json").stdout)
    rows = list(csv.DictReader(io.StringIO(nqpf("cluster", folder, "--format", "csv").stdout)))
    clusters = {d["path"]: str(d["cluster"]) for d in view["documents"]}
    assert {r["path"]: r["cluster"] for r in rows} == clusters
    assert len({clusters[str(folder / f"{n}.txt")] for n in range(3)}) == 1
    assert nqpf("cluster", folder, "--format", "newick").stdout == view["newick"] + "\n"


def test_shares_of_a_scan_and_of_documents_make_the_same_tree(nqpf: Run, folder: Path) -> None:
    lines = [
        nqpf("score", folder / f"{n}.txt", "--format", "jsonl", "--resamples", "10").stdout
        for n in range(5)
    ]
    scan = folder / "scan.jsonl"
    error = {"source": {"path": "bad.pdf"}, "error": {"code": "corrupt"}}
    scan.write_text("".join(lines) + json.dumps(error) + "\n", encoding="utf-8")
    done = nqpf("cluster", scan)
    assert done.returncode == 0
    assert done.stderr == "left out: bad.pdf: corrupt\n"
    assert "Mean shares of the clusters" in done.stdout
    scanned = json.loads(nqpf("cluster", scan, "--format", "json").stdout)
    scored = json.loads(nqpf("cluster", folder, "--by", "shares", "--format", "json").stdout)
    assert scanned == scored


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("0.txt", "1.txt"), 1, "3 documents at least"),
        ((".", "--clusters", "5"), 2, "4 at most"),
        ((".", "--by", "colour"), 2, "text | shares"),
        (("scan.jsonl", "--by", "text"), 2, "no text in scan.jsonl"),
        (("gone",), 3, "gone"),
    ],
)
def test_what_makes_no_clusters_is_refused(
    nqpf: Run,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(folder)
    done = nqpf("cluster", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
