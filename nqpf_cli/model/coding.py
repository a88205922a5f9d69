"""What a coder says of a sentence, and the evidence for it."""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_cli.model.lexicon import Entry
from nqpf_cli.model.terms import Section, Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An entry found in a sentence; ``start``/``end`` point into the sentence."""

    entry: Entry
    start: int
    end: int
    stance: Stance | None = None
    rule: str = ""
    cue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """What a coder says of a sentence: labels in the order of ``LABELS``, and the evidence."""

    labels: tuple[str, ...]
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A piece of evidence, as ``explain`` shows it; ``start``/``end`` point into the raw text.

    ``span`` is its place in ``sentence``; ``ocr_confidence`` is that of the page if its text was
    recognised, else None. ``counted`` tells whether the sentence counts for the indicator: it does
    not where the hit takes no stance, nor where the sentence did not get the hit's label.
    """

    path: str
    sha256: str
    page: int | None
    category: str
    indicator: str
    entry: str
    surface: str
    stance: Stance | None
    start: int
    end: int
    sentence: str
    sentence_start: int
    section: Section
    rule: str = ""
    cue: str = ""
    ocr_confidence: float | None = None
    span: tuple[int, int] = (0, 0)
    counted: bool = True

    @property
    def label(self) -> str:
        """The label that it is evidence of: its category, with its stance if it takes one."""
        return f"{self.category}.{self.stance}" if self.stance else self.category
