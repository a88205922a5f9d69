"""A document of one sentence: to score it builds all that is built when it is first wanted."""

from __future__ import annotations

from array import array

from nqpf_cli.model import Block, BlockKind, Document, Page, RawText, Sentence, Source

_PARTS: tuple[tuple[BlockKind, int, str], ...] = (
    ("title", 0, "河南省2025年政府工作报告"),
    ("heading", 1, "一、2025年工作安排"),
    ("paragraph", 0, "培养、培養科技人才。"),  # common in Big5 is looked up where GB 2312 has none
)


def specimen() -> Document:
    """Return a report that has what is looked for: a title, a plan for a year, a labelled hit."""
    text = "\n".join(part for _, _, part in _PARTS)
    blocks = []
    at = 0
    for kind, level, part in _PARTS:
        sources = array("I", range(at, at + len(part)))
        blocks.append(Block(kind=kind, text=part, sources=sources, page=1, level=level))
        at += len(part) + 1
    said = blocks[-1]
    sentence = Sentence(
        text=said.text,
        block=len(blocks) - 1,
        start=0,
        end=len(said.text),
        page=1,
        section=said.section,
    )
    return Document(
        source=Source(path="", sha256="", size_bytes=0, media_type="text/plain"),
        raw=RawText(text=text, page_starts=(0,), numbers=(1,)),
        pages=(Page(number=1, text=text, lines=(), engine="text"),),
        blocks=tuple(blocks),
        sentences=(sentence,),
        title=None,
        paged=True,
        warnings=(),
    )
