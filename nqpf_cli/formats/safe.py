"""Text that may come from anywhere, made harmless for a terminal."""

from __future__ import annotations

import re

# C0 but for line feed and tab, DEL, C1 and lone surrogates: none may steer a terminal. Nor may the
# marks that turn the direction of what follows them: a name would read as another.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """Return text with each control character replaced by one mark; line ends and tabs stay."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def one_line(text: str) -> str:
    """Return text on one line, safe to show."""
    return printable(" ".join(text.split("\n")).replace("\t", " "))
