"""The wording model, kept in the user's cache folder as the arrays that are computed with.

Its table is plain numbers, to be read and compared; reading it and ordering its n-grams takes
longer than a short document. What is kept is found under the hash of the table and of the code
that reads it. Whatever is wrong with a file, the model is read anew.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from nqpf_cli.analysis import strings, wording
from nqpf_cli.analysis.wording import Compiled
from nqpf_cli.cachedir import cache_dir, recall, remember
from nqpf_cli.model import LABELS

KEPT = 2  # models: that of this release, and of the one before


def load(table: Path) -> Compiled:
    """Return the model of a table; raises ``OSError`` and ``ValueError``, as ``wording.read``."""
    key = _key(table)
    file = cache_dir() / "wording" / f"{key}.bin" if key else None
    packed = recall(file) if file else None
    if packed is not None:
        try:
            return wording.unpack(packed)
        except ValueError:
            pass  # whole, but of another layout: it is written over
    model = wording.compiled(wording.read(table))
    if file:
        remember(file, wording.pack(model), KEPT)
    return model


def _key(table: Path) -> str | None:
    """Return the hash of all that the arrays are made from; None where it cannot be read."""
    digest = hashlib.sha256("\0".join(LABELS).encode())
    try:
        for part in (Path(wording.__file__), Path(strings.__file__), table):
            digest.update(hashlib.sha256(part.read_bytes()).digest())
    except OSError:
        return None
    return digest.hexdigest()
