"""``nqpf scan``: a folder in, a flushed line a document out, in a fixed order."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess, Popen
from typing import Any

import pytest

Run = Callable[..., CompletedProcess[str]]
SENTENCE = "大力发展新质生产力，推进新型城镇化。\n"
pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")


FOUND = ["a.md", "b.txt", "bad.pdf", "another/e.txt", "sub/c.TXT", "sub/deeper/d.txt"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with documents, one bad among them, and with what is no document."""
    root = tmp_path_factory.mktemp("scanned") / "plans"
    passed_over = (".hidden.txt", ".git/f.txt", "~$g.docx", "h.tmp", "notes.csv", "i.txt.part")
    for name in (*FOUND, *passed_over):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SENTENCE, encoding="utf-8")
    (root / "sub" / "loop").symlink_to(root, target_is_directory=True)
    return root


@pytest.fixture(scope="module")
def scanned(run: Run, folder: Path) -> CompletedProcess[str]:
    """Return what a scan of the folder gives; the PDF in it is none."""
    return run("scan", folder)


def records(done: CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.stdout.endswith("\n")
    return [json.loads(line) for line in done.stdout.splitlines()]


def paths(done: CompletedProcess[str]) -> list[str]:
    return [r["source"]["path"] for r in records(done)]


def test_documents_come_sorted_and_hidden_ones_not_at_all(
    scanned: CompletedProcess[str], folder: Path
) -> None:
    assert paths(scanned) == [str(folder / name) for name in FOUND]


def test_one_bad_file_costs_nothing_else(scanned: CompletedProcess[str], folder: Path) -> None:
    assert scanned.returncode == 7
    found = records(scanned)
    (bad,) = [r for r in found if "error" in r]
    assert list(bad) == ["schema_version", "source", "error"]
    assert bad["source"] == {"path": str(folder / "bad.pdf")}
    assert bad["error"]["code"] == "corrupt"
    good = [r for r in found if "error" not in r]
    assert len(good) == len(FOUND) - 1
    assert all(r["dimensions"]["factor"]["sentences"] == 1 for r in good)
    assert "bad.pdf: corrupt" in scanned.stderr
    assert "6 file(s), 1 failed" in scanned.stderr


def test_a_bad_file_is_told_in_the_language_and_recorded_in_english(
    run: Run, scanned: CompletedProcess[str], folder: Path
) -> None:
    done = run("scan", folder, NQPF_LANG="zh")
    assert "名为 PDF，内容却不是" in done.stderr
    assert done.stdout == scanned.stdout


def test_a_line_is_what_score_says_of_the_file(
    nqpf: Run, scanned: CompletedProcess[str], folder: Path
) -> None:
    done = nqpf("score", *(folder / name for name in FOUND), "--format", "jsonl")
    assert done.stdout == scanned.stdout


def test_the_same_bytes_into_a_file(
    nqpf: Run, scanned: CompletedProcess[str], folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "scan.jsonl"
    done = nqpf("scan", folder, "-o", out, "-q")
    assert (done.returncode, done.stdout, done.stderr) == (7, "", "")
    assert out.read_text(encoding="utf-8") == scanned.stdout


def test_the_same_bytes_whatever_the_number_of_workers(
    nqpf: Run, scanned: CompletedProcess[str], folder: Path
) -> None:
    done = nqpf("scan", folder, "--jobs", "2")
    assert (done.returncode, done.stdout) == (7, scanned.stdout)


def test_a_file_named_by_its_path_is_scored_once_though_hidden(nqpf: Run, folder: Path) -> None:
    hidden, plain = folder / ".hidden.txt", folder / "b.txt"
    done = nqpf("scan", hidden, plain, folder / "sub", plain)
    assert done.returncode == 0
    below = [str(folder / name) for name in ("sub/c.TXT", "sub/deeper/d.txt")]
    assert paths(done) == [str(hidden), str(plain), *below]


def test_patterns_choose_and_leave_out(nqpf: Run, folder: Path) -> None:
    done = nqpf("scan", folder, "--glob", "*.txt", "--glob", "*.md", "--exclude", "d*")
    assert done.returncode == 0
    assert paths(done) == [str(folder / name) for name in ("a.md", "b.txt", "another/e.txt")]


def test_a_folder_without_documents(nqpf: Run, tmp_path: Path) -> None:
    done = nqpf("scan", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "--glob" in done.stderr


def test_a_missing_folder(nqpf: Run, tmp_path: Path) -> None:
    done = nqpf("scan", tmp_path / "missing")
    assert (done.returncode, done.stdout) == (3, "")
    assert "missing" in done.stderr


def test_a_missing_path_beside_others_is_a_record_in_its_place(
    nqpf: Run, folder: Path, tmp_path: Path
) -> None:
    gone = tmp_path / "gone.txt"
    rows = f"{gone}\n{folder / 'b.txt'}\n{folder / 'sub' / '..' / 'b.txt'}\n".encode()
    done = nqpf("scan", folder / "a.md", "--files-from", "-", stdin=rows)
    assert done.returncode == 7
    assert paths(done) == [str(folder / "a.md"), str(gone), str(folder / "b.txt")]
    assert records(done)[1]["error"]["code"] == "not_found"
    assert "1 file(s) were given more than once" in done.stderr


def test_an_output_that_cannot_be_written(nqpf: Run, folder: Path, tmp_path: Path) -> None:
    assert nqpf("scan", folder, "-o", tmp_path / "no" / "x.jsonl").returncode == 6


@contextmanager
def waiting(environment: dict[str, str], first: Path, second: Path) -> Iterator[Popen[bytes]]:
    """Run a scan that has written its first record and waits to read its second document."""
    os.mkfifo(second)
    with subprocess.Popen(
        [sys.executable, "-m", "nqpf_cli", "scan", str(first), str(second)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def first_record(process: Popen[bytes]) -> dict[str, Any]:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], 60)
    assert ready, "no record came while the scan waited for its next document"
    record: dict[str, Any] = json.loads(process.stdout.readline())
    return record


@pipes
def test_a_record_is_there_before_the_next_document_is_read(
    environment: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe.txt"
    with waiting(environment, folder / "b.txt", pipe) as process:
        assert first_record(process)["source"]["path"] == str(folder / "b.txt")
        pipe.write_text(SENTENCE, encoding="utf-8")
        rest, _ = process.communicate(timeout=60)
        assert json.loads(rest)["source"]["path"] == str(pipe)
        assert process.returncode == 0


@pipes
def test_an_interrupted_scan_keeps_its_records(
    environment: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    with waiting(environment, folder / "b.txt", tmp_path / "pipe.txt") as process:
        assert "dimensions" in first_record(process)
        process.send_signal(signal.SIGINT)
        rest, told = process.communicate(timeout=60)
        assert process.returncode == 130
        assert rest == b""
        assert b"Traceback" not in told


# --- tables -----------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx", "dta", "parquet"])
def test_a_scan_straight_into_a_table_is_the_table_of_the_scan(
    nqpf: Run, folder: Path, tmp_path: Path, suffix: str
) -> None:
    records, made, expected = (tmp_path / n for n in ("scan.jsonl", "a", "b"))
    straight, later = made.with_suffix(f".{suffix}"), expected.with_suffix(f".{suffix}")
    assert nqpf("scan", folder, "-o", records).returncode == 7
    assert nqpf("scan", folder, "-o", straight).returncode == 7
    assert nqpf("table", records, "-o", later).returncode == 0
    assert straight.read_bytes() == later.read_bytes()
    assert not straight.with_name(straight.name + ".jsonl").exists()


def test_a_table_on_standard_output(nqpf: Run, folder: Path) -> None:
    done = nqpf("scan", folder, "--format", "csv")
    assert done.stdout.startswith("path,")
    assert done.stdout.count("\n") == len(done.stdout.splitlines()) > 2
    assert nqpf("scan", folder, "--format", "xlsx").returncode == 2


@pytest.mark.parametrize(("changed", "workers"), [(2, 2), (1, 1), (0, None)])
def test_no_more_workers_start_than_there_are_files_to_score(
    nqpf: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: int, workers: int | None
) -> None:
    import pebble

    asked: list[int] = []
    begin = pebble.ProcessPool

    def counted(max_workers: int, **more: Any) -> Any:
        asked.append(max_workers)
        return begin(max_workers, **more)

    folder = tmp_path / "plans"
    folder.mkdir()
    for n in range(3):
        (folder / f"{n}.txt").write_text("推进新型城镇化。", encoding="utf-8")
    arguments = ("scan", folder, "--cache-dir", tmp_path / "cache", "--jobs", "64")
    assert nqpf(*arguments).returncode == 0
    for n in range(changed):
        (folder / f"{n}.txt").write_text("深化要素市场化配置改革。", encoding="utf-8")
    monkeypatch.setattr(pebble, "ProcessPool", counted)
    monkeypatch.setattr("nqpf_cli.scan.queue.processors", lambda: 1)
    done = nqpf(*arguments)
    assert done.returncode == 0
    assert "more than 4 processes are of no use" in done.stderr
    assert asked == ([] if workers is None else [workers])
