"""Cues with conditions: last in their clause, void in a context, and entries that need one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nqpf_cli.analysis.coder import RuleCoder
from nqpf_cli.lexicon.load import load
from nqpf_cli.model import Cue, Entry, Lexicon, Marker, Settings, StanceLexicon
from nqpf_cli.pipeline import Analyzer
from nqpf_cli.segmenters.base import boundaries
from nqpf_cli.segmenters.jieba_ import JiebaSegmenter

OBJECT = "体制机制"


def cue(term: str, stance: str = "problem", side: str = "any", **more: object) -> Cue:
    more = {"scope": "clause", **more}
    return Cue(term=term, stance=stance, side=side, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def coder(
    make_lexicon: Callable[..., Lexicon], make_entry: Callable[..., Entry], jieba: JiebaSegmenter
) -> RuleCoder:
    lexicon = make_lexicon(
        make_entry(OBJECT, "institution.market", stance="problem_cue"),
        make_entry("学位供给", "services.shortage", stance="cue"),
        make_entry("产能过剩", "lockin.legacy", stance="problem"),
    )
    stance = StanceLexicon(
        cues=(
            cue("不足", "problem", "after"),
            cue("问题在于", "problem", "any", scope="sentence"),
            cue("健全", "remedy", "before"),
            cue("弱", "problem", "after", clause_end=True),
            cue("少", "problem", "after", clause_end=True, unless=("减少",)),
        ),
        governors=(Marker(term="破解"), Marker(term="防止", unless=("没有防止", "未能防止"))),
        voids=(Marker(term="不存在", unless=("不存在于",)), Marker(term="未出现")),
    )
    return RuleCoder(replace(lexicon, stance=stance), lambda text: boundaries(jieba, text))


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        # an entry of stance problem_cue: a diagnosis where a problem cue says so, else nothing
        ("体制机制不足。", "institution.problem"),
        ("问题在于，体制机制如何。", ""),
        ("健全体制机制。", ""),
        ("健全体制机制，力度不足。", ""),
        ("健全体制机制的力度不足。", "institution.problem"),
        ("破解体制机制不足。", ""),
        ("体制机制。", ""),
        # the same with an entry of stance cue
        ("健全学位供给。", "services.remedy"),
        ("问题在于，学位供给如何。", "services.problem"),
    ],
)
def test_an_entry_may_take_a_problem_and_never_a_remedy(
    coder: RuleCoder, text: str, labels: str
) -> None:
    assert " ".join(coder.code(text).labels) == labels


def test_a_hit_without_problem_cue_says_so(coder: RuleCoder) -> None:
    (match,) = coder.code("健全体制机制。").matches
    assert (match.entry.term, match.stance, match.rule) == (OBJECT, None, "no-cue")


@pytest.mark.parametrize(
    ("text", "is_problem"),
    [
        ("学位供给弱。", True),
        ("学位供给弱", True),
        ("学位供给弱，其他都好。", True),
        ("学位供给弱；其他都好。", True),
        ("学位供给弱了。", True),
        ("学位供给弱的，要整改。", True),
        ("“学位供给弱”，要整改。", True),
        ("学位供给弱项要补。", False),
        ("学位供给弱势群体。", False),
        ("弱，学位供给。", False),
        # with an exception: a longer word that holds it
        ("学位供给少。", True),
        ("学位供给减少。", False),
        ("学位供给少年。", False),
    ],
)
def test_a_cue_at_the_end_of_its_clause(coder: RuleCoder, text: str, is_problem: bool) -> None:
    assert coder.code(text).labels == (("services.problem",) if is_problem else ())


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("防止产能过剩。", "lockin.remedy"),
        ("没有防止产能过剩。", "lockin.problem"),
        ("未能防止产能过剩。", "lockin.problem"),
        # the exception holds where it stands, not elsewhere in the sentence
        ("过去没有防止，今后防止产能过剩。", "lockin.remedy"),
        ("没有防止产能过剩，今后防止产能过剩。", "lockin.problem lockin.remedy"),
    ],
)
def test_a_verb_of_removal_has_exceptions(coder: RuleCoder, text: str, labels: str) -> None:
    assert " ".join(coder.code(text).labels) == labels


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("不存在产能过剩。", ""),
        ("未出现产能过剩。", ""),
        ("产能过剩不存在于传统行业。", "lockin.problem"),
        ("产能过剩不存在于传统行业，钢铁不存在产能过剩。", "lockin.problem"),
        ("未出现反复，但产能过剩。", "lockin.problem"),
        ("不存在体制机制不足。", ""),
    ],
)
def test_a_denial_has_exceptions(coder: RuleCoder, text: str, labels: str) -> None:
    assert " ".join(coder.code(text).labels) == labels


FILE = """
kind = "stance"

[[cue]]
stance = "problem"
terms = ["夔夔"]
side = "after"
at = "clause_end"
note = "n"

[[governor]]
terms = ["驱散"]
unless = ["难以驱散"]
note = "n"

[[void]]
terms = ["绝无"]
unless = ["绝无仅有"]
note = "n"
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Analyzer:
    """The shipped lexicon with cues, governors and voids of a file."""
    path = tmp_path_factory.mktemp("stance") / "mine.toml"
    path.write_text(FILE, encoding="utf-8")
    return Analyzer(load([path]), Settings(coder="rules"))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("体制机制障碍夔夔。", "institution.problem"),
        ("驱散产能过剩。", "lockin.remedy"),
        ("难以驱散产能过剩。", "lockin.problem"),
        ("绝无产能过剩。", ""),
        ("绝无仅有的产能过剩。", "lockin.problem"),
    ],
)
def test_a_file_may_say_all_this(own: Analyzer, text: str, label: str) -> None:
    labels = [x for x in own.code(text).labels if x.startswith(("institution", "lockin"))]
    assert " ".join(labels) == label


def test_a_cue_of_a_file_counts_only_at_the_end(own: Analyzer) -> None:
    ends, goes_on = (own.code(f"体制机制夔夔{rest}").matches[0] for rest in ("。", "之声。"))
    assert (ends.stance, ends.cue) == ("problem", "夔夔")
    assert goes_on.cue == ""


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('at = "clause_end"', ""),
        ('at = "nowhere"', "nowhere"),
        ('unless = [""]', "unless"),
        ('unless = ["“”"]', "empty"),
    ],
)
def test_conditions_are_checked(tmp_path: Path, text: str, fault: str) -> None:
    from nqpf_cli.lexicon.load import read

    path = tmp_path / "mine.toml"
    cue_ = 'kind = "stance"\n[[cue]]\nstance = "problem"\nterms = ["夔夔"]\nnote = "n"\n'
    path.write_text(cue_ + text + "\n", encoding="utf-8")
    found = [str(p) for p in read([path])[1]]
    assert bool(found) is bool(fault)
    assert all(f.startswith("mine.toml:6: ") and fault in f for f in found)
