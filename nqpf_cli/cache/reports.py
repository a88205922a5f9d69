"""Records out of the cache, for files whose bytes were scored before."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from nqpf_cli.cache.keys import Keys
from nqpf_cli.cache.store import Store
from nqpf_cli.formats.json_ import dumps_line
from nqpf_cli.model import Profile


@dataclass(frozen=True, slots=True)
class Reports:
    """Looks up what a file's record would be."""

    store: Store
    keys: Keys

    @classmethod
    def open(cls, folder: Path, keys: Keys) -> Self:
        """Return the records of a cache folder."""
        return cls(Store.open(folder), keys)

    def line(self, path: str, given: Profile | None) -> str | None:
        """Return the record of a file as it would be written, or None where it is not known."""
        if not self.store.usable or (sha256 := _sha256(path)) is None:
            return None
        return self.of(sha256, path, given)

    def of(self, sha256: str, path: str, given: Profile | None) -> str | None:
        """Return the record of a file whose hash is known."""
        kept = self.store.get("report", self.keys.report(sha256, path, given))
        if kept is None:
            return None
        line = kept.decode()
        if f'"source":{{"path":{json.dumps(path, ensure_ascii=False)},' in line:
            return line
        record = json.loads(line)
        record["source"]["path"] = path  # the same bytes under another path
        return dumps_line(record)

    def keep(self, sha256: str, path: str, given: Profile | None, line: str) -> None:
        """Keep the record of a file."""
        self.store.put("report", self.keys.report(sha256, path, given), line.encode())


def _sha256(path: str) -> str | None:
    try:
        if not Path(path).is_file():
            return None
        with open(path, "rb") as f:  # noqa: PTH123 (once a document of a large archive)
            return hashlib.file_digest(f, "sha256").hexdigest()
    except (OSError, ValueError):
        return None
