"""The codebook's unit: text up to 。！？； or the end of a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nqpf_cli.model import BlockKind

PROSE: frozenset[BlockKind] = frozenset({"title", "heading", "paragraph", "list"})
# A closing quotation mark or bracket stays with the sentence it closes. A table row is a unit.
_UNIT = re.compile(r"[^。！？；!?;\n]*[。！？；!?;]+[”’」』）)》\"]*|[^。！？；!?;\n]+")


def scored_kinds(tables: str) -> frozenset[BlockKind]:
    """Return the kinds of blocks that are scored; ``tables`` is ``include`` or ``exclude``."""
    return PROSE | {"table"} if tables == "include" else PROSE


def split(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences of a block, without surrounding space, none empty."""
    for m in _UNIT.finditer(text):
        start, end = m.span()
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            yield start, end
