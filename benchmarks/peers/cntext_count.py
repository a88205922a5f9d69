"""cntext's dictionary counting, called as its manual does: one call a text.

Runs in an environment of its own: cntext wants numpy 1, and a package that takes OpenCC's place.
"""

from __future__ import annotations

import sys

from benchmarks.peers.terms import by_category, texts


def main() -> None:
    """Count the lexicon's terms by category in texts or folders of texts."""
    import cntext

    diction = by_category()
    for text in texts(sys.argv[1:]):
        print(cntext.sentiment(text=text, diction=diction, lang="chinese"))


if __name__ == "__main__":
    main()
