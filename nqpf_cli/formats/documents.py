"""Documents, measures and their differences in words, where several stand side by side."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from rich.text import Text

from nqpf_cli.formats.safe import one_line
from nqpf_cli.formats.words import label_name, name, word
from nqpf_cli.i18n import Language
from nqpf_cli.model import Lexicon


def called(source: Mapping[str, Any], lang: Language) -> str:
    """Return place, year and kind of a document (``source`` of a report); else its file's name."""
    place = source["jurisdiction"]
    if place is None or source["year"] is None:
        return one_line(PurePath(source["path"]).name)
    kind = word(source["kind"], lang) if source["kind"] else ""
    return one_line(f"{place['name']} {source['year']} {kind}".rstrip())


def measure_name(m: Mapping[str, Any], lexicon: Lexicon, lang: Language) -> str:
    """Return the words of a measure, an object with ``level``, ``id`` and ``stance``."""
    if m["level"] == "obstruction":
        return label_name(f"{m['id']}.{m['stance']}", lexicon, lang)
    base = name(m["id"], lexicon, lang)
    return f"{base}·{word(m['stance'], lang)}" if m["stance"] else base


def probability(value: float) -> str:
    """Return p or q with three decimals: ``.042``."""
    return "<.001" if value < 0.001 else f"{value:.3f}".removeprefix("0")


def percentage_points(value: float) -> str:
    """Return a difference of two shares in percentage points, with its sign: ``−1.2``."""
    shown = f"{100 * value:+.1f}"
    return "0.0" if shown in ("+0.0", "-0.0") else shown.replace("-", "−")


def with_interval(value: float, ci: tuple[float, float] | list[float]) -> Text:
    """Return a difference in percentage points and its interval."""
    text = Text(percentage_points(value))
    low, high = map(percentage_points, ci)
    text.append(f" [{low}, {high}]", style="dim not bold")
    return text
