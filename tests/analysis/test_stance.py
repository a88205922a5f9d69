from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nqpf_cli.analysis.coder import RuleCoder
from nqpf_cli.model import Cue, Entry
from nqpf_cli.pipeline import Analyzer

BARRIER = "体制机制"


def cue(term: str, stance: Any, side: Any = "any", scope: Any = "clause", **more: Any) -> Cue:
    return Cue(term=term, stance=stance, side=side, scope=scope, **more)


@pytest.fixture(scope="module")
def coder(make_coder: Callable[..., RuleCoder], make_entry: Callable[..., Entry]) -> RuleCoder:
    return make_coder(
        make_entry(BARRIER, "institution.market", stance="cue"),
        make_entry("新旧动能不畅", "lockin.legacy", stance="problem"),
        make_entry("技术改造", "lockin.legacy", stance="remedy"),
        cues=(
            cue("不足", "problem", "after", unless=("不足百",)),
            cue("缺乏", "problem", "before"),
            cue("健全", "remedy", "before"),
            cue("建成", "remedy", "any"),
            cue("问题在于", "problem", "any", "sentence"),
        ),
        governors=("破解", "防止"),
        voids=("不存在",),
    )


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        # cues in the clause of the hit, on the side they may stand on
        ("体制机制不足。", "institution.problem"),
        ("缺乏体制机制。", "institution.problem"),
        ("不足的是体制机制。", ""),
        ("体制机制缺乏。", ""),
        ("健全体制机制。", "institution.remedy"),
        ("体制机制健全。", ""),
        ("建成体制机制。", "institution.remedy"),
        ("体制机制建成。", "institution.remedy"),
        # no cue, no label
        ("体制机制。", ""),
        # a problem in the clause is stronger than a remedy
        ("健全体制机制的力度不足。", "institution.problem"),
        # another clause does not reach here …
        ("健全队伍，体制机制如何。", ""),
        ("体制机制如何，力度不足。", ""),
        # … unless the cue is for the sentence
        ("问题在于，体制机制如何。", "institution.problem"),
        ("体制机制如何，问题在于人。", "institution.problem"),
        # verbs that govern a problem, voids, exceptions of a cue
        ("破解体制机制不足。", ""),
        ("体制机制方面不存在不足。", ""),
        ("体制机制改革项目不足百个。", ""),
        # entries that carry their stance
        ("新旧动能不畅。", "lockin.problem"),
        ("破解新旧动能不畅。", "lockin.remedy"),
        ("破解难题，新旧动能不畅。", "lockin.problem"),
        ("不存在新旧动能不畅。", ""),
        ("技术改造。", "lockin.remedy"),
        ("技术改造不足。", "lockin.problem"),
        ("缺乏技术改造。", "lockin.problem"),
        ("技术改造，投入不足。", "lockin.remedy"),
        # both stances in one sentence
        ("新旧动能不畅，推进技术改造。", "lockin.problem lockin.remedy"),
    ],
)
def test_stance_is_decided_in_the_clause(coder: RuleCoder, text: str, labels: str) -> None:
    assert " ".join(coder.code(text).labels) == labels


@pytest.mark.parametrize(
    ("text", "rule", "word"),
    [
        ("体制机制不足。", "cue-after", "不足"),
        ("缺乏体制机制。", "cue-before", "缺乏"),
        ("健全体制机制。", "cue-clause", "健全"),
        ("问题在于，体制机制如何。", "cue-sentence", "问题在于"),
        ("体制机制。", "no-cue", ""),
        ("技术改造。", "asserted", ""),
        ("防止新旧动能不畅。", "governed", ""),
    ],
)
def test_a_stance_says_why(coder: RuleCoder, text: str, rule: str, word: str) -> None:
    (match,) = coder.code(text).matches
    assert (match.rule, match.cue) == (rule, word)


def test_a_hit_without_stance_is_shown_and_gives_no_label(coder: RuleCoder) -> None:
    coding = coder.code("体制机制。")
    assert coding.labels == ()
    assert [(m.entry.term, m.stance) for m in coding.matches] == [(BARRIER, None)]


def test_quotation_marks_do_not_hide_a_cue(coder: RuleCoder) -> None:
    assert coder.code("“体制机制”仍“不足”。").labels == ("institution.problem",)


# --- what the codebook settles, with the lexicon that ships -----------------------------------

SETTLED = [
    ("体制机制障碍仍然突出。", "institution.problem", "institution.remedy"),
    ("坚决破除体制机制障碍。", "institution.remedy", "institution.problem"),
    ("淘汰落后产能300万吨。", "lockin.remedy", "lockin.problem"),
    ("产业结构偏重，新旧动能转换不畅。", "lockin.problem", "lockin.remedy"),
    ("公共服务供给不足，民生领域还有不少短板。", "services.problem", "services.remedy"),
    ("推进基本公共服务均等化。", "services.remedy", "services.problem"),
    ("加快补齐民生短板，扩大优质教育资源供给。", "services.remedy", "services.problem"),
]


@pytest.mark.parametrize(("text", "given", "not_given"), SETTLED)
def test_a_diagnosis_is_not_an_answer(
    rules: Analyzer, text: str, given: str, not_given: str
) -> None:
    labels = rules.code(text).labels
    assert given in labels
    assert not_given not in labels


@pytest.mark.parametrize(("text", "given", "not_given"), SETTLED)
def test_the_default_coder_tells_them_apart_too(
    analyzer: Analyzer, text: str, given: str, not_given: str
) -> None:
    labels = analyzer.code(text).labels
    assert given in labels
    assert not_given not in labels


@pytest.mark.parametrize(
    "text", ["不存在体制机制障碍。", "我省不存在产能过剩问题。", "各位代表，请予审议。"]
)
def test_what_is_denied_is_no_problem(rules: Analyzer, text: str) -> None:
    assert not [label for label in rules.code(text).labels if label.endswith(".problem")]
