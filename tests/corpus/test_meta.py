"""What the user knows of documents takes the place of what is read, and says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from nqpf_cli.analysis.given import division
from nqpf_cli.corpus.meta import Meta
from nqpf_cli.errors import UsageError

Run = Callable[..., CompletedProcess[str]]
TEXT = "河南省2025年政府工作报告\n\n培育人才，发展新质生产力。\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("湖北省", "420000"),
        ("420100", "420100"),
        ("武汉市", "420100"),
        ("全国", "100000"),
        ("鼓楼区", None),
        ("999999", None),
        ("亚特兰蒂斯", None),
    ],
)
def test_a_division_by_name_or_code(text: str, code: str | None) -> None:
    found = division(text)
    assert (found.code if found else None) == code


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str], Path]:
    def make(text: str) -> Path:
        path = tmp_path / "meta.csv"
        path.write_text(text, encoding="utf-8-sig")
        return path

    return make


def test_every_fault_is_told_with_its_line(table: Callable[[str], Path]) -> None:
    path = table("path,kind,year,jurisdiction\na,poem,2024,\nb,,soon,\nc,,,鼓楼区\na,,,\n,,,\n")
    with pytest.raises(UsageError) as told:
        Meta.read(str(path))
    for number in (2, 3, 4, 5, 6):
        assert f"meta.csv:{number}:" in str(told.value)
    with pytest.raises(UsageError, match="unknown column 'colour'"):
        Meta.read(str(table("path,colour\na,red\n")))
    with pytest.raises(UsageError, match="no column 'path'"):
        Meta.read(str(table("year\n2024\n")))
    with pytest.raises(UsageError, match=r"meta\.csv:3: more cells than columns"):
        Meta.read(str(table("path,title\na,b\nc,Plan, 2024\n")))


def test_a_scan_takes_what_is_known(
    nqpf: Run, table: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = tmp_path / "plans"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(TEXT, encoding="utf-8")
    meta = table("path,year,jurisdiction\na.txt,2031,武汉市\ngone.txt,2000,\n")
    scan = ("scan", folder, "--cache-dir", tmp_path / "cache", "--resamples", "10")
    plain = nqpf(*scan)
    done = nqpf(*scan, "--meta", meta)
    assert (done.returncode, "gone.txt" in done.stderr) == (0, True)
    a, b = (json.loads(line)["source"] for line in done.stdout.splitlines())
    assert (a["year"], a["jurisdiction"]["name"], a["jurisdiction"]["block"]) == (
        2031, "武汉市", "central",
    )  # fmt: skip
    assert a["jurisdiction"]["found_in"] == a["found_in"]["year"] == "meta"
    assert b == json.loads(plain.stdout.splitlines()[1])["source"]
    assert "1 from the cache" in done.stderr
    assert nqpf(*scan, "--meta", meta).stdout == done.stdout
    assert nqpf(*scan, "--meta", tmp_path / "no.csv").returncode == 3
