"""Pages of the genre, written for this test: templates of several decades, the same kind of text.

Each page is its HTML, the blocks that must come out, in order, and nothing else.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_cli.analysis.layout.build import build_blocks, raw_text
from nqpf_cli.engines.base import ReadOptions
from nqpf_cli.engines.html import HtmlEngine
from nqpf_cli.errors import CorruptError, InputError, TooLargeError
from nqpf_cli.model import Page, RawDocument

P1 = "各市人民政府，省政府各部门：为培育新质生产力，推动区域协调发展，现提出以下意见。"
P2 = "坚持以科技创新引领产业创新，因地制宜，先立后破，不搞一种模式。"
P3 = "支持创新型企业联合高校建设实验室，对首次认定的给予奖励。"
P4 = "打破行政壁垒，完善跨区域利益共享机制，促进要素自由流动。"
TITLE = "关于培育新质生产力的实施意见"

Rows = list[tuple[str | None, int, str]]
BODY: Rows = [(None, 0, t) for t in (P1, "一、总体要求", P2, "二、重点任务", P3, P4)]
SIGNED: Rows = [*BODY, (None, 0, "示例省人民政府"), (None, 0, "2024年3月8日")]
HEAD: Rows = [("title", 0, TITLE)]

UCAP = f"""<!DOCTYPE html><html><head><meta charset="utf-8">
<title>{TITLE}_政策_示例政府网</title><meta name="ArticleTitle" content="{TITLE}">
<style>.a{{color:red}}</style><script>var a = "<p>脚本里的字。</p>";</script></head><body>
<div class="header"><a href="/">示例政府网</a>
<form><input value="搜索框"><button>搜索</button></form></div>
<div class="BreadcrumbNav"><a href="/">首页</a> &gt; <a href="/zw/">政务公开</a> &gt; 政策</div>
<div class="article oneColumn pub_border"><h1>{TITLE}</h1>
<div class="pages-date">2024-03-08 17:05 <span class="font">来源： 示例省政府办公厅</span>
<div class="pages_print"><span class="font">字号：<span>默认</span> <span>大</span>
 <span>超大</span>
</span> | <a href="x">打印</a> | <div class="share-title">分享到</div></div></div>
<div class="pages_content" id="UCAP-CONTENT"><p style="text-indent:2em">{P1}</p>
<p><strong>一、总体要求</strong></p><p>{P2}</p><p><span>二、</span><span>重点任务</span></p>
<p>{P3}</p>
<p>{P4}</p><p style="text-align:right">示例省人民政府</p><p align="right">2024年3月8日</p>
<p style="display: none">隐藏的段落，不应读到。</p></div>
<div class="editor">责任编辑：某某</div></div>
<div class="related"><h2>相关链接</h2><ul><li><a href="1">图解：一图读懂</a></li>
<li><a href="2">专家解读：新质生产力是什么</a></li></ul></div>
<div class="footer"><p>主办单位：示例省人民政府办公厅　网站标识码：00000000</p>
<p>版权所有 示例省人民政府。未经许可，不得转载。 示ICP备00000000号</p></div>
<script>document.write("尾部脚本。")</script></body></html>"""

TABLES_2003 = f"""<HTML><HEAD><META http-equiv=Content-Type content="text/html; charset=gb2312">
<TITLE>示例省政府网站--{TITLE}</TITLE></HEAD><BODY bgColor=#ffffff>
<TABLE width=778 align=center><TR><TD><A href=/><FONT>首页</FONT></A></TD>
<TD><A href=/zw>政务公开</A></TD><TD><A href=/bs>办事大厅</A></TD></TR></TABLE>
<TABLE width=778 align=center><TR><TD width=150><TABLE><TR><TD><A href=1>省情概况</A></TD></TR>
<TR><TD><A href=2>政府公报</A></TD></TR></TABLE></TD><TD>
<TABLE width="100%"><TR><TD>您现在的位置：<A href=/>首页</A> &gt;&gt; <A href=/gb>政府公报</A>
</TD></TR>
<TR><TD align=center><FONT size=5><B>{TITLE}</B></FONT></TD></TR>
<TR><TD align=center>发布时间：2003-05-06　　浏览次数：1024</TD></TR>
<TR><TD>　　{P1}<BR>　　一、总体要求<BR>　　{P2}<BR>　　二、重点任务<BR>
　　{P3}<BR>　　{P4}<BR><BR><DIV align=right>示例省人民政府<BR>2024年3月8日</DIV></TD></TR>
<TR><TD align=right>【<A href="javascript:print()">打印本页</A>】【<A href="#">关闭窗口</A>】</TD>
</TR>
</TABLE></TD></TR></TABLE><TABLE width=778><TR><TD align=center>版权所有：示例省人民政府
　技术支持：示例省信息中心<BR>地址：示例市中山路1号　邮编：000000</TD></TR></TABLE></BODY></HTML>"""

TRS = f"""<html><head><meta charset="UTF-8"/><title>{TITLE}</title></head><body>
<div class="nav"><ul><li><a href="x">首页</a></li><li><a href="x">要闻</a></li>
<li><a href="x">政策</a></li></ul></div>
<div class="position">当前位置：首页 > 信息公开 > 规范性文件</div>
<div class="xxgk-info"><table><tr><td>索 引 号：</td><td>000/2024-1</td><td>主题分类：</td>
<td>综合</td></tr>
<tr><td>发文机关：</td><td>示例省人民政府</td><td>成文日期：</td><td>2024年03月08日</td></tr>
<tr><td>标　　题：</td><td>{TITLE}</td><td>发文字号：</td><td>示政发〔2024〕5号</td></tr></table>
</div>
<h2 class="title">{TITLE}</h2><div class="TRS_Editor">
<style type="text/css">.TRS_Editor P{{}}</style>
<p>{P1}</p><p>一、总体要求</p><p>{P2}</p><p>二、重点任务</p><p>{P3}</p><p>{P4}</p>
<p>附件：<a href="a.doc">主要指标表.doc</a></p></div>
<div>【字体：<a href="x">大</a> <a href="x">中</a> <a href="x">小</a>】 <a href="x">打印</a>
 <a href="x">关闭</a> <a href="x">收藏</a></div>
<div>上一篇：<a href=1>关于召开会议的通知</a></div><div>下一篇：<a href=2>没有了</a></div>
<div class="ewm">扫一扫在手机打开当前页</div></body></html>"""

SOUP = f"""<html><head><meta charset=utf-8><title>{TITLE} - 示例市发展和改革委员会</title></head>
<body>
<div><div><div><div><a href="x">网站首页</a><a href="x">机构职能</a><a href="x">新闻中心</a></div>
</div></div>
<div><div><div>{TITLE}</div><div>日期：2024-03-08 来源：综合处 作者：某某 点击数：88</div>
<div><div>{P1}</div><div>一、总体要求</div><div>{P2}</div><div>二、重点任务</div>
<div><span>{P3[:9]}</span>{P3[9:]}</div><div>{P4}</div></div>
<div><div>示例省人民政府</div><div>2024年3月8日</div></div></div></div>
<div><div>热点文章</div><div><a href="x">省长调研企业</a></div><div>
<a href="x">全省经济运行情况</a></div></div>
<div><div>Copyright © 2024 示例市发展和改革委员会 版权所有</div>
<div>示公网安备 00000000000000号</div></div>
</div></body></html>"""

ARTICLE = f"""<!doctype html><html lang=zh><head>
<meta charset=utf-8><title>{TITLE} | 示例省</title></head>
<body><header><nav><a href="x">首页</a><a href="x">政策</a></nav></header><main><article>
<header><h1>{TITLE}</h1>
<time>2024-03-08</time></header><p>{P1}<h2>总体要求</h2><p>{P2}<h2>重点任务</h2><h3>企业</h3>
<ul><li>{P3}<li><p>{P4}</p></ul><table><caption>表1　主要指标</caption><thead><tr><th>指标</th>
<th>单位</th><th>2025年</th></tr></thead><tbody><tr><td>研发<br>强度</td><td>%</td><td>3.2</td>
</tr>
<tr><td></td><td></td><td></td></tr>
<tr><td>数字经济<sup>1</sup></td><td>亿元</td><td><p>100</p></td></tr></tbody></table>
</article></main>
<aside><h2>热门</h2><a href="x">其他新闻</a></aside>
<footer>示例省人民政府主办</footer></body></html>"""

SHORT = """<html><head><meta charset=utf-8><title>通知-示例县人民政府</title></head><body>
<div class=menu><a href="x">首页</a> | <a href="x">公告</a></div><div class=con><h1>通知</h1>
<div class=text><p>现将《示例县产业规划》印发，请认真贯彻执行。</p></div></div>
<div class=foot>主办：示例县人民政府 备案号：示ICP备00000000号</div></body></html>"""

SECTIONS = f"""<html><head><meta charset=utf-8><title>{TITLE}</title></head><body><div id=top>
<a href="x">登录</a> | <a href="x">注册</a> | <a href="x">无障碍浏览</a></div><div class=w>
<h3>{TITLE}</h3><div class=sec><h4>总体要求</h4>
<p>{P1}</p><p>{P2}</p></div><div class=sec><h4>重点任务</h4><p>{P3}</p><p>{P4}</p></div>
<div class=share>分享到：<a href="x">微信</a><a href="x">微博</a></div></div></body></html>"""

UNCLOSED = f"""<html><head><title>{TITLE}</title><body><div class=content><p align=center>
<b>{TITLE}</b>
<p>&nbsp;&nbsp;&nbsp;&nbsp;{P1}<p>一、总体要求<p>{P2[:10]}
{P2[10:]}<p>二、重点任务<p>{P3}<p>{P4}
<p align=right>示例省人民政府<p align=right>2024年3月8日</div>"""

MODERN = f"""<html><head><meta charset=utf-8><title>{TITLE}_示例省</title></head><body>
<div id=app>
<section class=hero><h1>{TITLE}</h1></section><section data-v-1 class=content-wrap>
<div class=tools><i></i>朗读 <button>收藏</button><span aria-hidden=true>×图标</span></div>
<div class=rich><p><span><font>{P1}</font></span></p><p>　　一、总体要求</p><p>{P2}</p>
<p>二、重点任务</p>
<p>{P3}<br></p><p>{P4}</p><p>示例省人民政府</p><p>2024年3月8日</p></div></section>
<div hidden><p>您访问的链接即将离开本网站，是否继续？</p></div><noscript>请启用脚本。</noscript>
<template><p>模板里的字。</p></template></div></body></html>"""

FORM = f"""<html><head>
<meta http-equiv="content-type" content="text/html; charset=GBK"><title>{TITLE}</title>
</head><body><form id=form1 method=post><input type=hidden name=__VIEWSTATE value=abc>
<div class=dh>所在位置：<a href="x">首页</a>&nbsp;&gt;&nbsp;<a href="x">文件</a></div>
<div class=bt>{TITLE}</div>
<div class=nr><p>{P1}</p><p>一、总体要求</p><p>{P2}</p><p>二、重点任务</p><p>{P3}</p><p>{P4}</p>
</div>
<select><option>友情链接</option><option>省政府各部门</option></select></form></body></html>"""

DATA_TABLE = f"""<html><head><meta charset=utf-8><title>{TITLE}</title></head><body>
<div class=wrap>
<h1>{TITLE}</h1><div class=txt><p>{P1}</p><p>{P2}</p>
<table border=1><tr><td colspan=2>任务</td><td>责任单位</td></tr><tr><td>1</td><td>{P3}</td>
<td>科技厅</td></tr>
<tr><td>2</td><td>{P4}</td><td>发展改革委</td></tr></table><p>附件：1．任务分工表</p></div></div>
</body></html>"""

PRE = f"""<html><head><meta charset=utf-8><title>{TITLE}</title></head><body><center>
<h2>{TITLE}</h2></center>
<pre>
    {P1}
    一、总体要求
    {P2}
    二、重点任务
    {P3}
    {P4}
</pre><hr><center>[<a href="x">关闭</a>]</center></body></html>"""

PAGES: dict[str, tuple[bytes, Rows]] = {
    "ucap": (UCAP.encode(), HEAD + SIGNED),
    "tables of 2003": (TABLES_2003.encode("gbk"), HEAD + SIGNED),
    "trs": (TRS.encode(), [*HEAD, *BODY, (None, 0, "附件：主要指标表.doc")]),
    "div soup": (SOUP.encode(), HEAD + SIGNED),
    "article": (
        ARTICLE.encode(),
        [
            *HEAD,
            (None, 0, P1),
            ("heading", 1, "总体要求"),
            (None, 0, P2),
            ("heading", 1, "重点任务"),
            ("heading", 2, "企业"),
            ("list", 0, P3),
            ("list", 0, P4),
            ("table", 0, "表1　主要指标"),
            ("table", 0, "指标 | 单位 | 2025年"),
            ("table", 0, "研发强度 | % | 3.2"),
            ("table", 0, "数字经济1 | 亿元 | 100"),
        ],
    ),
    "short": (
        SHORT.encode(),
        [("title", 0, "通知"), (None, 0, "现将《示例县产业规划》印发，请认真贯彻执行。")],
    ),
    "sections": (
        SECTIONS.encode(),
        [
            *HEAD,
            ("heading", 1, "总体要求"),
            (None, 0, P1),
            (None, 0, P2),
            ("heading", 1, "重点任务"),
            (None, 0, P3),
            (None, 0, P4),
        ],
    ),
    "unclosed": (UNCLOSED.encode("gb18030"), HEAD + SIGNED),
    "modern": (MODERN.encode("utf-8-sig"), HEAD + SIGNED),
    "web form": (FORM.encode("gbk"), HEAD + BODY),
    "data table": (
        DATA_TABLE.encode(),
        [
            *HEAD,
            (None, 0, P1),
            (None, 0, P2),
            ("table", 0, "任务 | 责任单位"),
            ("table", 0, f"1 | {P3} | 科技厅"),
            ("table", 0, f"2 | {P4} | 发展改革委"),
            (None, 0, "附件：1．任务分工表"),
        ],
    ),
    "pre": (PRE.encode(), HEAD + BODY),
}


def read(data: bytes, **options: int) -> RawDocument:
    return HtmlEngine().read(data, "page.html", ReadOptions(**options))  # type: ignore[arg-type]


def rows(page: Page) -> Rows:
    return [(ln.role, ln.level, page.text[ln.start : ln.end]) for ln in page.lines]


@pytest.mark.parametrize("name", PAGES)
def test_the_document_and_nothing_else(name: str) -> None:
    data, expected = PAGES[name]
    document = read(data)
    assert rows(document.pages[0]) == expected
    assert document.title == ("通知" if name == "short" else TITLE)
    assert not document.paged


def test_a_title_over_several_lines_is_one() -> None:
    data = f"<title>{TITLE}_某省</title><p>{TITLE[:5]}<br>{TITLE[5:]}</p><p>{P1}</p><p>{P2}</p>"
    assert rows(read(data.encode()).pages[0]) == [*HEAD, (None, 0, P1), (None, 0, P2)]


def test_lines_of_the_publisher_among_those_of_the_document_go() -> None:
    lead = ["来源：办公室发布日期：2024-01-18阅读次数：9", "市长　张某某", "首页 > 政务公开"]
    data = f"<h1>{TITLE}</h1>" + "".join(f"<div>{t}</div>" for t in (*lead, P1, P2))
    expected = [*HEAD, (None, 0, "市长　张某某"), (None, 0, P1), (None, 0, P2)]
    assert rows(read(data.encode()).pages[0]) == expected


def test_words_of_buttons_inside_prose_and_tables_stay() -> None:
    text = "支持企业上云，打印、下载、分享数据。"
    table = "<tr><td>大</td><td>中</td></tr><tr><td>首页</td><td>小</td></tr>"
    data = f"<p>{P1}</p><p>{text}</p><table>{table}</table><p>{P2}</p>"
    assert [t for *_, t in rows(read(data.encode()).pages[0])] == [
        P1,
        text,
        "大 | 中",
        "首页 | 小",
        P2,
    ]


def test_words_joined_over_tags_and_line_ends() -> None:
    data = "<p>新质<b>生产</b>力，\n推动 <i>GDP</i>\ngrowth。&nbsp;</p>"
    assert read(data.encode()).pages[0].text == "新质生产力，推动 GDP growth。"


def test_a_page_of_links_is_still_read() -> None:
    links = "".join(f"<li><a href={n}>关于示例事项的通知</a></li>" for n in range(3))
    assert len(read(f"<ul>{links}</ul>".encode()).pages[0].lines) == 3


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "gbk"),
        ("utf-16", "gbk"),
        ("gb18030", "gb2312"),
        ("gb18030", "utf-8"),
        ("utf-8", "gb2312"),
        ("utf-8", "iso-8859-1"),
        ("utf-8", "no-such-thing"),
        ("gbk", "rot13"),
        ("utf-8", "utf-16"),
    ],
)
def test_charsets_true_and_false(encoding: str, declared: str) -> None:
    head = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={declared}">'
    data = f"{head}</head><body><p>{P1}</p><p>{P2}</p></body></html>".encode(encoding)
    assert read(data).pages[0].text == f"{P1}\n{P2}"


def test_big5_is_read_as_declared() -> None:
    text = "推動區域協調發展，培育新質生產力。"
    data = f"<meta charset=big5><p>{text}</p>".encode("big5")
    assert read(data).pages[0].text == text


def test_a_few_broken_characters_do_not_hide_the_charset() -> None:
    body = "".join(f"<p>{P1}</p>" for _ in range(30)).encode("gbk")
    data = b"<meta charset=gb2312>" + body[:300] + b"\xff" + body[300:]
    assert read(data).pages[0].text.count("新质生产力") >= 29


def test_xhtml_with_a_declaration() -> None:
    data = f'<?xml version="1.0" encoding="gb2312"?>\n<html><body><p>{P1}</p></body></html>'
    assert read(data.encode()).pages[0].text == P1


def test_entities_are_not_fetched() -> None:
    data = f'<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]><p>{P1}&a;&#0;&#x110000;</p>'
    assert "root:" not in read(data.encode()).pages[0].text


def test_deep_nesting_is_read_or_refused_but_never_cut() -> None:
    assert read(b"<div>" * 1000 + P1.encode()).pages[0].text == P1
    with pytest.raises(CorruptError):
        read(b"<div>" * 100_000 + P1.encode())


@pytest.mark.parametrize(
    "data",
    [
        b'<p class="' + b"nav " * 500_000 + b'">' + P1.encode(),
        (f"<script>x</script>{P1}" * 20_000).encode(),
        b"<title>" + b"x" * 200_000 + b"</title>" + P1.encode() + b"<p>x" * 20_000,
        b"<p>" + b" " * 2_000_000 + P1.encode(),
        ("<a href=x>1</a> 页" + " \xa0|" * 30 + f"人<p>{P1}").encode(),
    ],
    ids=["attribute", "scripts", "title", "spaces", "page turns"],
)
def test_large_things_take_no_quadratic_time(data: bytes) -> None:
    assert P1 in read(data).pages[0].text


def test_too_much_text_is_refused() -> None:
    with pytest.raises(TooLargeError):
        read(f"<p>{P1}</p>".encode(), max_chars=10)


def test_no_text_is_no_error_here() -> None:
    assert read(b"<html><body><script>x</script><img src=a></body></html>").pages[0].text == ""
    assert read(b" ").pages[0].lines == ()


@pytest.mark.parametrize("name", PAGES)
@given(st.data())
@settings(max_examples=50)
def test_a_damaged_page_is_read_or_refused(name: str, draws: st.DataObject) -> None:
    data = bytearray(PAGES[name][0])
    changes = st.lists(
        st.tuples(st.integers(0, len(data) - 1), st.binary(max_size=3)), min_size=1, max_size=12
    )
    for at, piece in draws.draw(changes):
        data[at : at + len(piece)] = piece
    is_read_or_refused(bytes(data))


SCRAPS = (
    "<p> </p> <div> </div> <table> </table> <tr> <td> </td> <caption> <br> <li> <ul> </ul>"
    " <h1> </h1> <h3> <pre> </pre> <a href=x> </a> <head> <body> </html> <title> </title>"
    " <form> <frameset> <!-- --> <![CDATA[ 人才是资源。 附件 首页 &nbsp; &#0; \x00 |"
    " 2024年1月1日 相关链接 版权所有 <span hidden> <svg> <template> <select> <svg/>"
)


@given(st.lists(st.sampled_from(SCRAPS.split())).map("".join))
def test_any_tags_are_read_or_refused(text: str) -> None:
    is_read_or_refused(text.encode())


def is_read_or_refused(data: bytes) -> None:
    try:
        document = read(data)
    except InputError:
        return
    (page,) = document.pages
    assert all(page.text[ln.start : ln.end].strip() for ln in page.lines)
    build_blocks(document.pages, raw_text(document.pages))
