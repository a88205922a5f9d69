"""The cache keeps what it is given, and a fault of its file costs nothing but time."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from nqpf_cli.cache.store import NAME, Store


def test_values_come_back_by_key(tmp_path: Path) -> None:
    with_values = Store.open(tmp_path)
    with_values.put("report", "a", b"one")
    with_values.put("report", "a", b"two")
    with_values.put("document", "a", b"three")
    again = Store.open(tmp_path)
    assert again.get("report", "a") == b"two"
    assert again.get("document", "a") == b"three"
    assert again.get("report", "b") is None
    assert (again.info().reports, again.info().documents) == (1, 1)


def test_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    Store.open(folder).put("report", "a", b"x")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600


def test_a_broken_file_that_cannot_be_removed_costs_only_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / NAME).write_bytes(b"no database at all" * 100)
    monkeypatch.setattr(Path, "unlink", refuse)
    assert not Store.open(tmp_path).usable


@pytest.mark.parametrize(
    "content", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4000]
)
def test_a_broken_file_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    store = Store.open(tmp_path)
    assert store.usable
    store.put("report", "a", b"x")
    assert Store.open(tmp_path).get("report", "a") == b"x"


def test_a_file_of_another_format_is_begun_anew(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / NAME) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    store = Store.open(tmp_path)
    store.put("report", "a", b"x")
    assert store.get("report", "a") == b"x"


def test_a_value_that_is_not_whole_is_none(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    store.put("report", "a", b"x" * 100)
    with sqlite3.connect(tmp_path / NAME) as db:
        db.execute("UPDATE report SET value = x'00ff'")
    db.close()
    assert store.get("report", "a") is None


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    store = Store.open(tmp_path / "file" / "cache")
    store.put("report", "a", b"x")
    assert not store.usable
    assert store.get("report", "a") is None


def test_the_longest_unused_goes_first(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    for key in "abc":
        store.put("report", key, key.encode() * 500)
    with sqlite3.connect(tmp_path / NAME) as db:
        db.execute("UPDATE report SET used = used - 100 WHERE key = 'a'")
        db.execute("UPDATE report SET used = used - 10 WHERE key = 'b'")
    db.close()
    assert store.prune(unused_days=50) == 1
    assert store.get("report", "a") is None
    size = store.info().size_bytes
    assert size > 0
    held = len(b"x")
    assert store.prune(max_bytes=held) == 2
    assert store.info().reports == 0


def test_a_file_damaged_in_the_middle_is_begun_anew_the_next_time(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    for n in range(300):
        store.put("report", str(n), bytes(range(256)) * 20)
    store.close()
    path = tmp_path / NAME
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    damaged = Store.open(tmp_path)
    assert damaged.get("report", "7") is None
    again = Store.open(tmp_path)
    again.put("report", "7", b"x")
    assert again.get("report", "7") == b"x"
