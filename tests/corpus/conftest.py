"""A report, and records made of it: other places, other years, failures."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from nqpf_cli.corpus.records import Record
from nqpf_cli.pipeline import Analyzer

TEXT = """北京市2025年政府工作报告

大力发展新质生产力，加快关键核心技术攻关，布局未来产业。产能过剩问题仍然突出，人才短缺制约产业发展。
深入推动京津冀协同发展，共建产业园区；推进新型城镇化，优化基础设施布局。
"""


@pytest.fixture(scope="session")
def beijing(rules: Analyzer) -> dict[str, Any]:
    """Return the report object of a short text of Beijing, 2025; not to be changed."""
    return rules.score(rules.read_data(TEXT.encode(), "北京-2025.txt")).to_dict()


@pytest.fixture
def record_of(beijing: dict[str, Any]) -> Callable[..., Record]:
    """Make a record: ``record_of("a.txt", year=2024)``, or a failure with ``error="corrupt"``."""

    def make(path: str, *, error: str | None = None, **source: Any) -> Record:
        if error:
            body = {"code": error, "message": "cannot be read", "hint": None}
            return Record(line=1, path=path, report=None, error=body)
        report = copy.deepcopy(beijing)
        report["source"] |= {"path": path, **source}
        return Record(line=1, path=path, report=report, error=None)

    return make
