from __future__ import annotations

from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.analysis.profile import divisions, profile
from nqpf_cli.documents import read_document
from nqpf_cli.engines.base import ReadOptions
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
        ("x.txt", ["北京市和河北省合作行动方案"], "action_plan", None, None),
        (
            "x.txt",
            ["各位代表：", "我代表国务院向大会报告政府工作，请予审议。", "二、2024年工作部署"],
            "work_report",
            None,
            ("全国", "body"),
        ),
    ],
)
def test_what_the_opening_says(
    path: str, texts: list[str], kind: str, year: int | None, where: tuple[str, str] | None
) -> None:
    p = about(path, *texts)
    assert (p.kind, p.year, place(p)) == (kind, year, where)


@pytest.mark.parametrize(
    ("title", "name", "level", "block"),
    [
        ("2025年吉林省吉林市政府工作报告", "吉林市", "prefecture", "northeast"),
        ("吉林市2024年政府工作报告", "吉林市", "prefecture", "northeast"),
        ("武汉市2024年政府工作报告", "武汉市", "prefecture", "central"),
        ("武汉2024年政府工作报告", "武汉市", "prefecture", "central"),
        ("延边州2024年政府工作报告", "延边朝鲜族自治州", "prefecture", "northeast"),
        ("海南州“十四五”规划纲要", "海南藏族自治州", "prefecture", "west"),
        ("锡林郭勒盟2024年工作要点", "锡林郭勒盟", "prefecture", "west"),
        ("喀什地区“十四五”规划", "喀什地区", "prefecture", "west"),
        ("湖北省武汉市江夏区2024年政府工作报告", "江夏区", "county", "central"),
        ("北京市朝阳区数字经济行动计划", "朝阳区", "county", "east"),
        ("朝阳市2024年政府工作报告", "朝阳市", "prefecture", "northeast"),
        ("海南省人民政府办公厅关于印发示例规划的通知", "海南省", "province", "east"),
        ("中共湖北省委 湖北省人民政府关于示例的意见", "湖北省", "province", "central"),
        ("关于印发《苏州市人才发展规划》的通知", "苏州市", "prefecture", "east"),
        ("关于湖南省2024年预算执行情况的报告", "湖南省", "province", "central"),
        ("湖北省贯彻落实国务院示例规划的实施意见", "湖北省", "province", "central"),
        ("国务院关于浙江省示例规划的批复", "全国", "national", None),
        ("中共中央 国务院关于支持浙江示例的意见", "全国", "national", None),
        ("工业和信息化部关于示例的通知", "全国", "national", None),
    ],
)
def test_whose_a_title_is(title: str, name: str, level: str, block: str | None) -> None:
    found = about("x.txt", title).jurisdiction
    assert found is not None
    assert (found.name, found.level, found.block) == (name, level, block)
    assert found.found_in == "title"


@pytest.mark.parametrize(
    "title",
    [
        "关于赴浙江省考察的报告",
        "关于学习江苏省经验的意见",
        "关于支持浙江示例发展的意见",
        "吉林2024年政府工作报告",  # the province, or the city
        "海南2024年政府工作报告",  # the province, or the prefecture of Qinghai
        "朝阳2024年政府工作报告",  # a city, or districts elsewhere
        "鼓楼区2024年政府工作报告",
        "长治久安工作方案",
        "南京大学2024年工作报告",
        "内蒙古示例股份有限公司2024年度报告",
        "上海合作组织发展规划",
        "吉林市场监管条例",
        "京津冀协同发展规划",
        "长江三角洲区域一体化发展规划纲要",
    ],
)
def test_a_name_that_does_not_tell_stays_unknown(title: str) -> None:
    assert about("x.txt", title).jurisdiction is None


def test_a_name_of_several_places_is_resolved_by_the_place_above() -> None:
    assembly = "2024年1月5日在南京市鼓楼区第十九届人民代表大会第三次会议上"
    found = about("x.txt", "鼓楼区政府工作报告", assembly).jurisdiction
    assert found is not None
    assert (found.code, found.province) == ("320106", "江苏省")


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (["政府工作报告", "2025年1月9日在昆明市第十五届人民代表大会第五次会议上"], "昆明市"),
        (["政府工作报告", "我代表苏州市人民政府向大会报告工作，请予审议。"], "苏州市"),
        (["苏州市人民政府文件", "关于印发示例规划的通知"], "苏州市"),
        (["政府工作报告", "在甘肃省十四届人民代表大会第四次会议上"], "甘肃省"),
    ],
)
def test_whose_an_opening_is(texts: list[str], name: str) -> None:
    found = about("x.txt", *texts).jurisdiction
    assert found is not None
    assert (found.name, found.found_in) == (name, "body")


@pytest.mark.parametrize(
    "texts",
    [
        ["政府工作报告", "在市第十五届人民代表大会第五次会议上"],
        ["关于示例规划的批复", "湖北省人民政府："],
        ["某某市政府工作报告", "在示例市第十五届人民代表大会第五次会议上"],
    ],
)
def test_an_opening_that_does_not_tell_whose(texts: list[str]) -> None:
    assert about("x.txt", *texts).jurisdiction is None


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("武汉市-2024-政府工作报告", "武汉市"),
        ("2024_湖北省_武汉市_政府工作报告", "武汉市"),
        ("苏州_2024", "苏州市"),
        ("2024年武汉市政府工作报告", "武汉市"),
        ("湖北_江苏_比较", None),
        ("考察浙江省报告", None),
        ("吉林-2024", None),
    ],
)
def test_whose_a_file_name_says(stem: str, name: str | None) -> None:
    assert place(about(f"{stem}.txt", "一些文字。")) == ((name, "filename") if name else None)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("示例市关于贯彻落实发展规划的实施意见", "opinion"),
        ("关于印发《示例市人才发展规划（2021—2025年）》的通知", "plan"),
        ("关于印发示例行动计划的通知", "action_plan"),
        ("关于开展示例工作的通知", "notice"),
        ("示例市国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要", "plan_outline"),
        ("关于2024年国民经济和社会发展计划执行情况与2025年计划草案的报告", "plan_report"),
        ("示例市促进科技成果转化若干措施", "measures"),
        ("示例市数据条例（草案）", "regulation"),
        ("中华人民共和国示例促进法", "regulation"),
        ("示例产业发展报告", "report"),
        ("示例市中级人民法院工作报告", "report"),
    ],
)
def test_kinds_by_the_last_word_of_a_title(title: str, kind: str) -> None:
    assert about("x.txt", title).kind == kind


def test_a_title_over_two_lines_is_one() -> None:
    p = about("x.txt", "示例市人民政府", "政府工作报", "告", "——2024年3月5日在会议上")
    assert (p.title, p.kind, p.year) == ("政府工作报告", "work_report", 2024)


def test_each_found_value_says_where_it_was_read() -> None:
    p = about("示例-2024-政府工作报告.txt", "各位代表：", "二、2025年主要工作")
    assert (p.title, p.kind, p.year) == ("政府工作报告", "work_report", 2024)
    assert p.found_in == {"title": "filename", "kind": "filename", "year": "filename"}
    assert about("x.txt").found_in == {"title": None, "kind": None, "year": None}


def test_the_year_of_a_report_is_the_one_its_headings_plan() -> None:
    heading = Block(
        kind="heading", text="二、2024年工作总体部署", sources=array("I"), page=1, level=1
    )
    opening = "我代表国务院向大会报告政府工作，请予审议。"
    first = Block(kind="paragraph", text=opening, sources=array("I"), page=1)
    p = profile("x.txt", None, [first, heading])
    assert (p.year, p.found_in["year"], p.kind) == (2024, "body", "work_report")


PASSED = "2019年3月29日 某省第十三届人民代表大会常务委员会第九次会议通过"
AMENDED = "根据2024年9月27日某省人大常委会《关于修改〈某省数据条例〉等2件法规的决定》第二次修正"
FIRST = "根据2021年5月1日《关于修正甲条例的决定》第一次修正"


@pytest.mark.parametrize(
    ("lines", "year", "where"),
    [
        ([PASSED], 2019, "body"),
        ([PASSED, f"{AMENDED}　"], 2024, "amendment"),
        ([f"（{PASSED}　{FIRST}　{AMENDED}）"], 2024, "amendment"),
        ([f"（{PASSED} {AMENDED} 自2025年1月1日起施行）"], 2024, "amendment"),
        (["（二〇一九年三月二十九日公布　二〇二三年五月六日修订）"], 2023, "amendment"),
        # A decision on amending, an amendment told in the provisions, a draft: no amendment.
        ([f"（{PASSED}　{'经某省人民代表大会批准' * 8}）"], 2019, "body"),
        (["2019年3月29日公布《关于修正甲条例的决定》"], 2019, "body"),
        ([PASSED, "第一条 为了发展。", "2024年9月27日起施行的修正案通过后适用"], 2019, "body"),
        (["现就条例修订作如下说明。2024年9月27日会议通过。"], 2024, "body"),
    ],
)  # fmt: skip
def test_a_regulation_is_of_the_year_it_was_last_amended_in(
    lines: list[str], year: int, where: str
) -> None:
    p = about("x.txt", "某省数据条例", *lines)
    assert (p.kind, p.year, p.found_in["year"]) == ("regulation", year, where)


@pytest.mark.parametrize("title", ["Microsoft Word - 文档1.doc", "Untitled", "无标题"])
def test_a_generic_title_is_none(title: str) -> None:
    assert about("x.pdf", "各位代表：", title=title).title is None


def test_all_provinces_have_a_block() -> None:
    table = divisions()
    assert len([d for d in table if d.level == "prefecture"]) == 333
    assert {d.parent for d in table} <= {d.code for d in table} | {""}
    assert len([d for d in table if d.level == "province" and d.block]) == 31
    blocks = {d.short: d.block for d in table if d.level == "province"}
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
def test_a_law_is_of_the_version_in_force(shared: Path) -> None:
    for path in sorted((shared / "corpora" / "laws").glob("*.txt")):
        document = read_document(path.read_bytes(), "law.txt", ReadOptions())
        p = profile("law.txt", document.title, document.blocks)
        # The files are named after the day of the version that they hold.
        assert str(p.year) in (path.stem.rsplit("(", 1)[1][:4], "None"), path.name


@pytest.mark.shared
def test_every_work_report_is_known_for_what_it_is(shared: Path) -> None:
    short = {d.short: d.name for d in divisions() if d.level in ("national", "province")}
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
