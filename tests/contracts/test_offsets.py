"""A hit points into ``nqpf text --raw``, and what stands there is the hit."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]
FIELDS = [
    "path", "sha256", "page", "category", "indicator", "entry", "surface", "stance", "start",
    "end", "sentence", "sentence_start", "section",
]  # fmt: skip


@pytest.mark.parametrize("kind", ["pdf", "txt", "crlf", "gb18030", "md", "docx"])
def test_surfaces_stand_at_their_offsets(nqpf: Run, documents: dict[str, Path], kind: str) -> None:
    path = documents[kind]
    raw = nqpf("text", "--raw", path).stdout
    hits = [json.loads(x) for x in nqpf("explain", path, "--format", "jsonl").stdout.splitlines()]
    assert len(hits) > 5
    for h in hits:
        # The contract's keys come first and in their order; programs may rely on no more.
        assert list(h)[: len(FIELDS)] == FIELDS
        assert h["surface"]
        assert h["surface"] == raw[h["start"] : h["end"]]
        assert h["sentence_start"] <= h["start"]
        assert raw[h["sentence_start"]] == h["sentence"][0]
        # A sentence may be broken by line ends in the source, a surface too.
        assert "".join(h["surface"].split()) in "".join(h["sentence"].split())
        assert h["path"] == str(path)
        assert h["page"] == (raw.count("\f", 0, h["start"]) + 1 if kind == "pdf" else None)


def test_hits_come_in_the_order_of_the_text(nqpf: Run, documents: dict[str, Path]) -> None:
    done = nqpf("explain", documents["txt"], "--format", "jsonl")
    starts = [json.loads(line)["sentence_start"] for line in done.stdout.splitlines()]
    assert starts == sorted(starts)


def test_characters_beyond_the_basic_plane_count_one(nqpf: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("𠀀𠀁😀发展新质生产力。", encoding="utf-8")
    raw = nqpf("text", "--raw", path).stdout
    hits = [json.loads(x) for x in nqpf("explain", path, "--format", "jsonl").stdout.splitlines()]
    assert hits
    for h in hits:
        assert raw[h["start"] : h["end"]] == h["surface"]
        assert h["start"] == raw.index(h["surface"])


def test_hits_are_counted_in_the_report(nqpf: Run, documents: dict[str, Path]) -> None:
    path = documents["pdf"]
    report = json.loads(nqpf("score", path, "--format", "json").stdout)
    hits = [json.loads(x) for x in nqpf("explain", path, "--format", "jsonl").stdout.splitlines()]
    for id_, m in report["dimensions"].items():
        assert m["hits"] == sum(h["category"] == id_ for h in hits)
    for id_, o in report["obstructions"].items():
        for stance in ("problem", "remedy"):
            own = [h for h in hits if (h["category"], h["stance"]) == (id_, stance)]
            assert o[stance]["hits"] == len(own)
