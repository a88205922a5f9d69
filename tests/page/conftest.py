"""Records of small documents, and pages of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nqpf_cli.corpus.records import Record
from nqpf_cli.model import Document
from nqpf_cli.page.evidence import KEY, record
from nqpf_cli.pipeline import Analyzer

EVIL = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>"
PLAN = """{place}{year}年政府工作报告

一、过去一年工作回顾

科技创新取得新突破，战略性新兴产业增加值增长12%。全社会研发经费投入强度继续提高。

二、存在的问题

产能过剩问题仍然突出，人才短缺制约产业发展。{evil}优质教育资源供给不足，城乡公共服务差距较大。

三、{year}年工作安排

大力发展新质生产力，加快关键核心技术攻关，布局未来产业。推进新型城镇化，做强都市圈。
深入推动黄河流域生态保护和高质量发展，促进中部地区崛起；深化要素市场化配置改革。
建设沙戈荒新能源基地，发展智能电网。
"""


def record_of(value: dict[str, Any], line: int = 1) -> Record:
    failed = "error" in value
    return Record(
        line=line,
        path=value["source"]["path"],
        report=None if failed else value,
        error=value["error"] if failed else None,
    )


@pytest.fixture(scope="session")
def evil() -> str:
    """What a document may hold to be run by a page that does not escape it."""
    return EVIL


@pytest.fixture(scope="session")
def scanned(many: list[Record]) -> list[Record]:
    """The many documents as a scan writes them: without evidence."""
    return [
        record_of({k: v for k, v in r.report.items() if k != KEY}, r.line) if r.report else r
        for r in many
    ]


@pytest.fixture(scope="session")
def document(read: Callable[..., Document]) -> Callable[..., Document]:
    """Read a short report of a place and a year; ``evil`` stands inside a sentence."""

    def make(place: str = "河南省", year: int = 2025, evil: str = "", name: str = "") -> Document:
        text = PLAN.format(place=place, year=year, evil=evil)
        return read(text, name or f"{place}-{year}.txt")

    return make


@pytest.fixture(scope="session")
def one(rules: Analyzer, document: Callable[..., Document]) -> list[Record]:
    """One document with its evidence; its title, its path and a sentence hold a script."""
    hostile = document(evil=EVIL, name=f"{EVIL.replace('/', '')}.txt")
    value = record(rules, hostile, limit=2)
    value["source"]["title"] = f"河南省2025年政府工作报告{EVIL}"
    return [record_of(value)]


@pytest.fixture(scope="session")
def many(rules: Analyzer, document: Callable[..., Document]) -> list[Record]:
    """Nine documents of three places and three years, and one that could not be read."""
    places = ("河南省", "江苏省", "陕西省")
    values = [
        record(rules, document(place, year), limit=1)
        for place in places
        for year in (2023, 2024, 2025)
    ]
    error = {"code": "corrupt", "message": f"broken {EVIL}", "hint": None}
    values.append({"source": {"path": f"bad{EVIL}.pdf"}, "error": error})
    return [record_of(v, n) for n, v in enumerate(values, 1)]


@pytest.fixture(scope="session")
def make(rules: Analyzer) -> Callable[..., str]:
    """Make a page: ``make(records, lang="en", title=None, evidence=2)``."""

    def go(
        records: list[Record],
        lang: Any = "en",
        title: str | None = None,
        evidence: int | None = 2,
    ) -> str:
        from nqpf_cli.page.html import PageOptions, page

        options = PageOptions(lang=lang, title=title, evidence=evidence)
        return page(records, rules.lexicon, options)

    return go
