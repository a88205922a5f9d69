"""Small horizontal bars of text."""

from __future__ import annotations

from collections.abc import Sequence

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


_LEVELS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float | None]) -> str:
    """Return a character a value, from 0 to the greatest; a dot where there is none."""
    top = max((v for v in values if v is not None), default=0.0)
    steps = len(_LEVELS) - 1
    return "".join(
        "·" if v is None else _LEVELS[round(v / top * steps) if top > 0 else 0] for v in values
    )
