"""The report object: every figure of a document, in the order of the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from nqpf_cli import defaults
from nqpf_cli.model.coding import Hit
from nqpf_cli.model.lexicon import LexiconId
from nqpf_cli.model.rows import measures
from nqpf_cli.model.terms import CRITERIA, Nesting, Stance
from nqpf_cli.model.text import QualityWarning, Source

SCHEMA_VERSION = "1.0"
Verdict = Literal["silent", "diagnosed", "answered", "unprompted"]
EVERYTHING = "all"  # the basis of a comparison with every document of a set


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The figures of one category or indicator.

    ``density`` is per 10,000 scored Han characters, ``sentence_share`` of all scored sentences,
    ``ci`` the percentile bootstrap interval of that share (None without sentences).
    ``percentile`` ranks the share among comparable documents, ``percentile_block`` among those
    of them that are of the same block of provinces; a report tells the latter in ``reference``.
    """

    hits: int
    density: float | None
    sentences: int
    sentence_share: float | None
    ci: tuple[float, float] | None
    breadth: float | None = None
    percentile: float | None = None
    percentile_block: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the object M of the contract."""
        return {
            "hits": self.hits,
            "density": self.density,
            "sentences": self.sentences,
            "sentence_share": self.sentence_share,
            "ci": list(self.ci) if self.ci else None,
            "breadth": self.breadth,
            "percentile": self.percentile,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ObstructionScore:
    """Both stances of an obstruction; ``response_gap`` on the log-odds scale."""

    problem: Measure
    remedy: Measure
    response_gap: float
    verdict: Verdict

    def to_dict(self) -> dict[str, Any]:
        """Return the obstruction's object of the contract."""
        return {
            "problem": self.problem.to_dict(),
            "remedy": self.remedy.to_dict(),
            "response_gap": self.response_gap,
            "verdict": self.verdict,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PathScore:
    """A family of paths and its carriers."""

    measure: Measure
    carriers: dict[str, Measure]

    def to_dict(self) -> dict[str, Any]:
        """Return the path's object of the contract."""
        carriers = {k: m.to_dict() for k, m in self.carriers.items()}
        return {**self.measure.to_dict(), "carriers": carriers}


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierFit:
    """A carrier that applies: in how many sentences the text takes up each prescription."""

    sentences: dict[str, int]

    @property
    def taken_up(self) -> dict[str, bool]:
        """Return whether each of the paper's prescriptions is taken up at all."""
        return {k: n > 0 for k, n in self.sentences.items()}

    @property
    def share(self) -> float | None:
        """Return the share of prescriptions taken up; None if there are none."""
        return round(sum(self.taken_up.values()) / len(self.taken_up), 6) if self.taken_up else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrescriptionScore:
    """How far a text takes up what the paper prescribes for its place."""

    carriers: dict[str, CarrierFit]
    covered: float | None
    misfit: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return the object ``prescriptions`` of the contract."""
        return {
            "applicable": list(self.carriers),
            "covered": self.covered,
            "misfit": self.misfit,
            "carriers": {
                k: {"prescriptions": f.taken_up, "share": f.share, "sentences": dict(f.sentences)}
                for k, f in self.carriers.items()
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """Whose document it is; ``found_in`` says where that was read (title, body, filename …).

    ``province`` names the province it is or lies in (the first two digits of ``code``), ``block``
    that province's block.
    """

    name: str
    code: str
    level: str
    block: str | None
    found_in: str
    province: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the object ``jurisdiction`` of the contract."""
        return {
            "name": self.name,
            "code": self.code,
            "level": self.level,
            "block": self.block,
            "found_in": self.found_in,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What kind of document it is; None where it is not known.

    ``found_in`` says of title, kind and year where each was read.
    """

    title: str | None = None
    kind: str | None = None
    year: int | None = None
    jurisdiction: Jurisdiction | None = None
    found_in: Mapping[str, str | None] = field(
        default_factory=lambda: {"title": None, "kind": None, "year": None}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What was read and what was left out, in characters of the clean text.

    ``labels_without_hit`` counts labels that a sentence's wording got without an entry of the
    lexicon, ``hits_without_label`` hits in sentences that did not get their label.
    """

    han_chars: int
    scored_han_chars: int
    sentences: int
    han_ratio: float | None
    empty_pages: tuple[int, ...]
    excluded: dict[str, int]
    ocr_pages: tuple[int, ...]
    engines: dict[str, int]
    labels_without_hit: int
    hits_without_label: int
    warnings: tuple[QualityWarning, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the object ``quality`` of the contract; messages are English, always."""
        return {
            "han_chars": self.han_chars,
            "scored_han_chars": self.scored_han_chars,
            "sentences": self.sentences,
            "han_ratio": self.han_ratio,
            "empty_pages": list(self.empty_pages),
            "excluded": dict(self.excluded),
            "ocr_pages": list(self.ocr_pages),
            "engines": dict(self.engines),
            "labels_without_hit": self.labels_without_hit,
            "hits_without_label": self.hits_without_label,
            "warnings": [{"code": w.code, "message": w.en, "page": w.page} for w in self.warnings],
        }


_KNOWN: dict[str, tuple[str | None, ...]] = {
    "engine": ("auto", "pdfium", "pdfplumber"),
    "nested": (None, "category", "longest", "all"),
    "coder": ("model", "rules"),
    "tables": ("include", "exclude"),
    "script": ("as_is", "simplify"),
    "ocr": ("off", "auto", "rapidocr", "tesseract"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the figures depend on beside the text and the lexicon.

    ``nested`` None takes the lexicon's own policy. ``reference`` is what the percentiles are taken
    from: a file, ``shipped`` or ``none``; the report tells it by name and hash in ``reference``,
    so that ``to_dict`` holds no path. ``comparable`` says which of its documents are ranked
    among: criteria joined by ``+`` in the order of ``CRITERIA``, ``all`` of them, or ``auto``.
    """

    engine: str = "auto"
    segmenter: str = "jieba"
    nested: Nesting | None = None
    coder: str = defaults.CODER
    tables: str = "include"
    script: str = "as_is"
    ocr: str = "off"
    confidence: float = defaults.CONFIDENCE
    resamples: int = defaults.RESAMPLES
    seed: int = defaults.SEED
    reference: str = defaults.REFERENCE
    comparable: str = defaults.COMPARABLE

    def __post_init__(self) -> None:
        """Refuse words that nothing here knows; raises ``ValueError``."""
        for name, known in _KNOWN.items():
            if getattr(self, name) not in known:
                raise ValueError(f"{name} is one of {known}, not {getattr(self, name)!r}")
        asked = self.comparable.split("+")
        if self.comparable not in (defaults.COMPARABLE, EVERYTHING) and asked != [
            c for c in CRITERIA if c in asked
        ]:
            raise ValueError(f"comparable is {'+'.join(CRITERIA)}, or some of it, not {asked}")

    def to_dict(self) -> dict[str, Any]:
        """Return the object ``settings`` of the contract."""
        return {
            "engine": self.engine,
            "segmenter": self.segmenter,
            "nested": self.nested,
            "coder": self.coder,
            "tables": self.tables,
            "script": self.script,
            "ocr": self.ocr,
            "confidence": self.confidence,
            "resamples": self.resamples,
            "seed": self.seed,
            "comparable": self.comparable,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Among which reference documents the percentiles rank this one.

    ``n`` of them share what ``basis`` names (criteria joined by ``+``, or ``all``); without a
    basis they were too few to rank among. ``block_n`` of these are of the document's own
    ``block``, None where that is not known. ``sha256`` is the hash of the reference's file.
    """

    name: str
    sha256: str
    n: int
    basis: str | None
    block: str | None = None
    block_n: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the object ``reference`` of the report."""
        block = None if self.block is None else {"name": self.block, "n": self.block_n}
        return {
            "name": self.name,
            "sha256": self.sha256,
            "n": self.n,
            "basis": self.basis,
            "block": block,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Every figure of one document. ``hits`` is the evidence, not part of ``to_dict``.

    Hits may be made only when they are looked at.
    """

    nqpf_version: str
    lexicon: LexiconId
    settings: Settings
    source: Source
    pages: int | None
    profile: Profile
    quality: Quality
    dimensions: dict[str, Measure]
    indicators: dict[str, Measure | dict[Stance, Measure]]
    obstructions: dict[str, ObstructionScore]
    paths: dict[str, PathScore]
    methods: dict[str, Measure]
    prescriptions: PrescriptionScore | None
    balance: float | None
    reference: Comparison | None = None
    hits: Sequence[Hit] = field(default=(), repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the report object of the contract, keys in their fixed order."""
        p = self.profile
        return {
            "schema_version": SCHEMA_VERSION,
            "nqpf_version": self.nqpf_version,
            "lexicon": self.lexicon.to_dict(),
            "settings": self.settings.to_dict(),
            "source": {
                "path": self.source.path,
                "sha256": self.source.sha256,
                "media_type": self.source.media_type,
                "bytes": self.source.size_bytes,
                "pages": self.pages,
                "title": p.title,
                "kind": p.kind,
                "year": p.year,
                "jurisdiction": p.jurisdiction.to_dict() if p.jurisdiction else None,
                "found_in": dict(p.found_in),
            },
            "quality": self.quality.to_dict(),
            "dimensions": {k: m.to_dict() for k, m in self.dimensions.items()},
            "indicators": {k: _indicator(m) for k, m in self.indicators.items()},
            "obstructions": {k: o.to_dict() for k, o in self.obstructions.items()},
            "paths": {k: v.to_dict() for k, v in self.paths.items()},
            "prescriptions": self.prescriptions.to_dict() if self.prescriptions else None,
            "indices": {"balance": self.balance},
            "methods": {k: m.to_dict() for k, m in self.methods.items()},
            "reference": self._reference(),
        }

    def _reference(self) -> dict[str, Any] | None:
        if self.reference is None:
            return None
        of = self.reference.to_dict()
        if of["block"] is not None:
            ranks = {key: m.percentile_block for key, m in self._measures()}
            known = any(rank is not None for rank in ranks.values())
            of["block"] |= {"percentiles": ranks if known else None}
        return of

    def _measures(self) -> Iterator[tuple[str, Measure]]:
        """Yield every measure by the key that ``MeasureRow`` gives it."""
        yield from self.dimensions.items()
        for id_, o in self.obstructions.items():
            yield f"{id_}.problem", o.problem
            yield f"{id_}.remedy", o.remedy
        for id_, p in self.paths.items():
            yield id_, p.measure
            yield from ((f"{id_}.{carrier}", m) for carrier, m in p.carriers.items())
        for id_, value in self.indicators.items():
            if isinstance(value, Measure):
                yield id_, value
            else:
                yield from ((f"{id_}.{stance}", m) for stance, m in value.items())
        yield from self.methods.items()

    def to_frame(self) -> Any:
        """Return the figures as a pandas DataFrame, a row a measure (extra ``pandas``).

        Columns: level, id, stance, hits, density, sentences, sentence_share, ci_low, ci_high,
        breadth, percentile, percentile_block.
        """
        from nqpf_cli.errors import MissingExtraError
        from nqpf_cli.i18n import Message

        try:
            import pandas as pd
        except ImportError as e:
            raise MissingExtraError.of("pandas", Message("to_frame ", "to_frame")) from e
        return pd.DataFrame(self.rows())

    def rows(self) -> list[dict[str, Any]]:
        """Return the figures in long form: one row a measure, keys as in ``to_frame``."""
        rows: list[dict[str, Any]] = []
        in_block = {key: m.percentile_block for key, m in self._measures()}
        for r in measures(self.to_dict()):
            flat = dict(r.measure)
            low, high = flat.pop("ci") or (None, None)
            rest = {"breadth": flat.pop("breadth"), "percentile": flat.pop("percentile")}
            rest["percentile_block"] = in_block.get(r.key)
            flat.pop("carriers", None)
            interval = {"ci_low": low, "ci_high": high}
            row = {"level": r.level, "id": r.id, "stance": r.stance}
            rows.append({**row, **flat, **interval, **rest})
        return rows


def _indicator(value: Measure | dict[Stance, Measure]) -> dict[str, Any]:
    if isinstance(value, Measure):
        return value.to_dict()
    return {stance: m.to_dict() for stance, m in value.items()}
