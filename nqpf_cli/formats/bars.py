"""Small horizontal bars of text."""

from __future__ import annotations

_EIGHTHS = " ▏▎▍▌▋▊▉█"


def bar(value: float, top: float, width: int) -> str:
    """Return a bar of at most ``width`` cells for ``value`` on a scale from 0 to ``top``."""
    if top <= 0 or value <= 0:
        return ""
    eighths = max(1, round(min(value / top, 1.0) * width * 8))
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")


def percent(share: float | None) -> str:
    """Return a share as a percentage with one decimal."""
    return "–" if share is None else f"{100 * share:.1f}%"
