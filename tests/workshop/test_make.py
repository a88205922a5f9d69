"""New lexicon folders: the skeleton, and dictionaries taken over."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nqpf_cli.errors import MissingExtraError, OutputError
from nqpf_cli.lexicon.check import check
from nqpf_cli.lexicon.exchange import Dictionary, export, read_dictionary
from nqpf_cli.lexicon.load import load
from nqpf_cli.model import Lexicon, Settings
from nqpf_cli.pipeline import Analyzer
from nqpf_cli.workshop.make import new, take_over

RULES = Settings(coder="rules")
DICTIONARY = Dictionary(
    categories=(
        (("创新",), ("研发*", "专利", "专利")),
        (("绿色", "低碳"), ("光伏", "*", " ")),
        (("绿色", "环保", "水"), ("治\"污\\", "节水")),
        (("Green",), ("双碳",)),
        (("空",), ()),
    )
)  # fmt: skip


def terms(lexicon: Lexicon) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for e in lexicon.entries:
        out.setdefault(e.target, []).append(e.term)
    return out


# --- the skeleton -----------------------------------------------------------------------------


def test_a_skeleton_is_sound_and_works(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "海绵"
    new(folder)
    lexicon = load([folder])
    analyzer = Analyzer(lexicon, RULES)
    assert check(lexicon, analyzer.code_all) == []
    assert [m.entry.target for m in analyzer.code("建设海绵城市。").matches] == ["topic.first"]


def test_a_skeleton_is_named_after_its_folder(tmp_path: Path) -> None:
    new(tmp_path / "Sponge Cities")
    assert load([tmp_path / "Sponge Cities"]).name == "sponge_cities"


@pytest.mark.parametrize("name", ["lexicon.toml", "topic.toml"])
def test_nothing_is_overwritten(tmp_path: Path, name: str) -> None:
    mine = tmp_path / name
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=name) as e:
        new(tmp_path)
    assert e.value.exit_code == 6
    assert [p.name for p in tmp_path.iterdir()] == [name]
    assert mine.read_text(encoding="utf-8") == "mine"


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("x", encoding="utf-8")
    for folder in (path, path / "below"):
        with pytest.raises(OutputError, match="file"):
            new(folder)


# --- dictionaries -----------------------------------------------------------------------------


@pytest.fixture
def taken(tmp_path: Path) -> Lexicon:
    pytest.importorskip("tomlkit", reason="needs pip install 'nqpf[workshop]'")
    assert take_over(DICTIONARY, tmp_path / "mine", "词典.yml").terms == 6
    return load([tmp_path / "mine"])


def test_first_names_become_categories_and_the_rest_indicators(taken: Lexicon) -> None:
    assert [(c.zh, [i.zh for i in c.indicators]) for c in taken.categories] == [
        ("创新", ["创新"]),
        ("绿色", ["低碳", "环保 / 水"]),
        ("空", ["空"]),
        ("Green", ["Green"]),
    ]
    assert len({c.id for c in taken.categories}) == 4


def test_terms_lose_their_wild_card_and_come_once(taken: Lexicon) -> None:
    assert sorted(terms(taken).values()) == [
        ["光伏"], ["双碳"], ['治"污\\', "节水"], ["研发", "专利"],
    ]  # fmt: skip
    assert {e.source for e in taken.entries} == {"词典.yml"}


def test_what_is_taken_over_can_be_used(taken: Lexicon) -> None:
    found = Analyzer(taken, RULES).code("加强研发，申请专利，发展光伏。").matches
    assert [m.entry.term for m in found] == ["研发", "专利", "光伏"]


def test_only_the_empty_category_is_complained_of(taken: Lexicon) -> None:
    problems = check(taken, Analyzer(taken, RULES).code_all)
    assert [p.message.split()[1:] for p in problems] == [["has", "no", "entry"]]


@pytest.mark.parametrize(
    ("written", "kept", "left_out"),
    [
        (["产业…锁定", "(教育|医疗)…不足", "研发……投入"], 3, 0),
        (["…锁定", "锁定…", "…"], 1, 0),  # at an end it says nothing
        (["a(…b", "字" * 201, "“”"], 0, 3),
        (["a\x1b[31mb", "a\ud800b", "a\nb", 'a"b', "a\\b"], 5, 0),
    ],
)
def test_whatever_terms_are_taken_over_the_lexicon_can_be_used(
    tmp_path: Path, written: list[str], kept: int, left_out: int
) -> None:
    pytest.importorskip("tomlkit")
    dictionary = Dictionary(categories=((("甲", "\ud800"), tuple(written)), (("",), ("人才",))))
    done = take_over(dictionary, tmp_path, "d\x1b.yml")
    assert (done.terms, done.left_out) == (kept + 1, left_out)
    assert len(load([tmp_path]).entries) == kept + 1


def test_a_term_with_a_gap_matches_across_it(tmp_path: Path) -> None:
    pytest.importorskip("tomlkit")
    take_over(Dictionary(categories=((("甲",), ("产业…锁定",)),)), tmp_path, "d.yml")
    found = Analyzer(load([tmp_path]), RULES).code("产业长期锁定于低端。").matches
    assert [m.entry.term for m in found] == ["产业…锁定"]


def test_a_name_of_any_length_is_a_file_name(tmp_path: Path) -> None:
    pytest.importorskip("tomlkit")
    take_over(Dictionary(categories=((("a" * 9999,), ("人才",)),)), tmp_path, "d.yml")
    assert len(load([tmp_path]).categories) == 1


def test_a_dictionary_is_not_written_over_another(tmp_path: Path) -> None:
    pytest.importorskip("tomlkit")
    take_over(DICTIONARY, tmp_path, "词典.yml")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    with pytest.raises(OutputError):
        take_over(DICTIONARY, tmp_path, "另一.yml")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_what_was_exported_comes_back(shipped: Lexicon, tmp_path: Path) -> None:
    pytest.importorskip("tomlkit")
    made = export(shipped, "dic")
    count = take_over(read_dictionary(made.text, "dic", "d.dic"), tmp_path, "d.dic").terms
    back = load([tmp_path])
    assert len(back.entries) == count
    assert {c.id for c in back.categories} <= {c.id for c in shipped.categories}
    said = {(e.category, e.term) for e in back.entries}
    assert said == {
        (e.category, e.term)
        for e in shipped.entries
        if e.kind == "fixed" and e.weight and not e.prescription
    }


def test_without_the_extra_its_install_command_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tomlkit", None)
    with pytest.raises(MissingExtraError) as e:
        take_over(DICTIONARY, tmp_path / "mine", "词典.yml")
    assert "nqpf[workshop]" in str(e.value.hint)
    assert not (tmp_path / "mine").exists()
