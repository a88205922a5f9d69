from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from nqpf_cli.corpus.records import Record
from nqpf_cli.errors import CorruptError, MissingExtraError
from nqpf_cli.formats.citing import cited
from nqpf_cli.model import Document
from nqpf_cli.page import scripts
from nqpf_cli.page.evidence import record
from nqpf_cli.page.html import script_json
from nqpf_cli.page.texts import FOLDER, texts
from nqpf_cli.pipeline import Analyzer

Make = Callable[..., str]


class Parsed(HTMLParser):
    """The elements of a page with their attributes, and the text of each script and style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.inside = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.texts.append("")
        self.inside = True

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts[-1] += data

    def of(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        pairs = zip(self.elements, self.texts, strict=True)
        return [(attrs, text) for (name, attrs), text in pairs if name == tag]

    def data(self, id_: str = "data") -> Any:
        (text,) = (text for attrs, text in self.of("script") if attrs.get("id") == id_)
        return json.loads(text)


@pytest.fixture(scope="module")
def single(make: Make, one: list[Record]) -> Parsed:
    return Parsed(make(one))


def test_the_page_loads_nothing(single: Parsed) -> None:
    for tag, attrs in single.elements:
        assert "src" not in attrs, tag
        assert not (attrs.get("href") or "#").removeprefix("#").count(":"), attrs
        assert (attrs.get("href") or "#").startswith("#")
    assert {tag for tag, _ in single.elements}.isdisjoint({"link", "iframe", "object", "img"})


def test_the_policy_names_what_runs_and_allows_nothing_else(single: Parsed) -> None:
    (policy,) = (
        attrs["content"] or ""
        for attrs, _ in single.of("meta")
        if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert "unsafe" not in policy

    def hashes(texts: list[str]) -> list[str]:
        digests = (hashlib.sha256(t.encode()).digest() for t in texts)
        return [f"'sha256-{base64.b64encode(d).decode()}'" for d in digests]

    run = [text for attrs, text in single.of("script") if attrs.get("type") is None]
    assert rules["script-src"].split() == hashes(run)
    assert rules["style-src"].split() == hashes([text for _, text in single.of("style")])


def test_nothing_is_written_into_attributes_that_run(single: Parsed) -> None:
    for _, attrs in single.elements:
        assert not [a for a in attrs if a.startswith("on") or a == "style"]


def test_a_script_in_title_path_and_text_stays_text(single: Parsed, evil: str) -> None:
    assert len(single.of("script")) == 4
    (document,) = single.data()["documents"]
    assert document["title"].endswith(evil)
    assert "<script>" in document["path"]
    sentences = ("".join(p for p, _ in s["parts"]) for s in document["evidence"]["sentences"])
    assert any("<img src=x onerror=" in s for s in sentences)


@pytest.mark.parametrize(
    "text", ["</script>", "<!--", "]]>", "a&b", "\u2028\u2029", "\udcff", "\0"]
)
def test_json_in_a_script_is_the_same_value_without_what_html_reads(text: str) -> None:
    written = script_json({text: [text]})
    assert json.loads(written) == {text: [text]}
    assert not re.search("[<>&\u2028\u2029\ud800-\udfff\0]", written)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_records_give_the_same_page(make: Make, many: list[Record], lang: str) -> None:
    assert make(many, lang) == make(many, lang)


def test_a_title_of_ones_own_is_escaped(make: Make, one: list[Record], evil: str) -> None:
    page = Parsed(make(one, title=f"标题{evil}"))
    assert page.of("title")[0][1] == f"标题{evil}"
    assert len(page.of("script")) == 4


def test_sections_follow_the_number_of_documents(make: Make, many: list[Record]) -> None:
    links = {attrs["href"] for attrs, _ in Parsed(make(many)).of("a")}
    assert {"#overview", "#map", "#scatter", "#document", "#evidence"} <= links
    assert "#overview" not in {a["href"] for a, _ in Parsed(make(many[:1])).of("a")}


def test_figures_that_do_not_compare_are_told(make: Make, many: list[Record]) -> None:
    first, second = many[0], many[1]
    assert first.report is not None
    assert "do not compare" not in make([first, second])
    foreign = {**first.report, "lexicon": {**first.report["lexicon"], "sha256": "0" * 64}}
    shown = make([replace(first, report=foreign), second])
    assert "do not compare" in shown
    assert "another lexicon" in shown


def test_five_hundred_documents_of_a_scan_stay_below_five_megabytes(
    make: Make, scanned: list[Record]
) -> None:
    records = (scanned * 50)[:500]
    size = len(make(records, evidence=None).encode())
    assert 1_000_000 < size < 5_000_000


def test_an_entry_of_the_lexicon_is_named_once(make: Make, many: list[Record]) -> None:
    data = Parsed(make(many)).data()
    assert len({tuple(e) for e in data["entries"]}) == len(data["entries"]) > 0
    numbers = {n for d in data["documents"] for s in d["evidence"]["sentences"] for n in s["hits"]}
    assert numbers == set(range(len(data["entries"])))


def test_licences_of_the_libraries_are_in_the_page(single: Parsed) -> None:
    ((_, notice),) = single.of("pre")
    assert "University of Washington Interactive Data Lab" in notice
    assert "BSD-3-Clause" in notice
    assert "Mike Bostock" in notice


@pytest.mark.parametrize("module", ["vl_convert", "altair", "jinja2"])
def test_without_the_extra_the_install_line_is_told(
    make: Make, one: list[Record], monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    scripts.charting.cache_clear()
    with pytest.raises(MissingExtraError) as e:
        make(one)
    assert e.value.hint is not None
    assert "nqpf[page]" in e.value.hint.en


def sources() -> str:
    files = [*FOLDER.glob("assets/*.js"), *FOLDER.glob("templates/*"), *FOLDER.glob("*.py")]
    return "\n".join(f.read_text(encoding="utf-8") for f in sorted(files))


def test_every_text_is_there_in_both_languages_and_used() -> None:
    known, code = texts(), sources()
    assert all(zh.strip() and en.strip() for zh, en in known.values())
    asked = set(re.findall(r'\b(?:t|both)\("(\w+)"', code))
    asked |= set(re.findall(r'(?:choice|searchBox|part)\("[\w-]+", "(\w+)"', code))
    asked |= set(re.findall(r'(?<!\w)t\["(\w+)"\]', code))
    assert asked <= set(known)
    families = ("block_", "excluded_", "found_", "level_", "warning_")
    unused = {k for k in known if f'"{k}"' not in code and not k.startswith(families)}
    assert not unused


def test_a_text_has_the_same_places_to_fill_in_both_languages() -> None:
    for zh, en in texts().values():
        assert set(re.findall(r"\{\w+\}", zh)) == set(re.findall(r"\{\w+\}", en))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_cites_what_cite_does(single: Parsed, one: list[Record], lang: Any) -> None:
    made = one[0].report
    assert made is not None
    wanted = cited([made["nqpf_version"]], [made["lexicon"]], lang)
    items = [text for _, text in single.of("li")]
    assert len(wanted) == 3
    assert all(reference in items for reference in wanted)
    assert sum("Hazen" in text for text in items) == 1


def test_the_page_tells_among_what_it_ranks(single: Parsed, one: list[Record]) -> None:
    data, report = single.data(), one[0].report
    assert report is not None
    (document,) = data["documents"]
    zh, en = data["comparisons"][document["compared"]]
    assert str(report["reference"]["n"]) in zh
    assert str(report["reference"]["n"]) in en
    assert report["reference"]["name"] in en
    assert document["ranked_in"] == report["reference"]["block"]["name"] == "central"
    of_block = [m[8] for m in document["measures"]]
    assert sorted(of_block) == sorted(report["reference"]["block"]["percentiles"].values())


def test_a_block_that_is_none_is_no_report(make: Make, one: list[Record]) -> None:
    assert one[0].report is not None
    report = json.loads(json.dumps(one[0].report))
    report["reference"]["block"]["name"] = "atlantis"
    with pytest.raises(CorruptError):
        make([replace(one[0], report=report)])


def test_nothing_of_a_document_turns_the_direction_of_the_page(
    make: Make, rules: Analyzer, document: Callable[..., Document]
) -> None:
    marks = "\u202eb\u2066c"
    value = record(rules, document(evil=marks, name=f"a{marks}.txt"), limit=2)
    value["source"]["title"] = None
    text = make([Record(line=1, path=f"a{marks}.txt", report=value, error=None)])
    assert not set(marks) & set(text) - {"b", "c"}
    assert "<title>a\ufffdb\ufffdc.txt</title>" in text
