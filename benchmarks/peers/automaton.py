"""The limit of matching: one automaton over the lexicon's terms, nothing else."""

from __future__ import annotations

import sys

import ahocorasick_rs

from benchmarks.peers.terms import all_terms, texts


def main() -> None:
    """Count overlapping hits in files, in folders of texts, or in standard input (``-``)."""
    automaton = ahocorasick_rs.AhoCorasick(all_terms())
    read = [sys.stdin.read()] if sys.argv[1:] == ["-"] else texts(sys.argv[1:])
    for text in read:
        print(len(automaton.find_matches_as_indexes(text, overlapping=True)))


if __name__ == "__main__":
    main()
