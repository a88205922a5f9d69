"""JSON as the contract has it: UTF-8, fixed order of keys, the same bytes for the same input."""

from __future__ import annotations

import json
import re
from typing import Any

# What JSON allows raw and terminals or UTF-8 do not bear: DEL, C1, marks of direction, lone
# surrogates.
_ESCAPED = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def _safe(text: str) -> str:
    return _ESCAPED.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


def dumps(value: Any) -> str:
    """Return an indented JSON text with a line end."""
    return _safe(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def dumps_line(value: Any) -> str:
    """Return one line of JSON Lines."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _safe(text) + "\n"
