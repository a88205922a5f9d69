"""The sentences behind the figures of one document, cut into parts for highlighting."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from nqpf_cli.analysis.codings import Codings, column
from nqpf_cli.analysis.prescriptions import taken_up, taking_up
from nqpf_cli.formats.safe import one_line
from nqpf_cli.model import LABELS, Document, Hit, Lexicon, Profile, Report
from nqpf_cli.model.hits import Hits
from nqpf_cli.pipeline import Analyzer, paragraphs

KEY = "evidence"
OF_A_PRESCRIPTION = 2


def record(
    analyzer: Analyzer, document: Document, given: Profile | None = None, *, limit: int
) -> dict[str, Any]:
    """Score a document; return its report object with its evidence under one more key.

    ``limit`` is how many sentences are kept of each label at least.
    """
    codings = analyzer.codings(document)
    report = analyzer.score(document, given, codings)
    return {**report.to_dict(), KEY: _evidence(analyzer, document, codings, report, limit)}


def _evidence(
    analyzer: Analyzer, document: Document, codings: Codings, report: Report, limit: int
) -> dict[str, Any]:
    warnings = [[w.zh, w.en] for w in report.quality.warnings]
    return {
        **strongest(report.hits, limit),
        "prescriptions": _prescriptions(document, codings, analyzer.lexicon, limit),
        "warnings": warnings,
    }


def strongest(hits: Sequence[Hit], limit: int) -> dict[str, Any]:
    """Return the sentences with most hits of each label, in the order of the document.

    A hit that does not make its sentence count is left out: it proves no figure. ``labels`` tells
    of each label how many sentences have a hit of it, and how many of them are among
    ``sentences``: ``limit`` at least, more where a sentence was taken for another label.
    """
    all_hits = Hits.of(hits)
    by_label: dict[str, dict[int, int]] = defaultdict(dict)
    for start, labels in all_hits.labels().items():
        for label, count in Counter(labels).items():
            by_label[label][start] = count
    chosen: set[int] = set()
    for counts in by_label.values():
        chosen.update(sorted(counts, key=lambda s, c=counts: (-c[s], s))[:limit])  # type: ignore[misc]
    known = [label for label in LABELS if label in by_label]
    others = sorted(set(by_label) - set(known))
    return {
        "sentences": [_sentence(proofs) for proofs in all_hits.proving(sorted(chosen))],
        "labels": {
            label: [len(by_label[label]), len(chosen & by_label[label].keys())]
            for label in (*known, *others)
        },
    }


def _sentence(hits: Sequence[Hit]) -> dict[str, Any]:
    first = hits[0]
    return {
        "page": first.page,
        "section": first.section,
        "labels": list(dict.fromkeys(h.label for h in hits)),
        "hits": [[column(h.indicator, h.stance), one_line(h.entry)] for h in hits],
        "parts": parts(one_line(first.sentence), [h.span for h in hits]),
    }


def parts(text: str, spans: Sequence[tuple[int, int]]) -> list[list[Any]]:
    """Cut a text where spans begin and end: ``[[text, [numbers of the spans over it]], …]``.

    Text instead of offsets travels to the page, where characters are counted otherwise.
    """
    cuts = sorted({0, len(text), *(min(n, len(text)) for span in spans for n in span)})
    return [
        [text[a:b], [n for n, (start, end) in enumerate(spans) if start <= a and b <= end]]
        for a, b in pairwise(cuts)
    ]


def _prescriptions(
    document: Document, codings: Codings, lexicon: Lexicon, limit: int
) -> dict[str, list[dict[str, Any]]]:
    """Return the first sentences that take up each prescription, as the scores count them."""
    counted = taking_up(codings)
    found: dict[str, list[dict[str, Any]]] = {}
    for id_, numbers in taken_up(codings, paragraphs(document), lexicon).items():
        for n in numbers[: min(limit, OF_A_PRESCRIPTION)]:
            s = document.sentences[n]
            places = [
                (m.start, m.end)
                for m, counts in zip(codings[n].matches, counted[codings.of(n)], strict=True)
                if counts and m.entry.target == id_
            ]
            page = s.page if document.paged else None
            proof = {"page": page, "parts": parts(one_line(s.text), places)}
            found.setdefault(id_, []).append(proof)
    return found
