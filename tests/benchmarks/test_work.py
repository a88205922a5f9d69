"""Speed held by counting calls: what a stage takes today, and that twice the text takes twice.

Counts depend on the version of Python, so each version has its own; a version without counts is
held to the growth alone. After an intended change: ``RENEW_WORK=1 pytest tests/benchmarks``.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from benchmarks.work import Bench, calls

COUNTS = Path(__file__).with_name("work.json")
VERSION = "{}.{}".format(*sys.version_info)
ROOM = 1.08  # libraries and small repairs move a count a little


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench.of()


def test_no_stage_takes_more_calls_than_it_did(bench: Bench) -> None:
    counted = {name: calls(work) for name, work in (bench.building() | bench.stages()).items()}
    known = json.loads(COUNTS.read_text(encoding="utf-8"))
    if os.environ.get("RENEW_WORK"):
        known[VERSION] = counted
        COUNTS.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    if VERSION not in known:
        pytest.skip(f"no counts for Python {VERSION}: RENEW_WORK=1 pytest tests/benchmarks")
    grown = {
        name: f"{n} calls, at most {known[VERSION][name] * ROOM:.0f}"
        for name, n in counted.items()
        if n > known[VERSION][name] * ROOM
    }
    assert not grown, f"{grown}; if meant: RENEW_WORK=1 pytest tests/benchmarks"


@pytest.mark.parametrize("stage", ["rules", "rules, one clause", "wording", "figures", "document"])
def test_twice_the_text_takes_at_most_twice_the_calls(bench: Bench, stage: str) -> None:
    once, twice = (calls(bench.stages(times)[stage]) for times in (2, 4))
    assert twice <= 2.05 * once


def test_four_times_the_entries_take_less_than_four_times_the_calls(bench: Bench) -> None:
    few, all_ = (calls(bench.with_lexicon(step)) for step in (4, 1))
    assert all_ < 3 * few


def test_counts_are_the_same_on_every_run(bench: Bench) -> None:
    work = bench.stages()["rules"]
    assert calls(work) == calls(work)
