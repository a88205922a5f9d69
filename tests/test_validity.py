"""What ``validate`` measures: groups and folds, a baseline, a comparison with other labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli import validity as v
from nqpf_cli.analysis.agreement import Agreement, Unit, agreement, mcnemar
from nqpf_cli.errors import UsageError
from nqpf_cli.model import LABELS, Coding, Entry, Lexicon
from nqpf_cli.segmenters.base import Segmenter

MakeEntry = Callable[..., Entry]


def unit(
    id_: str, gold: str = "", predicted: str = "", doc: str | None = "河南-2025", **more: Any
) -> Unit:
    return Unit(
        id=id_, gold=frozenset(gold.split()), predicted=frozenset(predicted.split()),
        doc=doc, **more,
    )  # fmt: skip


def labelled(*units: Unit) -> list[v.LabelledUnit]:
    return [v.LabelledUnit(unit=u, text="。", coding=Coding(labels=())) for u in units]


# --- predictions ------------------------------------------------------------------------------


def test_units_are_coded_by_their_text() -> None:
    rows = [{"id": 7, "text": "人才", "labels": ["block"], "doc": "河南-1", "stratum": "s"}]
    (found,) = v.predict(rows, lambda texts: [Coding(labels=("factor",))])
    assert found.unit == unit("7", "block", "factor", "河南-1", stratum="s")
    assert found.text == "人才"
    assert v.errors_of([found]) == [found]
    assert v.errors_of(v.predict(rows, lambda texts: [Coding(labels=("block",))])) == []


def test_a_label_that_does_not_exist_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="u1 has unknown labels: nosuch"):
        v.predict([{"id": "u1", "text": "", "labels": ["nosuch", "factor"]}], lambda texts: [])


# --- the baseline -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("培育人才。", "factor"),
        ("人才人才。", "factor"),
        # a token that is longer than the term, or two that make it up
        ("人才市场化。", "factor"),
        ("高质量发展。", ""),
        # a problem is taken for a remedy: a bag of words knows no stance
        ("产能过剩。", "lockin.remedy"),
        ("低碳产业。", "relations"),
        ("引进人员。", ""),
        ("", ""),
    ],
)
def test_the_baseline_counts_tokens(
    make_lexicon: Callable[..., Lexicon], make_entry: MakeEntry, text: str, labels: str
) -> None:
    lexicon = make_lexicon(
        make_entry("人才"),
        make_entry("量发"),
        make_entry("引进…人员", kind="gap"),
        make_entry("过剩", "lockin.legacy", stance="problem"),
        make_entry("低碳", "relations.green"),
        make_entry("低碳", "strategy.jjj.x", prescription=True),
        make_entry("产业", "method.relatedness"),
    )

    class Tokens:
        name = "tokens"

        def cut(self, text: str) -> list[str]:
            known = (
                "人才",
                "市场化",
                "高质量",
                "发展",
                "产能",
                "过剩",
                "低碳",
                "产业",
                "引进",
                "人员",
            )
            out: list[str] = []
            while text:
                token = next((k for k in known if text.startswith(k)), text[0])
                out.append(token)
                text = text[len(token) :]
            return out

    segmenter: Segmenter = Tokens()
    assert " ".join(v.token_baseline(lexicon, segmenter)([text])[0].labels) == labels


# --- groups and folds -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("doc", "group"),
    [
        ("河南-2025-政府工作报告.txt", "河南"),
        ("corpora/reports/河南-2026.pdf", "河南"),
        ("laws/上海市优化营商环境条例(2024-09-27).txt", "上海市优化营商环境条例"),
        ("河南", "河南"),
        (None, "?"),
        ("", "?"),
    ],
)
def test_documents_are_grouped_by_province(doc: str | None, group: str) -> None:
    assert v.group_of(doc) == group


@given(st.text(), st.text(), st.integers(2, 20))
def test_a_province_is_never_split_over_folds(province: str, year: str, folds: int) -> None:
    fold = v.fold_of(f"{province}-{year}", folds)
    assert 1 <= fold <= folds
    if "/" not in year:
        assert fold == v.fold_of(f"{province}-2025", folds)


def test_folds_are_the_same_on_every_machine() -> None:
    # zlib.crc32 of the UTF-8 bytes: fixed for ever, or published figures would move
    provinces = ("北京", "河南", "广东", "吉林", "西藏")
    assert [v.fold_of(f"{p}-2025", 5) for p in provinces] == [3, 1, 1, 3, 3]


def test_groups_come_in_order_and_hold_their_own_units() -> None:
    units = labelled(
        unit("1", "factor", "factor", "乙-1"),
        unit("2", "factor", "", "甲-1"),
        unit("3", "factor", "factor", "甲-2"),
    )
    found: dict[str, Agreement] = dict(v.by_group(units, lambda u: v.group_of(u.doc)))
    assert list(found) == ["乙", "甲"]
    assert [a.n for a in found.values()] == [1, 2]
    assert found["乙"].labels["factor"].recall == 1
    assert found["甲"].labels["factor"].recall == 0.5


# --- comparison -------------------------------------------------------------------------------


def test_two_codings_are_compared_decision_by_decision() -> None:
    units = [
        unit("1", "factor", "factor"),  # this one right, the other wrong on two labels
        unit("2", "block", ""),  # only the other is right
        unit("3", "block", "block"),  # both are right
        unit("4", "factor", "factor"),  # not in the other
    ]
    other = {"1": frozenset({"industry"}), "2": frozenset({"block"}), "3": frozenset({"block"})}
    c = v.compare(units, other)
    assert (c.n, c.only_this, c.only_other) == (3 * len(LABELS), 2, 1)
    assert c.p == mcnemar(2, 1)


def test_a_coding_does_not_differ_from_itself() -> None:
    units = [unit(str(n), "factor", "factor block") for n in range(5)]
    c = v.compare(units, {u.id: u.predicted for u in units})
    assert (c.only_this, c.only_other, c.p) == (0, 0, 1)


def test_predictions_are_those_of_code() -> None:
    rows = [{"id": 1, "labels": ["factor"]}, {"id": "b", "labels": []}]
    assert v.read_predictions(rows) == {"1": {"factor"}, "b": set()}


# --- intervals --------------------------------------------------------------------------------


def test_an_interval_holds_the_figure_and_does_not_move() -> None:
    units = [unit(str(n), "factor", "factor" if n % 4 else "", f"{n % 9}-x") for n in range(60)]
    once = v.intervals(units, resamples=50, seed=1)
    assert once == v.intervals(units, resamples=50, seed=1)
    assert set(once) == {*LABELS, "macro_f1", "stance_accuracy"}
    low, high = once["factor"] or (1, 0)
    figure = agreement(units).labels["factor"].f1
    assert 0 < low <= figure <= high < 1
    assert once["macro_f1"] == once["factor"]


def test_what_cannot_be_measured_is_null() -> None:
    units = [unit("1", "factor", "factor")]
    view = v.as_json(agreement(units), v.intervals(units, resamples=10, seed=1))
    assert list(view["labels"]) == list(LABELS)
    assert view["labels"]["factor"]["f1"] == 1
    assert view["labels"]["block"]["f1"] is None
    assert view["labels"]["block"]["f1_ci"] is None
    assert (view["stance_accuracy"], view["stance_n"]) == (None, 0)
    assert 0 < view["ceiling_macro_f1"] <= 1
