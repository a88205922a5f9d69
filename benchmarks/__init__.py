"""Speed and memory, side by side with what a user would use instead: ``python -m benchmarks``."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
