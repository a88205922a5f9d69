"""Documents by URL, as documents by path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from nqpf_cli.documents import read_bytes
from nqpf_cli.errors import InputError, MissingExtraError, NotFoundError, TooLargeError, UsageError
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
    import sys

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
