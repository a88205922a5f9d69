from __future__ import annotations

import io
import zipfile

import pytest

from nqpf_cli.engines.registry import ENGINES, MEDIA_TYPES, resolve, sniff
from nqpf_cli.errors import CorruptError, EmptyError, UnsupportedTypeError, UsageError


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name in names:
            z.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"%PDF-1.7 ...", "a.pdf", "pdf"),
        (b"%PDF-1.7 ...", "a.txt", "pdf"),
        (b"junk before\n%PDF-1.4", "a.pdf", "pdf"),
        (archive("word/document.xml"), "a.zip", "docx"),
        ("人才".encode(), "a.md", "markdown"),
        ("人才".encode(), "A.MARKDOWN", "markdown"),
        ("人才".encode(), "a.txt", "text"),
        ("人才".encode(), "a", "text"),
        ("人才".encode("gbk"), "a.log", "text"),
    ],
)
def test_content_decides_and_the_name_helps(data: bytes, name: str, kind: str) -> None:
    assert sniff(data, name) == kind
    assert kind in MEDIA_TYPES


@pytest.mark.parametrize("data", [b"", b"\0" * 50, b" \r\n\t\f"])
@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.txt"])
def test_a_file_without_content_is_empty(data: bytes, name: str) -> None:
    with pytest.raises(EmptyError):
        sniff(data, name)


@pytest.mark.parametrize("name", ["a.pdf", "a.docx"])
def test_text_under_another_types_name_is_corrupt(name: str) -> None:
    with pytest.raises(CorruptError, match="named"):
        sniff("人才是第一资源。".encode(), name)


@pytest.mark.parametrize(
    "data",
    [
        archive("xl/workbook.xml"),
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"{\\rtf1 text}",
        b"\x1f\x8b\x08",
    ],
    ids=["xlsx", "png", "jpeg", "doc", "rtf", "gzip"],
)
def test_other_types_are_not_supported(data: bytes) -> None:
    with pytest.raises(UnsupportedTypeError) as e:
        sniff(data, "a.bin")
    assert e.value.hint is not None


def test_a_broken_archive_is_corrupt() -> None:
    with pytest.raises(CorruptError):
        sniff(archive("word/document.xml")[:20], "a.docx")


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_is_there_under_its_name(name: str) -> None:
    assert resolve(name).name == name


def test_an_unknown_engine_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="tesseract"):
        resolve("tesseract")
