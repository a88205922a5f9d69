"""``nqpf lexicon new|diff|import|export|suggest``: a lexicon of one's own."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Run = Callable[..., CompletedProcess[str]]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


@pytest.fixture(autouse=True)
def extra() -> None:
    for module in ("yaml", "tomlkit"):
        pytest.importorskip(module, reason="needs pip install 'nqpf[workshop]'")


# --- new --------------------------------------------------------------------------------------


def test_new_tells_the_next_step_and_it_works(nqpf: Run, tmp_path: Path) -> None:
    folder = tmp_path / "我的词典"
    done = nqpf("lexicon", "new", folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert f"nqpf lexicon check {folder}" in done.stderr
    assert nqpf("lexicon", "check", folder).returncode == 0


def test_new_overwrites_nothing(nqpf: Run, tiny: Path) -> None:
    before = (tiny / "lexicon.toml").read_bytes()
    done = nqpf("lexicon", "new", tiny)
    assert (done.returncode, done.stdout) == (6, "")
    assert "exists already" in done.stderr
    assert (tiny / "lexicon.toml").read_bytes() == before
    assert not (tiny / "topic.toml").exists()


def test_a_lexicon_of_ones_own_is_scored_with(nqpf: Run, tmp_path: Path) -> None:
    folder, text = tmp_path / "mine", tmp_path / "a.txt"
    nqpf("lexicon", "new", folder)
    text.write_text("海绵城市建设取得进展。", encoding="utf-8")
    done = nqpf("score", text, "--lexicon", folder, "--format", "json")
    report = json.loads(done.stdout)
    assert report["lexicon"]["name"] == "mine"
    hits = nqpf("explain", text, "--lexicon", folder, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(h)["indicator"] for h in hits] == ["topic.first"]


# --- import and export ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("词典.yml", "创新:\n  - 研发\n  - 专利*\n绿色:\n  低碳: [光伏]\n"),
        ("词典.YAML", "\ufeff创新: 研发 专利\n绿色: {低碳: [光伏]}\n"),
        ("词典.dic", "%\n1\t创新\n2\t绿色.低碳\n%\n研发\t1\n专利\t1\n光伏\t2\n"),
    ],
)
def test_a_dictionary_becomes_a_lexicon(nqpf: Run, tmp_path: Path, name: str, text: str) -> None:
    file, folder, document = tmp_path / name, tmp_path / "mine", tmp_path / "a.txt"
    file.write_text(text, encoding="utf-8")
    document.write_text("加强研发，申请专利，发展光伏。", encoding="utf-8")
    done = nqpf("lexicon", "import", file, folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert "3 terms" in done.stderr
    assert nqpf("lexicon", "check", folder).returncode == 0
    lines = nqpf("explain", document, "--lexicon", folder, "--format", "jsonl").stdout
    assert [json.loads(x)["entry"] for x in lines.splitlines()] == ["研发", "专利", "光伏"]


@pytest.mark.parametrize(
    ("name", "text", "code", "told"),
    [
        ("a.txt", "x", 2, ".dic"),
        ("a.yml", "x: [", 4, "a.yml"),
        ("a.dic", "x", 4, "a.dic"),
        ("gone.yml", None, 3, "gone.yml"),
    ],
)
def test_what_cannot_be_imported(
    nqpf: Run, tmp_path: Path, name: str, text: str | None, code: int, told: str
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = nqpf("lexicon", "import", tmp_path / name, tmp_path / "mine")
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize("form", ["yaml", "dic"])
def test_an_export_is_imported_again(nqpf: Run, tmp_path: Path, tiny: Path, form: str) -> None:
    file = tmp_path / ("d.yml" if form == "yaml" else "d.dic")
    done = nqpf("lexicon", "export", "--lexicon", tiny, "--form", form, "-o", file)
    assert (done.returncode, done.stdout) == (0, "")
    assert "1 entries; 0 " in done.stderr
    assert nqpf("lexicon", "import", file, tmp_path / "back").returncode == 0
    shown = nqpf("lexicon", "show", "factor", "--lexicon", tmp_path / "back", "--format", "json")
    assert [(e["target"], e["term"]) for e in json.loads(shown.stdout)] == [
        ("factor.labour", "夔牛")
    ]


def test_an_export_goes_to_stdout_and_says_what_it_left_out(nqpf: Run) -> None:
    done = nqpf("lexicon", "export", lang="zh")
    assert done.returncode == 0
    assert done.stdout.startswith("# nqpf")
    assert "未导出" in done.stderr


def test_an_unknown_form(nqpf: Run) -> None:
    done = nqpf("lexicon", "export", "--form", "nosuch")
    assert (done.returncode, done.stdout) == (2, "")
    assert "yaml | dic" in done.stderr


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("yaml", ("export",)),
        ("yaml", ("import", "{file}", "{folder}")),
        ("tomlkit", ("import", "{file}", "{folder}")),
    ],
)
def test_without_the_extra_the_install_command_is_told(
    nqpf: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, arguments: Any
) -> None:
    file = tmp_path / "a.yml"
    file.write_text("创新: [研发]\n", encoding="utf-8")
    monkeypatch.setitem(sys.modules, module, None)
    done = nqpf("lexicon", *(a.format(file=file, folder=tmp_path / "x") for a in arguments))
    assert (done.returncode, done.stdout) == (5, "")
    assert "pip install 'nqpf[workshop]'" in done.stderr


# --- diff -------------------------------------------------------------------------------------


@pytest.fixture
def changed(tiny: Path, tmp_path: Path) -> Path:
    """The tiny lexicon with another word in place of its own."""
    folder = tmp_path / "changed"
    folder.mkdir()
    for path in tiny.iterdir():
        text = path.read_text(encoding="utf-8").replace("夔牛", "麒麟")
        (folder / path.name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text("夔牛来了。\n天气很好。\n夔牛和麒麟来了。\n", encoding="utf-8")
    (folder / "b.txt").write_text("麒麟来了。\n", encoding="utf-8")
    (folder / "bad.pdf").write_text("no PDF", encoding="utf-8")
    return folder


def test_a_difference_in_entries_and_in_sentences(
    nqpf: Run, tiny: Path, changed: Path, corpus: Path
) -> None:
    done = nqpf("lexicon", "diff", tiny, changed, "--corpus", corpus, "--format", "json")
    assert done.returncode == 0
    view = json.loads(done.stdout)
    assert [(e["change"], e["term"]) for e in view["entries"]] == [
        ("removed", "夔牛"), ("added", "麒麟"),
    ]  # fmt: skip
    first, second = view["sentences"]
    assert (Path(first["path"]).name, first["text"]) == ("a.txt", "夔牛来了。")
    assert (first["lost"], first["gained"], first["terms"]) == (["factor"], [], ["夔牛"])
    assert (second["lost"], second["gained"]) == ([], ["factor"])
    assert view["old"]["sha256"] != view["new"]["sha256"]
    assert "bad.pdf" in done.stderr  # told, and passed over


def test_a_difference_as_table_and_csv(nqpf: Run, tiny: Path, changed: Path, corpus: Path) -> None:
    arguments = ("lexicon", "diff", tiny, changed, "--corpus", corpus)
    shown = nqpf(*arguments).stdout
    for part in ("1 removed, 1 added", "- factor.labour 夔牛", "+ factor.labour 麒麟", "-factor"):
        assert part in shown
    rows = rows_of(nqpf(*arguments, "--format", "csv").stdout)
    assert [(r["text"], r["lost"], r["gained"]) for r in rows] == [
        ("夔牛来了。", "factor", ""), ("麒麟来了。", "", "factor"),
    ]  # fmt: skip
    assert len(rows_of(nqpf(*arguments, "--limit", "1", "--format", "csv").stdout)) == 1


def test_a_lexicon_does_not_differ_from_itself(nqpf: Run, plan: Path) -> None:
    done = nqpf("lexicon", "diff", "-", "-", "--corpus", plan, "--format", "json")
    view = json.loads(done.stdout)
    assert (done.returncode, view["entries"], view["sentences"]) == (0, [], [])
    assert view["old"] == view["new"]


def test_a_difference_with_a_broken_lexicon(nqpf: Run, tiny: Path, broken: Path) -> None:
    done = nqpf("lexicon", "diff", tiny, broken)
    assert (done.returncode, done.stdout) == (4, "")
    assert "factor.toml:23:" in done.stderr


# --- suggest ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports in which 夔牛 keeps company with 骑手."""
    folder = tmp_path_factory.mktemp("suggest")
    for name in ("a", "b", "c"):
        text = "夔牛需要骑手。\n" * 4 + "今天天气很好，大家去公园散步。\n" * 12
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def test_terms_are_proposed_and_nothing_is_added(nqpf: Run, tiny: Path, reports: Path) -> None:
    before = (tiny / "factor.toml").read_bytes()
    arguments = ("lexicon", "suggest", "factor", "--lexicon", tiny, "--corpus", reports)
    view = json.loads(nqpf(*arguments, "--format", "json").stdout)
    assert (view["target"], view["lexicon"]["name"]) == ("factor", "tiny")
    found = {s["term"]: s for s in view["suggestions"]}
    assert (found["骑手"]["count"], found["骑手"]["inside"]) == (12, 12)
    assert found["骑手"]["documents"] == 3
    assert "天气" not in found
    rows = rows_of(nqpf(*arguments, "--format", "csv").stdout)
    assert [r["term"] for r in rows] == list(found)
    shown = nqpf(*arguments, "--limit", "1").stdout
    assert next(iter(found)) in shown
    assert (tiny / "factor.toml").read_bytes() == before


def test_an_indicator_may_be_asked_for(nqpf: Run, tiny: Path, reports: Path) -> None:
    arguments = ("--lexicon", tiny, "--corpus", reports, "--format", "json")
    one, all_ = (
        json.loads(nqpf("lexicon", "suggest", id_, *arguments).stdout)["suggestions"]
        for id_ in ("factor.labour", "factor")
    )
    assert one == all_


@pytest.mark.parametrize(
    ("id_", "corpus", "code", "told"),
    [
        ("nosuch", True, 2, "nqpf lexicon list"),
        ("factor", False, 2, "--corpus"),
        ("factor", True, 1, "larger corpus"),
    ],
)
def test_nothing_can_be_proposed(
    nqpf: Run, tiny: Path, weather: Path, id_: str, corpus: bool, code: int, told: str
) -> None:
    given = ("--corpus", weather) if corpus else ()
    done = nqpf("lexicon", "suggest", id_, "--lexicon", tiny, *given)
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr


# --- check against a corpus -------------------------------------------------------------------


def test_check_tells_how_entries_fare(nqpf: Run, tiny: Path, corpus: Path) -> None:
    with (tiny / "factor.toml").open("a", encoding="utf-8") as f:
        f.write('\n[[entry]]\nindicator = "labour"\nterms = ["麒麟", "凤凰"]\nnote = "n"\n')
    done = nqpf("lexicon", "check", tiny, "--corpus", corpus, "--format", "json")
    assert done.returncode == 0
    assert "bad.pdf" in done.stderr
    uses = {e["term"]: e for e in json.loads(done.stdout)["entries"]}
    assert {t: (u["documents"], u["found"], u["verdict"]) for t, u in uses.items()} == {
        "夔牛": (1, 2, "rare"), "麒麟": (2, 2, "dominant"), "凤凰": (0, 0, "dead"),
    }  # fmt: skip
    assert sum(u["share"] for u in uses.values()) == pytest.approx(1)
    shown = nqpf("lexicon", "check", tiny, "--corpus", corpus).stdout
    assert "ok 0 · rare 1 · dead 1 · redundant 0 · dominant 1" in shown
    assert "factor.toml:23" in shown


def test_a_file_that_extends_is_given_beside_the_shipped_lexicon(nqpf: Run, tmp_path: Path) -> None:
    mine, text = tmp_path / "mine.toml", tmp_path / "a.txt"
    entry = '[[entry]]\nindicator = "labour"\nterms = ["夔牛"]\nnote = "n"\n'
    mine.write_text(f'extends = "factor"\n{entry}', encoding="utf-8")
    text.write_text("夔牛来了。", encoding="utf-8")
    done = nqpf("score", text, "--lexicon", mine, "--format", "json", "--coder", "rules")
    report = json.loads(done.stdout)
    assert report["dimensions"]["factor"]["sentences"] == 1
    assert report["lexicon"]["name"].endswith("+mine")
    assert nqpf("lexicon", "check", mine).returncode == 0
    mine.write_text(f'extends = "nosuch"\n{entry}', encoding="utf-8")
    bad = nqpf("score", text, "--lexicon", mine)
    assert (bad.returncode, bad.stdout) == (4, "")
    assert "mine.toml:1: " in bad.stderr
