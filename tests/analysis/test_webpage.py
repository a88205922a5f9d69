from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.analysis.webpage import around

PROSE = "各级各部门要把思想和行动统一到部署上来，把各项任务落到实处。"


def kept(*lines: str) -> list[str]:
    drop = around(lines)
    return [line for n, line in enumerate(lines) if n not in drop]


@pytest.mark.parametrize(
    "head",
    [
        ["下载", "打印", "【字号：", "大", "中", "小", "】"],
        ["当前位置：", "首页", ">", "政务公开", ">", "规划计划"],
        ["您的位置：首页 > 政务公开 > 规划计划"],
        ["首页", ">", "要闻", "要闻"],
        ["分享：", "微信", "微博", "|", "收藏"],
        ["发布时间：2024-03-01 09:30　来源：示例日报　浏览次数：128"],
        ["发表时间：", "2024-03-01 09:30:00", "来源：", "示例日报客户端", "阅读量："],
        ["会议现场。示例日报记者 张三 摄"],
    ],
)
def test_what_a_page_shows_above_a_document_is_the_pages(head: list[str]) -> None:
    title = "示例市推动高质量发展行动计划"
    assert kept(*head, title, "各有关单位：", PROSE) == [title, "各有关单位：", PROSE]
    assert kept(title, *head, PROSE) == [title, PROSE]


@pytest.mark.parametrize(
    "foot",
    [
        ["扫一扫在手机打开当前页", "【", "打印本页", "】", "【关闭窗口】"],
        ["相关报道：", "示例市召开高质量发展大会", "一图读懂行动计划"],
        ["（责任编辑：张三）", "上一篇：示例市产业规划", "下一篇：没有了"],
        ["主办：示例市人民政府办公室", "示ICP备12345678号-1"],
        ["本作品是中华人民共和国的", "法律", "，属于", "公有领域", "。", "Public domain"],
    ],
)
def test_what_a_page_shows_below_a_document_is_the_pages(foot: list[str]) -> None:
    assert kept("示例市行动计划", PROSE, PROSE, *foot) == ["示例市行动计划", PROSE, PROSE]


def test_a_title_that_the_page_repeats_is_read_once() -> None:
    title, occasion = "示例省2024年工作要点", "2024年1月5日在示例省会议上 张三"
    page = ["分享：", title, occasion, "首页", ">", "工作要点", title, occasion, PROSE]
    assert kept(*page) == [title, occasion, PROSE]


def test_a_path_may_end_in_the_title() -> None:
    page = ["当前位置：", "首页", ">", "要闻", ">", "示例市人才发展规划", "各有关单位：", PROSE]
    assert kept(*page) == ["示例市人才发展规划", "各有关单位：", PROSE]


@pytest.mark.parametrize(
    "text",
    [
        ["示例市行动计划", PROSE, "下载", "打印", PROSE],  # inside, whatever it says
        ["示例市行动计划", PROSE, "目标：新建农村公路一百公里", "主办单位：市交通运输局"],
        ["示例市行动计划", PROSE, "相关附件：", "附件1：任务分工表", "附件2：指标体系"],
        ["示例市行动计划", PROSE, "示例市人民政府", "2024年3月1日"],
        ["项目名称：示例大桥", "一、项目概况", PROSE],
        ["一、总体要求", "二、保障措施"],
        ["示例市行动计划"],
        [],
    ],
)
def test_a_documents_own_lines_stay(text: list[str]) -> None:
    assert kept(*text) == text


@given(st.lists(st.text(max_size=60) | st.sampled_from(["首页", ">", "来源：", "相关报道", PROSE])))
def test_any_lines_are_taken_and_one_is_left(lines: list[str]) -> None:
    assert around(lines) <= set(range(len(lines)))
    assert kept(*lines) or not lines


def test_sentences_in_the_middle_are_never_touched() -> None:
    body = [PROSE, "首页", "来源：甲", "相关报道：", *[PROSE] * 50]
    assert kept(*body) == body
