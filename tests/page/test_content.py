from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from nqpf_cli.corpus.records import Record
from nqpf_cli.errors import CorruptError, NothingFoundError
from nqpf_cli.model import Lexicon, measures
from nqpf_cli.page.content import Content, content, regions, tiles


def laid_out(records: list[Record], lexicon: Lexicon) -> Content:
    return content(records, lexicon, "zh", 2)


def test_every_measure_of_every_document_is_there(many: list[Record], shipped: Lexicon) -> None:
    data = laid_out(many, shipped).data
    keys = [tuple(k) for k in data["measures"]]
    for r, document in zip(many, data["documents"], strict=False):
        assert r.report is not None
        found = dict(zip(keys, document["measures"], strict=True))
        for m in measures(r.report):
            sentences, share, low, high, hits, density, *_ = found[m.level, m.id, m.stance]
            assert (sentences, hits) == (m.measure["sentences"], m.measure["hits"])
            assert (share, [low, high]) == (m.measure["sentence_share"], m.measure["ci"])
            assert density == m.measure["density"]


def test_failures_are_told(many: list[Record], shipped: Lexicon) -> None:
    c = laid_out(many, shipped)
    assert (c.documents, c.failures) == (9, 1)
    assert c.data["failures"][0]["code"] == "corrupt"


def test_a_scan_holds_no_evidence(
    many: list[Record], scanned: list[Record], shipped: Lexicon
) -> None:
    with_it, without = (laid_out(r, shipped).data for r in (many, scanned))
    assert all("evidence" in d for d in with_it["documents"])
    assert all("evidence" not in d for d in without["documents"])


def test_what_made_the_figures_is_told_once(many: list[Record], shipped: Lexicon) -> None:
    c = laid_out(many, shipped)
    assert (len(c.lexicons), len(c.settings), len(c.versions)) == (1, 1, 1)
    assert c.settings[0]["coder"] == "rules"


@pytest.mark.parametrize(
    ("where", "value"),
    [("dimensions", {"factor": {"hits": 1}}), ("quality", {}), ("indices", "x"), ("paths", None)],
)
def test_a_record_that_is_no_whole_report_is_named(
    one: list[Record], shipped: Lexicon, where: str, value: Any
) -> None:
    report: dict[str, Any] = {**json.loads(json.dumps(one[0].report)), where: value}
    with pytest.raises(CorruptError, match="record 7 "):
        laid_out([replace(one[0], line=7, report=report)], shipped)


def test_nothing_but_failures(many: list[Record], shipped: Lexicon) -> None:
    with pytest.raises(NothingFoundError):
        laid_out([r for r in many if r.report is None], shipped)


def test_every_province_has_a_tile_of_its_own() -> None:
    found = tiles()
    assert len({t["code"] for t in found}) == len(found) == 34
    assert len({(t["column"], t["row"]) for t in found}) == 34
    assert all(len(t["letters"][1]) == 2 for t in found)


def test_regional_carriers_know_their_provinces(shipped: Lexicon) -> None:
    found = regions(shipped)
    assert found["strategy.jjj"] == ["110000", "120000", "130000"]
    assert not any(id_.startswith("urbanization.") for id_ in found)
