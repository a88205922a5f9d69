"""A file that adds to the lexicon: ``extends = "factor"``, alone or in a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nqpf_cli.errors import LexiconError
from nqpf_cli.lexicon.check import check
from nqpf_cli.lexicon.load import load, read
from nqpf_cli.model import Lexicon, Settings
from nqpf_cli.pipeline import Analyzer

Extra = Callable[..., Path]
RULES = Settings(coder="rules")
ENTRY = """
extends = "factor"

[[entry]]
indicator = "labour"
terms = ["夔牛"]
note = "a word that stands in no report"
"""
INDICATOR = """
[[indicator]]
id = "beasts"
name = { zh = "神兽", en = "Beasts" }
definition = "beasts of the book of mountains and seas"
source = "a test"
matches = ["麒麟来了。"]
misses = ["天气很好。"]

[[entry]]
indicator = "beasts"
terms = ["麒麟"]
note = "another one"
"""


@pytest.fixture
def extra(tmp_path: Path) -> Extra:
    def make(text: str = ENTRY, name: str = "mine.toml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return make


HEAD = """
id = "factor"
kind = "dimension"
chain = "factor"
name = { zh = "要素", en = "Factors" }
definition = "what is counted"
source = "a test"
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small lexicon of two categories, to be added to."""
    folder = tmp_path_factory.mktemp("base")
    beasts = INDICATOR.replace("beasts", "labour").replace("麒麟", "凤凰")
    lockin = HEAD.replace('"factor"', '"lockin"').replace('"dimension"', '"obstruction"')
    stanced = beasts.replace("labour", "legacy") + 'stance = "cue"\n'
    stanced = stanced.replace('["凤凰来了。"]', "[]").replace("凤凰", "饕餮")
    index = 'format = 1\nname = "own"\nversion = "1"\nlicence = "MIT"\n'
    for name, text in (
        ("lexicon.toml", index + 'files = ["factor.toml", "lockin.toml"]\n'),
        ("factor.toml", HEAD + beasts),
        ("lockin.toml", lockin + stanced),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def faults(*paths: Path) -> list[str]:
    return [str(p) for p in read(paths)[1]]


def test_a_file_adds_to_the_lexicon_that_ships(extra: Extra, shipped: Lexicon) -> None:
    lexicon = load([extra()])
    (added,) = [e for e in lexicon.entries if e not in shipped.entries]
    assert (added.term, added.target, added.file, added.line) == (
        "夔牛", "factor.labour", "mine.toml", 6,
    )  # fmt: skip
    assert lexicon.categories == shipped.categories
    assert Analyzer(lexicon, RULES).code("夔牛来了。").labels == ("factor",)
    assert Analyzer(shipped, RULES).code("夔牛来了。").labels == ()


def test_a_report_can_tell_that_something_was_added(extra: Extra, shipped: Lexicon) -> None:
    lexicon = load([extra()])
    assert lexicon.name == f"{shipped.name}+mine"
    assert (lexicon.version, lexicon.licence) == (shipped.version, shipped.licence)
    assert lexicon.sha256 != shipped.sha256
    assert load([extra()]).sha256 == lexicon.sha256
    assert load([extra(ENTRY + "\n")]).sha256 != lexicon.sha256


def test_an_indicator_is_added_with_its_examples(extra: Extra, base: Path) -> None:
    lexicon = load([base, extra(ENTRY + INDICATOR)])
    added = lexicon.indicator("factor.beasts")
    assert added is not None
    assert (added.zh, added.category) == ("神兽", "factor")
    before, after = (x.category("factor") for x in (load([base]), lexicon))
    assert before is not None
    assert after is not None
    assert after.indicators == (*before.indicators, added)
    assert check(lexicon, Analyzer(lexicon, RULES).code_all) == []


def test_an_example_of_an_added_indicator_is_held_to(extra: Extra, base: Path) -> None:
    lexicon = load([base, extra(ENTRY + INDICATOR.replace("麒麟来了", "白泽来了"))])
    (problem,) = check(lexicon, Analyzer(lexicon, RULES).code_all)
    assert str(problem).startswith("mine.toml:14: ")
    assert "白泽来了" in problem.message


def test_files_add_up_in_their_order(extra: Extra, base: Path) -> None:
    first, second = extra(), extra(ENTRY.replace("夔牛", "麒麟"), "more.toml")
    lexicon = load([base, first, second])
    assert lexicon.name == "own+mine+more"
    assert [e.term for e in lexicon.entries] == ["凤凰", "饕餮", "夔牛", "麒麟"]


def test_a_folder_may_hold_files_that_extend(extra: Extra, tmp_path: Path, base: Path) -> None:
    extra((base / "factor.toml").read_text(encoding="utf-8"), "factor.toml")
    extra()
    index = (base / "lexicon.toml").read_text(encoding="utf-8")
    extra(index.replace("lockin.toml", "mine.toml"), "lexicon.toml")
    lexicon = load([tmp_path])
    assert (lexicon.name, [e.term for e in lexicon.entries]) == ("own", ["凤凰", "夔牛"])


def test_the_words_of_stance_can_be_added_to(extra: Extra, base: Path) -> None:
    cue = 'kind = "stance"\n[[cue]]\nstance = "problem"\nterms = ["夔夔"]\nnote = "n"\n'
    before, after = load([base]), load([base, extra(cue)])
    text = "饕餮夔夔。"
    assert Analyzer(before, RULES).code(text).labels == ()
    assert Analyzer(after, RULES).code(text).labels == ("lockin.problem",)


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        (ENTRY.replace('"factor"', '"nosuch"'), "mine.toml:2: ", "no category nosuch"),
        (ENTRY.replace('"labour"', '"nosuch"'), "mine.toml:6: ", "factor.nosuch"),
        (ENTRY + 'stance = "problem"\n', "mine.toml:6: ", "only obstructions"),
        (ENTRY.replace('"factor"', '"lockin"').replace('"labour"', '"legacy"'),
         "mine.toml:6: ", "needs a stance"),
        (ENTRY.replace("indicator", "nosuch"), "mine.toml:", "nosuch"),
        (ENTRY.replace('"夔牛"', '"“”"'), "mine.toml:6: ", "empty"),
        (ENTRY + INDICATOR + 'kind = "nosuch"\n', "mine.toml:", "nosuch"),
    ],
)  # fmt: skip
def test_faults_are_told_with_their_place(
    extra: Extra, base: Path, text: str, place: str, reason: str
) -> None:
    found = faults(base, extra(text))
    assert any(f.startswith(place) and reason in f for f in found), found
    with pytest.raises(LexiconError, match=r"mine\.toml"):
        load([base, extra(text)])


def test_a_category_that_exists_is_not_replaced_by_chance(extra: Extra, base: Path) -> None:
    (fault,) = faults(base, extra(HEAD + INDICATOR))
    assert 'extends = "factor"' in fault


def test_all_faults_of_all_files_come_together(extra: Extra, base: Path) -> None:
    one = extra(ENTRY.replace('"factor"', '"nosuch"'), "one.toml")
    two = extra(ENTRY.replace('"labour"', '"nosuch"'), "two.toml")
    found = faults(base, one, two)
    assert {f.split(":")[0] for f in found} == {"one.toml", "two.toml"}
