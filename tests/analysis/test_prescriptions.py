"""A prescription is taken up by a sentence that does more than complain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nqpf_cli.analysis.coder import RuleCoder
from nqpf_cli.analysis.prescriptions import taken_up
from nqpf_cli.model import Cue, Entry, Lexicon, Prescription

AI = "block.east.ai"
SHARED = "block.east.shared"
Found = Callable[..., dict[str, list[int]]]


@pytest.fixture(scope="module")
def found(
    make_entry: Callable[..., Entry],
    make_lexicon: Callable[..., Lexicon],
    make_coder: Callable[..., RuleCoder],
) -> Found:
    """Which sentences of ``found(paragraph, paragraph …)`` take up which prescription."""
    entries = (
        make_entry("东部率先", "block.east"),
        make_entry("产能过剩", "lockin.legacy", stance="problem"),
        make_entry("技术改造", "lockin.legacy", stance="remedy"),
        make_entry("人工智能", AI, prescription=True),
        make_entry("大模型", AI, prescription=True),
        make_entry("共享", SHARED, prescription=True),
    )
    more: dict[str, Any] = {
        "cues": (
            Cue(term="不足", stance="problem", side="after", scope="clause"),
            Cue(term="推进", stance="remedy", side="any", scope="clause"),
        ),
        "governors": ("破解",),
        "voids": ("不存在",),
        "prescriptions": tuple(
            Prescription(id=i, carrier="block.east", zh="-", en="-", scope=scope, source="-")
            for i, scope in ((AI, "document"), (SHARED, "paragraph"))
        ),
    }
    lexicon, coder = make_lexicon(*entries, **more), make_coder(*entries, **more)

    def of(*paragraphs: list[str]) -> dict[str, list[int]]:
        codings = coder.code_all([s for p in paragraphs for s in p])
        return taken_up(codings, [n for n, p in enumerate(paragraphs) for _ in p], lexicon)

    return of


@pytest.mark.parametrize(
    ("sentence", "counts"),
    [
        ("人工智能产业规模扩大。", True),
        ("推进人工智能应用。", True),
        ("人工智能应用不足。", False),
        ("人工智能应用不足，推进大模型落地。", True),
        ("破解人工智能应用不足。", True),
        ("不存在人工智能应用不足。", True),
        ("产能过剩，人工智能少。", False),  # the sentence only diagnoses
        ("产能过剩，推进人工智能应用。", True),
        ("产能过剩，技术改造，人工智能。", True),
    ],
)
def test_to_complain_is_not_to_take_up(found: Found, sentence: str, counts: bool) -> None:
    assert found([sentence])[AI] == ([0] if counts else [])


def test_a_sentence_counts_once_and_all_are_counted(found: Found) -> None:
    assert found(["人工智能和大模型。", "其他。"], ["大模型。", "大模型不足。"])[AI] == [0, 2]


def test_a_scope_of_the_paragraph_wants_the_carrier_beside_it(found: Found) -> None:
    assert found(["东部率先。", "共享。"], ["共享。"])[SHARED] == [1]
    assert found(["东部率先。", "共享不足。"])[SHARED] == []
