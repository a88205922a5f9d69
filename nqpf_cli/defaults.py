"""What holds where the user says nothing. Read by the command line before anything heavy."""

from __future__ import annotations

from typing import Final

MAX_BYTES: Final = 512 * 1024 * 1024
MAX_PAGES: Final = 3000
MAX_CHARS: Final = 20_000_000
TIMEOUT_S: Final = 120.0
CODER: Final = "model"
CONFIDENCE: Final = 0.95
RESAMPLES: Final = 1000
SEED: Final = 20240201
REFERENCE: Final = "shipped"
COMPARABLE: Final = "auto"
