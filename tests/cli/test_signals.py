"""Ended from outside, out of room, with a clock that jumps: what is done stays done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess
from types import ModuleType

import pytest

Run = Callable[..., CompletedProcess[str]]
QUICK = ("--coder", "rules", "--resamples", "10")
SENTENCE = "大力发展新质生产力，推进新型城镇化。\n"
TIMEOUT_S = 60
COUNT = 30
posix = pytest.mark.skipif(os.name == "nt", reason="this system has no signals to speak of")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("ended") / "plans"
    root.mkdir()
    for n in range(COUNT):
        (root / f"{n:02d}.txt").write_text(SENTENCE * (100 + n), encoding="utf-8")
    (root / "03.pdf").write_text("no PDF, which stderr tells once its record is out", "utf-8")
    return root


@pytest.fixture(scope="module")
def undisturbed(nqpf: Run, folder: Path) -> bytes:
    done = nqpf("scan", folder, *QUICK)
    assert done.returncode == 7
    return done.stdout.encode()


@contextmanager
def started(
    environment: dict[str, str], *arguments: str | Path
) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-m", "nqpf_cli", *map(str, arguments)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,  # what readline took beyond its line, communicate would not see
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda s: s.name)
def test_a_scan_that_is_told_to_end_ends_with_whole_records_and_goes_on_later(
    environment: dict[str, str],
    nqpf: Run,
    folder: Path,
    undisturbed: bytes,
    tmp_path: Path,
    number: signal.Signals,
) -> None:
    out = tmp_path / "scan.jsonl"
    with started(environment, "scan", folder, "-o", out, *QUICK) as process:
        assert process.stderr is not None
        assert b"03.pdf" in process.stderr.readline()
        process.send_signal(number)
        _, told = process.communicate(timeout=TIMEOUT_S)
    written = out.read_bytes()
    assert (process.returncode, b"Traceback" in told) == (130, False)
    assert written.count(b"\n") > 3
    assert written.endswith(b"\n")
    assert undisturbed.startswith(written)
    assert nqpf("scan", folder, "-o", out, "--resume", *QUICK).returncode == 7
    assert out.read_bytes() == undisturbed


@posix
def test_a_command_that_is_told_to_end_leaves_the_old_file_and_nothing_else(
    environment: dict[str, str], plan: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    out = folder / "x.json"
    out.write_text("old", encoding="utf-8")
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    # The first file is told missing, then the command waits for the pipe.
    with started(environment, "score", tmp_path / "gone.txt", pipe, "-o", out) as process:
        held = os.open(pipe, os.O_RDWR)
        assert process.stderr is not None
        assert b"gone.txt" in process.stderr.readline()
        process.terminate()
        process.communicate(timeout=TIMEOUT_S)
        os.close(held)
    assert process.returncode == 130
    assert out.read_text(encoding="utf-8") == "old"
    assert list(folder.iterdir()) == [out]


def test_a_command_that_is_told_to_end_while_it_starts_says_nothing(
    nqpf: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(ModuleType):
        def __getattr__(self, name: str) -> object:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "nqpf_cli.cli.app", Interrupted("nqpf_cli.cli.app"))
    done = nqpf("demo")
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@posix
def test_a_full_disk_costs_the_record_that_found_no_room(
    environment: dict[str, str], nqpf: Run, folder: Path, undisturbed: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "scan.jsonl"
    room = undisturbed.index(b"\n") + 1000
    # The limit of a file's size stands for the disk's; it holds for all that a process writes.
    script = (
        "import resource, runpy, sys; "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room})); "
        "sys.argv = ['nqpf', *sys.argv[1:]]; runpy.run_module('nqpf_cli', run_name='__main__')"
    )
    done = subprocess.run(
        # -B: Python would leave its own compiled modules cut off.
        [sys.executable, "-B", "-c", script, "scan", str(folder), "-o", str(out), *QUICK],
        env=environment,
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 6, done.stderr
    assert b"cannot write" in done.stderr
    assert b"Traceback" not in done.stderr
    assert undisturbed.startswith(out.read_bytes())
    assert out.read_bytes().count(b"\n") == 1
    assert nqpf("scan", folder, "-o", out, "--resume", *QUICK).returncode == 7
    assert out.read_bytes() == undisturbed


@pytest.mark.parametrize("number", [13, 30], ids=["permission", "read-only"])
def test_a_folder_that_may_not_be_written_is_told(
    nqpf: Run, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def closed(**_: object) -> object:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tempfile, "mkstemp", closed)
    done = nqpf("score", plan, "-o", tmp_path / "x.json")
    assert (done.returncode, done.stdout) == (6, "")
    assert os.strerror(number) in done.stderr
    assert list(tmp_path.iterdir()) == [plan]


def test_a_clock_that_goes_back_costs_nothing(
    nqpf: Run, folder: Path, undisturbed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    now = iter(range(2_000_000_000, 0, -3600))
    monkeypatch.setattr(time, "time", lambda: float(next(now)))
    done = nqpf("scan", folder, *QUICK)
    assert done.returncode == 7
    assert done.stdout.encode() == undisturbed


def test_a_file_that_vanishes_while_others_are_scored_is_a_record(
    environment: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    gone = tmp_path / "gone.txt"
    gone.write_bytes((folder / "00.txt").read_bytes())
    # So many come before it that the pipe is full of their records before it is read.
    many = [str(folder / f"{n:02d}.txt") for n in range(COUNT)]
    with started(environment, "scan", *many, gone, *QUICK) as process:
        assert process.stdout is not None
        process.stdout.readline()
        gone.unlink()
        rest, _ = process.communicate(timeout=TIMEOUT_S)
    last = json.loads(rest.splitlines()[-1])
    assert process.returncode == 7
    assert (last["source"]["path"], last["error"]["code"]) == (str(gone), "not_found")
