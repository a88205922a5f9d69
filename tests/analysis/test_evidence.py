from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

from nqpf_cli.model import Document, Report
from nqpf_cli.model.hits import Hits
from nqpf_cli.pipeline import Analyzer

TEXT = (
    "# 河南省2025年政府工作报告\n\n破除体制机制障碍，推进人工智能产业发展。营商环境。\n\n"
    "公共服务短板突出，要素市场化配置改革滞后。推动人工智能应用，培养科技人才。\n"
)


@pytest.fixture
def report(rules: Analyzer, read: Callable[..., Document]) -> Report:
    return rules.score(read(TEXT, "plan.md"))


def test_what_proves_a_sentence_is_the_same_whether_or_not_all_hits_are_made(
    report: Report,
) -> None:
    few, all_ = Hits.of(report.hits), Hits.of(tuple(report.hits))
    assert few.labels() == all_.labels()
    starts = sorted(few.labels(), reverse=True)
    assert len(starts) > 1
    assert few.proving(starts) == all_.proving(starts)
    assert all(h.counted for of in few.proving(starts) for h in of)


def test_hits_made_when_looked_at_equal_and_travel_as_those_that_are_made(
    report: Report,
) -> None:
    there_and_back = pickle.loads(pickle.dumps(report))
    assert there_and_back == report
    assert isinstance(there_and_back.hits, tuple)
