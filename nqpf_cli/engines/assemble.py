"""Blocks → one page of text with a role for every line: for formats that know their structure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nqpf_cli.engines.base import too_much_text
from nqpf_cli.model import BlockKind, Line, Page


@dataclass(frozen=True, slots=True)
class Piece:
    """A block as a format gives it. ``role`` None leaves the layout rules to decide."""

    text: str
    role: BlockKind | None = None
    level: int = 0


def bounded(pieces: Iterable[Piece], name: str, max_chars: int) -> Iterator[Piece]:
    """Yield the pieces, and raise ``TooLargeError`` once they are more text than is allowed."""
    left = max_chars
    for piece in pieces:
        left -= len(piece.text)
        if left < 0:
            raise too_much_text(name)
        yield piece


def page_of(pieces: Iterable[Piece], engine: str, number: int = 1) -> Page:
    """Return a page whose text is the pieces, a line each."""
    texts: list[str] = []
    lines: list[Line] = []
    at = 0
    for piece in pieces:
        text = piece.text.replace("\r", "").replace("\f", " ").strip("\n")
        for part in text.split("\n") if piece.role is None else [text.replace("\n", " ")]:
            if not part.strip():
                continue
            lines.append(Line(start=at, end=at + len(part), role=piece.role, level=piece.level))
            texts.append(part)
            at += len(part) + 1
    return Page(number=number, text="\n".join(texts), lines=tuple(lines), engine=engine)
