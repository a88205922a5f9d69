"""The plain script: pdfplumber, jieba with the lexicon's terms, a Counter."""

from __future__ import annotations

import logging
import sys
import warnings
from collections import Counter

from benchmarks.peers.terms import all_terms, texts


def main() -> None:
    """Count the lexicon's terms in PDFs, texts or folders of texts."""
    warnings.simplefilter("ignore")
    import jieba

    jieba.setLogLevel(logging.WARNING)
    terms = all_terms()
    for term in terms:
        jieba.add_word(term)
    read = []
    for path in sys.argv[1:]:
        if path.endswith(".pdf"):
            import pdfplumber

            with pdfplumber.open(path) as pdf:
                read.append("\n".join(page.extract_text() or "" for page in pdf.pages))
        else:
            read += texts([path])
    for text in read:
        counts = Counter(jieba.lcut(text))
        print(sum(counts[t] for t in terms))


if __name__ == "__main__":
    main()
