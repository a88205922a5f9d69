from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.model import Document
from nqpf_cli.page.evidence import KEY, parts, record, strongest
from nqpf_cli.pipeline import Analyzer


def test_overlapping_hits_are_cut_where_one_begins_or_ends() -> None:
    assert parts("甲乙丙丁戊", [(0, 3), (2, 4)]) == [
        ["甲乙", [0]],
        ["丙", [0, 1]],
        ["丁", [1]],
        ["戊", []],
    ]


def test_rare_characters_count_as_one() -> None:
    assert parts("𠮷野家", [(1, 2)]) == [["𠮷", []], ["野", [0]], ["家", []]]


span = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted).map(tuple)


@given(st.text(max_size=30), st.lists(span, max_size=5))
def test_the_parts_are_the_whole_text(text: str, spans: list[tuple[int, int]]) -> None:
    assert "".join(piece for piece, _ in parts(text, spans)) == text


def test_the_limit_keeps_the_strongest_and_counts_the_rest(
    rules: Analyzer, document: Callable[..., Document]
) -> None:
    hits = rules.score(document()).hits
    all_, some = strongest(hits, 100), strongest(hits, 1)
    assert len(some["sentences"]) < len(all_["sentences"])
    assert all(total == kept for total, kept in all_["labels"].values())
    for label, (total, kept) in some["labels"].items():
        assert total == all_["labels"][label][0]
        assert 1 <= kept == sum(label in s["labels"] for s in some["sentences"]) <= total
    assert strongest(hits, 0)["sentences"] == []


def test_a_hit_that_gives_no_label_is_no_evidence_for_it(
    rules: Analyzer, document: Callable[..., Document]
) -> None:
    hits = rules.score(document()).hits
    idle = [replace(h, counted=h.counted and h.category != "factor") for h in hits]
    found = strongest(idle, 100)
    assert "factor" in strongest(hits, 100)["labels"]
    assert "factor" not in found["labels"]
    assert not any(
        column.startswith("factor.") for s in found["sentences"] for column, _ in s["hits"]
    )


def test_a_prescription_counts_as_taken_up_exactly_where_it_has_evidence(
    rules: Analyzer, document: Callable[..., Document]
) -> None:
    value = record(rules, document("陕西省"), limit=1)
    taken = {
        f"{carrier}.{key}"
        for carrier, fit in value["prescriptions"]["carriers"].items()
        for key, done in fit["prescriptions"].items()
        if done
    }
    applicable = set(value["prescriptions"]["applicable"])
    proven = {p for p in value[KEY]["prescriptions"] if p.rpartition(".")[0] in applicable}
    assert proven == taken
    assert taken


def test_a_sentence_that_only_complains_proves_no_prescription(
    rules: Analyzer, read: Callable[..., Document]
) -> None:
    def proofs(sentence: str) -> dict[str, Any]:
        text = f"上海市2025年政府工作报告\n\n推动东部地区率先发展。{sentence}\n"
        value = record(rules, read(text, "x.txt"), limit=2)
        taken = value["prescriptions"]["carriers"]["block.east"]["prescriptions"]["ai"]
        found: dict[str, Any] = value[KEY]["prescriptions"]
        assert taken == ("block.east.ai" in found)
        return found

    assert "block.east.ai" in proofs("推广人工智能应用。")
    assert "block.east.ai" not in proofs("人工智能应用不足。")
