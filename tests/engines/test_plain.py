from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.engines.plain import decode
from nqpf_cli.errors import CorruptError, InputError
from nqpf_cli.model import Document

Read = Callable[..., Document]
Attempt = Callable[..., Document | InputError]
SIMPLE = "坚持以人民为中心，加快发展新质生产力。\n破除体制机制障碍，促进要素自由流动。\n"
TRADITIONAL = "堅持以人民為中心，加快發展新質生產力。\n破除體制機制障礙，促進要素自由流動。\n"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", SIMPLE),
        ("utf-8-sig", SIMPLE),
        ("utf-16", SIMPLE),
        ("utf-16-le", SIMPLE),
        ("utf-16-be", SIMPLE),
        ("utf-32", SIMPLE),
        ("gb18030", SIMPLE),
        ("gbk", SIMPLE),
        ("gb18030", TRADITIONAL),
        ("big5", TRADITIONAL),
    ],
)
@pytest.mark.parametrize("times", [1, 200], ids=["short", "long"])
def test_encodings_of_chinese_offices(read: Read, encoding: str, text: str, times: int) -> None:
    data = (text * times).encode(encoding)
    assert decode(data, "report.txt") == text * times
    assert read(data).raw.text == text * times


def test_a_byte_order_mark_is_no_text(read: Read) -> None:
    assert read(SIMPLE.encode("utf-8-sig")).raw.text.startswith("坚持")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_utf_8_is_read_as_it_is(text: str) -> None:
    text = text.lstrip("\ufeff")
    assert decode(text.encode(), "report.txt") == text
    assert decode(text.encode("utf-8-sig"), "report.txt") == text


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 20,
        b"\0\1\2\3" * 500,
        Random(1).randbytes(5000),
        b"\xff\xfe" + SIMPLE.encode("utf-16-le")[:-1],
        b"\xef\xbb\xbf" + SIMPLE.encode("gbk"),
    ],
    ids=["all bytes", "control", "random", "half a character", "a lying mark"],
)
def test_what_is_no_text_is_refused(read: Read, data: bytes) -> None:
    with pytest.raises(CorruptError):
        read(data)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(attempt: Attempt, data: bytes) -> None:
    outcome = attempt(data)
    assert isinstance(outcome, Document) or outcome.hint is not None


def test_a_form_feed_begins_a_page(read: Read) -> None:
    document = read("人才是第一资源。\f数据是要素。")
    assert document.paged
    assert [(s.text, s.page) for s in document.sentences] == [
        ("人才是第一资源。", 1),
        ("数据是要素。", 2),
    ]


def test_a_text_without_form_feeds_has_no_pages(read: Read) -> None:
    assert not read(SIMPLE).paged


@pytest.mark.parametrize("name", ["page.txt", "page.md"])
def test_what_a_web_page_puts_around_a_text_is_not_scored(read: Read, name: str) -> None:
    title = "# 示例市规划" if name.endswith("md") else "示例市规划"
    lines = [
        "下载",
        "打印",
        title,
        "来源：示例日报",
        SIMPLE.replace("\n", "\n\n"),
        "扫一扫在手机打开当前页",
    ]
    document = read("\n\n".join(lines).encode(), name)
    furniture = ["下载", "打印", "来源：示例日报", "扫一扫在手机打开当前页"]
    assert [b.text for b in document.blocks if b.kind == "furniture"] == furniture
    assert [s.text for s in document.sentences] == ["示例市规划", *SIMPLE.splitlines()]
    assert "打印" in document.raw.text
