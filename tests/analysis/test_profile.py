from __future__ import annotations

from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.analysis.profile import divisions, profile
from nqpf_cli.documents import ReadOptions, read_document
from nqpf_cli.model import Block, Profile


def about(path: str, *texts: str, title: str | None = None) -> Profile:
    blocks = [
        Block(kind="paragraph", text=t, sources=array("I", range(len(t))), page=1) for t in texts
    ]
    return profile(path, title, blocks)


def place(p: Profile) -> tuple[str, str] | None:
    return (p.jurisdiction.name, p.jurisdiction.found_in) if p.jurisdiction else None


def test_nothing_is_guessed() -> None:
    assert about("x.txt", "各位代表：", "现在报告工作。") == Profile()
    assert about("x.txt") == Profile()


@pytest.mark.parametrize(
    ("path", "texts", "kind", "year", "where"),
    [
        ("x.txt", ["2025年湖北省政府工作报告"], "work_report", 2025, ("湖北省", "title")),
        ("x.txt", ["二〇二四年国务院政府工作报告"], "work_report", 2024, ("全国", "title")),
        (
            "x.txt",
            ["政府工作报告", "——2025年1月19日在云南省第十四届人民代表大会第三次会议上"],
            "work_report",
            2025,
            ("云南省", "body"),
        ),
        (
            "西藏-2026-政府工作报告.txt",
            ["各位代表："],
            "work_report",
            2026,
            ("西藏自治区", "filename"),
        ),
        ("x.txt", ["上海市数据条例"], "regulation", None, ("上海市", "title")),
        (
            "x.txt",
            ["云南省国民经济和社会发展第十五个五年规划纲要"],
            "plan_outline",
            None,
            ("云南省", "title"),
        ),
        ("x.txt", ["2025年吉林省吉林市政府工作报告"], "work_report", 2025, None),
        ("x.txt", ["北京市和河北省合作行动方案"], "action_plan", None, None),
    ],
)
def test_what_the_opening_says(
    path: str, texts: list[str], kind: str, year: int | None, where: tuple[str, str] | None
) -> None:
    p = about(path, *texts)
    assert (p.kind, p.year, place(p)) == (kind, year, where)


def test_a_citys_assembly_is_not_the_provinces() -> None:
    p = about("x.txt", "政府工作报告", "2025年1月9日在昆明市第十五届人民代表大会第五次会议上")
    assert p.jurisdiction is None


@pytest.mark.parametrize("title", ["Microsoft Word - 文档1.doc", "Untitled", "无标题"])
def test_a_generic_title_is_none(title: str) -> None:
    assert about("x.pdf", "各位代表：", title=title).title is None


def test_all_provinces_have_a_block() -> None:
    table = divisions()
    assert len([d for d in table if d.level == "province" and d.block]) == 31
    blocks = {d.short: d.block for d in table}
    assert [blocks[n] for n in ("河北", "山西", "辽宁", "广西")] == [
        "east",
        "central",
        "northeast",
        "west",
    ]


@given(st.text(), st.lists(st.text(), max_size=4), st.none() | st.text())
def test_any_text_has_a_profile(path: str, texts: list[str], title: str | None) -> None:
    about(path, *texts, title=title)


@pytest.mark.shared
def test_every_work_report_is_known_for_what_it_is(shared: Path) -> None:
    short = {d.short: d.name for d in divisions()}
    wrong = []
    files = sorted((shared / "corpora").glob("*政府工作报告.txt"))
    for path in files:
        name, year = path.stem.split("-")[:2]
        document = read_document(path.read_bytes(), "report.txt", ReadOptions())
        p = profile("report.txt", document.title, document.blocks)
        where = p.jurisdiction.name if p.jurisdiction else None
        # Told by the text alone, or left unknown; never told wrongly.
        if where not in (None, short[name]) or p.year not in (None, int(year)):
            wrong.append((path.name, where, p.year, p.title))
    assert len(files) > 40
    assert wrong == []
