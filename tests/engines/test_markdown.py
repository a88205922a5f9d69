from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.errors import InputError
from nqpf_cli.model import Document

Read = Callable[..., Document]
Attempt = Callable[..., Document | InputError]

REPORT = """---
title: front matter
---
# 政府工作报告

各位代表：**人才**是
第一资源。[链接](https://example.org)

## 一、工作回顾

- 数据是`要素`。
- 绿色是底色。

| 指标 | 数值 |
|---|---|
| 产值 | 100 |

```
代码不计
```

<div>网页不计</div>
"""


def test_marks_become_kinds(read: Read) -> None:
    document = read(REPORT, "report.md")
    assert document.title == "政府工作报告"
    found = [(b.kind, b.text) for b in document.blocks if "网页" not in b.text]
    assert found == [
        ("title", "政府工作报告"),
        ("paragraph", "各位代表：人才是第一资源。链接"),
        ("heading", "一、工作回顾"),
        ("paragraph", "数据是要素。"),
        ("paragraph", "绿色是底色。"),
        ("table", "指标 | 数值"),
        ("table", "产值 | 100"),
    ]


def test_tables_can_be_left_out(read: Read) -> None:
    assert "产值" in "".join(s.text for s in read(REPORT, "report.md").sentences)
    assert "产值" not in "".join(s.text for s in read(REPORT, "r.md", tables="exclude").sentences)


@pytest.mark.parametrize("note", ["腾笼换鸟：淘汰产能。", "腾笼换鸟： 淘汰产能。", "See a note."])
def test_a_footnote_is_no_prose(read: Read, note: str) -> None:
    document = read(f"用好腾笼换鸟[^1]政策。\n\n[^1]: {note}\n", "report.md")
    assert [s.text for s in document.sentences] == ["用好腾笼换鸟政策。"]
    assert [b.text for b in document.blocks if b.kind == "footnote"] == [note.replace(" 淘", "淘")]


def test_windows_line_ends(read: Read) -> None:
    document = read(REPORT.replace("\n", "\r\n"), "report.md")
    assert [b.text for b in document.blocks] == [b.text for b in read(REPORT, "r.md").blocks]


@given(st.text(st.sampled_from("#*_`[]()<>|-^: \n人才。\\&!1.")))
def test_any_markdown_is_read_or_refused(attempt: Attempt, text: str) -> None:
    outcome = attempt(text, "report.md")
    if isinstance(outcome, Document):
        assert all(len(b.text) == len(b.sources) for b in outcome.blocks)
