"""The lexicon: categories, indicators, entries, cues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nqpf_cli.model.terms import CategoryKind, EntryKind, EntryStance, Nesting, Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One term or pattern of the lexicon.

    ``target`` is the indicator id (``factor.labour``) or the prescription id
    (``strategy.jjj.channel``) it speaks for. ``weight`` adds up within a sentence: a category is
    given when its hits weigh 1 or more together.
    """

    term: str
    target: str
    category: str
    kind: EntryKind = "fixed"
    stance: EntryStance | None = None
    boundary: bool = False
    weight: float = 1.0
    gap: int = 8
    unless: tuple[str, ...] = ()
    unless_sentence: tuple[str, ...] = ()
    with_any: tuple[str, ...] = ()
    prescription: bool = False
    source: str = ""
    note: str = ""
    file: str = ""
    line: int = 0

    @property
    def scope(self) -> str:
        """Within what its hits are counted and nest: its category, or its prescription."""
        return self.target if self.prescription else self.category


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence that must (or must not) be given ``target``, with ``stance`` for obstructions."""

    text: str
    target: str
    stance: Stance | None
    expected: bool
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """What the paper prescribes for a carrier; taken up anywhere, or in the carrier's paragraph."""

    id: str
    carrier: str
    zh: str
    en: str
    scope: Literal["document", "paragraph"]
    source: str
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """The second level of the framework: an indicator, or a carrier of a path family."""

    id: str
    category: str
    zh: str
    en: str
    definition: str
    source: str
    applies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """The first level of the framework: a dimension, an obstruction or a family of paths."""

    id: str
    kind: CategoryKind
    chain: str
    zh: str
    en: str
    definition: str
    source: str
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A word that tells a stance; ``side`` is where it stands, seen from the hit.

    With ``clause_end`` it tells only as the last word of its clause.
    """

    term: str
    stance: Stance
    side: Literal["before", "after", "any"]
    scope: Literal["clause", "sentence"]
    clause_end: bool = False
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """A word of the stance rules, void where it is part of one of ``unless``.

    As a governor it is a verb of removal (破解 …): the problem word behind it is its object, no
    diagnosis. As a void it denies that a problem exists (不存在 …).
    """

    term: str
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceLexicon:
    """Cues, verbs that govern a problem, and what voids a cue (不存在 …)."""

    cues: tuple[Cue, ...] = ()
    governors: tuple[Marker, ...] = ()
    voids: tuple[Marker, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconId:
    """Which lexicon made the figures."""

    name: str
    version: str
    sha256: str

    def to_dict(self) -> dict[str, str]:
        """Return the object ``lexicon`` of the contract."""
        return {"name": self.name, "version": self.version, "sha256": self.sha256}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """A loaded lexicon; ``sha256`` is the hash of its files, in order of their names."""

    name: str
    version: str
    licence: str
    sha256: str
    nested: Nesting
    categories: tuple[Category, ...]
    entries: tuple[Entry, ...]
    prescriptions: tuple[Prescription, ...]
    stance: StanceLexicon
    examples: tuple[Example, ...] = ()

    @property
    def id(self) -> LexiconId:
        """What outputs name the lexicon by."""
        return LexiconId(name=self.name, version=self.version, sha256=self.sha256)

    def category(self, id_: str) -> Category | None:
        """Return the category with this id, or None."""
        return next((c for c in self.categories if c.id == id_), None)

    def indicator(self, id_: str) -> Indicator | None:
        """Return the indicator or carrier with this id, or None."""
        return next((i for c in self.categories for i in c.indicators if i.id == id_), None)
