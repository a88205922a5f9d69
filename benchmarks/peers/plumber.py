"""Reading with pdfplumber: the text of a page after the other."""

from __future__ import annotations

import sys


def main() -> None:
    """Print the text of PDFs."""
    import pdfplumber

    for path in sys.argv[1:]:
        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                print(page.extract_text() or "")
                page.close()


if __name__ == "__main__":
    main()
