"""``nqpf validate``: agreement with coded units, and with the project's own evaluation."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Run = Callable[..., CompletedProcess[str]]
TEXTS = (
    "大力发展新质生产力，加快关键核心技术攻关。",
    "推进新型城镇化，做强郑州都市圈。",
    "今天天气很好。",
)


def gold(path: Path, *units: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(u) + "\n" for u in units), encoding="utf-8")
    return path


@pytest.fixture
def agreed(nqpf: Run, tmp_path: Path) -> Path:
    """Return units that carry the very labels that ``code`` gives them."""
    units = [{"id": i, "text": t, "doc": f"河南-{i}"} for i, t in enumerate(TEXTS)]
    coded = nqpf("code", gold(tmp_path / "units.jsonl", *units)).stdout.splitlines()
    labels = [json.loads(line)["labels"] for line in coded]
    assert any(labels)
    both = [{**u, "labels": x} for u, x in zip(units, labels, strict=True)]
    return gold(tmp_path / "gold.jsonl", *both)


def test_full_agreement(nqpf: Run, agreed: Path) -> None:
    view = json.loads(nqpf("validate", agreed, "--format", "json").stdout)
    assert view["n"] == len(TEXTS)
    assert view["macro_f1"] == 1
    for a in view["labels"].values():
        expected = 1 if a["support"] else None
        assert a["f1"] == expected


def test_the_same_figures_in_the_table(nqpf: Run, agreed: Path) -> None:
    done = nqpf("validate", agreed)
    assert done.returncode == 0
    assert "macro-F1  1.00" in done.stdout


def test_wrong_units_are_listed_with_what_fired(nqpf: Run, tmp_path: Path) -> None:
    path = gold(tmp_path / "g.jsonl", {"id": "u1", "text": TEXTS[0], "labels": ["block"]})
    view = json.loads(nqpf("validate", path, "--errors", "5", "--format", "json").stdout)
    (error,) = view["errors"]
    assert error["id"] == "u1"
    assert error["missed"] == ["block"]
    assert "factor" in error["wrong"]
    assert {f["entry"] for f in error["fired"]}


def test_the_same_figures_twice(nqpf: Run, agreed: Path) -> None:
    once = nqpf("validate", agreed, "--format", "json", "--by", "doc", "--baseline", "tokens")
    again = nqpf("validate", agreed, "--format", "json", "--by", "doc", "--baseline", "tokens")
    assert once.stdout == again.stdout


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ({"id": 1, "text": "x", "labels": ["nosuch"]}, 2),
        ({"id": 1, "text": "x"}, 3),
        ({"id": 1, "text": "x", "labels": "factor"}, 3),
        ({"id": 1, "text": "x", "labels": [["factor"]]}, 3),
        ({"id": 1, "text": "x", "labels": [{}, 1, None]}, 3),
    ],
)
def test_units_that_cannot_be_compared(
    nqpf: Run, tmp_path: Path, unit: dict[str, Any], code: int
) -> None:
    done = nqpf("validate", gold(tmp_path / "g.jsonl", unit))
    assert (done.returncode, done.stdout) == (code, "")
    assert "labels" in done.stderr


@pytest.mark.parametrize("key", ["doc", "stratum"])
@pytest.mark.parametrize("value", [1, True, ["a"], {"a": 1}])
def test_units_of_a_document_or_stratum_that_has_no_name(
    nqpf: Run, tmp_path: Path, key: str, value: Any
) -> None:
    unit = {"id": 1, "text": "x", "labels": [], key: value}
    done = nqpf("validate", gold(tmp_path / "g.jsonl", unit), "--by", key)
    assert (done.returncode, done.stdout) == (3, "")
    assert f'line 1: "{key}"' in done.stderr


@pytest.mark.parametrize("row", ['{"id": 1, "labels": [[]]}', '{"id": 1, "labels": 3}', "[" * 9999])
def test_another_run_that_is_none(nqpf: Run, agreed: Path, tmp_path: Path, row: str) -> None:
    (tmp_path / "other.jsonl").write_text(row, encoding="utf-8")
    done = nqpf("validate", agreed, "--against", tmp_path / "other.jsonl")
    assert (done.returncode, done.stdout) == (3, "")
    assert "other.jsonl" in done.stderr


def test_no_units(nqpf: Run, tmp_path: Path) -> None:
    assert nqpf("validate", gold(tmp_path / "g.jsonl")).returncode == 3


@pytest.mark.parametrize("option", ["--by", "--baseline", "--fold", "--coder", "--nested"])
def test_unknown_choices_are_wrong_usage(nqpf: Run, agreed: Path, option: str) -> None:
    done = nqpf("validate", agreed, option, "nosuch")
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.shared
def test_agreement_is_what_the_projects_evaluation_says(
    nqpf: Run, shared: Path, tmp_path: Path
) -> None:
    units = shared / "gold" / "dev.jsonl"
    labels = tmp_path / "labels.jsonl"
    assert nqpf("code", units, "-o", labels).returncode == 0
    script = shared / "gold" / "evaluate.py"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", str(script), str(units), str(labels), "--json"],
        capture_output=True,
        check=True,
        timeout=60,
    )
    theirs = json.loads(done.stdout)
    arguments = ("--format", "json", "--resamples", "10")
    ours = json.loads(nqpf("validate", units, *arguments).stdout)

    def same(mine: float | None, other: float | None) -> bool:
        if other is None or math.isnan(other):
            return mine is None
        return mine is not None and abs(mine - other) <= 0.5001e-4

    assert (ours["n"], ours["stance_n"]) == (theirs["n"], theirs["stance_n"])
    for key in ("macro_f1", "micro_f1", "stance_accuracy", "doc_spearman"):
        assert same(ours[key], theirs[key]), key
    assert list(ours["labels"]) == list(theirs["labels"])
    for label, a in theirs["labels"].items():
        mine = ours["labels"][label]
        assert mine["support"] == a["support"]
        for key, short in (("precision", "p"), ("recall", "r"), ("f1", "f1"), ("alpha", "alpha")):
            assert same(mine[key], a[short]), (label, key)
