"""A document out of the cache scores as the one that was read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.cache.codec import decode, encode
from nqpf_cli.errors import InputError
from nqpf_cli.model import Document
from nqpf_cli.pipeline import Analyzer


def same(document: Document, analyzer: Analyzer) -> None:
    again = decode(encode(document), "elsewhere/" + document.source.path, "include")
    assert again is not None
    one, two = analyzer.score(document), analyzer.score(again)
    assert two.source.path == "elsewhere/" + one.source.path
    expected = one.to_dict()
    expected["source"]["path"] = two.source.path
    assert two.to_dict() == expected
    assert [(h.start, h.end, h.surface) for h in two.hits] == [
        (h.start, h.end, h.surface) for h in one.hits
    ]


def test_the_sample(analyzer: Analyzer, sample: Path) -> None:
    for name in ("report.pdf", "report.md"):
        path = sample / name
        same(analyzer.read_data(path.read_bytes(), name), analyzer)


@given(st.text(min_size=1, max_size=60).filter(lambda t: t.strip()))
def test_whatever_text(attempt: Callable[..., Document | InputError], text: str) -> None:
    document = attempt(("发展数据要素市场。" + text).encode("utf-8", "replace"), "a.txt")
    if isinstance(document, InputError):
        return
    again = decode(encode(document), "a.txt", "include")
    assert again is not None
    assert (again.blocks, again.sentences, again.raw) == (
        document.blocks, document.sentences, document.raw,
    )  # fmt: skip


@pytest.mark.parametrize("keep", [0, 4, 20, 200, -1, -4])
def test_what_is_not_whole_is_none(analyzer: Analyzer, sample: Path, keep: int) -> None:
    data = encode(analyzer.read(str(sample / "report.md")))
    assert decode(data[:keep], "a", "include") is None
