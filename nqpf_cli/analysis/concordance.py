"""Key words in their context: what is looked for, and every place where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nqpf_cli.analysis.patterns import fold, linear
from nqpf_cli.model import Document, Lexicon

if TYPE_CHECKING:
    from nqpf_cli.analysis.coder import Coder

Spans = Callable[[Sequence[str]], Sequence[list[tuple[int, int]]]]
"""Sentences → where what is looked for stands in each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcordanceLine:
    """A line of a concordance; ``start``/``end`` point into the raw text."""

    path: str
    page: int | None
    left: str
    keyword: str
    right: str
    start: int
    end: int
    section: str


def searcher(pattern: str, lexicon: Lexicon, coder: Coder) -> Spans:
    """Return what finds a category or an indicator of the lexicon, or else a term."""
    if not (lexicon.category(pattern) or lexicon.indicator(pattern)):
        return _expression(re.compile(re.escape(fold(pattern))))

    def hits(texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        return [
            [
                (m.start, m.end)
                for m in coding.matches
                if pattern in (m.entry.category, m.entry.target) and not m.entry.prescription
            ]
            for coding in coder.code_all(texts)
        ]

    return hits


def regex_searcher(pattern: str) -> Spans:
    """Return what finds a regular expression, in linear time; raises ``re2.error``."""
    return _expression(linear(pattern))


def concordance(document: Document, spans: Spans, width: int) -> Iterator[ConcordanceLine]:
    """Yield the places in a document's sentences, with ``width`` characters on each side."""
    found = spans([s.text for s in document.sentences])
    for s, places in zip(document.sentences, found, strict=True):
        block = document.blocks[s.block]
        for inner_start, inner_end in places:
            start, end = s.start + inner_start, s.start + inner_end
            raw = block.raw_span(start, end)
            yield ConcordanceLine(
                path=document.source.path,
                page=document.raw.page_of(raw[0]) if document.paged else None,
                left=block.text[max(0, start - width) : start],
                keyword=block.text[start:end],
                right=block.text[end : end + width],
                start=raw[0],
                end=raw[1],
                section=block.section,
            )


def _expression(rx: Any) -> Spans:
    def found(texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        from nqpf_cli.analysis.skeletons import Skeletons  # imports numpy

        sentences = Skeletons(texts)
        return [
            [
                sentences.span(number, m.start(), m.end())
                for m in rx.finditer(sentences.skeleton(number))
                if m.end() > m.start()
            ]
            for number in range(len(texts))
        ]

    return found
