"""Documents side by side: shares and their differences, key words, likeness, shared sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from nqpf_cli.analysis.codings import column
from nqpf_cli.analysis.keyness import KeyWord, key_words
from nqpf_cli.analysis.permutation import Paragraphs, ShareDifference, adjusted, share_differences
from nqpf_cli.analysis.score import Tally, tally
from nqpf_cli.corpus.boilerplate import MIN_CHARS, MIN_JACCARD, Overlap, overlaps
from nqpf_cli.corpus.words import cosines, tfidf, words_of
from nqpf_cli.errors import EmptyError
from nqpf_cli.i18n import Message
from nqpf_cli.model import SCHEMA_VERSION, Document, MeasureRow, Report, Stance, measures
from nqpf_cli.pipeline import Analyzer, paragraphs

Against = Literal["first", "rest"]
CATEGORIES = ("dimension", "obstruction", "path")


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A document with everything a comparison asks of it."""

    document: Document
    report: Report
    tally: Tally
    words: Counter[str]

    @classmethod
    def of(cls, analyzer: Analyzer, document: Document) -> Material:
        """Code, count and segment a document; raises ``EmptyError`` without a scored sentence."""
        if not document.sentences:
            path = document.source.path
            raise EmptyError(
                Message(f"{path} 没有计分的句子", f"{path} has no sentence that is scored"),
                Message(f"查看：nqpf text {path}", f"see: nqpf text {path}"),
            )
        codings = analyzer.codings(document)
        return cls(
            document=document,
            report=analyzer.score(document, codings=codings),
            tally=tally(codings, paragraphs(document)),
            words=words_of(document.sentences, analyzer.segmenter),
        )

    def paragraphs(self, columns: Sequence[str]) -> Paragraphs:
        """Return the sentences with each label of ``columns`` by paragraph."""
        t = self.tally
        # One column more, of zeros: what no sentence speaks of has none in the tally.
        known = np.pad(t.by_paragraph, ((0, 0), (0, 1)))
        at = {name: n for n, name in enumerate(t.names)}
        return Paragraphs(
            counts=known[:, [at.get(c, len(t.names)) for c in columns]], totals=t.totals
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be compared, and how. ``words`` is the number of key words a document."""

    against: Against = "first"
    indicators: bool = False
    permutations: int = 9999
    words: int = 15
    min_jaccard: float = MIN_JACCARD
    min_chars: int = MIN_CHARS


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How far the share in ``document`` lies above that in ``against``, documents by number."""

    document: int
    against: tuple[int, ...]
    found: ShareDifference
    q: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedMeasure:
    """A measure in every document, and the differences; ``rows`` follow the documents."""

    rows: tuple[MeasureRow, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyWords:
    """The words a document has more of than the documents ``against``."""

    document: int
    against: tuple[int, ...]
    words: tuple[KeyWord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything ``nqpf compare`` shows; documents are numbered from 0 here, from 1 in JSON."""

    materials: tuple[Material, ...]
    plan: Plan
    measures: tuple[ComparedMeasure, ...]
    key_words: tuple[KeyWords, ...]
    similarity: tuple[tuple[float, ...], ...]
    overlaps: tuple[Overlap, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the object that ``--format json`` writes, keys in their fixed order."""
        first = self.materials[0].report
        p = self.plan
        return {
            "schema_version": SCHEMA_VERSION,
            "nqpf_version": first.nqpf_version,
            "lexicon": first.to_dict()["lexicon"],
            "settings": {
                **first.settings.to_dict(),
                "against": p.against,
                "permutations": p.permutations,
                "min_jaccard": p.min_jaccard,
                "min_chars": p.min_chars,
            },
            "documents": [_document(n, m) for n, m in enumerate(self.materials, 1)],
            "measures": [_measure(m) for m in self.measures],
            "key_words": [_key_words(k) for k in self.key_words],
            "similarity": {"measure": "tfidf_cosine", "matrix": [list(r) for r in self.similarity]},
            "shared_sentences": [_overlap(o, self.materials) for o in self.overlaps],
        }


def compare(materials: Sequence[Material], plan: Plan) -> Comparison:
    """Compare two or more documents; ``confidence``, ``resamples``, ``seed`` are their settings."""
    words = [m.words for m in materials]
    return Comparison(
        materials=tuple(materials),
        plan=plan,
        measures=tuple(_measures(materials, plan)),
        key_words=tuple(
            KeyWords(
                document=n,
                against=rest,
                words=tuple(
                    key_words(words[n], sum((words[k] for k in rest), Counter()), limit=plan.words)
                ),
            )
            for n, rest in _contrasts(len(words), "each")
        ),
        similarity=tuple(map(tuple, cosines(tfidf(words)))),
        overlaps=tuple(
            overlaps(
                [m.document for m in materials],
                min_jaccard=plan.min_jaccard,
                min_chars=plan.min_chars,
            )
        ),
    )


def _contrasts(
    count: int, against: Literal["first", "rest", "each"]
) -> list[tuple[int, tuple[int, ...]]]:
    """Return (document, the documents it is held against); of two, only one way round.

    ``each`` holds every document against all others, of two both ways round.
    """
    if against == "first" or (count == 2 and against == "rest"):
        return [(n, (0,)) for n in range(1, count)]
    return [(n, tuple(k for k in range(count) if k != n)) for n in range(count)]


def _measures(materials: Sequence[Material], plan: Plan) -> Iterator[ComparedMeasure]:
    by_document = [list(measures(m.report.to_dict())) for m in materials]
    rows = list(zip(*by_document, strict=True))
    # Two families for the false discovery rate: asking for indicators must not change the
    # figures of the categories.
    families = [[r for r in rows if r[0].level in CATEGORIES]]
    if plan.indicators:
        families.append([r for r in rows if r[0].level not in CATEGORIES])
    for number, family in enumerate(families):
        yield from _family(materials, plan, family, number)


def _family(
    materials: Sequence[Material],
    plan: Plan,
    rows: Sequence[tuple[MeasureRow, ...]],
    number: int,
) -> list[ComparedMeasure]:
    settings = materials[0].report.settings
    columns = [_column(r[0]) for r in rows]
    texts = [m.paragraphs(columns) for m in materials]
    contrasts = _contrasts(len(materials), plan.against)
    found = [
        share_differences(
            texts[n],
            Paragraphs.joined([texts[k] for k in rest]),
            confidence=settings.confidence,
            resamples=settings.resamples,
            permutations=plan.permutations,
            seed=(settings.seed, number, n),
        )
        for n, rest in contrasts
    ]
    q = iter(adjusted([d.p for contrast in found for d in contrast]))
    differences = [
        [Difference(document=n, against=rest, found=d, q=next(q)) for d in contrast]
        for (n, rest), contrast in zip(contrasts, found, strict=True)
    ]
    return [
        ComparedMeasure(rows=row, differences=of_row)
        for row, of_row in zip(rows, zip(*differences, strict=True), strict=True)
    ]


def _column(row: MeasureRow) -> str:
    """Return the column of a measure in a ``Tally``."""
    if row.level == "obstruction":
        return row.key
    stance: Stance | None = (
        None if row.stance is None else ("problem" if row.stance == "problem" else "remedy")
    )
    return column(row.id, stance)


# --- the JSON object --------------------------------------------------------------------------


def _document(number: int, m: Material) -> dict[str, Any]:
    report = m.report.to_dict()
    return {
        "number": number,
        **report["source"],
        "sentences": m.report.quality.sentences,
        "paragraphs": len(m.tally.totals),
        "scored_han_chars": m.report.quality.scored_han_chars,
        "words": m.words.total(),
        "indices": report["indices"],
        "obstructions": {
            id_: {"response_gap": o.response_gap, "verdict": o.verdict}
            for id_, o in m.report.obstructions.items()
        },
        "warnings": report["quality"]["warnings"],
    }


def _measure(m: ComparedMeasure) -> dict[str, Any]:
    row = m.rows[0]
    return {
        "level": row.level,
        "id": row.id,
        "stance": row.stance,
        "measures": [{k: v for k, v in r.measure.items() if k != "carriers"} for r in m.rows],
        "differences": [
            {
                "document": d.document + 1,
                "against": [k + 1 for k in d.against],
                "difference": d.found.difference,
                "ci": list(d.found.ci),
                "p": d.found.p,
                "q": d.q,
            }
            for d in m.differences
        ],
    }


def _key_words(k: KeyWords) -> dict[str, Any]:
    return {
        "document": k.document + 1,
        "against": [n + 1 for n in k.against],
        "words": [
            {
                "word": w.word,
                "count": w.count,
                "reference_count": w.reference_count,
                "g2": w.g2,
                "log_ratio": w.log_ratio,
            }
            for w in k.words
        ],
    }


def _overlap(o: Overlap, materials: Sequence[Material]) -> dict[str, Any]:
    first, second = materials[o.first].document, materials[o.second].document
    return {
        "documents": [o.first + 1, o.second + 1],
        "compared": [o.first_compared, o.second_compared],
        "shared": [o.first_shared, o.second_shared],
        "exact": [o.first_exact, o.second_exact],
        "sentences": [
            {
                "jaccard": s.jaccard,
                "exact": s.exact,
                "first": _sentence(first, s.first),
                "second": _sentence(second, s.second),
            }
            for s in o.sentences
        ],
    }


def _sentence(document: Document, number: int) -> dict[str, Any]:
    s = document.sentences[number]
    return {
        "page": s.page if document.paged else None,
        "sentence_start": document.blocks[s.block].sources[s.start],
        "section": s.section,
        "sentence": s.text,
    }
