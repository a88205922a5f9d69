"""A methods paragraph and references: how figures were made, and what to cite for them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nqpf_cli import defaults
from nqpf_cli.analysis.percentiles import YEARS
from nqpf_cli.formats.comparing import criteria
from nqpf_cli.i18n import Language
from nqpf_cli.resources import citation_file, table

_CODERS = {
    "model": (
        "句子由词典规则与线性措辞模型共同编码，词典是",
        "Sentences were coded by lexicon rules and a linear model of wording; the lexicon is",
    ),
    "rules": (
        "句子只按词典规则编码，词典是",
        "Sentences were coded by lexicon rules alone; the lexicon is",
    ),
}
_HOUSE = "nqpf-core"  # the lexicon of the program's own authors
_LINE = re.compile(r"[\n\r{}\\\x00-\x1f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeWith:
    """What made the figures that are cited. ``references`` are name and hash of each set used."""

    nqpf_version: str
    lexicon: dict[str, str]
    settings: dict[str, Any]
    documents: int
    references: tuple[tuple[str, str], ...] = ()


def methods(made: MadeWith, lang: Language) -> str:
    """Return the methods paragraph and the references below it, as plain text."""
    zh = lang == "zh"
    references = cited([made.nqpf_version], [made.lexicon], lang)
    named = {"formulas", *(["percentiles"] if made.references else [])}
    references += [text for of, text in works() if of in named]
    head = "参考文献" if zh else "References"
    return f"{_paragraph_zh(made) if zh else _paragraph_en(made)}\n\n{head}\n\n" + "".join(
        f"- {r}\n" for r in references
    )


def cited(
    versions: Iterable[str], lexicons: Iterable[Mapping[str, str]], lang: Language
) -> list[str]:
    """Return what to cite for figures: the program, the lexicons, the paper of the framework."""
    programs = [_program(version, lang) for version in versions]
    return [*programs, *(_lexicon(x, lang) for x in lexicons), _paper(lang)]


def works() -> list[tuple[str, str]]:
    """Return the works behind the method: what each is for, and its reference."""
    return [(w["for"], w["text"]) for w in _data()["work"]]


def bibtex(made: MadeWith) -> str:
    """Return BibTeX entries of program, lexicon and paper (for biber or BibTeX in UTF-8)."""
    data = _data()
    paper = data["paper"]
    entries = (
        ("software", "nqpf", {
            "title": f"{{{data['program']['title']}}}",
            "author": f"{{{data['program']['authors']}}}",
            "version": made.nqpf_version,
        }),
        ("misc", "nqpf-lexicon", {
            "title": f"{{Lexicon {_plain(made.lexicon['name'])}}}",
            "version": _plain(made.lexicon["version"]),
            "note": f"SHA-256 {made.lexicon['sha256']}",
        }),
        ("article", "jiang2024", {
            "title": f"{{{paper['title']['zh']}}}",
            "author": " and ".join(f"{{{a}}}" for a in paper["authors"]["zh"]),
            "year": paper["year"],
            "month": paper["month"],
            "volume": paper["volume"],
            "number": paper["issue"],
            "pages": f"{paper['start']}--{paper['end']}",
            "issn": paper["issn"],
            "doi": paper["doi"],
            "note": f"English title: {paper['title']['en']}",
        }),
    )  # fmt: skip
    return "\n".join(
        f"@{kind}{{{key},\n" + "".join(f"  {k} = {{{v}}},\n" for k, v in fields.items()) + "}\n"
        for kind, key, fields in entries
    )


def cff(made: MadeWith) -> str:
    """Return the program's CITATION.cff for the version used, with the lexicon as a reference."""
    text = citation_file().read_text(encoding="utf-8").rstrip("\n")
    text = re.sub(r"(?m)^version: .*$", lambda _: f"version: {_yaml(made.nqpf_version)}", text)
    own = made.lexicon["name"] == _HOUSE
    author = _data()["program"]["authors"] if own else f"authors of {made.lexicon['name']}"
    return f"""{text}
  - type: dictionary
    title: {_yaml(made.lexicon["name"])}
    authors:
      - name: {_yaml(author)}
    version: {_yaml(made.lexicon["version"])}
    identifiers:
      - type: other
        value: {_yaml("sha256:" + made.lexicon["sha256"])}
        description: "SHA-256 of the lexicon's files"
"""


def _data() -> dict[str, Any]:
    return tomllib.loads(table("citation.toml").read_text(encoding="utf-8"))


def _yaml(text: str) -> str:
    # A JSON string is a YAML string too.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _plain(text: str) -> str:
    """Return text without what would end a BibTeX field."""
    return _LINE.sub(" ", text)


def _settings(made: MadeWith) -> str:
    return ", ".join(f"{k} = {v}" for k, v in made.settings.items())


def _paragraph_zh(made: MadeWith) -> str:
    s, lexicon = made.settings, made.lexicon
    confidence = f"{100 * s['confidence']:g}"
    coder = _CODERS[s["coder"]][0]
    sentences = [
        f"{f'{made.documents} 份' if made.documents else ''}文本用 nqpf {made.nqpf_version} 分析，"
        "框架出自蒋晟、贺灿飞、李志斌（2024）。",
        "单位是句子（到句号、叹号、问号、分号或段末）；目录、参考文献、页眉页脚、脚注不计，"
        f"表格{'计入' if s['tables'] == 'include' else '不计'}。",
        f"{coder} {lexicon['name']} {lexicon['version']}（SHA-256 {lexicon['sha256']}）；"
        "三类堵点分诊断与回应，由分句中的线索词判定。",
        f"占比是带某标签的句子占全部计分句子的比例，附整段重抽的百分位自助法 {confidence}% 区间"
        f"（{s['resamples']} 次，种子 {s['seed']}；Efron & Tibshirani 1993）；"
        "密度是每万计分汉字的词典命中数；广度是至少有一句的指标所占的比例。",
        "均衡度是三个维度句数的 Pielou（1966）均匀度；"
        "回应差是回应与诊断句数（各加 ½）之比的自然对数（Lowe et al. 2011）。",
    ]
    if made.references:
        sets = "、".join(f"{name}（SHA-256 {sha256}）" for name, sha256 in made.references)
        sentences.append(
            f"百分位是占比在参照集 {sets}的可比文档（{_comparable(made, 'zh')}）中的中位秩，"
            "相等的算一半（Hazen 1914）；另在其中同板块的文档里取一次。"
        )
    sentences.append(f"全部设置：{_settings(made)}。")
    return "".join(sentences)


def _paragraph_en(made: MadeWith) -> str:
    s, lexicon = made.settings, made.lexicon
    confidence = f"{100 * s['confidence']:g}"
    coder = _CODERS[s["coder"]][1]
    what = f"{made.documents} document(s) were" if made.documents else "The text was"
    sentences = [
        f"{what} analysed with nqpf {made.nqpf_version}, along the framework of "
        "Jiang, He & Li (2024).",
        "The unit is the sentence (up to 。！？； or the end of a paragraph); contents, "
        "references, running headers and footnotes are left out, tables are "
        f"{'counted' if s['tables'] == 'include' else 'left out as well'}.",
        f"{coder} {lexicon['name']} {lexicon['version']} (SHA-256 {lexicon['sha256']}); "
        "obstructions are diagnosed or answered, as cue words of the clause tell.",
        "Shares are sentences with a label over all scored sentences, with percentile bootstrap "
        f"intervals over paragraphs ({confidence} %, {s['resamples']} resamples, seed "
        f"{s['seed']}; Efron & Tibshirani 1993); density is hits of the lexicon per 10,000 scored "
        "Han characters; breadth is the share of a category's indicators with a sentence.",
        "Balance is Pielou's (1966) evenness of the three dimensions' sentences; the response gap "
        "is the log ratio of sentences that answer and that diagnose, ½ added to each (Lowe et al. "
        "2011).",
    ]
    if made.references:
        sets = ", ".join(f"{name} (SHA-256 {sha256})" for name, sha256 in made.references)
        sentences.append(
            "Percentiles are mid-ranks of shares, ties counting half (Hazen 1914), among the "
            f"comparable documents of the reference set {sets} ({_comparable(made, 'en')}), and "
            "again among those of them in the same block of provinces."
        )
    sentences.append(f"All settings: {_settings(made)}.")
    return " ".join(sentences)


def _comparable(made: MadeWith, lang: Language) -> str:
    asked = str(made.settings.get("comparable", defaults.COMPARABLE))
    if asked != defaults.COMPARABLE:
        return criteria(asked, lang)
    return (
        f"文种相同，可行时层级也相同、年份相差至多 {YEARS} 年"
        if lang == "zh"
        else f"same kind and, where enough are there, same level and at most {YEARS} years apart"
    )


def _program(version: str, lang: Language) -> str:
    program = _data()["program"]
    version = f"版本 {version}" if lang == "zh" else f"version {version}"
    kind = "计算机程序" if lang == "zh" else "computer software"
    return f"{program['authors']}. {program['title']} [{kind}], {version}."


def _lexicon(lexicon: Mapping[str, str], lang: Language) -> str:
    kind = "词典" if lang == "zh" else "lexicon"
    return f"{lexicon['name']} {lexicon['version']} [{kind}]. SHA-256 {lexicon['sha256']}."


def _paper(lang: Language) -> str:
    p = _data()["paper"]
    pages = f"{p['start']}–{p['end']}"
    if lang == "zh":
        authors = "、".join(p["authors"]["zh"])
        return (
            f"{authors}：《{p['title']['zh']}》，{p['year']}，{p['volume']}（{p['issue']}）："
            f"{pages}，DOI {p['doi']}。"
        )
    authors = ", ".join(p["authors"]["en"])
    return (
        f"{authors} ({p['year']}). {p['title']['en']} [{p['title']['zh']}]. "
        f"{p['volume']}({p['issue']}), {pages}. https://doi.org/{p['doi']}"
    )
