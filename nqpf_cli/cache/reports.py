"""Records out of the cache, for files whose bytes were scored before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from nqpf_cli.cache.keys import Keys
from nqpf_cli.cache.store import Store
from nqpf_cli.formats.json_ import dumps_line

if TYPE_CHECKING:
    from nqpf_cli.model import Profile

_SOURCE = '"source":{"path":'


@dataclass(frozen=True, slots=True)
class Reports:
    """Looks up what a file's record would be."""

    store: Store
    keys: Keys

    @classmethod
    def open(cls, folder: Path, keys: Keys) -> Self:
        """Return the records of a cache folder."""
        return cls(Store.open(folder), keys)

    def of(self, sha256: str, path: str, given: Profile | None) -> str | None:
        """Return the record of a file whose hash is known, as it would be written."""
        return self.of_all([(sha256, path, given)])[0]

    def of_all(self, asked: Sequence[tuple[str, str, Profile | None]]) -> list[str | None]:
        """Return the records of files whose hashes are known, None where there is none."""
        keys = [self.keys.report(*a) for a in asked]
        kept = self.store.get_many("report", keys)
        return [
            _named(kept[key].decode(), path) if key in kept else None
            for key, (_, path, _) in zip(keys, asked, strict=True)
        ]

    def keep(self, sha256: str, path: str, given: Profile | None, line: str) -> None:
        """Keep the record of a file."""
        self.store.put("report", self.keys.report(sha256, path, given), line.encode())


def _named(line: str, path: str) -> str:
    """Return a record under another path: the same bytes may lie elsewhere by now."""
    if f"{_SOURCE}{json.dumps(path, ensure_ascii=False)}," in line:
        return line
    record = json.loads(line)
    record["source"]["path"] = path
    return dumps_line(record)
