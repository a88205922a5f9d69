from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.analysis.patterns import fold
from nqpf_cli.analysis.plausible import garbage_share
from nqpf_cli.errors import InputError, NotFoundError, TooLargeError, UnsupportedTypeError
from nqpf_cli.files import read_bytes
from nqpf_cli.model import LABELS, Document, Entry, Hit, Lexicon, Settings
from nqpf_cli.pipeline import Analyzer

TERMS = ("人才", "产业路径锁定", "体制机制", "数据要素", "AI", "6G", "中部")
NOTE_CALLS = re.compile(r"\[\d{1,3}\]|［\d{1,3}］|〔\d{1,3}〕")


@pytest.fixture(scope="module")
def small(
    make_lexicon: Callable[..., Lexicon], make_entry: Callable[..., Entry], own_cache: Path
) -> Analyzer:
    entries = [make_entry(t) for t in TERMS]
    entries.append(make_entry("公共服务…不足", "services.shortage", kind="gap", stance="problem"))
    return Analyzer(make_lexicon(*entries), Settings(coder="rules", resamples=20))


@pytest.fixture(scope="module")
def report(analyzer: Analyzer, sample: Path) -> Document:
    return analyzer.read(str(sample / "report.pdf"))


# --- evidence points into the raw text --------------------------------------------------------


def holds(document: Document, hit: Hit) -> None:
    """The contract of a hit."""
    assert hit.surface == document.raw.text[hit.start : hit.end]
    assert hit.sentence_start <= hit.start < hit.end
    assert hit.surface.strip() == hit.surface


pieces = st.one_of(
    st.sampled_from(
        [*TERMS, "公共服务", "不足", "产业“路径锁定”", "数 据 要 素", "⼈才", "人\u200b才"]
    ),
    st.sampled_from(["“", "”", " ", "\u3000", "，", "。", "；", "\n", "[1]", "２０２５年", "ＡＩ"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
)
texts = st.lists(pieces, max_size=30).map("".join)


def read_or_none(analyzer: Analyzer, text: str) -> Document | None:
    try:
        return analyzer.read_data(b"\xef\xbb\xbf" + text.encode(), "a.txt")
    except InputError:
        # A text may be refused for a reason a user would understand, and for no other.
        assert not text.strip("\0 \t\r\n\f\ufeff").strip() or garbage_share(text) > 0.2
        return None


@given(texts)
def test_the_surface_of_a_hit_is_the_raw_text_and_reads_as_the_entry(
    small: Analyzer, text: str
) -> None:
    document = read_or_none(small, text)
    if document is None:
        return
    assert document.raw.text == text.replace("\r\n", "\n").replace("\r", "\n")
    for hit in small.evidence(document):
        holds(document, hit)
        surface = fold(NOTE_CALLS.sub("", hit.surface.replace("\f", "")))
        if "…" in hit.entry:
            assert re.fullmatch("公共服务.{0,8}不足", surface)
        elif "\f" not in hit.surface:
            assert surface == fold(hit.entry)


@given(texts)
def test_any_text_has_a_score(small: Analyzer, text: str) -> None:
    document = read_or_none(small, text)
    if document is not None:
        json.dumps(small.score(document).to_dict(), allow_nan=False)


@given(texts)
def test_sentences_are_slices_of_the_document(small: Analyzer, text: str) -> None:
    document = read_or_none(small, text)
    for s in document.sentences if document else ():
        block = document.blocks[s.block] if document else None
        assert block is not None
        assert block.text[s.start : s.end] == s.text
        assert s.text.strip() == s.text != ""


@pytest.mark.parametrize("text", ["打破产业“路径锁定”。", "打破产业\u3000“路径\u200b锁定”。"])
def test_quotation_marks_stay_in_the_surface(small: Analyzer, text: str) -> None:
    document = small.read_data(text.encode(), "a.txt")
    (hit,) = small.evidence(document)
    assert hit.entry == "产业路径锁定"
    assert hit.surface == text[2:-2]


def test_every_hit_of_the_sample_holds(analyzer: Analyzer, report: Document) -> None:
    hits = analyzer.evidence(report)
    assert len(hits) > 200
    pages = report.raw.text.split("\f")
    for hit in hits:
        holds(report, hit)
        assert hit.page is not None
        assert hit.surface.split("\f")[0] in pages[hit.page - 1]


# --- a report ---------------------------------------------------------------------------------


def test_the_same_input_gives_the_same_report(
    shipped: Lexicon, analyzer: Analyzer, report: Document, sample: Path
) -> None:
    again = Analyzer(shipped)
    path = str(sample / "report.pdf")
    first = json.dumps(analyzer.score(report).to_dict(), ensure_ascii=False)
    assert json.dumps(again.score(again.read(path)).to_dict(), ensure_ascii=False) == first


@pytest.mark.parametrize("coder", ["rules", "model"])
def test_sentences_count_the_very_labels_of_code(
    shipped: Lexicon, report: Document, coder: str
) -> None:
    analyzer = Analyzer(shipped, replace(Settings(), coder=coder))
    result = analyzer.score(report).to_dict()
    given = Counter(label for s in report.sentences for label in analyzer.code(s.text).labels)
    for label in LABELS:
        id_, _, stance = label.partition(".")
        place = result["dimensions"] | result["paths"]
        measure = result["obstructions"][id_][stance] if stance else place[id_]
        assert measure["sentences"] == given[label], label


def test_the_report_has_the_shape_of_the_contract(analyzer: Analyzer, report: Document) -> None:
    result = analyzer.score(report).to_dict()
    assert result["schema_version"] == "1.0"
    for key in ("nqpf_version", "lexicon", "settings", "source", "quality"):
        assert result[key]
    assert list(result["dimensions"]) == ["factor", "industry", "relations"]
    assert list(result["obstructions"]) == ["institution", "lockin", "services"]
    assert list(result["paths"]) == ["strategy", "block", "urbanization"]
    assert len(result["indicators"]) == 24
    assert sum(len(p["carriers"]) for p in result["paths"].values()) == 13
    assert result["source"]["pages"] == 10
    assert (result["source"]["kind"], result["source"]["year"]) == ("work_report", 2026)
    # 澜江省 is no province: unknown, not guessed.
    assert result["source"]["jurisdiction"] is None
    assert result["prescriptions"] is None
    q = result["quality"]
    assert 0 < q["scored_han_chars"] < q["han_chars"]
    assert q["sentences"] == len(report.sentences)
    assert q["excluded"]["toc"] > 0
    assert q["excluded"]["headers_footers"] > 0


def test_the_sample_speaks_of_the_whole_framework(analyzer: Analyzer, report: Document) -> None:
    result = analyzer.score(report).to_dict()
    silent = [id_ for id_, m in result["indicators"].items() if m.get("hits") == 0]
    silent += [
        f"{family}.{id_}"
        for family, p in result["paths"].items()
        for id_, m in p["carriers"].items()
        if not m["hits"]
    ]
    assert silent == []


def test_zeros_are_warned_of(analyzer: Analyzer) -> None:
    document = analyzer.read_data("今天天气很好，我们去公园散步。".encode(), "a.txt")
    codes = {w.code for w in analyzer.score(document).quality.warnings}
    assert {"no_hits", "short_text"} <= codes


def test_a_text_that_is_not_chinese_is_warned_of(analyzer: Analyzer) -> None:
    document = analyzer.read_data(b"This report is written in English. " * 20, "a.txt")
    assert "low_han_ratio" in {w.code for w in analyzer.score(document).quality.warnings}


def test_a_sound_report_has_no_warnings(analyzer: Analyzer, report: Document) -> None:
    assert analyzer.score(report).quality.warnings == ()


def test_references_are_left_out_and_counted(analyzer: Analyzer) -> None:
    document = analyzer.read_data("人才是资源。\n参考文献\n[1]张三.论人才.".encode(), "a.txt")
    q = analyzer.score(document).quality
    assert q.scored_han_chars == 5
    assert q.excluded["references"] == 9


def test_tables_are_scored_unless_left_out(shipped: Lexicon, sample: Path) -> None:
    path = str(sample / "report.md")
    numbers = []
    for tables in ("include", "exclude"):
        analyzer = Analyzer(shipped, replace(Settings(), tables=tables))
        q = analyzer.score(analyzer.read(path)).quality
        numbers.append((q.sentences, q.excluded["tables"] > 0))
    assert numbers[0][0] > numbers[1][0]
    assert [n[1] for n in numbers] == [False, True]


def test_a_longer_policy_counts_less(shipped: Lexicon, report: Document) -> None:
    totals = {}
    for nested in ("longest", "category", "all"):
        settings: Any = replace(Settings(), nested=nested)
        analyzer = Analyzer.of((), settings)
        totals[nested] = len(analyzer.evidence(report))
    assert totals["longest"] < totals["category"] < totals["all"]


# --- files ------------------------------------------------------------------------------------


def test_a_missing_file(tmp_path: Path) -> None:
    for path in (tmp_path / "none.pdf", tmp_path / "none" / "a.pdf"):
        with pytest.raises(NotFoundError):
            read_bytes(str(path))


def test_a_name_that_cannot_be(tmp_path: Path) -> None:
    for name in ("a\0b", "x" * 5000):
        with pytest.raises(InputError):
            read_bytes(str(tmp_path / name))


def test_a_folder_is_no_document(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedTypeError, match="folder"):
        read_bytes(str(tmp_path))


def test_a_file_over_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 100)
    assert len(read_bytes(str(path), 100)) == 100
    with pytest.raises(TooLargeError):
        read_bytes(str(path), 99)


# --- against the gold data --------------------------------------------------------------------


@pytest.mark.shared
def test_prefix_codes_of_the_gold_units_do_not_depend_on_their_company(
    analyzer: Analyzer, shared: Path
) -> None:
    lines = (shared / "gold/dev.jsonl").read_text(encoding="utf-8").splitlines()[:150]
    units = [json.loads(line)["text"] for line in lines]
    alone = [analyzer.code(u).labels for u in units]
    document = analyzer.read_data("\n".join(units).encode(), "a.txt")
    by_text = {s.text: analyzer.coder.code(s.text).labels for s in document.sentences}
    # Units with white space inside are other sentences in a document; there are few.
    shared_units = [(u, labels) for u, labels in zip(units, alone, strict=True) if u in by_text]
    assert len(shared_units) > 140
    assert all(by_text[u] == labels for u, labels in shared_units)
