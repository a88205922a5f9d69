"""A file is known again by its state, and read again whenever that may have changed."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from nqpf_cli.cache import files
from nqpf_cli.cache.files import Files, state_of
from nqpf_cli.cache.store import Store

LATER_NS = 10_000_000_000


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_bytes(b"one")
    return path


@pytest.fixture
def cache(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "cache")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let time pass: what was written just now is settled."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + LATER_NS)


def hash_of(cache: Store, path: Path, *, verify: bool = False) -> str | None:
    (seen,) = Files(cache, 1000, verify).seen([str(path)])
    return seen.sha256 if seen else None


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def unread(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("it was read again")

    monkeypatch.setattr(files, "_hash", refuse)


@pytest.mark.usefixtures("later")
def test_a_file_that_nobody_touched_is_not_read_again(
    cache: Store, document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hash_of(cache, document) == sha256(b"one")
    unread(document, monkeypatch)
    assert hash_of(cache, document) == sha256(b"one")
    with pytest.raises(AssertionError, match="read again"):
        hash_of(cache, document, verify=True)


@pytest.mark.usefixtures("later")
def test_a_change_that_keeps_size_and_time_is_seen(cache: Store, document: Path) -> None:
    before = document.stat()
    assert hash_of(cache, document) == sha256(b"one")
    document.write_bytes(b"two")
    os.utime(document, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert hash_of(cache, document) == sha256(b"two")


@pytest.mark.usefixtures("later")
def test_another_file_in_its_place_is_seen(cache: Store, document: Path) -> None:
    before = document.stat()
    hash_of(cache, document)
    other = document.with_name("other.txt")
    other.write_bytes(b"two")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(document)
    assert hash_of(cache, document) == sha256(b"two")


def test_a_file_that_was_written_just_now_is_read_again(
    cache: Store, document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (seen,) = Files(cache, 1000).seen([str(document)])
    assert seen is not None
    assert (seen.sha256, seen.settled) == (sha256(b"one"), False)
    unread(document, monkeypatch)
    with pytest.raises(AssertionError, match="read again"):
        hash_of(cache, document)


def test_what_is_no_document_is_not_opened(cache: Store, tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * 1001)
    asked = [str(tmp_path), str(tmp_path / "gone"), "memory://a.txt", "a\0b", str(large)]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        asked.append(str(tmp_path / "pipe"))
    assert Files(cache, 1000).seen(asked) == [None] * len(asked)
    assert state_of(str(tmp_path / "gone")) is None


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
@pytest.mark.usefixtures("later")
def test_a_name_that_is_no_text_is_a_name(cache: Store, tmp_path: Path) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"\xd5\xe3.txt")
    try:
        with open(path, "wb") as f:  # noqa: PTH123 (a name in bytes)
            f.write(b"one")
    except OSError:
        pytest.skip("this file system takes no such name")
    assert hash_of(cache, Path(os.fsdecode(path))) == sha256(b"one")
