from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from nqpf_cli.analysis.coder import RuleCoder
from nqpf_cli.lexicon.check import check, use_in_corpus
from nqpf_cli.model import DIMENSIONS, OBSTRUCTIONS, PATHS, Entry, Example, Lexicon
from nqpf_cli.pipeline import Analyzer

MakeEntry = Callable[..., Entry]
MakeLexicon = Callable[..., Lexicon]
MakeCoder = Callable[..., RuleCoder]

CARRIERS = {
    "strategy": {"jjj", "yrd", "gba", "yreb", "yellow"},
    "block": {"east", "central", "west", "northeast"},
    "urbanization": {"cluster", "metro", "megacity", "county"},
}
INDICATORS = {
    "factor": {"labour", "means", "objects", "technology", "flow", "diversity"},
    "industry": {"strategic", "future", "upgrade", "chain", "integration"},
    "relations": {"green", "inclusive", "people"},
    "institution": {"data", "innovation", "talent", "market"},
    "lockin": {"legacy", "capability", "spillover"},
    "services": {"shortage", "crowding", "imbalance"},
    "method": {"relatedness", "advantage"},
    **CARRIERS,
}


def entries_of(lexicon: Lexicon, category: str) -> list[Entry]:
    """Entries that can give a label: prescriptions and silencing ones apart."""
    return [
        e for e in lexicon.entries if e.category == category and e.weight and not e.prescription
    ]


# --- the lexicon that ships -------------------------------------------------------------------


def test_the_shipped_lexicon_has_no_problems(shipped: Lexicon, rules: Analyzer) -> None:
    assert [str(p) for p in check(shipped, rules.code_all)] == []


def test_the_shipped_lexicon_holds_the_framework(shipped: Lexicon) -> None:
    found = {c.id: {i.id.split(".", 1)[1] for i in c.indicators} for c in shipped.categories}
    assert found == INDICATORS


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_dimension_has_60_entries_or_more(shipped: Lexicon, dimension: str) -> None:
    assert len({e.term for e in entries_of(shipped, dimension)}) >= 60


@pytest.mark.parametrize("obstruction", OBSTRUCTIONS)
def test_an_obstruction_has_40_entries_or_more_of_both_stances(
    shipped: Lexicon, obstruction: str
) -> None:
    entries = entries_of(shipped, obstruction)
    assert len({e.term for e in entries}) >= 40
    assert {"problem", "remedy"} <= {e.stance for e in entries}


@pytest.mark.parametrize("path", PATHS)
def test_every_carrier_has_entries(shipped: Lexicon, path: str) -> None:
    found = {e.target for e in entries_of(shipped, path)}
    assert found == {f"{path}.{c}" for c in CARRIERS[path]}


def test_every_prescription_has_an_entry_and_a_carrier(shipped: Lexicon) -> None:
    used = {e.target for e in shipped.entries if e.prescription}
    assert {p.id for p in shipped.prescriptions} == used
    carriers = {p.carrier for p in shipped.prescriptions}
    assert carriers == {f"{path}.{c}" for path, names in CARRIERS.items() for c in names}


def test_every_indicator_has_examples_that_match_and_that_do_not(shipped: Lexicon) -> None:
    seen = Counter((x.target, x.expected) for x in shipped.examples)
    lacking = [
        (i.id, expected)
        for c in shipped.categories
        for i in c.indicators
        for expected in (True, False)
        if not seen[i.id, expected]
    ]
    assert lacking == []


def test_every_obstruction_has_examples_of_both_stances(shipped: Lexicon) -> None:
    seen = {(x.target, x.stance) for x in shipped.examples if x.expected}
    for o in OBSTRUCTIONS:
        for name in INDICATORS[o]:
            assert {(f"{o}.{name}", "problem"), (f"{o}.{name}", "remedy")} <= seen


def test_every_entry_says_where_it_comes_from(shipped: Lexicon) -> None:
    assert [e.term for e in shipped.entries if not (e.source or e.note)] == []


@pytest.mark.parametrize(
    ("carrier", "names"),
    [
        ("strategy.jjj", {"北京", "天津", "河北"}),
        ("strategy.yrd", {"上海", "江苏", "浙江", "安徽"}),
        ("block.central", {"山西", "安徽", "江西", "河南", "湖北", "湖南"}),
        ("block.northeast", {"辽宁", "吉林", "黑龙江"}),
        ("urbanization.county", {"*"}),
    ],
)
def test_carriers_apply_where_the_framework_says(
    shipped: Lexicon, carrier: str, names: set[str]
) -> None:
    indicator = shipped.indicator(carrier)
    assert indicator is not None
    assert set(indicator.applies) == names


# --- what check finds -------------------------------------------------------------------------


def problems(lexicon: Lexicon, coder: RuleCoder) -> list[str]:
    return [p.message for p in check(lexicon, coder.code_all)]


def test_a_term_given_twice_in_a_category_is_found(
    make_entry: MakeEntry, make_lexicon: MakeLexicon, make_coder: MakeCoder
) -> None:
    entries = (
        make_entry("人才", file="a.toml", line=3),
        make_entry("“人 才”", "factor.flow", file="b.toml", line=7),
        make_entry("人才", "relations.people"),
    )
    (found,) = check(make_lexicon(*entries), make_coder(*entries).code_all)
    assert str(found).startswith("b.toml:7: ")
    assert "a.toml:3" in found.message


def test_an_entry_that_voids_itself_is_found(
    make_entry: MakeEntry, make_lexicon: MakeLexicon, make_coder: MakeCoder
) -> None:
    entry = make_entry("人才市场", unless=("人才",))
    (found,) = problems(make_lexicon(entry), make_coder(entry))
    assert "dead" in found


@pytest.mark.parametrize(
    ("text", "stance", "expected", "fails"),
    [
        ("产能过剩。", "problem", True, False),
        ("产能过剩。", "remedy", True, True),
        ("产能过剩。", None, True, False),
        ("产能过剩。", "problem", False, True),
        ("产能过剩。", "remedy", False, False),
        ("修建道路。", "problem", False, False),
        ("修建道路。", "problem", True, True),
    ],
)
def test_examples_are_held_to(
    make_entry: MakeEntry,
    make_lexicon: MakeLexicon,
    make_coder: MakeCoder,
    text: str,
    stance: object,
    expected: bool,
    fails: bool,
) -> None:
    entry = make_entry("产能过剩", "lockin.legacy", stance="problem")
    example = Example(
        text=text,
        target="lockin.legacy",
        stance=stance,  # type: ignore[arg-type]
        expected=expected,
        file="lockin.toml",
        line=9,
    )
    lexicon = replace(make_lexicon(entry), examples=(example,))
    found = problems(lexicon, make_coder(entry))
    assert bool(found) is fails
    assert all(text in message for message in found)


def test_an_indicator_without_entry_is_found(
    make_entry: MakeEntry, make_lexicon: MakeLexicon, make_coder: MakeCoder
) -> None:
    entry = make_entry("人才")
    lexicon = make_lexicon(entry, applies={"factor.flow": ("*",)})
    assert problems(lexicon, make_coder(entry)) == ["factor.flow has no entry"]


def test_how_entries_fare_in_a_corpus(
    make_entry: MakeEntry, make_coder: MakeCoder, make_lexicon: MakeLexicon
) -> None:
    entries = (
        make_entry("人才市场"),
        make_entry("市场"),
        make_entry("人才"),
        make_entry("技师"),
        make_entry("工匠"),
    )
    corpus = [["人才、人才、人才市场。", "技师。"], ["人才市场。"]]
    uses = use_in_corpus(
        make_lexicon(*entries),
        corpus,
        make_coder(*entries).code_all,
        make_coder(*entries, nested="all").code_all,
    )
    assert {u.entry.term: (u.documents, u.hits, u.verdict) for u in uses} == {
        "人才市场": (2, 2, "dominant"),
        "市场": (2, 0, "redundant"),
        "人才": (2, 2, "dominant"),
        "技师": (1, 1, "rare"),
        "工匠": (0, 0, "dead"),
    }
