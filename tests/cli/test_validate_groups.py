"""``nqpf validate``: by group and fold, against a baseline and against another run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from nqpf_cli.validity import fold_of

Run = Callable[..., CompletedProcess[str]]
Validate = Callable[..., dict[str, Any]]
TEXTS = {
    "大力发展新质生产力，加快关键核心技术攻关。": ["factor"],
    "推进新型城镇化，做强郑州都市圈。": ["urbanization"],
    "产能过剩问题仍然突出。": ["lockin.problem"],
    "今天天气很好。": [],
}
PROVINCES = ("北京", "河南", "广东", "吉林", "云南", "山西")
QUICK = ("--resamples", "10", "--coder", "rules")


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gold") / "gold.jsonl"
    rows = [
        {"id": f"{p}{n}", "text": text, "labels": labels, "doc": f"{p}-2025.txt",
         "stratum": "labelled" if labels else "random"}
        for p in PROVINCES
        for n, (text, labels) in enumerate(TEXTS.items())
    ]  # fmt: skip
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return path


@pytest.fixture
def validate(nqpf: Run, gold: Path) -> Validate:
    def go(*arguments: str | Path) -> dict[str, Any]:
        done = nqpf("validate", gold, "--format", "json", *QUICK, *arguments)
        assert done.returncode == 0, done.stderr
        view: dict[str, Any] = json.loads(done.stdout)
        return view

    return go


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("stratum", ["labelled", "random"]),
        ("province", sorted(PROVINCES)),
        ("doc", sorted(f"{p}-2025.txt" for p in PROVINCES)),
    ],
)
def test_groups_are_measured_by_themselves(validate: Validate, key: str, names: list[str]) -> None:
    view = validate("--by", key)
    assert view["by"]["key"] == key
    groups = view["by"]["groups"]
    assert list(groups) == names
    assert sum(g["n"] for g in groups.values()) == view["n"] == 24
    assert all(g["macro_f1"] is not None or key == "stratum" for g in groups.values())


def test_the_folds_are_those_of_fold(validate: Validate) -> None:
    groups = validate("--by", "fold", "--folds", "3")["by"]["groups"]
    assert sum(g["n"] for g in groups.values()) == 24
    for name, group in groups.items():
        alone = validate("--fold", name)
        assert {k: alone[k] for k in ("n", "macro_f1", "micro_f1")} == {
            k: group[k] for k in ("n", "macro_f1", "micro_f1")
        }


@pytest.mark.parametrize("fold", ["0/5", "6/5", "1", "1/0", "a/b", "1/5/2", ""])
def test_a_fold_that_cannot_be(nqpf: Run, gold: Path, fold: str) -> None:
    done = nqpf("validate", gold, "--fold", fold)
    assert (done.returncode, done.stdout) == (2, "")
    assert "1/5" in done.stderr


def test_a_fold_without_a_unit(nqpf: Run, gold: Path) -> None:
    taken = {fold_of(f"{p}-2025.txt", 20) for p in PROVINCES}
    empty = min(set(range(1, 21)) - taken)
    done = nqpf("validate", gold, "--fold", f"{empty}/20")
    assert (done.returncode, done.stdout) == (3, "")
    assert "no unit" in done.stderr


def test_the_baseline_stands_beside(nqpf: Run, gold: Path, validate: Validate) -> None:
    view = validate("--baseline", "tokens")
    base = view["baseline"]
    assert base["name"] == "tokens"
    assert list(base["labels"]) == list(view["labels"])
    assert base["labels"]["lockin.problem"]["recall"] == 0  # it knows remedies only
    assert view["labels"]["lockin.problem"]["recall"] == 1
    assert view["stance_accuracy"] == 1
    test = base["mcnemar"]
    assert test["decisions"] == 12 * view["n"]
    assert test["only_this_right"] > test["only_other_right"]
    assert 0 < test["p"] < 1
    shown = nqpf("validate", gold, *QUICK, "--baseline", "tokens").stdout
    assert "baseline" in shown


def test_two_runs_are_compared(nqpf: Run, gold: Path, validate: Validate, tmp_path: Path) -> None:
    same, other = tmp_path / "same.jsonl", tmp_path / "other.jsonl"
    assert nqpf("code", gold, "--coder", "rules", "-o", same).returncode == 0
    rows = [json.loads(r) for r in same.read_text(encoding="utf-8").splitlines()]
    none = [json.dumps({"id": r["id"], "labels": []}) + "\n" for r in rows[:8]]
    other.write_text("".join(none), encoding="utf-8")
    view = validate("--against", same)["against"]
    assert (view["only_this_right"], view["only_other_right"], view["p"]) == (0, 0, 1)
    view = validate("--against", other)["against"]
    assert (view["path"], view["decisions"]) == (str(other), 8 * 12)
    assert view["only_this_right"] >= 6
    assert nqpf("validate", gold, *QUICK, "--against", other).returncode == 0


@pytest.mark.parametrize("text", ["x\n", "[]\n", '{"id": 1}\n', '{"labels": []}\n', "\xff\n"])
def test_a_run_that_is_none(nqpf: Run, gold: Path, tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text(text, encoding="latin-1")
    done = nqpf("validate", gold, *QUICK, "--against", path)
    assert (done.returncode, done.stdout) == (3, "")
    assert "other.jsonl" in done.stderr
    assert nqpf("validate", gold, *QUICK, "--against", tmp_path / "gone").returncode == 3


def test_the_table_shows_groups(nqpf: Run, gold: Path) -> None:
    shown = nqpf("validate", gold, *QUICK, "--by", "province").stdout
    assert all(p in shown for p in PROVINCES)
