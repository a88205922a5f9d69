"""Markdown: headings, lists and tables by their marks, prose without them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from nqpf_cli.analysis import webpage
from nqpf_cli.engines.assemble import Piece, page_of
from nqpf_cli.engines.base import ReadOptions
from nqpf_cli.engines.plain import text_of
from nqpf_cli.model import RawDocument

_NOTE = re.compile(r"^\[\^[^\]]+\]:\s*")
_CALL = re.compile(r"\[\^[^\]]+\]")
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


class MarkdownEngine:
    """Reads .md (CommonMark with tables); HTML in it is left out."""

    name = "markdown"

    def read(self, data: bytes, name: str, options: ReadOptions) -> RawDocument:
        """Return one page; its title is the first heading of level 1."""
        text = _FRONT.sub("", text_of(data, name, options.max_chars))
        # "reference" would take footnotes ([^1]: …) for link definitions and drop them.
        parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("reference")
        tokens = parser.parse(text)
        pieces = [p for p in _pieces(tokens) if p.text.strip()]
        around = webpage.around([p.text for p in pieces])
        pieces = [replace(p, role="furniture") if n in around else p for n, p in enumerate(pieces)]
        title = next((p.text for p in pieces if p.role == "title"), None)
        return RawDocument(pages=(page_of(pieces, self.name),), title=title, paged=False)


def _pieces(tokens: list[Token]) -> Iterator[Piece]:
    heading = 0
    row: list[str] | None = None
    for token in tokens:
        match token.type:
            case "heading_open":
                heading = int(token.tag[1])
            case "heading_close":
                heading = 0
            case "tr_open":
                row = []
            case "tr_close":
                yield Piece(" | ".join(row or []), "table")
                row = None
            case "inline":
                text = _inline(token)
                if row is not None:
                    row.append(text)
                elif heading == 1:
                    yield Piece(text, "title")
                elif heading:
                    yield Piece(text, "heading", heading - 1)
                elif _NOTE.match(text):
                    yield from (Piece(_NOTE.sub("", t), "footnote") for t in text.split("\n") if t)
                else:
                    # Soft line ends inside a Chinese paragraph are no spaces.
                    yield Piece(re.sub(r"(?<![A-Za-z])\n|\n(?![A-Za-z])", "", text), "paragraph")
            case "fence" | "code_block":
                continue


def _inline(token: Token) -> str:
    parts = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
    text = "".join(parts)
    return text if _NOTE.match(text) else _CALL.sub("", text)
