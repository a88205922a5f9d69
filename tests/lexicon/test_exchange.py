"""Dictionaries of other programs: what an export keeps, what an import reads and refuses."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from nqpf_cli.errors import LexiconError, MissingExtraError
from nqpf_cli.lexicon.exchange import export, identifier, read_dictionary
from nqpf_cli.model import Entry, Lexicon

yaml = pytest.importorskip("yaml", reason="needs pip install 'nqpf[workshop]'")

MakeEntry = Callable[..., Entry]
MakeLexicon = Callable[..., Lexicon]


@pytest.fixture(scope="module")
def small(make_entry: MakeEntry, make_lexicon: MakeLexicon) -> Lexicon:
    return make_lexicon(
        make_entry("人才"),
        make_entry("人才", "relations.people"),
        make_entry("大国工匠"),
        make_entry("人力资源", weight=0),
        make_entry("引进…人员", kind="gap"),
        make_entry("技[能术]工", kind="regex"),
        make_entry("产能过剩", "lockin.legacy", stance="problem"),
        make_entry("技术改造", "lockin.legacy", stance="remedy"),
        make_entry("产业结构", "lockin.legacy", stance="cue"),
        make_entry("飞地经济", "strategy.jjj.channel", prescription=True),
    )


KEPT = {
    "factor": {"labour": ["人才", "大国工匠"]},
    "relations": {"people": ["人才"]},
    "lockin": {
        "legacy.problem": ["产能过剩"],
        "legacy.remedy": ["技术改造"],
        "legacy": ["产业结构"],
    },
}


def test_yaml_holds_the_fixed_entries_and_counts_the_others(small: Lexicon) -> None:
    made = export(small, "yaml")
    assert yaml.safe_load(made.text) == KEPT
    assert (made.kept, made.left_out) == (6, 4)


def test_yaml_says_which_lexicon_it_is_of(small: Lexicon) -> None:
    first = export(small, "yaml").text.split("\n", 1)[0]
    for part in ("#", small.name, small.version, small.licence, small.sha256):
        assert part in first


def test_dic_numbers_categories_and_gives_a_term_all_of_its_own(small: Lexicon) -> None:
    _, head, body = export(small, "dic").text.split("%\n")
    names = dict(row.split("\t") for row in head.splitlines())
    assert list(names.values()) == [f"{c}.{i}" for c, inner in KEPT.items() for i in inner]
    terms = {row.split("\t")[0]: row.split("\t")[1:] for row in body.splitlines()}
    assert {names[n] for n in terms["人才"]} == {"factor.labour", "relations.people"}
    assert [names[n] for n in terms["产能过剩"]] == ["lockin.legacy.problem"]


@pytest.mark.parametrize("form", ["yaml", "dic"])
def test_what_is_exported_is_read_again(small: Lexicon, form: str) -> None:
    read = read_dictionary(export(small, form).text, form, "d")
    got = {".".join(path): set(terms) for path, terms in read.categories}
    assert got == {f"{c}.{i}": set(t) for c, inner in KEPT.items() for i, t in inner.items()}


@pytest.mark.parametrize("form", ["yaml", "dic"])
def test_the_shipped_lexicon_loses_nothing_that_can_be_said(shipped: Lexicon, form: str) -> None:
    made = export(shipped, form)
    assert made.kept + made.left_out == len(shipped.entries)
    said = {
        (e.category, e.term)
        for e in shipped.entries
        if e.kind == "fixed" and e.weight and not e.prescription
    }
    read = read_dictionary(made.text, form, "d").categories
    assert {(path[0], t) for path, terms in read for t in terms} == said


@pytest.mark.parametrize(
    ("text", "categories"),
    [
        ("创新: [研发, 专利]\n", {("创新",): ("研发", "专利")}),
        ("创新: 研发 专利\n", {("创新",): ("研发", "专利")}),
        ("a: {b: [x], c: {d: [y]}}\n", {("a", "b"): ("x",), ("a", "c", "d"): ("y",)}),
        # a list in which terms and a deeper level are mixed, as quanteda writes it
        ("a: [x, {b: [y]}]\n", {("a",): ("x",), ("a", "b"): ("y",)}),
        ("年: [2024, 5.5]\n", {("年",): ("2024", "5.5")}),
        ("空: \n满: [x]\n", {("满",): ("x",)}),
    ],
)
def test_the_shapes_of_yaml(text: str, categories: dict[tuple[str, ...], tuple[str, ...]]) -> None:
    assert dict(read_dictionary(text, "yaml", "d.yml").categories) == categories


DIC = "%\n1\t创新\n2\t绿色.低碳\n%\n研发\t1\n光伏\t1\t2\n孤儿\t9\n"


@pytest.mark.parametrize("text", [DIC, DIC.replace("\n", "\r\n")], ids=["lf", "crlf"])
def test_the_shape_of_dic(text: str) -> None:
    assert dict(read_dictionary(text, "dic", "d.dic").categories) == {
        ("创新",): ("研发", "光伏"),
        ("绿色", "低碳"): ("光伏",),
    }


# Six short lines that stand for a hundred million categories.
NAMES_ITSELF = "a: &a {x: [y]}\n" + "".join(
    f"{c}: &{c} {{{', '.join(f'k{n}: *{p}' for n in range(100))}}}\n"
    for p, c in ("ab", "bc", "cd", "de")
)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("yaml", ""),
        ("yaml", "- a\n- b\n"),
        ("yaml", "a: [b\n"),
        ("yaml", "a: 3\n"),
        ("yaml", "a: !!python/object/apply:os.system [true]\n"),
        ("yaml", "a: &x {b: *x}\n"),
        ("yaml", "a: {b: {c: {d: {e: {f: {g: [x]}}}}}}\n"),
        ("yaml", "[" * 1500),
        ("yaml", 'a: !!int ""'),
        ("yaml", "a: 2024-99-99\n"),
        ("yaml", NAMES_ITSELF),
        ("dic", ""),
        ("dic", "研发\t1\n"),
        ("dic", "%\n1\t创新\n%\n"),
        ("dic", "%\n1\t创新\n%\n研发\t2\n"),
    ],
)
def test_what_is_no_dictionary_is_refused_by_name(form: str, text: str) -> None:
    with pytest.raises(LexiconError, match=r"mine\.x is no readable dictionary") as e:
        read_dictionary(text, form, "mine.x")
    assert e.value.hint is not None


def test_without_the_extra_its_install_command_is_told(
    small: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    for attempt in (
        lambda: export(small, "yaml"),
        lambda: read_dictionary("a: [b]\n", "yaml", "d.yml"),
    ):
        with pytest.raises(MissingExtraError) as e:
            attempt()
        assert "nqpf[workshop]" in str(e.value.hint)
    assert export(small, "dic").kept == 6  # no library is needed for this one


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("Green Growth", "green_growth"),
        ("绿色", "c"),
        ("3D打印", "c_3d"),
        ("_x_", "x"),
        ("", "c"),
    ],
)
def test_identifiers_are_made_of_names(text: str, id_: str) -> None:
    assert identifier(text, set()) == id_


def test_identifiers_are_unique() -> None:
    taken: set[str] = set()
    made = [identifier(name, taken) for name in ("绿色", "低碳", "c", "C 2", "环保")]
    assert len(set(made)) == len(made)
    assert set(made) == taken
