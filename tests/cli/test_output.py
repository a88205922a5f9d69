"""``-o``: the suffix picks the format, and a file is written whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]
BOM = b"\xef\xbb\xbf"


def is_json(text: str) -> bool:
    return isinstance(json.loads(text), dict | list)


def is_json_lines(text: str) -> bool:
    return text.endswith("\n") and all(isinstance(json.loads(x), dict) for x in text.splitlines())


def is_csv(text: str) -> bool:
    rows = list(csv.reader(text.splitlines()))
    return len(rows) > 1 and len({len(r) for r in rows}) == 1 and len(rows[0]) > 3


def is_tsv(text: str) -> bool:
    rows = list(csv.reader(text.splitlines(), delimiter="\t"))
    return len(rows) > 1 and len({len(r) for r in rows}) == 1 and len(rows[0]) > 3


@pytest.mark.parametrize(
    ("command", "name", "check"),
    [
        ("score", "x.json", is_json),
        ("score", "x.JSON", is_json),
        ("score", "x.jsonl", is_json_lines),
        ("score", "x.ndjson", is_json_lines),
        ("score", "x.csv", is_csv),
        ("score", "x.tsv", is_tsv),
        ("score", "x", lambda text: "Three chains" in text),
        ("score", "x.md", lambda text: text.startswith("### ") and "| --- |" in text),
        ("explain", "x.json", is_json),
        ("explain", "x.jsonl", is_json_lines),
        ("explain", "x.csv", is_csv),
        ("explain", "x.tsv", is_tsv),
        ("explain", "x.txt", lambda text: "hit(s)" in text),
        ("text", "x.json", is_json),
        ("text", "x.txt", lambda text: "新质生产力" in text),
    ],
)
def test_the_suffix_picks_the_format(
    nqpf: Run, plan: Path, tmp_path: Path, command: str, name: str, check: Callable[[str], bool]
) -> None:
    out = tmp_path / name
    done = nqpf(command, plan, "-o", out, "-q")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert check(out.read_text(encoding="utf-8-sig"))


@pytest.mark.parametrize(
    ("arguments", "name", "check"),
    [
        (("demo",), "x.csv", is_csv),
        (("schema", "report"), "x.json", is_json),
        (("lexicon", "list"), "x.json", is_json),
        (("lexicon", "show", "factor"), "x.csv", is_csv),
        (("lexicon", "show", "factor"), "x.json", is_json),
    ],
)
def test_the_suffix_picks_the_format_where_there_is_no_file(
    nqpf: Run, tmp_path: Path, arguments: tuple[str, ...], name: str, check: Callable[[str], bool]
) -> None:
    out = tmp_path / name
    done = nqpf(*arguments, "-o", out)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert check(out.read_text(encoding="utf-8-sig"))


def test_the_option_wins_over_the_suffix(nqpf: Run, plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.csv"
    assert nqpf("score", plan, "-o", out, "--format", "json").returncode == 0
    assert is_json(out.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["x.xyz", "x.html", "x.txt"])
def test_a_suffix_that_cannot_be_written_is_wrong_usage(
    nqpf: Run, plan: Path, tmp_path: Path, name: str
) -> None:
    done = nqpf("score", plan, "-o", tmp_path / name)
    assert done.returncode == 2
    assert "json" in done.stderr
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("command", [("score",), ("explain",), ("lexicon", "show", "factor")])
def test_a_csv_file_opens_in_a_spreadsheet(
    nqpf: Run, plan: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    out = tmp_path / "x.csv"
    given = () if command[0] == "lexicon" else (plan,)
    assert nqpf(*command, *given, "-o", out).returncode == 0
    data = out.read_bytes()
    assert data.startswith(BOM)
    assert data.count(BOM) == 1
    piped = nqpf(*command, *given, "--format", "csv").stdout
    assert data.removeprefix(BOM).decode() == piped


@pytest.mark.parametrize("sign", "=+-@＝＋－＠")
def test_a_document_cannot_put_a_formula_into_a_spreadsheet(
    nqpf: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sign: str
) -> None:
    monkeypatch.chdir(tmp_path)
    name = f"{sign}cmd.txt"
    Path(name).write_text(f"{sign}HYPERLINK(1)新质生产力。\n", encoding="utf-8")
    for command in (("explain",), ("score",), ("kwic", "新质")):
        given = (command[0], "--format", "csv", "--", name, *command[1:])
        rows = list(csv.DictReader(io.StringIO(nqpf(*given).stdout, newline="")))
        assert rows
        for cell in (c for r in rows for c in (r["path"], r.get("sentence"), r.get("surface"))):
            assert cell is None or not cell.startswith(tuple("=+-@＝＋－＠\t\r\n"))
        assert {r["path"] for r in rows} == {f"'{name}"}


def test_a_scores_csv_has_a_row_for_every_figure(nqpf: Run, plan: Path) -> None:
    report = json.loads(nqpf("score", plan, "--format", "json").stdout)
    rows = list(csv.DictReader(nqpf("score", plan, plan, "--format", "csv").stdout.splitlines()))
    wanted = {("factor", ""): report["dimensions"]["factor"]["sentences"]}
    for stance, m in report["indicators"]["lockin.legacy"].items():
        wanted["lockin.legacy", stance] = m["sentences"]
    for key, sentences in wanted.items():
        found = [r for r in rows if (r["id"], r["stance"]) == key]
        assert [int(r["sentences"]) for r in found] == [sentences, sentences]
        assert {r["path"] for r in found} == {str(plan)}


# --- whole or not at all ----------------------------------------------------------------------


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return an output file that exists already, alone in its folder."""
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / "x.json"
    path.write_text("old", encoding="utf-8")
    return path


def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    nqpf: Run, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    done = nqpf("schema", "-o", old)
    assert done.returncode == 6
    assert "No space left on device" in done.stderr
    assert old.read_text(encoding="utf-8") == "old"
    assert list(old.parent.iterdir()) == [old]


def test_an_interrupt_leaves_the_old_file_and_nothing_else(
    nqpf: Run, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    assert nqpf("schema", "-o", old).returncode == 130
    assert old.read_text(encoding="utf-8") == "old"
    assert list(old.parent.iterdir()) == [old]


def test_a_success_replaces_the_old_file_and_leaves_nothing_else(nqpf: Run, old: Path) -> None:
    assert nqpf("schema", "-o", old).returncode == 0
    assert is_json(old.read_text(encoding="utf-8"))
    assert list(old.parent.iterdir()) == [old]


def test_a_folder_in_the_way_is_told(nqpf: Run, tmp_path: Path) -> None:
    out = tmp_path / "out" / "x.json"
    out.mkdir(parents=True)
    done = nqpf("schema", "-o", out)
    assert done.returncode == 6
    assert str(out) in done.stderr
    assert list(out.parent.iterdir()) == [out]


@pytest.mark.parametrize("problem", ["lexicon", "usage"])
def test_a_failure_before_the_work_leaves_the_old_file(
    nqpf: Run, old: Path, plan: Path, broken: Path, problem: str
) -> None:
    wrong = ("--lexicon", broken) if problem == "lexicon" else ("--engine", "nosuch")
    assert nqpf("score", plan, "-o", old, *wrong).returncode in (2, 4)
    assert old.read_text(encoding="utf-8") == "old"
    assert list(old.parent.iterdir()) == [old]


def test_an_output_has_the_usual_permissions(nqpf: Run, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch()
    out = tmp_path / "x.json"
    assert nqpf("schema", "-o", out).returncode == 0
    assert stat.S_IMODE(out.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_or_device_is_written_to_and_not_replaced(nqpf: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "x.json"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert nqpf("schema", "code", "-o", pipe).returncode == 0
        assert stat.S_ISFIFO(pipe.stat().st_mode)
        assert is_json(os.read(reader, 1 << 16).decode())
    finally:
        os.close(reader)


def test_a_link_is_followed_and_not_replaced(nqpf: Run, old: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(old)
    assert nqpf("schema", "-o", link).returncode == 0
    assert link.is_symlink()
    assert is_json(old.read_text(encoding="utf-8"))


@pytest.mark.parametrize("command", ["score", "scan"])
def test_a_dash_is_stdout(run: Run, plan: Path, command: str) -> None:
    done = run(command, plan, "--format", "jsonl", "-o", "-", cwd=plan.parent)
    assert is_json_lines(done.stdout)
    assert sorted(plan.parent.iterdir()) == [plan]


def test_problems_of_a_lexicon_go_where_the_output_goes(
    nqpf: Run, broken: Path, tmp_path: Path
) -> None:
    out = tmp_path / "problems"
    done = nqpf("lexicon", "check", broken, "-o", out)
    assert done.returncode == 4
    assert done.stdout == ""
    assert "lockin.toml:24:" in out.read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", ["score", "text", "scan"])
def test_a_full_stdout_is_told(environment: dict[str, str], plan: Path, command: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "nqpf_cli", command, str(plan)],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment,
            timeout=60,
            check=False,
        )
    assert done.returncode == 6
    assert b"cannot write stdout" in done.stderr
