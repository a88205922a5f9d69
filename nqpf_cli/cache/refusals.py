"""Why a document cannot be read, kept: a scanned page has no text the next time either.

Only what the bytes alone decide is kept. A crash, a time limit, a file that was missing may go by.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from nqpf_cli.cache.keys import Keys
from nqpf_cli.cache.store import Store
from nqpf_cli.errors import EmptyError, EncryptedError, NoTextLayerError, NqpfError
from nqpf_cli.i18n import Message

_KEPT = {c.code: c for c in (EmptyError, EncryptedError, NoTextLayerError)}


@dataclass(frozen=True, slots=True)
class Refusals:
    """Looks up why a file whose hash is known was not read."""

    store: Store
    keys: Keys

    def of(self, sha256: str, path: str) -> NqpfError | None:
        """Return the error that the file met before under the same path, if it met one."""
        return self.of_all([(sha256, path)])[0]

    def of_all(self, asked: Sequence[tuple[str, str]]) -> list[NqpfError | None]:
        """Return the errors of files, None where there is none."""
        keys = [self.keys.document(*a) for a in asked]
        kept = self.store.get_many("refusal", keys)
        return [
            _error(kept[key], path) if key in kept else None
            for key, (_, path) in zip(keys, asked, strict=True)
        ]

    def keep(self, sha256: str, path: str, error: NqpfError) -> None:
        """Keep an error, if it is one that stays."""
        if type(error) is _KEPT.get(error.code):
            value = json.dumps([path, error.code, error.message, error.hint]).encode()
            self.store.put("refusal", self.keys.document(sha256, path), value)


def _error(value: bytes, path: str) -> NqpfError | None:
    try:
        known, code, message, hint = json.loads(value)
        if known != path:  # which the message names
            return None
        return _KEPT[code](Message(*message), Message(*hint) if hint else None)
    except (ValueError, TypeError, KeyError):
        return None
