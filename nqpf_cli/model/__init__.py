"""The frozen values that travel through the program: pure, no input or output.

A process imports those of its own stage: who reads knows no lexicon, who scores no engine.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nqpf_cli.model.coding import Coding, Hit, Match
    from nqpf_cli.model.lexicon import (
        Category,
        Cue,
        Entry,
        Example,
        Indicator,
        Lexicon,
        LexiconId,
        Marker,
        Prescription,
        StanceLexicon,
    )
    from nqpf_cli.model.report import (
        EVERYTHING,
        SCHEMA_VERSION,
        CarrierFit,
        Comparison,
        Jurisdiction,
        Measure,
        ObstructionScore,
        PathScore,
        PrescriptionScore,
        Profile,
        Quality,
        Report,
        Settings,
        Verdict,
    )
    from nqpf_cli.model.rows import MeasureRow, measures
    from nqpf_cli.model.terms import (
        CRITERIA,
        DIMENSIONS,
        INDICATORS,
        LABELS,
        OBSTRUCTIONS,
        PAGE_BREAK,
        PATHS,
        STANCES,
        BlockKind,
        CategoryKind,
        Criterion,
        EntryKind,
        EntryStance,
        Nesting,
        Section,
        Stance,
    )
    from nqpf_cli.model.text import (
        Block,
        Document,
        Gutter,
        Line,
        Page,
        QualityWarning,
        RawDocument,
        RawText,
        Sentence,
        Source,
    )

__all__ = [
    "CRITERIA",
    "DIMENSIONS",
    "EVERYTHING",
    "INDICATORS",
    "LABELS",
    "OBSTRUCTIONS",
    "PAGE_BREAK",
    "PATHS",
    "SCHEMA_VERSION",
    "STANCES",
    "Block",
    "BlockKind",
    "CarrierFit",
    "Category",
    "CategoryKind",
    "Coding",
    "Comparison",
    "Criterion",
    "Cue",
    "Document",
    "Entry",
    "EntryKind",
    "EntryStance",
    "Example",
    "Gutter",
    "Hit",
    "Indicator",
    "Jurisdiction",
    "Lexicon",
    "LexiconId",
    "Line",
    "Marker",
    "Match",
    "Measure",
    "MeasureRow",
    "Nesting",
    "ObstructionScore",
    "Page",
    "PathScore",
    "Prescription",
    "PrescriptionScore",
    "Profile",
    "Quality",
    "QualityWarning",
    "RawDocument",
    "RawText",
    "Report",
    "Section",
    "Sentence",
    "Settings",
    "Source",
    "Stance",
    "StanceLexicon",
    "Verdict",
    "measures",
]

_STAGES = ("terms", "text", "lexicon", "coding", "rows", "report")
"""The modules, each before those that import it."""


def __getattr__(name: str) -> Any:
    if name in __all__:
        for stage in _STAGES:
            module = vars(import_module(f"{__name__}.{stage}"))
            if name in module:
                return globals().setdefault(name, module[name])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
