"""The words of the framework and of the contract, as types and constants."""

from __future__ import annotations

from typing import Literal

Stance = Literal["problem", "remedy"]
CategoryKind = Literal["dimension", "obstruction", "path", "method", "custom"]
EntryKind = Literal["fixed", "gap", "regex"]
EntryStance = Literal["problem", "remedy", "cue", "problem_cue"]
Nesting = Literal["category", "longest", "all"]
BlockKind = Literal[
    "title", "heading", "paragraph", "list", "table", "footnote", "toc", "references", "furniture"
]
# What documents may have in common that are compared; years: a few apart at most, year: none.
Criterion = Literal["kind", "level", "years", "year", "block"]
Section = Literal["review", "problems", "outlook", "plan", "annex", "other"]

CRITERIA: tuple[Criterion, ...] = ("kind", "level", "years", "year", "block")
STANCES: tuple[Stance, ...] = ("problem", "remedy")
DIMENSIONS = ("factor", "industry", "relations")
OBSTRUCTIONS = ("institution", "lockin", "services")
PATHS = ("strategy", "block", "urbanization")
LABELS: tuple[str, ...] = (
    *DIMENSIONS,
    *(f"{o}.{s}" for o in OBSTRUCTIONS for s in STANCES),
    *PATHS,
)
INDICATORS = (
    "factor.labour",
    "factor.means",
    "factor.objects",
    "factor.technology",
    "factor.flow",
    "factor.diversity",
    "industry.strategic",
    "industry.future",
    "industry.upgrade",
    "industry.chain",
    "industry.integration",
    "relations.green",
    "relations.inclusive",
    "relations.people",
    "institution.data",
    "institution.innovation",
    "institution.talent",
    "institution.market",
    "lockin.legacy",
    "lockin.capability",
    "lockin.spillover",
    "services.shortage",
    "services.crowding",
    "services.imbalance",
)
PAGE_BREAK = "\f"
