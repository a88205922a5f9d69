from __future__ import annotations

import importlib.util
from math import isnan, nan
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.analysis.agreement import (
    Unit,
    agreement,
    alpha,
    bootstrap,
    mcnemar,
    spearman,
    stance_counts,
)
from nqpf_cli.model import LABELS


def unit(gold: str, predicted: str, id_: str = "u", doc: str | None = None) -> Unit:
    return Unit(
        id=id_, gold=frozenset(gold.split()), predicted=frozenset(predicted.split()), doc=doc
    )


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        ([1, 2, 3, 4], [10, 20, 30, 40], 1.0),
        ([1, 2, 3, 4], [4, 3, 2, 1], -1.0),
        # IQ and hours of television, the example of many textbooks
        (
            [106, 100, 86, 101, 99, 103, 97, 113, 112, 110],
            [7, 27, 2, 50, 28, 29, 20, 12, 6, 17],
            -29 / 165,
        ),
        ([1, 2, 2, 3], [1, 3, 2, 4], 0.9486832980505138),
        ([1, 1, 1], [1, 2, 3], nan),
    ],
)
def test_spearman_of_known_ranks(x: list[float], y: list[float], expected: float) -> None:
    assert spearman(x, y) == pytest.approx(expected, abs=1e-12, nan_ok=True)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=30))
def test_spearman_sees_ranks_alone(pairs: list[tuple[int, int]]) -> None:
    x, y = [float(a) for a, _ in pairs], [float(b) for _, b in pairs]
    rho = spearman(x, y)
    assert isnan(rho) or -1 - 1e-9 <= rho <= 1 + 1e-9
    assert spearman([v**3 for v in x], y) == pytest.approx(rho, nan_ok=True)
    assert spearman(y, x) == pytest.approx(rho, nan_ok=True)


def test_alpha_of_krippendorffs_own_example() -> None:
    # Krippendorff 2011, "Computing Krippendorff's alpha-reliability", section A: 0.095
    meg = [bool(int(c)) for c in "0100000010"]
    owen = [bool(int(c)) for c in "1110010000"]
    assert alpha(meg, owen) == pytest.approx(0.095, abs=5e-4)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([True, False], [True, False], 1.0),
        ([True, False], [False, True], -0.5),
        ([False, False], [False, False], nan),
        ([], [], nan),
    ],
)
def test_alpha_at_the_edges(a: list[bool], b: list[bool], expected: float) -> None:
    assert alpha(a, b) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("only_a", "only_b", "p"),
    [(0, 0, 1.0), (5, 5, 1.0), (1, 8, 20 / 512), (8, 1, 20 / 512), (0, 10, 2 / 1024)],
)
def test_mcnemar_is_the_exact_binomial_test(only_a: int, only_b: int, p: float) -> None:
    assert mcnemar(only_a, only_b) == pytest.approx(p)


def test_figures_of_a_small_set() -> None:
    a = agreement(
        [
            unit("factor", "factor"),
            unit("factor industry", "industry"),
            unit("", "factor"),
            unit("lockin.problem", "lockin.remedy"),
            unit("lockin.remedy", "lockin.remedy"),
        ]
    )
    factor = a.labels["factor"]
    assert (factor.support, factor.precision, factor.recall, factor.f1) == (2, 0.5, 0.5, 0.5)
    assert a.labels["industry"].f1 == 1
    assert isnan(a.labels["block"].f1)
    assert (a.stance_accuracy, a.stance_n) == (0.5, 2)
    assert a.macro_f1 == pytest.approx((0.5 + 1 + 0 + 2 / 3) / 4)
    assert a.doc_spearman is None


def test_nothing_to_compare_is_no_figure() -> None:
    a = agreement([])
    assert (a.n, a.macro_f1, a.micro_f1, a.stance_accuracy) == (0, None, None, None)


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ("services.problem", "services.problem", (1, 1)),
        ("services.problem", "services.remedy", (0, 1)),
        ("services.problem", "services.problem services.remedy", (0, 1)),
        ("services.problem", "lockin.problem", (0, 0)),
        ("services.problem services.remedy", "services.remedy", (0, 0)),
        ("factor", "factor", (0, 0)),
    ],
)
def test_stance_is_judged_where_gold_has_one(
    gold: str, predicted: str, expected: tuple[int, int]
) -> None:
    assert stance_counts([unit(gold, predicted)]) == expected


def random_units(seed: int, n: int = 300) -> list[Unit]:
    rng = Random(seed)
    units = []
    for i in range(n):
        gold = {label for label in LABELS if rng.random() < 0.2}
        predicted = {label for label in gold if rng.random() < 0.7}
        predicted |= {label for label in LABELS if rng.random() < 0.08}
        units.append(
            Unit(
                id=str(i),
                gold=frozenset(gold),
                predicted=frozenset(predicted),
                doc=f"doc{rng.randrange(20)}",
            )
        )
    return units


@pytest.fixture(scope="module")
def judge(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("judge", shared / "gold/evaluate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.shared
@pytest.mark.parametrize(("seed", "n"), [(1, 300), (2, 300), (3, 60), (4, 9)])
def test_figures_are_those_of_the_judge(judge: ModuleType, seed: int, n: int) -> None:
    units = random_units(seed, n)
    gold = {u.id: {"doc": u.doc, "labels": sorted(u.gold)} for u in units}
    predicted = {u.id: {"labels": sorted(u.predicted)} for u in units}
    theirs: dict[str, Any] = judge.evaluate(gold, predicted)
    ours = agreement(units)
    for name in ("macro_f1", "micro_f1", "stance_accuracy", "doc_spearman"):
        expected = theirs[name]
        value = getattr(ours, name)
        assert value == (None if expected is None else pytest.approx(expected, abs=1e-9)), name
    assert (ours.n, ours.stance_n) == (theirs["n"], theirs["stance_n"])
    for label in LABELS:
        expected = theirs["labels"][label]
        mine = ours.labels[label]
        got = {
            "support": mine.support,
            "p": mine.precision,
            "r": mine.recall,
            "f1": mine.f1,
            "alpha": mine.alpha,
        }
        assert got == pytest.approx(expected, abs=1e-9, nan_ok=True), label


def test_a_bootstrap_of_a_measure_is_the_same_for_the_same_seed() -> None:
    units = random_units(5)

    def macro(drawn: Any) -> float | None:
        return agreement(drawn).macro_f1

    first = bootstrap(units, macro, resamples=40, seed=7)
    assert first == bootstrap(units, macro, resamples=40, seed=7)
    assert first is not None
    assert 0 <= first[0] <= first[1] <= 1


def test_a_bootstrap_of_a_constant_leaves_no_doubt() -> None:
    assert bootstrap(random_units(6), lambda _: 0.25, resamples=30, seed=1) == (0.25, 0.25)


def test_a_bootstrap_of_nothing_is_no_interval() -> None:
    assert bootstrap(random_units(6), lambda _: None, resamples=30, seed=1) is None
