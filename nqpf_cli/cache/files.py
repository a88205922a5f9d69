"""The hashes of files by their states: a file that nobody has touched is not read again."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Sequence
from dataclasses import dataclass

from nqpf_cli.cache.store import Key, Store

# A file may be written twice within one tick of its clock, and look the same after both. Two
# seconds are the coarsest tick in use (FAT); a state that is younger is not believed.
_TICK_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was found: its ``state`` and the hash of its bytes.

    While the state stays the same, so do the bytes, if it was ``settled`` when they were read.
    """

    state: str
    sha256: str
    settled: bool


@dataclass(frozen=True, slots=True)
class Files:
    """Hashes files, and keeps the hashes in a cache."""

    store: Store
    max_bytes: int
    verify: bool = False  # read every file, whatever its state says

    def seen(self, paths: Sequence[str]) -> list[Seen | None]:
        """Return the files as they are; None for what is no regular file or cannot be read."""
        states = [state_of(p) for p in paths]
        keys: list[Key] = [_key(p) for p in paths]
        asked = [k for k, s in zip(keys, states, strict=True) if s is not None]
        known = {} if self.verify else self.store.get_many("file", asked)
        found: list[Seen | None] = []
        new: dict[Key, bytes] = {}
        for path, key, state in zip(paths, keys, states, strict=True):
            if state is None:
                found.append(None)
                continue
            was, _, sha256 = known.get(key, b"").decode().rpartition(" ")
            if was == state:
                found.append(Seen(state, sha256, settled=True))
                continue
            read = _hash(path, self.max_bytes)
            found.append(read)
            if read is not None and read.settled:
                new[key] = f"{read.state} {read.sha256}".encode()
        self.store.put_many("file", new)
        return found


def state_of(path: str) -> str | None:
    """Return what changes whenever a regular file does; None for all else.

    The time of the last change of state cannot be set back as that of the bytes can, by ``cp -p``
    or ``touch``.
    """
    try:
        return _state(os.stat(path))  # noqa: PTH116 (once a document of a large archive)
    except (OSError, ValueError):
        return None


def _state(s: os.stat_result) -> str | None:
    if not stat.S_ISREG(s.st_mode):
        return None
    return f"{s.st_size}-{s.st_mtime_ns}-{s.st_ctime_ns}-{s.st_ino}"


def _hash(path: str, max_bytes: int) -> Seen | None:
    try:
        with open(path, "rb") as f:  # noqa: PTH123 (as above)
            before = os.fstat(f.fileno())
            if before.st_size > max_bytes:  # no one will score it
                return None
            began = time.time_ns()
            sha256 = hashlib.file_digest(f, "sha256").hexdigest()
            state = _state(before)
            same = state == _state(os.fstat(f.fileno()))
    except (OSError, ValueError):
        return None
    if state is None:
        return None
    settled = same and max(before.st_mtime_ns, before.st_ctime_ns) + _TICK_NS < began
    return Seen(state, sha256, settled)


def _key(path: str) -> bytes:
    return os.fsencode(os.path.abspath(path))  # noqa: PTH100 (not through links)
