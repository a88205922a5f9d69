"""Inputs that are no ordinary files, that cannot be looked at, or that change meanwhile."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from nqpf_cli import files
from nqpf_cli.errors import InputError, NotFoundError, NqpfError, TooLargeError
from nqpf_cli.files import read_bytes

posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """Return a named pipe."""
    path = tmp_path / "pipe.txt"
    os.mkfifo(path)
    return path


@contextmanager
def writing(pipe: Path, data: bytes) -> Iterator[None]:
    """Write to a pipe from another thread, as soon as somebody reads it."""

    def write() -> None:
        with suppress(BrokenPipeError):  # the reader has had enough
            pipe.write_bytes(data)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        writer.join()


@posix
def test_a_pipe_that_nobody_writes_to_is_refused(
    pipe: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PIPE_WAIT_S", 0.0)
    with pytest.raises(InputError, match="nobody writes") as e:
        read_bytes(str(pipe))
    assert e.value.hint is not None
    assert "-" in e.value.hint.en


@posix
@pytest.mark.parametrize("size", [0, 3, 1_000_000])
def test_a_pipe_with_a_writer_is_read_to_its_end(pipe: Path, size: int) -> None:
    data = os.urandom(size)
    with writing(pipe, data):
        assert read_bytes(str(pipe)) == data


@posix
def test_a_pipe_without_end_is_cut_at_the_limit(pipe: Path) -> None:
    with writing(pipe, b"x" * 500_000), pytest.raises(TooLargeError, match="1000 bytes"):
        read_bytes(str(pipe), 1000)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no /dev/zero")
def test_a_device_without_end_is_cut_at_the_limit() -> None:
    with pytest.raises(TooLargeError):
        read_bytes("/dev/zero", 1000)


@posix
def test_a_loop_of_links_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    with pytest.raises(InputError, match=r"a\.txt"):
        read_bytes(str(tmp_path / "a.txt"))


@pytest.mark.parametrize("name", ["x\0.txt", "", "x" * 5000, "\udcff.txt", "plan.txt/x"], ids=ascii)
def test_a_name_that_cannot_be_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "plan.txt").write_text("x", encoding="utf-8")
    with pytest.raises(InputError) as e:
        read_bytes(str(tmp_path / name) if name else name)
    assert e.value.exit_code == 3


def test_a_folder_that_may_not_be_looked_into_is_told_as_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(path: object) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(InputError, match="Permission denied") as e:
        read_bytes(str(tmp_path))
    assert e.value.code == "unreadable"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (FileNotFoundError(2, "gone"), NotFoundError),
        (PermissionError(13, "Permission denied"), InputError),
        (OSError(5, "Input/output error"), InputError),
        (OSError(116, "Stale file handle"), InputError),
    ],
)
def test_a_file_that_vanishes_or_fails_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: OSError, kind: type[NqpfError]
) -> None:
    def failing(*_: object) -> bytes:
        raise fault

    path = tmp_path / "plan.txt"
    path.write_text("x", encoding="utf-8")
    monkeypatch.setattr(files, "_at_most", failing)
    with pytest.raises(kind, match=r"plan\.txt"):
        read_bytes(str(path))
