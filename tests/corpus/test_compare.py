from __future__ import annotations

from collections.abc import Callable

import pytest

from nqpf_cli.analysis.permutation import adjusted
from nqpf_cli.corpus.compare import Comparison, Material, Plan, compare
from nqpf_cli.errors import EmptyError
from nqpf_cli.model import Document, measures
from nqpf_cli.pipeline import Analyzer

MAKERS = "加快关键核心技术攻关，培育人才。\n发展战略性新兴产业。\n" * 30
CARERS = "保障和改善民生，增加教育供给。\n推进新型城镇化。\n" * 30
FEW = Plan(permutations=199)


@pytest.fixture(scope="module")
def material(rules: Analyzer, read: Callable[..., Document]) -> Callable[[str, str], Material]:
    return lambda text, name: Material.of(rules, read(text, name))


@pytest.fixture(scope="module")
def three(material: Callable[[str, str], Material]) -> list[Material]:
    return [
        material(text, f"{n}.txt")
        for n, text in enumerate((MAKERS, CARERS, MAKERS + "今天天气很好。\n" * 20))
    ]


def test_the_figures_of_a_document_are_those_of_its_report(three: list[Material]) -> None:
    view = compare(three[:2], Plan(permutations=99, indicators=True)).to_dict()
    for n, m in enumerate(three[:2]):
        expected = {(r.level, r.key): r.measure for r in measures(m.report.to_dict())}
        for row in view["measures"]:
            key = row["id"] if row["stance"] is None else f"{row['id']}.{row['stance']}"
            measure = {k: v for k, v in expected[row["level"], key].items() if k != "carriers"}
            assert row["measures"][n] == measure


def differences(found: Comparison) -> dict[str, list[tuple[int, tuple[int, ...], float]]]:
    return {
        m.rows[0].key: [(d.document, d.against, d.found.difference) for d in m.differences]
        for m in found.measures
    }


def test_every_document_is_held_against_the_first(three: list[Material]) -> None:
    found = differences(compare(three, FEW))
    assert found["factor"] == [(1, (0,), -0.5), (2, (0,), -0.125)]  # 30 of 60, 0 of 60, 30 of 80
    assert found["urbanization"] == [(1, (0,), 0.5), (2, (0,), 0.0)]


def test_or_against_all_others(three: list[Material]) -> None:
    found = differences(compare(three, Plan(permutations=99, against="rest")))
    # 30 of 60 sentences against 0 of 140
    assert found["urbanization"][1] == (1, (0, 2), 0.5)
    assert [(d, rest) for d, rest, _ in found["factor"]] == [(0, (1, 2)), (1, (0, 2)), (2, (0, 1))]


def test_what_differs_holds_and_what_does_not_does_not(three: list[Material]) -> None:
    rows = {m.rows[0].key: m.differences[0] for m in compare(three[:2], FEW).measures}
    assert rows["urbanization"].found.p == 1 / 200
    assert rows["urbanization"].q < 0.05
    assert rows["block"].found.p == 1
    low, high = rows["urbanization"].found.ci
    assert 0 < low < 0.5 < high
    q = adjusted([d.found.p for d in rows.values()])
    assert [d.q for d in rows.values()] == q


def test_indicators_have_a_family_of_tests_of_their_own(three: list[Material]) -> None:
    without = compare(three[:2], FEW).measures
    with_them = compare(three[:2], Plan(permutations=199, indicators=True)).measures
    assert with_them[: len(without)] == without
    levels = {m.rows[0].level for m in with_them[len(without) :]}
    assert levels == {"indicator", "carrier", "method"}


def test_the_same_input_gives_the_same_figures(three: list[Material]) -> None:
    assert compare(three, FEW).to_dict() == compare(three, FEW).to_dict()


def test_key_words_and_shared_sentences_point_into_their_documents(three: list[Material]) -> None:
    view = compare(three, Plan(permutations=99, min_chars=5, words=3)).to_dict()
    assert [k["against"] for k in view["key_words"]] == [[2, 3], [1, 3], [1, 2]]
    assert "城镇化" in [w["word"] for w in view["key_words"][1]["words"]]
    pair = view["shared_sentences"][1]
    assert pair["documents"] == [1, 3]
    raw = three[2].document.raw.text
    for s in pair["sentences"]:
        start = s["second"]["sentence_start"]
        assert raw[start:].startswith(s["second"]["sentence"])
        assert s["second"]["page"] is None  # plain text has no pages


def test_a_document_compared_with_itself_differs_in_nothing(three: list[Material]) -> None:
    found = compare([three[0], three[0]], FEW)
    assert {d.found.p for m in found.measures for d in m.differences} == {1}
    assert found.similarity[0][1] == 1
    assert found.overlaps[0].second_exact == found.overlaps[0].second_compared


def test_a_document_without_a_sentence_is_refused(
    rules: Analyzer, read: Callable[..., Document]
) -> None:
    from dataclasses import replace

    empty = replace(read("今天天气很好。\n", "空.txt"), sentences=())
    with pytest.raises(EmptyError, match="has no sentence"):
        Material.of(rules, empty)
