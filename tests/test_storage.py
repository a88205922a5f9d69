"""Documents by URL, as documents by path."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from nqpf_cli.errors import InputError, MissingExtraError, NotFoundError, TooLargeError, UsageError
from nqpf_cli.files import read_bytes
from nqpf_cli.scan import find_files

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def store() -> Iterator[str]:
    fsspec = pytest.importorskip("fsspec")
    system = fsspec.filesystem("memory")
    for name in ("b.txt", "a.txt", "deep/c.txt", ".hidden/d.txt", "~$e.txt", "f.jpg"):
        system.pipe(f"/plans/{name}", "培育人才。".encode())
    yield "memory://plans"
    system.rm("/plans", recursive=True)


def test_a_folder_is_walked_like_a_local_one(store: str) -> None:
    names = [u.rsplit("plans/", 1)[1] for u in find_files([store])]
    assert names == ["a.txt", "b.txt", "deep/c.txt"]
    assert len(find_files([store], ["*.jpg"])) == 1
    assert len(find_files([f"{store}/a.txt", store, store + "/"])) == 3


def test_a_file_by_path_and_by_url_is_one(tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    (tmp_path / "a.txt").write_text("培育人才。", encoding="utf-8")
    assert find_files([str(tmp_path), f"file://{tmp_path}/"]) == [str(tmp_path / "a.txt")]


def test_bytes_are_read_up_to_the_limit(store: str) -> None:
    assert read_bytes(f"{store}/a.txt").decode() == "培育人才。"
    with pytest.raises(TooLargeError):
        read_bytes(f"{store}/a.txt", 3)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("memory://plans/no.txt", NotFoundError),
        ("nosuchstore://x/y", InputError),
        ("s3://user:secret@bucket/x", UsageError),
    ],
)
def test_what_cannot_be_read_is_told(store: str, url: str, error: type[Exception]) -> None:
    for attempt in (read_bytes, lambda u: find_files([u])):
        with pytest.raises(error) as told:
            attempt(url)
        assert "secret" not in str(told.value)


def test_a_store_without_its_driver_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("fsspec")
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(MissingExtraError, match="gs://"):
        read_bytes("gs://bucket/x.txt")


def test_a_scan_by_url_has_the_figures_of_one_by_path(nqpf: Run, sample: Path) -> None:
    pytest.importorskip("fsspec")
    by_path = nqpf("scan", sample / "report.md", "--no-cache")
    by_url = nqpf("scan", f"file://{sample / 'report.md'}", "--no-cache")
    assert by_url.returncode == 0
    assert by_url.stdout.replace("file://", "") == by_path.stdout


# --- writing ----------------------------------------------------------------------------------


@pytest.fixture
def empty_store() -> Iterator[Any]:
    fsspec = pytest.importorskip("fsspec")
    system = fsspec.filesystem("memory")
    system.mkdir("/out")
    yield system
    system.rm("/out", recursive=True)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("score", "{sample}"), "a.json"),
        (("score", "{sample}"), "a.csv"),
        (("explain", "{sample}"), "a.jsonl"),
        (("text", "{sample}"), "a.txt"),
        (("table", "{scan}"), "a.xlsx"),
        (("table", "{scan}"), "a.parquet"),
        (("schema", "report"), "a.json"),
    ],
)
def test_what_goes_to_a_url_is_what_goes_to_a_file(
    nqpf: Run, empty_store: Any, sample: Path, tmp_path: Path, arguments: tuple[str, ...], name: str
) -> None:
    scan = tmp_path / "scan.jsonl"
    if "{scan}" in arguments:
        assert nqpf("scan", sample / "report.md", "-o", scan).returncode == 0
    given = [a.format(sample=sample / "report.md", scan=scan) for a in arguments]
    done = nqpf(*given, "-o", f"memory://out/{name}")
    assert (done.returncode, done.stdout) == (0, "")
    assert nqpf(*given, "-o", f"file://{tmp_path / name}").returncode == 0
    assert nqpf(*given, "-o", tmp_path / f"plain_{name}").returncode == 0
    plain = (tmp_path / f"plain_{name}").read_bytes()
    assert plain
    assert empty_store.cat(f"/out/{name}") == (tmp_path / name).read_bytes() == plain


def test_a_store_that_fails_keeps_what_it_had(
    nqpf: Run, empty_store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fsspec.implementations.memory import MemoryFile

    def refuse(*_: object) -> None:
        raise PermissionError("this store is read-only")

    empty_store.pipe("/out/a.json", b"old")
    with monkeypatch.context() as m:
        m.setattr(MemoryFile, "write", refuse)
        done = nqpf("schema", "report", "-o", "memory://out/a.json")
    assert (done.returncode, done.stdout) == (6, "")
    assert "cannot write memory://out/a.json: this store is read-only" in done.stderr
    assert "\n  → " in done.stderr
    assert empty_store.cat("/out/a.json") == b"old"


@pytest.mark.parametrize(
    ("url", "code", "told"),
    [
        ("nosuchstore://x/a.json", 6, "cannot write"),
        ("s3://user:secret@bucket/a.json", 2, "must not hold"),
        ("gs://bucket/a.json", 5, "gs:// needs a driver"),
    ],
)
def test_a_url_that_no_one_can_write_to_is_told_before_the_work(
    nqpf: Run, monkeypatch: pytest.MonkeyPatch, url: str, code: int, told: str
) -> None:
    pytest.importorskip("fsspec")
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    done = nqpf("score", "missing.txt", "-o", url)
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr
    assert "secret" not in done.stderr


@pytest.mark.parametrize("name", ["scan.jsonl", "scan.csv"])
def test_a_scan_writes_to_no_store_and_says_what_to_do(
    nqpf: Run, empty_store: Any, sample: Path, name: str
) -> None:
    done = nqpf("scan", sample, "-o", f"memory://out/{name}")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"-o {name}" in done.stderr
    assert "copy it there" in done.stderr
    assert not empty_store.exists(f"/out/{name}")


def test_a_scan_writes_to_a_file_by_its_url(nqpf: Run, sample: Path, tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    out = tmp_path / "scan.jsonl"
    for more in ((), ("--resume",)):
        done = nqpf("scan", sample / "report.md", "-o", f"file://{out}", *more)
        assert done.returncode == 0
    assert out.read_bytes().count(b"\n") == 1
