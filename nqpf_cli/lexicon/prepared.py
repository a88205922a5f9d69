"""What a lexicon is coded with, kept in the user's cache folder as arrays.

Ordering the strings of a lexicon takes longer than coding a short document. What is kept is found
under the hash of the lexicon's files and of the code that prepares it; a lexicon that was not
loaded from files is prepared anew. So it is whatever is wrong with a file.
"""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

from nqpf_cli.analysis import coder
from nqpf_cli.analysis.coder import Prepared
from nqpf_cli.cachedir import cache_dir, made_once
from nqpf_cli.lexicon import kept
from nqpf_cli.model import LABELS, Lexicon
from nqpf_cli.resources import table
from nqpf_cli.version import __version__


def load(lexicon: Lexicon) -> Prepared:
    """Return what ``prepare`` gives for a lexicon."""
    key = _key(lexicon)
    return made_once(
        cache_dir() / "prepared" / f"{key}.bin" if key else None,
        kept.KEPT,
        lambda: coder.prepare(lexicon),
        coder.pack,
        coder.unpack,
    )


def _key(lexicon: Lexicon) -> str | None:
    """Return the hash of all that the arrays are made from; None where it is not known."""
    files = kept.key_of(lexicon)
    if files is None:
        return None
    # Terms are normalised: by the tables of Python, and by one of ours.
    made_by = (files, __version__, unicodedata.unidata_version, *LABELS)
    digest = hashlib.sha256("\0".join(made_by).encode())
    try:
        for own in (*kept.programs(Path(coder.__file__).parent), table("radicals.csv")):
            digest.update(kept.state(own))
    except OSError:
        return None
    return digest.hexdigest()
