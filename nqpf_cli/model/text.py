"""Pages, raw text, blocks and sentences: the frozen values from engine to sentence.

Three texts appear, and every offset says which one it points into:

*raw*
    the pages as an engine gave them, joined by form feeds: what ``nqpf text --raw`` prints.
*block*
    the clean text of one block (paragraph, heading, table …) after normalising.
*sentence*
    a slice of a block.

All offsets count Unicode characters, half open.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, TypeAlias

from nqpf_cli.model.filled import filled
from nqpf_cli.model.terms import BlockKind, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a page; ``start``/``end`` point into the page's text.

    ``box`` is (x0, top, x1, bottom) in points from the page's upper left corner, and ``size``
    the height of its characters in points; both None where the source knows no positions.
    """

    start: int
    end: int
    box: tuple[float, float, float, float] | None = None
    size: float | None = None
    role: BlockKind | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class Gutter:
    """The space between two columns, in points from the left."""

    left: float
    right: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page as an engine read it; ``width`` and ``height`` in points.

    ``gutters`` lie between its columns, from left to right; None where nobody looked for them.
    """

    number: int
    text: str
    lines: tuple[Line, ...]
    engine: str
    reason: str | None = None
    width: float | None = None
    height: float | None = None
    images: int = 0
    gutters: tuple[Gutter, ...] | None = None
    ocr_confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a document came from: its identity, before anything is read out of it."""

    path: str
    sha256: str
    size_bytes: int
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RawDocument:
    """The pages of a document, as read. ``paged`` is false for formats that have no pages."""

    pages: tuple[Page, ...]
    title: str | None = None
    paged: bool = True
    warnings: tuple[QualityWarning, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RawText:
    """The raw text with the place where each page begins."""

    text: str
    page_starts: tuple[int, ...]
    numbers: tuple[int, ...]

    def page_of(self, offset: int) -> int | None:
        """Return the number of the page that holds the raw ``offset``."""
        return self.numbers[bisect_right(self.page_starts, offset) - 1] if self.numbers else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, heading or other piece of text.

    ``sources[i]`` is the raw offset of character ``i`` of ``text`` (same length, rising).
    """

    kind: BlockKind
    text: str
    sources: array[int]
    page: int | None
    level: int = 0
    section: Section = "other"

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of the block's text to a span of the raw text."""
        return self.sources[start], self.sources[end - 1] + 1

    def raw_span_on_a_page(self, start: int, end: int, raw: RawText) -> tuple[int, int]:
        """Map a span to raw text on one page: of a word that a page end parts, the longer part.

        Between the two parts stand footers, notes and headers, which are no part of the word.
        """
        if raw.page_of(self.sources[start]) == raw.page_of(self.sources[end - 1]):
            return self.raw_span(start, end)
        pages = [raw.page_of(o) for o in self.sources[start:end]]
        page = max(dict.fromkeys(pages), key=pages.count)
        first = start + pages.index(page)
        return self.raw_span(first, first + pages.count(page))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A unit of coding: ``text`` is ``block.text[start:end]``; ``block`` an index."""

    text: str
    block: int
    start: int
    end: int
    page: int | None
    section: Section


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityWarning:
    """Something a reader of the figures must know; ``code`` is a stable word."""

    code: str
    zh: str
    en: str
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document ready to be scored: raw text, blocks in reading order, scored sentences."""

    source: Source
    raw: RawText
    pages: tuple[Page, ...]
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]
    title: str | None
    paged: bool
    warnings: tuple[QualityWarning, ...]

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes in columns: a tenth of the time of thousands of values."""
        sources: array[int] = array("I")
        for b in self.blocks:
            sources.extend(b.sources)
        blocks = _columns(self.blocks, _BLOCK)
        sentences = _columns(self.sentences, _SENTENCE)
        rest = (self.source, self.raw, self.pages, self.title, self.paged, self.warnings)
        return _from_columns, (blocks, sources, sentences, *rest)


_BLOCK = ("kind", "text", "page", "level", "section")
_SENTENCE = ("block", "start", "end", "page", "section")
_Columns: TypeAlias = dict[str, list[Any]]


def _columns(rows: Iterable[Any], names: Iterable[str]) -> _Columns:
    return {name: [getattr(row, name) for row in rows] for name in names}


def _from_columns(
    blocks: _Columns,
    sources: array[int],
    sentences: _Columns,
    source: Source,
    raw: RawText,
    pages: tuple[Page, ...],
    title: str | None,
    paged: bool,
    warnings: tuple[QualityWarning, ...],
) -> Document:
    texts = blocks["text"]
    ends = accumulate(map(len, texts), initial=0)
    own = [sources[start:end] for start, end in pairwise(ends)]
    places = zip(sentences["block"], sentences["start"], sentences["end"], strict=True)
    said = [texts[n][start:end] for n, start, end in places]
    return Document(
        source=source,
        raw=raw,
        pages=pages,
        blocks=tuple(filled(Block, len(texts), {**blocks, "sources": own})),
        sentences=tuple(filled(Sentence, len(said), {**sentences, "text": said})),
        title=title,
        paged=paged,
        warnings=warnings,
    )
