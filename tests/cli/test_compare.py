"""``nqpf compare``: what a reader and a program get, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from jsonschema import Draft202012Validator

Run = Callable[..., CompletedProcess[str]]
LAST = """河南省2024年政府工作报告

加快关键核心技术攻关，培育人才。

粮食总产量稳定在六百亿斤以上。
发展战略性新兴产业。
"""
THIS = LAST.replace("2024", "2025").replace("六百", "七百") + "推进新型城镇化。\n"
QUICK = ("--permutations", "99", "--resamples", "50")


@pytest.fixture
def years(tmp_path: Path) -> tuple[Path, Path]:
    paths = tmp_path / "2024.txt", tmp_path / "2025.txt"
    for path, text in zip(paths, (LAST, THIS), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def test_the_json_is_that_of_its_schema_and_the_same_every_time(
    nqpf: Run, years: tuple[Path, Path], report_pdf: Path
) -> None:
    arguments = (*years, report_pdf, "--indicators", "--format", "json", *QUICK)
    done = nqpf("compare", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    schema = json.loads(nqpf("schema", "compare").stdout)
    Draft202012Validator.check_schema(schema)
    view = json.loads(done.stdout)
    Draft202012Validator(schema).validate(view)
    assert nqpf("compare", *arguments, lang="zh").stdout == done.stdout
    assert [d["year"] for d in view["documents"]][:2] == [2024, 2025]
    assert (view["settings"]["permutations"], view["settings"]["seed"]) == (99, 20240201)
    pages = {s["second"]["page"] for o in view["shared_sentences"][1:] for s in o["sentences"]}
    assert None not in pages


def test_a_spreadsheet_gets_a_row_a_difference(nqpf: Run, years: tuple[Path, Path]) -> None:
    done = nqpf("compare", *years, "--format", "tsv", *QUICK)
    rows = list(csv.DictReader(io.StringIO(done.stdout), delimiter="\t"))
    assert len(rows) == 12
    (row,) = [r for r in rows if r["id"] == "urbanization"]
    assert (row["document"], row["against"]) == ("2", "1")
    assert float(row["share"]) - float(row["against_share"]) == pytest.approx(
        float(row["difference"])
    )
    out = years[0].with_suffix(".csv")
    assert nqpf("compare", *years, "-o", out, *QUICK).returncode == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbflevel,")


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        ("en", ("河南省 2025 work report", "2−1 [95%]", "permutation", "99 times, seed 20240201")),
        ("zh", ("河南省 2025 政府工作报告", "新型城镇化", "段落置换检验", "相似度", "共有的句子")),
    ],
)
def test_the_table_says_what_was_done(
    nqpf: Run, years: tuple[Path, Path], lang: str, wanted: tuple[str, ...]
) -> None:
    shown = nqpf("compare", *years, *QUICK, lang=lang).stdout
    for text in wanted:
        assert text in shown
    assert "粮食总产量稳定在[-六-]{+七+}百亿斤以上。" in shown


def test_many_documents_are_told_by_what_holds(nqpf: Run, tmp_path: Path) -> None:
    names = []
    for n in range(4):
        text = "推进新型城镇化。\n" if n == 3 else "发展战略性新兴产业。\n"
        path = tmp_path / f"{n}.txt"
        path.write_text(text * 40, encoding="utf-8")
        names.append(path)
    shown = nqpf("compare", *names, "--permutations", "1999", "--resamples", "50").stdout
    assert "Differences that hold" in shown
    assert "4−1" in shown
    assert "2−1" not in shown
    assert "100.0% ▲" in shown
    assert "100.0% ▼" not in shown


def test_markdown_has_shares_key_words_similarity_and_shared_sentences(
    nqpf: Run, years: tuple[Path, Path]
) -> None:
    for times, path in enumerate(years):
        more = "加快<b>壮大</b>海洋经济$x$产业集群。\n" + "推进城镇化。\n" * 9 * times
        path.write_text(path.read_text("utf-8") + more, encoding="utf-8")
    shown = nqpf("compare", *years, "--format", "md", "--sentences", "2", *QUICK).stdout
    blocks = [block.splitlines() for block in shown.split("\n\n")]
    tables = [block for block in blocks if block[0].startswith("|")]
    assert [rows[0].count("|") for rows in tables] == [7, 6, 5]
    assert all({row.count("|") for row in rows} == {rows[0].count("|")} for rows in tables)
    assert len(tables[0]) == 2 + 12
    assert any("城镇化" in row for row in tables[1])
    assert tables[2][2].startswith("| 1–2 | 0.")
    quotations = [row for row in blocks[-1] if row.startswith("- ")]
    assert len(quotations) == 2
    assert "加快\\<b\\>壮大\\</b\\>海洋经济\\$x\\$产业集群" in shown


def test_text_of_documents_steers_no_terminal(nqpf: Run, tmp_path: Path) -> None:
    a, b = tmp_path / "a.txt", tmp_path / "b.txt"
    for path in (a, b):
        path.write_text("发展海洋经济\x1b[31m和临港产业[red]集群\x07。\n" * 3, encoding="utf-8")
    shown = nqpf("compare", a, b, *QUICK).stdout
    assert "[red]" in shown
    assert "\x1b" not in shown
    assert "\x07" not in shown


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("2024.txt",), 2, "at least two files"),
        (("2024.txt", "2025.txt", "--against", "last"), 2, "first | rest"),
        (("2024.txt", "gone.txt"), 3, "gone.txt"),
        (("2024.txt", "2025.txt", "--format", "xlsx"), 2, "xlsx"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    nqpf: Run,
    years: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(years[0].parent)
    done = nqpf("compare", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
