"""Gapped patterns: parts with alternatives and a bounded gap, inside one sentence.

``(医疗|教育)…服务…(不足|短缺)`` has three parts; up to ``gap`` characters may stand between two.
One part with alternatives, ``数据(确权|定价|流通)``, is a family of words that counts as one entry.
"""

from __future__ import annotations

import re
from functools import lru_cache

from nqpf_cli.analysis.normalize import bare, normalize

GAP = "…"
NO_GAP = "。！？；\n"
"""What stands in no gap: a gap never leaves its sentence."""
MAX_ALTERNATIVES = 1000  # in one part: groups multiply
_PART = re.compile(r"\(([^()]*)\)|([^()]+)")


def parts_of(pattern: str) -> list[list[str]]:
    """Return the parts of a gapped pattern, each with its alternatives; raises ValueError."""
    parts: list[list[str]] = []
    for piece in re.split(f"{GAP}+", pattern):
        alternatives = [""]
        position = 0
        for m in _PART.finditer(piece):
            if m.start() != position:
                raise ValueError(f"unbalanced bracket in {pattern!r}")
            position = m.end()
            options = m.group(1).split("|") if m.group(1) is not None else [m.group(2)]
            if len(alternatives) * len(options) > MAX_ALTERNATIVES:
                raise ValueError(f"more than {MAX_ALTERNATIVES} alternatives in {pattern!r}")
            alternatives = [a + fold(o) for a in alternatives for o in options]
        if position != len(piece) or not all(alternatives):
            raise ValueError(f"empty part or unbalanced bracket in {pattern!r}")
        parts.append(alternatives)
    return parts


def is_family_or_gapped(parts: list[list[str]]) -> bool:
    """Return whether the parts make a pattern: two of them, or one with alternatives."""
    return len(parts) > 1 or len(parts[0]) > 1


def linear(pattern: str) -> re.Pattern[str]:
    """Compile a user's expression; raises ``re2.error``.

    RE2 takes time linear in the text, whatever they write. Text is matched in lower case.
    """
    import re2

    options = re2.Options()
    options.log_errors = False  # RE2 would write to stderr itself
    options.case_sensitive = False
    compiled: re.Pattern[str] = re2.compile(pattern, options)
    return compiled


@lru_cache(maxsize=1 << 14)
def fold(term: str) -> str:
    """Return a term as it is looked for: normalised, without ornament, ASCII in lower case."""
    return bare(normalize(term)[0])
