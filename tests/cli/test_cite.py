"""``nqpf cite``: what it says is what the figures were made with."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
import yaml

from nqpf_cli import __version__
from nqpf_cli.formats.citing import _data
from nqpf_cli.model import Lexicon
from nqpf_cli.resources import citation_file

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def report(nqpf: Run, plan: Path) -> dict[str, Any]:
    """A report whose lexicon, settings and version are none of this program's."""
    done = nqpf("score", plan, "--coder", "rules", "--tables", "exclude", "--seed", "7",
                "--confidence", "0.9", "--format", "json")  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    found["nqpf_version"] = "9.8.7"
    found["lexicon"] = {"name": "own_{x}", "version": "3", "sha256": "ab" * 32}
    found["reference"] = {"name": "set", "sha256": "cd" * 32, "n": 20, "basis": "kind"}
    return found


def cite(nqpf: Run, *reports: dict[str, Any], more: tuple[str, ...] = (), lang: str = "en") -> str:
    lines = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in reports)
    done = nqpf("cite", "-", *more, stdin=lines.encode(), lang=lang)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_paragraph_tells_what_the_report_tells(
    nqpf: Run, report: dict[str, Any], lang: str
) -> None:
    text = cite(nqpf, report, report, lang=lang)
    for part in ("9.8.7", "own_{x} 3", "ab" * 32, "90", "seed = 7", "coder = rules",
                 "cd" * 32, "Efron & Tibshirani 1993", "10.13885/j.issn",
                 "2 份文本" if lang == "zh" else "2 document(s)",
                 "只按词典规则" if lang == "zh" else "lexicon rules alone",
                 "表格不计" if lang == "zh" else "tables are left out"):  # fmt: skip
        assert part in text
    assert ("蒋晟" if lang == "zh" else "Jiang Sheng") in text
    assert "Hazen" in text


def test_without_percentiles_there_is_no_word_of_them(nqpf: Run, report: dict[str, Any]) -> None:
    text = cite(nqpf, {**report, "reference": None})
    assert "ercentiles are" not in text
    assert "Hazen" not in text


def test_without_a_report_the_defaults_are_told(nqpf: Run, shipped: Lexicon, tiny: Path) -> None:
    text = nqpf("cite").stdout
    assert f"nqpf {__version__}" in text
    assert shipped.sha256 in text
    assert "coder = model" in text
    own = nqpf("cite", "--lexicon", tiny).stdout
    assert "tiny 1" in own
    assert "ercentiles are" not in own


def test_bibtex_has_program_lexicon_and_paper(nqpf: Run, report: dict[str, Any]) -> None:
    text = cite(nqpf, report, more=("--style", "bibtex"))
    assert re.findall(r"^@(\w+)\{", text, re.MULTILINE) == ["software", "misc", "article"]
    assert text.count("{") == text.count("}")
    for part in ("9.8.7", "ab" * 32, "{蒋晟} and {贺灿飞} and {李志斌}", "5--14"):
        assert part in text


def test_cff_is_the_project_s_with_version_and_lexicon(nqpf: Run, report: dict[str, Any]) -> None:
    found = yaml.safe_load(cite(nqpf, report, more=("--style", "cff")))
    project = yaml.safe_load(citation_file().read_text(encoding="utf-8"))
    paper, lexicon = found["references"]
    assert [paper] == project["references"]
    assert found == {**project, "version": "9.8.7", "references": [paper, lexicon]}
    assert (lexicon["title"], lexicon["version"]) == ("own_{x}", "3")
    assert lexicon["identifiers"][0]["value"] == "sha256:" + "ab" * 32


def test_the_data_say_what_citation_cff_says() -> None:
    project = yaml.safe_load(citation_file().read_text(encoding="utf-8"))
    (paper,) = project["references"]
    data = _data()
    assert data["program"] == {"title": project["title"], "authors": project["authors"][0]["name"]}
    own = data["paper"]
    names = [(a["family-names"] + a["given-names"], a["alias"]) for a in paper["authors"]]
    assert names == list(zip(own["authors"]["zh"], own["authors"]["en"], strict=True))
    assert own["title"]["zh"] == paper["title"]
    assert own["title"]["en"] in paper["notes"]
    for key in ("year", "month", "volume", "issue", "start", "end", "issn", "doi"):
        assert own[key] == paper[key]


@pytest.mark.parametrize("key", ["nqpf_version", "lexicon", "settings"])
def test_what_was_made_in_two_ways_has_no_one_paragraph(
    nqpf: Run, report: dict[str, Any], key: str
) -> None:
    other = {**report, key: "1" if key == "nqpf_version" else {**report[key], "version": "4"}}
    lines = f"{json.dumps(report)}\n{json.dumps(other)}\n"
    done = nqpf("cite", "-", stdin=lines.encode())
    assert (done.returncode, done.stdout) == (2, "")
    assert f"line 2: another {key}" in done.stderr


@pytest.mark.parametrize(
    ("stdin", "code"),
    [
        (b"", 1),
        (b"no json\n", 3),
        (b'{"schema_version":"1.0","source":{"path":"x"},"error":{"code":"empty"}}\n', 1),
    ],
)
def test_what_is_no_report_is_told(nqpf: Run, stdin: bytes, code: int) -> None:
    done = nqpf("cite", "-", stdin=stdin)
    assert (done.returncode, done.stdout) == (code, "")


def test_a_report_that_is_not_whole_is_told(nqpf: Run, report: dict[str, Any]) -> None:
    for torn in ({**report, "settings": {}}, {**report, "lexicon": {}}):
        done = nqpf("cite", "-", stdin=json.dumps(torn).encode())
        assert (done.returncode, done.stdout) == (3, "")
        assert "not whole" in done.stderr


def test_an_unknown_style_is_wrong_usage(nqpf: Run) -> None:
    done = nqpf("cite", "--style", "apa")
    assert done.returncode == 2
    assert "bibtex" in done.stderr
