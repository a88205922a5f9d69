from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.analysis.normalize import normalize, squeeze
from nqpf_cli.analysis.sentences import split
from nqpf_cli.documents import read_document
from nqpf_cli.engines.base import ReadOptions

texts = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]), st.sampled_from('人才。！？；!?;”’）"\n ，')
    )
)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


@given(texts)
def test_sentences_hold_all_text_in_order(text: str) -> None:
    spans = list(split(text))
    at = 0
    for start, end in spans:
        assert at <= start < end
        assert text[at:start].strip() == ""
        assert text[start:end].strip() == text[start:end]
        at = end
    assert text[at:].strip() == ""


@given(texts)
def test_a_sentence_is_not_split_again(text: str) -> None:
    for sentence in sentences(text):
        assert sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" 。", ["。"]),
        ("一、工作回顾", ["一、工作回顾"]),
        ("甲。乙！丙？丁；戊", ["甲。", "乙！", "丙？", "丁；", "戊"]),
        ("他说：“甲。”乙。", ["他说：“甲。”", "乙。"]),
        ("（甲。）乙", ["（甲。）", "乙"]),
        ("甲，乙：丙、丁。", ["甲，乙：丙、丁。"]),
        ("甲？！乙", ["甲？！", "乙"]),
        ("增长5.8%。占3.2%", ["增长5.8%。", "占3.2%"]),
        ("表行一\n表行二", ["表行一", "表行二"]),
    ],
)
def test_a_sentence_ends_where_the_codebook_says(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def gold_units(shared: Path) -> dict[str, list[tuple[int, str]]]:
    units: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for line in (shared / "gold/dev.jsonl").read_text(encoding="utf-8").splitlines():
        u = json.loads(line)
        if "政府工作报告" in u["doc"]:
            units[u["doc"]].append((u["paragraph"], u["text"]))
    return units


@pytest.mark.shared
def test_the_units_of_the_gold_data_are_sentences_of_their_paragraphs(shared: Path) -> None:
    found = total = 0
    for doc, units in gold_units(shared).items():
        paragraphs = (shared / "corpora" / doc).read_text(encoding="utf-8").split("\n")
        for paragraph, text in units:
            total += 1
            found += text in sentences(paragraphs[paragraph])
    assert total > 800
    assert found >= 0.99 * total


@pytest.mark.shared
def test_the_units_of_the_gold_data_are_scored_sentences_of_the_document(shared: Path) -> None:
    missed = []
    total = 0
    for doc, units in gold_units(shared).items():
        data = (shared / "corpora" / doc).read_bytes()
        document = read_document(data, doc, ReadOptions())
        scored = {s.text for s in document.sentences}
        total += len(units)
        for _, text in units:
            if squeeze(*normalize(text))[0] not in scored:
                missed.append((doc, text))
    assert len(missed) <= 0.01 * total, missed
