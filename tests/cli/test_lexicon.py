"""``nqpf lexicon``: what is in it, and everything that is wrong with it at once."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]
CATEGORIES = [
    "factor", "industry", "relations", "institution", "lockin", "services", "strategy", "block",
    "urbanization",
]  # fmt: skip


def test_list_has_every_category_with_its_indicators(nqpf: Run) -> None:
    view = json.loads(nqpf("lexicon", "list", "--format", "json").stdout)
    assert [c["id"] for c in view["categories"]][:9] == CATEGORIES
    assert view["licence"]
    for c in view["categories"]:
        assert c["indicators"]
        assert all(i["id"].startswith(f"{c['id']}.") for i in c["indicators"])
        # Prescriptions are entries of their category too.
        parts = [*c["indicators"], *c["prescriptions"]]
        assert c["entries"] == sum(p["entries"] for p in parts)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_speaks_both_languages(nqpf: Run, lang: str) -> None:
    view = json.loads(nqpf("lexicon", "list", "--format", "json").stdout)
    shown = nqpf("lexicon", "list", lang=lang).stdout
    for c in view["categories"]:
        assert c["id"] in shown
        assert c[lang] in shown


def test_the_lexicon_named_is_that_of_the_report(nqpf: Run, plan: Path) -> None:
    view = json.loads(nqpf("lexicon", "list", "--format", "json").stdout)
    lexicon = json.loads(nqpf("score", plan, "--format", "json").stdout)["lexicon"]
    assert lexicon == {k: view[k] for k in ("name", "version", "sha256")}


def test_show_tells_where_every_entry_stands(nqpf: Run, tiny: Path) -> None:
    done = nqpf("lexicon", "show", "factor", "--lexicon", tiny, "--format", "json")
    (entry,) = json.loads(done.stdout)
    assert (entry["target"], entry["term"]) == ("factor.labour", "夔牛")
    assert (entry["file"], entry["line"]) == ("factor.toml", 18)
    assert "factor.toml:18" in nqpf("lexicon", "show", "factor", "--lexicon", tiny).stdout


def test_show_takes_an_indicator(nqpf: Run) -> None:
    every = json.loads(nqpf("lexicon", "show", "lockin", "--format", "json").stdout)
    some = json.loads(nqpf("lexicon", "show", "lockin.legacy", "--format", "json").stdout)
    assert some
    assert some == [e for e in every if e["target"] == "lockin.legacy"]
    rows = nqpf("lexicon", "show", "lockin.legacy", "--format", "csv").stdout.splitlines()
    assert [r["term"] for r in csv.DictReader(rows)] == [e["term"] for e in some]


def test_show_of_an_unknown_id(nqpf: Run) -> None:
    done = nqpf("lexicon", "show", "nosuch")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nosuch" in done.stderr
    assert "nqpf lexicon list" in done.stderr


def test_the_lexicon_that_ships_is_sound(nqpf: Run) -> None:
    done = nqpf("lexicon", "check")
    assert done.stdout == ""
    assert done.returncode == 0
    assert "no problem" in done.stderr


def test_a_lexicon_of_ones_own_is_sound(nqpf: Run, tiny: Path) -> None:
    for arguments in ((tiny,), ("--lexicon", tiny)):
        assert nqpf("lexicon", "check", *arguments).returncode == 0


def test_an_example_that_fails_is_a_problem(nqpf: Run, tiny: Path) -> None:
    file = tiny / "factor.toml"
    wrong = file.read_text(encoding="utf-8").replace("天气很好", "夔牛走了")
    file.write_text(wrong, encoding="utf-8")
    done = nqpf("lexicon", "check", tiny)
    assert done.returncode == 4
    assert done.stdout.startswith("factor.toml:14: ")
    assert "夔牛走了" in done.stdout


PLACES = ("factor.toml:23:", "factor.toml:29:", "lockin.toml:24:", "lexicon.toml:5:", "gone.toml:")


@pytest.mark.parametrize("place", [*PLACES, "syntax.toml:3:"])
def test_check_tells_all_problems_with_file_and_line(nqpf: Run, broken: Path, place: str) -> None:
    done = nqpf("lexicon", "check", broken)
    assert done.returncode == 4
    assert place in done.stdout


def test_every_command_refuses_a_broken_lexicon_with_all_its_problems(
    run: Run, broken: Path, plan: Path
) -> None:
    done = run("score", plan, "--lexicon", broken)
    assert (done.returncode, done.stdout) == (4, "")
    for place in PLACES:
        assert place in done.stderr
    assert "nqpf lexicon check" in done.stderr


def test_problems_are_told_in_our_own_words(run: Run, broken: Path) -> None:
    done = run("lexicon", "check", broken)
    assert "absl" not in done.stderr
    assert "re2.cc" not in done.stderr
    assert "b'" not in done.stdout


def test_problems_as_json(nqpf: Run, broken: Path) -> None:
    done = nqpf("lexicon", "check", broken, "--format", "json")
    assert done.returncode == 4
    problems = json.loads(done.stdout)["problems"]
    found = {(Path(p["file"]).name, p["line"]) for p in problems}
    assert {("factor.toml", 23), ("factor.toml", 29), ("lockin.toml", 24)} <= found


def test_problems_of_form_and_of_meaning_come_together(nqpf: Run, tiny: Path) -> None:
    with (tiny / "factor.toml").open("a", encoding="utf-8") as f:
        f.write('\n[[entry]]\nindicator = "nosuch"\nterms = ["麒麟"]\nnote = "n"\n')
        f.write('\n[[entry]]\nindicator = "labour"\nterms = ["凤…凰"]\nnote = "n"\n')
    done = nqpf("lexicon", "check", tiny)
    assert done.returncode == 4
    assert "factor.toml:28:" in done.stdout
    assert "factor.toml:23:" in done.stdout


def test_a_missing_lexicon(nqpf: Run, plan: Path, tmp_path: Path) -> None:
    done = nqpf("score", plan, "--lexicon", tmp_path / "missing")
    assert (done.returncode, done.stdout) == (4, "")
    assert str(tmp_path / "missing") in done.stderr


def test_check_against_a_corpus_tells_entries_that_never_fire(
    nqpf: Run, tiny: Path, plan: Path
) -> None:
    done = nqpf("lexicon", "check", tiny, "--corpus", plan, "--format", "json")
    assert done.returncode == 0
    (entry,) = json.loads(done.stdout)["entries"]
    assert (entry["term"], entry["hits"], entry["verdict"]) == ("夔牛", 0, "dead")
    assert "dead" in nqpf("lexicon", "check", tiny, "--corpus", plan).stdout
