from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.analysis.coder import RuleCoder
from nqpf_cli.analysis.score import Scores, score
from nqpf_cli.model import (
    DIMENSIONS,
    OBSTRUCTIONS,
    PATHS,
    Entry,
    Jurisdiction,
    Lexicon,
    Measure,
    Prescription,
    Settings,
)

MakeEntry = Callable[..., Entry]
ScoreOf = Callable[..., Scores]
HUBEI = Jurisdiction(
    name="湖北省", code="420000", level="province", block="central", found_in="title"
)
WUHAN = Jurisdiction(
    name="武汉市",
    code="420100",
    level="prefecture",
    block="central",
    found_in="title",
    province="湖北省",
)
NATION = Jurisdiction(name="全国", code="100000", level="national", block=None, found_in="title")


@pytest.fixture(scope="module")
def entries(make_entry: MakeEntry) -> tuple[Entry, ...]:
    return (
        make_entry("人才", "factor.labour"),
        make_entry("数据", "factor.objects"),
        make_entry("活力", "factor.flow", weight=0.5),
        make_entry("集群", "industry.chain"),
        make_entry("绿色", "relations.green"),
        make_entry("产能过剩", "lockin.legacy", stance="problem"),
        make_entry("技术改造", "lockin.legacy", stance="remedy"),
        make_entry("中部崛起", "block.central"),
        make_entry("东部率先", "block.east"),
        make_entry("都市圈", "urbanization.metro"),
        make_entry("比较优势", "method.advantage"),
        make_entry("承接转移", "block.central.takeover", prescription=True),
        make_entry("自主创新", "block.central.innovation", prescription=True),
        make_entry("世界级", "block.east.clusters", prescription=True),
    )


@pytest.fixture(scope="module")
def score_of(
    make_lexicon: Callable[..., Lexicon],
    make_coder: Callable[..., RuleCoder],
    entries: tuple[Entry, ...],
) -> ScoreOf:
    def prescription(id_: str, scope: Any) -> Prescription:
        return Prescription(
            id=id_, carrier=id_.rsplit(".", 1)[0], zh="-", en="-", scope=scope, source="-"
        )

    more = {
        "prescriptions": (
            prescription("block.central.takeover", "document"),
            prescription("block.central.innovation", "paragraph"),
            prescription("block.east.clusters", "document"),
        ),
        "applies": {"block.central": ("湖北",), "block.east": ("江苏",)},
    }
    lexicon = make_lexicon(*entries, **more)
    coder = make_coder(*entries, **more)

    def make(*paragraphs: list[str], han: int = 1000, where: Jurisdiction | None = None) -> Scores:
        codings = coder.code_all([s for p in paragraphs for s in p])
        numbers = [n for n, p in enumerate(paragraphs) for _ in p]
        return score(codings, numbers, lexicon, han, Settings(resamples=50), where)

    return make


def test_counts_shares_and_densities(score_of: ScoreOf) -> None:
    s = score_of(["人才，人才。", "数据。"], ["集群。", "其他。"], han=2000)
    factor = s.dimensions["factor"]
    assert (factor.hits, factor.density) == (3, 15.0)
    assert (factor.sentences, factor.sentence_share) == (2, 0.5)
    assert factor.ci == (0, 1)
    assert s.dimensions["relations"] == Measure(
        hits=0, density=0, sentences=0, sentence_share=0, ci=(0, 0), breadth=0
    )


def test_breadth_is_the_share_of_indicators_with_a_sentence(score_of: ScoreOf) -> None:
    assert score_of(["人才。"]).dimensions["factor"].breadth == pytest.approx(1 / 3, abs=1e-6)
    assert score_of(["人才、数据、活力。"]).dimensions["factor"].breadth == 1


def test_a_hit_too_light_for_a_label_is_a_hit_of_no_sentence(score_of: ScoreOf) -> None:
    factor = score_of(["活力。"]).dimensions["factor"]
    assert (factor.hits, factor.sentences, factor.breadth) == (1, 0, 0)


@pytest.mark.parametrize(
    ("sentences", "verdict", "gap"),
    [
        (["其他。"], "silent", 0.0),
        (["产能过剩。"], "diagnosed", -1.098612),
        (["技术改造。"], "unprompted", 1.098612),
        (["产能过剩。", "技术改造。"], "answered", 0.0),
    ],
)
def test_verdicts(score_of: ScoreOf, sentences: list[str], verdict: str, gap: float) -> None:
    lockin = score_of(sentences).obstructions["lockin"]
    assert (lockin.verdict, lockin.response_gap) == (verdict, gap)


def test_balance(score_of: ScoreOf) -> None:
    assert score_of(["其他。"]).balance is None
    assert score_of(["人才。"]).balance == 0
    assert score_of(["人才。", "集群。", "绿色。"]).balance == 1


def test_methods_are_reported_apart(score_of: ScoreOf) -> None:
    s = score_of(["发挥比较优势。"])
    assert s.methods["method.advantage"].sentences == 1
    assert all(not m.sentences for m in s.dimensions.values())


def test_carriers(score_of: ScoreOf) -> None:
    block = score_of(["中部崛起。", "中部崛起、东部率先。"]).paths["block"]
    assert block.measure.sentences == 2
    assert {c: m.sentences for c, m in block.carriers.items()} == {"central": 2, "east": 1}


def test_an_empty_document_has_no_shares(score_of: ScoreOf) -> None:
    factor = score_of(han=0).dimensions["factor"]
    assert (factor.sentence_share, factor.density, factor.ci) == (None, None, None)


# --- prescriptions ----------------------------------------------------------------------------


def test_without_a_jurisdiction_there_is_no_fit(score_of: ScoreOf) -> None:
    assert score_of(["中部崛起。"]).prescriptions is None


@pytest.mark.parametrize("where", [HUBEI, WUHAN])
def test_only_carriers_that_apply_are_asked(score_of: ScoreOf, where: Jurisdiction) -> None:
    found = score_of(["承接转移。", "世界级。"], where=where).prescriptions
    assert found is not None
    assert list(found.carriers) == ["block.central", "urbanization.metro"]
    assert found.carriers["block.central"].taken_up == {"takeover": True, "innovation": False}
    assert found.covered == 0.5


def test_all_carriers_apply_to_the_nation(score_of: ScoreOf) -> None:
    found = score_of(["世界级。"], where=NATION).prescriptions
    assert found is not None
    assert list(found.carriers) == ["block.central", "block.east", "urbanization.metro"]


def test_a_prescription_for_the_paragraph_must_stand_by_its_carrier(score_of: ScoreOf) -> None:
    apart = score_of(["中部崛起。"], ["自主创新。"], where=HUBEI).prescriptions
    together = score_of(["中部崛起。", "自主创新。"], where=HUBEI).prescriptions
    assert apart is not None
    assert together is not None
    assert apart.carriers["block.central"].taken_up["innovation"] is False
    assert together.carriers["block.central"].taken_up["innovation"] is True


@pytest.mark.parametrize(
    ("sentences", "misfit"),
    [(["其他。"], None), (["中部崛起。"], 0), (["中部崛起。", "东部率先。"], 0.5)],
)
def test_misfit_is_the_share_of_carriers_of_others(
    score_of: ScoreOf, sentences: list[str], misfit: float | None
) -> None:
    found = score_of(sentences, where=HUBEI).prescriptions
    assert found is not None
    assert found.misfit == misfit


# --- whatever the document --------------------------------------------------------------------

words = st.sampled_from(
    ["人才", "数据", "活力", "集群", "绿色", "产能过剩", "技术改造", "中部崛起", "其他", "世界级"]
)
documents = st.lists(st.lists(st.lists(words, max_size=3).map("，".join), max_size=4), max_size=6)


@given(documents)
def test_figures_hold_together(score_of: ScoreOf, document: list[list[str]]) -> None:
    s = score_of(*document, where=HUBEI)
    total = sum(map(len, document))
    measures = [
        *s.dimensions.values(),
        *(m for o in s.obstructions.values() for m in (o.problem, o.remedy)),
        *(p.measure for p in s.paths.values()),
    ]
    for m in measures:
        assert m.sentences <= min(total, m.hits)
        if total:
            assert m.sentence_share == pytest.approx(m.sentences / total, abs=1e-6)
            assert m.ci is not None
            assert 0 <= m.ci[0] <= m.ci[1] <= 1
    for id_, value in s.indicators.items():
        category = id_.split(".", 1)[0]
        if isinstance(value, Measure):
            assert value.sentences <= s.dimensions[category].sentences
            assert value.breadth is None
        else:
            assert value["problem"].sentences <= s.obstructions[category].problem.sentences
            assert value["remedy"].sentences <= s.obstructions[category].remedy.sentences
    assert tuple(s.dimensions) == DIMENSIONS
    assert tuple(s.obstructions) == OBSTRUCTIONS
    assert tuple(s.paths) == PATHS


@given(documents)
def test_figures_are_the_same_on_every_run(score_of: ScoreOf, document: list[list[str]]) -> None:
    assert score_of(*document) == score_of(*document)
