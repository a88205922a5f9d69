"""Report objects with few words, as a scan writes them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

MakeReport = Callable[..., dict[str, Any]]


def _measure(sentences: int, total: int, breadth: float | None = None) -> dict[str, Any]:
    return {
        "hits": 2 * sentences,
        "density": 20.0 * sentences,
        "sentences": sentences,
        "sentence_share": sentences / total if total else None,
        "ci": None,
        "breadth": breadth,
        "percentile": None,
    }


@pytest.fixture(scope="session")
def make_report() -> MakeReport:
    """``make_report("a.txt", factor=3, total=10)``: a report object with these counts."""

    def make(path: str, factor: int = 1, total: int = 10, **source: Any) -> dict[str, Any]:
        place = {
            "name": "湖北省", "code": "420000", "level": "province", "block": "central",
            "found_in": "title",
        }  # fmt: skip
        return {
            "schema_version": "1.0",
            "nqpf_version": "0.1.0",
            "lexicon": {"name": "small", "version": "1", "sha256": "0" * 64},
            "settings": {
                "segmenter": "jieba", "nested": "category", "coder": "model",
                "tables": "include", "confidence": 0.95,
            },
            "source": {
                "path": path,
                "sha256": hashlib.sha256(path.encode()).hexdigest(),
                "kind": "work_report",
                "year": 2025,
                "jurisdiction": place,
                **source,
            },
            "quality": {"han_chars": 1200, "scored_han_chars": 1000, "sentences": total},
            "dimensions": {"factor": _measure(factor, total, 0.5)},
            "indicators": {"lockin.legacy": {s: _measure(1, total) for s in ("problem", "remedy")}},
            "obstructions": {},
            "paths": {},
            "methods": {},
        }  # fmt: skip

    return make
