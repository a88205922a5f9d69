"""The wording model, kept in the user's cache folder as the arrays that are computed with.

Its table is plain numbers, to be read and compared; reading it and ordering its n-grams takes
longer than a short document. What is kept is found under the state of the table and of the code
that reads it: they ship together. Whatever is wrong with a file, the model is read anew.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from nqpf_cli.analysis import packed, strings, wording
from nqpf_cli.analysis.wording import Compiled
from nqpf_cli.cachedir import cache_dir, made_once
from nqpf_cli.lexicon.kept import state
from nqpf_cli.model import LABELS
from nqpf_cli.version import __version__

KEPT = 2  # models: that of this release, and of the one before


def load(table: Path) -> Compiled:
    """Return the model of a table; raises ``OSError`` and ``ValueError``, as ``wording.read``."""
    key = _key(table)
    return made_once(
        cache_dir() / "wording" / f"{key}.bin" if key else None,
        KEPT,
        lambda: wording.compiled(wording.read(table)),
        wording.pack,
        wording.unpack,
    )


def _key(table: Path) -> str | None:
    """Return the hash of all that the arrays are made from; None where it cannot be read."""
    digest = hashlib.sha256("\0".join([__version__, str(table), *LABELS]).encode())
    try:
        for part in (wording.__file__, strings.__file__, packed.__file__, table):
            digest.update(state(Path(part)))
    except OSError:
        return None
    return digest.hexdigest()
