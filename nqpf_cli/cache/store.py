"""The cache's file: SQLite in WAL mode, so that several scans may use it at once.

A cache may be lost without loss: whatever is wrong with its file, a scan goes on without it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from nqpf_cli.cachedir import cache_dir

Table = Literal["report", "document", "refusal", "file", "made"]
Key = str | bytes

NAME = "cache.sqlite3"
MAX_BYTES = 4 * 1024**3
_FORMAT = 1  # of the tables; another one's file is begun anew
_DAY_S = 86_400
_BUSY_S = 30.0
# How hard each kind of value is compressed. Reports are wanted by the thousand, and unpacking them
# was a third of a scan out of the cache: they are wrapped only, which tells a damaged one.
_EFFORT: dict[Table, int] = {"report": 0, "document": 6, "refusal": 0, "file": 0, "made": 0}
_TABLES = tuple(_EFFORT)
_SCHEMA = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + "".join(
    f"CREATE TABLE IF NOT EXISTS {t} (key TEXT PRIMARY KEY, value BLOB NOT NULL, used INTEGER);"
    for t in _TABLES
)
_AT_ONCE = 500  # keys of one question: SQLite allowed 999 for long


def default_folder() -> Path:
    """Return where the cache lies if nobody says otherwise."""
    return cache_dir() / "documents"


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What a cache holds; ``size_bytes`` is that of its files."""

    path: Path
    reports: int
    documents: int
    size_bytes: int


class Store:
    """Values by key in two tables. After a fault it holds nothing and keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._db: sqlite3.Connection | None = None
        # Days are enough to know what is old, and a clock that goes back does no harm.
        self._today = int(time.time() // _DAY_S)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Return the store in ``folder``, made if need be; a broken file is begun anew."""
        store = cls(folder)
        for attempt in (1, 2):
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                store._connect()
                break
            except sqlite3.OperationalError:
                store._give_up()  # locked, read-only, no room: another time
                break
            except sqlite3.DatabaseError:
                store._give_up()
                if attempt == 1:
                    with contextlib.suppress(OSError):  # in a folder that is read-only
                        store.remove()
            except OSError:
                break
        return store

    @classmethod
    def exists(cls, folder: Path) -> bool:
        """Tell whether a cache lies in ``folder``."""
        return (folder / NAME).exists()

    @property
    def usable(self) -> bool:
        """Tell whether the store works."""
        return self._db is not None

    def _connect(self) -> None:
        self._db = sqlite3.connect(self._path, timeout=_BUSY_S, isolation_level=None)
        with contextlib.suppress(OSError):
            self._path.chmod(0o600)  # texts of documents are their readers' alone
        (found,) = self._db.execute("PRAGMA user_version").fetchone()
        if found not in (0, _FORMAT):
            raise sqlite3.DatabaseError(f"format {found}")
        self._db.executescript(_SCHEMA)
        if not found:  # to write it each time would cost each run the disk's time
            self._db.execute(f"PRAGMA user_version = {_FORMAT}")

    def get(self, table: Table, key: Key) -> bytes | None:
        """Return a value, or None."""
        return self.get_many(table, [key]).get(key)

    def get_many(self, table: Table, keys: Sequence[Key]) -> dict[Key, bytes]:
        """Return the values that are there, by key."""
        found: dict[Key, bytes] = {}
        for start in range(0, len(keys), _AT_ONCE):
            found |= self._get(table, keys[start : start + _AT_ONCE])
        return found

    def _get(self, table: Table, keys: Sequence[Key]) -> dict[Key, bytes]:
        if self._db is None:
            return {}
        found: dict[Key, bytes] = {}
        aged = []
        marks = ",".join("?" * len(keys))
        try:
            rows = self._db.execute(
                f"SELECT key, value, used FROM {table} WHERE key IN ({marks})", keys
            )
            for key, value, used in rows:
                if used != self._today:
                    aged.append((self._today, key))
                with contextlib.suppress(zlib.error):
                    found[key] = zlib.decompress(value)
            if aged:
                self._write(f"UPDATE {table} SET used = ? WHERE key = ?", aged)
        except sqlite3.Error as e:
            self._fail(e)
        return found

    def put(self, table: Table, key: Key, value: bytes) -> None:
        """Keep a value; says nothing where it cannot."""
        self.put_many(table, {key: value})

    def put_many(self, table: Table, values: Mapping[Key, bytes]) -> None:
        """Keep values; says nothing where it cannot."""
        if self._db is None or not values:
            return
        rows = [
            (key, zlib.compress(value, _EFFORT[table]), self._today)
            for key, value in values.items()
        ]
        try:
            self._write(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)", rows)
        except sqlite3.Error as e:
            self._fail(e)

    def _write(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        assert self._db is not None
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.executemany(statement, rows)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def info(self) -> Info:
        """Return what is held."""
        counts = [0, 0]
        if self._db is not None:
            counts = [
                self._db.execute(f"SELECT count(*) FROM {t}").fetchone()[0]
                for t in ("report", "document")
            ]
        return Info(
            path=self._path, reports=counts[0], documents=counts[1], size_bytes=self._size()
        )

    def prune(self, max_bytes: int = MAX_BYTES, unused_days: int | None = None) -> int:
        """Drop what was unused for so many days, then the longest unused beyond ``max_bytes``.

        Returns how many values were dropped; raises ``sqlite3.Error``.
        """
        if self._db is None:
            return 0
        dropped = 0
        if unused_days is not None:
            for table in _TABLES:
                dropped += self._db.execute(
                    f"DELETE FROM {table} WHERE used < ?", (self._today - unused_days,)
                ).rowcount
        every = " UNION ALL ".join(
            f"SELECT '{t}' AS t, key, length(value), used FROM {t}" for t in _TABLES
        )
        rows = self._db.execute(f"{every} ORDER BY used DESC, t DESC")
        held = 0
        beyond = [(t, key) for t, key, size, _ in rows if (held := held + size) > max_bytes]
        for table, key in beyond:
            self._db.execute(f"DELETE FROM {table} WHERE key = ?", (key,))
        if dropped or beyond:
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return dropped + len(beyond)

    def remove(self) -> None:
        """Delete the cache's files; raises ``OSError``."""
        self._give_up()
        for path in self._files():
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file."""
        self._give_up()

    def _fail(self, e: sqlite3.Error) -> None:
        self._give_up()
        if not isinstance(e, sqlite3.OperationalError):  # not busy or full: damaged
            with contextlib.suppress(OSError):
                self.remove()  # the next scan begins anew

    def _give_up(self) -> None:
        if self._db is not None:
            with contextlib.suppress(sqlite3.Error):
                self._db.close()
            self._db = None

    def _files(self) -> list[Path]:
        return [Path(f"{self._path}{end}") for end in ("", "-wal", "-shm")]

    def _size(self) -> int:
        return sum(os.path.getsize(p) for p in self._files() if p.exists())  # noqa: PTH202
