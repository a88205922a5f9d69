"""Coded sentences of a document → hits: the matches with what they stand for, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nqpf_cli.analysis.codings import Codings
from nqpf_cli.model import Document, Hit
from nqpf_cli.model.hits import Hits, Proofs

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def evidence(document: Document, codings: Codings) -> Hits:
    """Return the hits that figures rest on, in the order of the document's sentences."""

    def make(some: Sequence[int] | None) -> Iterator[Hit]:
        import numpy as np  # see statistics

        every = some is None
        numbers = np.flatnonzero(~codings.prescribed) if every else np.array(some, dtype=np.int64)
        return hits(document, codings, numbers)

    def proofs() -> Proofs:
        found: dict[int, list[tuple[int, str]]] = {}
        numbers = codings.counting().nonzero()[0]
        names = codings.columns.names
        labels = codings.spoken(codings.columns.categories)[numbers].tolist()
        sentences = codings.sentences[numbers].tolist()
        for number, sentence, label in zip(numbers.tolist(), sentences, labels, strict=True):
            s = document.sentences[sentence]
            start = document.blocks[s.block].sources[s.start]
            found.setdefault(start, []).append((number, names[label]))
        return found

    return Hits(make, proofs)


def hits(document: Document, codings: Codings, numbers: npt.NDArray[np.int64]) -> Iterator[Hit]:
    """Yield the matches of those numbers as hits."""
    recognised = {p.number: p.ocr_confidence for p in document.pages}
    counting = codings.counting()[numbers].tolist()
    sentences = codings.sentences[numbers].tolist()
    matches = codings.matches(numbers)
    for number, counts, m in zip(sentences, counting, matches, strict=True):
        s = document.sentences[number]
        block = document.blocks[s.block]
        start, end = block.raw_span_on_a_page(s.start + m.start, s.start + m.end, document.raw)
        page = document.raw.page_of(start)
        yield Hit(
            path=document.source.path,
            sha256=document.source.sha256,
            page=page if document.paged else None,
            category=m.entry.category,
            indicator=m.entry.target,
            entry=m.entry.term,
            surface=document.raw.text[start:end],
            stance=None if m.entry.prescription else m.stance,
            start=start,
            end=end,
            sentence=s.text,
            sentence_start=block.sources[s.start],
            section=s.section,
            rule="" if m.entry.prescription and m.stance is None else m.rule,
            cue=m.cue,
            ocr_confidence=recognised.get(page or 0),
            span=(m.start, m.end),
            counted=m.entry.prescription or counts,
        )
