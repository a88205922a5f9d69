"""``nqpf scan --resume``: a scan that was killed goes on where it stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from subprocess import CompletedProcess

import pytest

from nqpf_cli.scan.journal import Journal

Run = Callable[..., CompletedProcess[str]]
SENTENCE = "大力发展新质生产力，推进新型城镇化。\n"
PATIENCE_S = 60.0
QUICK = ("--coder", "rules", "--resamples", "10", "--no-cache")
processes = pytest.mark.skipif(os.name == "nt", reason="this system has no kill -9")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty short documents, one of them bad, so that a kill falls between records."""
    root = tmp_path_factory.mktemp("resumed") / "plans"
    root.mkdir()
    for n in range(40):
        (root / f"{n:02d}.txt").write_text(SENTENCE * (20 + n % 7), encoding="utf-8")
    (root / "bad.pdf").write_text("no PDF", encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def undisturbed(nqpf: Run, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    out = tmp_path_factory.mktemp("whole") / "scan.jsonl"
    assert nqpf("scan", folder, "-o", out, *QUICK).returncode == 7
    whole = out.read_bytes()
    assert whole.count(b"\n") == 41
    return whole


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for something that must come; only how long it may take at the most is fixed."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.005)


@contextmanager
def scanning(
    environment: dict[str, str], *arguments: str | Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a scan as the head of a process group of its own, so that all of it can be seen."""
    with subprocess.Popen(
        [sys.executable, "-m", "nqpf_cli", "scan", *map(str, arguments), *QUICK],
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def gone(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


@processes
def test_a_scan_that_is_killed_and_resumed_gives_the_same_bytes(
    environment: dict[str, str], run: Run, folder: Path, undisturbed: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "scan.jsonl"
    random = Random(20240201)
    for jobs in ("1", "2"):
        begun = out.stat().st_size if out.exists() else 0
        enough = begun + random.randrange(len(undisturbed) // 3)
        arguments = (folder, "-o", out, "--resume", "--jobs", jobs)
        with scanning(environment, *arguments) as process:
            wait_until(lambda n=enough: out.exists() and out.stat().st_size > n)  # type: ignore[misc]
            process.send_signal(signal.SIGKILL)
            process.wait(PATIENCE_S)
        written = out.read_bytes()
        assert undisturbed.startswith(written)
        whole = written.rindex(b"\n")
        out.write_bytes(written[: whole - random.randrange(1, 200)])
    done = run("scan", folder, "-o", out, "--resume", *QUICK)
    assert done.returncode == 7
    assert "41 file(s), 1 failed" in done.stderr
    assert out.read_bytes() == undisturbed


@processes
def test_nothing_goes_on_after_a_scan_is_killed(
    environment: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe.txt"  # a worker that waits for it would wait for ever
    os.mkfifo(pipe)
    out = tmp_path / "scan.jsonl"
    with scanning(environment, folder / "00.txt", pipe, "-o", out) as process:
        wait_until(lambda: out.exists() and out.read_bytes().endswith(b"\n"))
        assert not gone(process.pid)
    wait_until(lambda: gone(process.pid))


def resumed(nqpf: Run, folder: Path, out: Path) -> CompletedProcess[str]:
    return nqpf("scan", folder, "-o", out, "--resume", *QUICK)


def test_a_scan_that_is_done_stays_as_it_is(
    nqpf: Run, folder: Path, undisturbed: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "scan.jsonl"
    out.write_bytes(undisturbed)
    done = resumed(nqpf, folder, out)
    assert (done.returncode, done.stdout) == (7, "")
    assert "41 file(s), 1 failed" in done.stderr  # the failure of the first run is not forgotten
    assert out.read_bytes() == undisturbed


@pytest.mark.parametrize("keep", [0, 1, 100])
def test_a_first_line_that_is_torn_is_written_anew(
    nqpf: Run, folder: Path, undisturbed: bytes, tmp_path: Path, keep: int
) -> None:
    out = tmp_path / "scan.jsonl"
    out.write_bytes(undisturbed[:keep])
    done = nqpf("scan", folder / "00.txt", "-o", out, "--resume", *QUICK)
    assert done.returncode == 0
    assert out.read_bytes() == undisturbed[: undisturbed.index(b"\n") + 1]


@pytest.mark.parametrize(
    "content",
    [
        b"my notes\n",
        b"my notes",
        b'{"id": 1, "labels": []}\n',
        b'{"id": 1, "labels": []}',
        b"[]\n",
        b'{"source": {"path": 3}}\n',
        b"\xff\xfe\n",
    ],
)
def test_a_file_that_is_no_scan_is_left_alone(
    nqpf: Run, folder: Path, tmp_path: Path, content: bytes
) -> None:
    out = tmp_path / "notes.jsonl"
    out.write_bytes(content)
    done = resumed(nqpf, folder, out)
    assert (done.returncode, done.stdout) == (2, "")
    assert "notes.jsonl" in done.stderr
    assert out.read_bytes() == content


def test_a_foreign_line_after_records_costs_nothing(
    nqpf: Run, folder: Path, undisturbed: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "scan.jsonl"
    first, second = undisturbed.split(b"\n")[:2]
    content = first + b"\nmy notes\n" + second + b"\n"
    out.write_bytes(content)
    assert resumed(nqpf, folder, out).returncode == 2
    assert out.read_bytes() == content


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--seed", "1"), "settings"),
        (("--tables", "exclude"), "settings"),
        (("--lexicon", "{tiny}"), "lexicon"),
    ],
)
def test_records_of_another_scan_are_not_mixed_with_these(
    nqpf: Run, folder: Path, undisturbed: bytes, tmp_path: Path, tiny: Path,
    options: tuple[str, ...], told: str,
) -> None:  # fmt: skip
    out = tmp_path / "scan.jsonl"
    content = undisturbed[: len(undisturbed) // 2]
    out.write_bytes(content)
    given = [x.format(tiny=tiny) for x in options]
    done = nqpf("scan", folder, "-o", out, "--resume", *QUICK, *given)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert out.read_bytes() == content


@pytest.mark.parametrize("output", [(), ("-o", "-")])
def test_resume_needs_a_file(nqpf: Run, folder: Path, output: tuple[str, ...]) -> None:
    done = nqpf("scan", folder, "--resume", *output)
    assert (done.returncode, done.stdout) == (2, "")
    assert "-o" in done.stderr


def test_without_resume_the_file_begins_anew(
    nqpf: Run, folder: Path, undisturbed: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "scan.jsonl"
    out.write_bytes(undisturbed)
    assert nqpf("scan", folder / "00.txt", "-o", out, *QUICK).returncode == 0
    assert out.read_bytes().count(b"\n") == 1


# --- trying again -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Mended:
    """A scan of which two documents of five had failed, and one of them has been mended since."""

    folder: Path
    before: bytes
    after: bytes  # what a scan of the mended folder gives

    def resume(self, nqpf: Run, out: Path, *more: str | Path) -> CompletedProcess[str]:
        return nqpf("scan", self.folder, "-o", out, *QUICK, *more)

    def record(self, name: str) -> bytes:
        (found,) = [r for r in self.after.splitlines(keepends=True) if name.encode() in r]
        return found


@pytest.fixture(scope="module")
def mended(nqpf: Run, tmp_path_factory: pytest.TempPathFactory) -> Mended:
    root = tmp_path_factory.mktemp("mended")
    folder, out = root / "plans", root / "scan.jsonl"
    folder.mkdir()
    for name in ("a", "c", "e"):
        (folder / f"{name}.txt").write_text(SENTENCE, encoding="utf-8")
    for name in ("b", "d"):
        (folder / f"{name}.txt").write_bytes(b"")
    found = []
    for _ in "12":
        assert nqpf("scan", folder, "-o", out, *QUICK).returncode == 7
        found.append(out.read_bytes())
        (folder / "b.txt").write_text(SENTENCE * 3, encoding="utf-8")
    return Mended(folder, found[0], found[1])


@pytest.mark.parametrize("kept", [5, 4, 2, 0])
def test_what_failed_is_read_again_in_its_place(
    nqpf: Run, mended: Mended, tmp_path: Path, kept: int
) -> None:
    out = tmp_path / "scan.jsonl"
    out.write_bytes(b"".join(mended.before.splitlines(keepends=True)[:kept]))
    done = mended.resume(nqpf, out, "--retry-failed", "--jobs", "2")
    assert done.returncode == 7
    assert "5 file(s), 1 failed" in done.stderr
    assert out.read_bytes() == mended.after
    assert list(tmp_path.iterdir()) == [out]


def test_trying_again_may_stop_at_a_failure(nqpf: Run, mended: Mended, tmp_path: Path) -> None:
    out = tmp_path / "scan.jsonl"
    out.write_bytes(b"".join(mended.before.splitlines(keepends=True)[:4]))
    done = mended.resume(nqpf, out, "--retry-failed", "--fail-fast")
    assert (done.returncode, out.read_bytes().count(b"\n")) == (7, 4)
    assert "1 file(s) were not read" in done.stderr
    mended.resume(nqpf, out, "--resume")
    assert out.read_bytes() == mended.after


@pytest.mark.parametrize("torn", [0, 1, 50])
@pytest.mark.parametrize("taken_over", [False, True])
@pytest.mark.parametrize("option", ["--resume", "--retry-failed"])
def test_a_scan_killed_while_it_tried_again_is_gone_on_with(
    nqpf: Run, mended: Mended, tmp_path: Path, option: str, taken_over: bool, torn: int
) -> None:
    out = tmp_path / "scan.jsonl"
    out.write_bytes(mended.after if taken_over else mended.before)
    beside = tmp_path / ".scan.jsonl.retried"
    beside.write_bytes(mended.record("b.txt") + mended.record("d.txt")[:torn])
    (tmp_path / ".scan.jsonl.merged").write_bytes(mended.after[:100])
    assert mended.resume(nqpf, out, option).returncode == 7
    assert out.read_bytes() == mended.after
    assert not beside.exists()


def test_a_full_disk_while_it_tried_again_loses_nothing(
    nqpf: Run, mended: Mended, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    out = tmp_path / "scan.jsonl"
    out.write_bytes(mended.before)
    with monkeypatch.context() as m:
        m.setattr("nqpf_cli.scan.journal._copy", full)
        done = mended.resume(nqpf, out, "--retry-failed")
    assert done.returncode == 6
    assert "No space left on device" in done.stderr
    assert out.read_bytes() == mended.before
    mended.resume(nqpf, out, "--resume")
    assert out.read_bytes() == mended.after


def test_a_scan_that_begins_anew_takes_nothing_over(
    nqpf: Run, mended: Mended, tmp_path: Path
) -> None:
    out = tmp_path / "scan.jsonl"
    (tmp_path / ".scan.jsonl.retried").write_bytes(mended.record("b.txt"))
    mended.resume(nqpf, out)
    assert list(tmp_path.iterdir()) == [out]


def test_a_scan_resumed_under_another_spelling_repeats_nothing(
    nqpf: Run, mended: Mended, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mended.folder.parent)
    out = tmp_path / "scan.jsonl"
    out.write_bytes(mended.before)
    done = nqpf("scan", f"./{mended.folder.name}", "-o", out, *QUICK, "--retry-failed")
    assert "5 file(s), 1 failed" in done.stderr
    assert out.read_bytes() == mended.after


# --- lists of files ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("listed")
    for name in ("乙.txt", "甲 1.txt", "丙.txt"):
        (root / name).write_text(SENTENCE, encoding="utf-8")
    return root


def order(done: CompletedProcess[str]) -> list[str]:
    assert done.returncode == 0, done.stderr
    return [Path(json.loads(r)["source"]["path"]).name for r in done.stdout.splitlines()]


def test_a_list_of_files_keeps_its_order(nqpf: Run, listed: Path) -> None:
    rows = [str(listed / name) for name in ("乙.txt", "甲 1.txt", "乙.txt")]
    text = "\r\n".join([*rows, "", ""]).encode()
    done = nqpf("scan", "--files-from", "-", *QUICK, stdin=text)
    assert order(done) == ["乙.txt", "甲 1.txt"]


def test_a_list_comes_after_what_is_named_and_may_be_parted_by_nul(nqpf: Run, listed: Path) -> None:
    path = listed / "list"
    path.write_bytes(b"\0".join(os.fsencode(listed / name) for name in ("乙.txt", "甲 1.txt")))
    done = nqpf("scan", listed / "丙.txt", "--files-from", path, *QUICK)
    assert order(done) == ["丙.txt", "乙.txt", "甲 1.txt"]


def test_a_list_may_begin_with_a_mark_and_name_what_ends_in_a_return(
    nqpf: Run, listed: Path, tmp_path: Path
) -> None:
    text = "\ufeff" + str(listed / "乙.txt") + "\r\n"
    done = nqpf("scan", "--files-from", "-", *QUICK, stdin=text.encode())
    assert order(done) == ["乙.txt"]
    if os.name != "nt":
        odd = tmp_path / "a.txt\r"
        odd.write_text(SENTENCE, encoding="utf-8")
        done = nqpf("scan", "--files-from", "-", "-q", *QUICK, stdin=os.fsencode(odd) + b"\0")
        assert "a.txt\\r" in done.stdout


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [("nowhere/gone.txt\n", 3, "gone.txt"), ("\n", 2, "no folder or file")],
)
def test_a_list_of_nothing_or_of_what_is_missing(
    nqpf: Run, text: str, code: int, told: str
) -> None:
    done = nqpf("scan", "--files-from", "-", stdin=text.encode())
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr


def test_a_missing_list(nqpf: Run, tmp_path: Path) -> None:
    assert nqpf("scan", "--files-from", tmp_path / "gone").returncode == 3


@pytest.mark.parametrize("jobs", ["0", "-1", "257", "many", "1.5", ""])
def test_a_number_of_workers_that_cannot_be(nqpf: Run, folder: Path, jobs: str) -> None:
    done = nqpf("scan", folder, "--jobs", jobs)
    assert (done.returncode, done.stdout) == (2, "")
    assert "auto" in done.stderr or "--jobs" in done.stderr


# --- one file, one scan -----------------------------------------------------------------------


@processes
@pytest.mark.parametrize("again", [(), ("--resume",)], ids=["anew", "resume"])
def test_a_file_that_another_scan_is_writing_is_left_to_it(
    nqpf: Run, folder: Path, tmp_path: Path, again: tuple[str, ...]
) -> None:
    out = tmp_path / "scan.jsonl"
    with Journal.begin(out) as journal:
        journal.write('{"schema_version":"1.0","source":{"path":"a"},"error":{"code":"empty"}}\n')
        written = out.read_bytes()
        done = nqpf("scan", folder, "-o", out, *QUICK, *again)
        assert (done.returncode, done.stdout) == (6, "")
        assert "another scan is writing" in done.stderr
        assert out.read_bytes() == written
    assert nqpf("scan", folder / "00.txt", "-o", out, *QUICK, *again).returncode == 0


@processes
def test_a_table_may_go_to_a_pipe(
    environment: dict[str, str], nqpf: Run, folder: Path, tmp_path: Path
) -> None:
    table = tmp_path / "scan.csv"
    nqpf("scan", folder / "00.txt", "-o", table, *QUICK)
    to_pipe = ("scan", str(folder / "00.txt"), "-f", "csv", "-o", "/dev/stdout", *QUICK)
    done = subprocess.run(
        [sys.executable, "-m", "nqpf_cli", *to_pipe],
        env=environment, capture_output=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, table.read_bytes())
    assert not Path("/dev/stdout.jsonl").exists()
