"""Segmenting only: ``jieba`` or ``rjieba`` over texts."""

from __future__ import annotations

import importlib
import logging
import sys
import warnings

from benchmarks.peers.terms import texts


def main() -> None:
    """Count the tokens of texts or folders of texts with the segmenter named first."""
    warnings.simplefilter("ignore")
    segmenter = importlib.import_module(sys.argv[1])
    if segmenter.__name__ == "jieba":
        segmenter.setLogLevel(logging.WARNING)
    print(sum(len(list(segmenter.cut(text))) for text in texts(sys.argv[2:])))


if __name__ == "__main__":
    main()
