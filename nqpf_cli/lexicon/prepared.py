"""What a lexicon is coded with, kept in the user's cache folder as arrays.

Ordering the strings of a lexicon takes longer than coding a short document. What is kept is found
under the key that the lexicon itself is kept under; one that was not loaded from files is prepared
anew. So it is whatever is wrong with a file.
"""

from __future__ import annotations

from nqpf_cli.analysis import coder
from nqpf_cli.analysis.coder import Prepared
from nqpf_cli.cachedir import cache_dir, made_once
from nqpf_cli.lexicon import kept
from nqpf_cli.model import Lexicon


def load(lexicon: Lexicon) -> Prepared:
    """Return what ``prepare`` gives for a lexicon."""
    key = kept.key_of(lexicon)
    return made_once(
        cache_dir() / "prepared" / f"{key}.bin" if key else None,
        kept.KEPT,
        lambda: coder.prepare(lexicon),
        coder.pack,
        coder.unpack,
    )
