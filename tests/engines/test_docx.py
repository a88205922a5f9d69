from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from nqpf_cli.errors import CorruptError, InputError, TooLargeError
from nqpf_cli.model import Document

Read = Callable[..., Document]
Attempt = Callable[..., Document | InputError]
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture
def report(docx_bytes: Callable[[Any], bytes]) -> bytes:
    import docx

    document = docx.Document()
    document.core_properties.title = "某省规划"
    document.add_heading("政府工作报告", 0)
    document.add_heading("工作回顾", 1)
    document.add_paragraph("人才是第一资源。数据是“要素”。")
    table = document.add_table(2, 3)
    for n, text in enumerate(["指标", "单位", "数值", "产值", "亿元", "100"]):
        table.cell(*divmod(n, 3)).text = text
    merged = document.add_table(1, 3)
    merged.cell(0, 0).merge(merged.cell(0, 2)).text = "合并的单元格"
    document.add_paragraph("最后一段。")
    return docx_bytes(document)


def remade(data: bytes, member: str, content: bytes | None) -> bytes:
    """The archive with one member replaced, or left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if name != member:
                new.writestr(name, old.read(name))
            elif content is not None:
                new.writestr(name, content)
    return out.getvalue()


def flagged(data: bytes, local: int, central: int, value: int) -> bytes:
    """The archive with a byte of every header set."""
    changed = bytearray(data)
    for magic, offset in ((b"PK\3\4", local), (b"PK\1\2", central)):
        at = changed.find(magic)
        while at >= 0:
            changed[at + offset] = value
            at = changed.find(magic, at + 4)
    return bytes(changed)


def test_paragraphs_headings_and_tables_in_order(read: Read, report: bytes) -> None:
    document = read(report, "report.docx")
    assert document.title == "某省规划"
    assert not document.paged
    assert [(b.kind, b.text) for b in document.blocks] == [
        ("title", "政府工作报告"),
        ("heading", "工作回顾"),
        ("paragraph", "人才是第一资源。数据是“要素”。"),
        ("table", "指标 | 单位 | 数值"),
        ("table", "产值 | 亿元 | 100"),
        ("table", "合并的单元格"),
        ("paragraph", "最后一段。"),
    ]


def test_the_content_tells_the_type_not_the_name(read: Read, report: bytes) -> None:
    assert read(report, "report").source.media_type.endswith("wordprocessingml.document")


def test_text_named_docx_is_refused(read: Read) -> None:
    with pytest.raises(CorruptError):
        read("人才是第一资源。", "report.docx")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_document_is_refused(read: Read, report: bytes, share: float) -> None:
    with pytest.raises(CorruptError):
        read(report[: int(len(report) * share)], "report.docx")


@pytest.mark.parametrize(
    ("member", "content"),
    [
        ("word/document.xml", b""),
        ("word/document.xml", b"<broken"),
        ("word/document.xml", b"<other/>"),
        ("word/document.xml", f'<w:document xmlns:w="{W}"/>'.encode()),
        ("word/styles.xml", b"<other/>"),
        ("docProps/core.xml", b"<other/>"),
        ("[Content_Types].xml", b"<other/>"),
        ("[Content_Types].xml", None),
        ("_rels/.rels", b"<other/>"),
        ("_rels/.rels", None),
    ],
)
def test_a_document_with_broken_parts_is_read_or_refused(
    attempt: Attempt, report: bytes, member: str, content: bytes | None
) -> None:
    outcome = attempt(remade(report, member, content), "report.docx")
    assert isinstance(outcome, Document) or outcome.hint is not None


def test_an_archive_with_a_password_is_refused(read: Read, report: bytes) -> None:
    with pytest.raises(InputError):
        read(flagged(report, 6, 8, 1), "report.docx")


def test_an_archive_packed_in_an_unknown_way_is_refused(read: Read, report: bytes) -> None:
    with pytest.raises(InputError):
        read(flagged(report, 8, 10, 99), "report.docx")


def test_a_damaged_document_is_read_or_refused(attempt: Attempt, report: bytes) -> None:
    rng = Random(20240201)
    for _ in range(60):
        data = bytearray(report)
        for _ in range(rng.randint(1, 30)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        outcome = attempt(bytes(data), "report.docx")
        assert isinstance(outcome, Document) or str(outcome)


def test_entities_do_not_reach_files(attempt: Attempt, report: bytes, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    entity = f'<!DOCTYPE x [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
    body = "<w:body><w:p><w:r><w:t>人才&a;是第一资源。</w:t></w:r></w:p></w:body>"
    xml = f'{entity}<w:document xmlns:w="{W}">{body}</w:document>'
    outcome = attempt(remade(report, "word/document.xml", xml.encode()), "report.docx")
    assert isinstance(outcome, InputError) or "机密" not in outcome.raw.text


def test_an_archive_that_unpacks_to_too_much_is_refused(read: Read, report: bytes) -> None:
    # The size in the headers is what counts: nothing is unpacked.
    data = bytearray(report)
    at = data.find(b"PK\1\2")
    while at >= 0:
        data[at + 24 : at + 28] = (400 * 1024 * 1024).to_bytes(4, "little")
        at = data.find(b"PK\1\2", at + 4)
    with pytest.raises(TooLargeError):
        read(bytes(data), "report.docx")
