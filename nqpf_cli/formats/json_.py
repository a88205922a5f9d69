"""JSON as the contract has it: UTF-8, fixed order of keys, the same bytes for the same input."""

from __future__ import annotations

import json
from typing import Any


def dumps(value: Any) -> str:
    """Return an indented JSON text with a line end."""
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def dumps_line(value: Any) -> str:
    """Return one line of JSON Lines."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"
