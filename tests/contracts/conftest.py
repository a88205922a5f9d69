"""The documents that tests of the contract read."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.material import PLAN


def docx_of(text: str) -> bytes:
    """Return a Word document with a heading, the paragraphs of ``text`` and a table."""
    import docx

    document = docx.Document()
    first, *rest = [p for p in text.split("\n") if p]
    document.add_heading(first, level=0)
    for paragraph in rest:
        document.add_paragraph(paragraph)
    cells = document.add_table(rows=1, cols=2).rows[0].cells
    cells[0].text, cells[1].text = "战略性新兴产业增加值", "12%"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf_of(*objects: bytes, trailer: bytes = b"") -> bytes:
    """Return a PDF of the given objects (the first is the catalogue), with its table."""
    body = b"%PDF-1.4\n"
    table = b"0000000000 65535 f \n"
    for number, value in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    size = len(objects) + 1
    end = b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
    return body + b"xref\n0 %d\n" % size + table + end % (size, trailer, len(body))


def page_of(content: bytes, resources: bytes, *more: bytes, trailer: bytes = b"") -> bytes:
    """Return a PDF of one page."""
    return pdf_of(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 200]/Contents 4 0 R/Resources<<%s>>>>"
        % resources,
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        *more,
        trailer=trailer,
    )


def picture_pdf() -> bytes:
    """Return a PDF whose only page is a picture, as a scanner makes it."""
    image = (
        b"<</Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray"
        b"/BitsPerComponent 8/Length 4>>stream\n\x10\x80\x80\x10\nendstream"
    )
    return page_of(b"400 0 0 150 50 25 cm /I Do", b"/XObject<</I 5 0 R>>", image)


def locked_pdf() -> bytes:
    """Return a PDF that no password opens: its keys are made up."""
    keys = b"<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (b"5a" * 32, b"a5" * 32)
    font = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    identity = b"/Encrypt 5 0 R/ID[<%s><%s>]" % (b"00" * 16, b"00" * 16)
    return page_of(b"BT /F 12 Tf (secret) Tj ET", font, keys, trailer=identity)


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> dict[str, Path]:
    """Return one document of every kind by its name: pdf, txt, crlf, gb18030, md, docx."""
    folder = tmp_path_factory.mktemp("documents")
    markdown = PLAN.replace("河南省", "# 河南省", 1).replace("二、", "## 二、")
    contents = {
        "txt": ("plan.txt", PLAN.encode()),
        "crlf": ("windows.txt", b"\xef\xbb\xbf" + PLAN.replace("\n", "\r\n").encode()),
        "gb18030": ("office.txt", PLAN.encode("gb18030")),
        "md": ("plan.md", markdown.encode()),
        "docx": ("plan.docx", docx_of(PLAN)),
    }
    found = {"pdf": sample / "report.pdf"}
    for kind, (name, data) in contents.items():
        found[kind] = folder / name
        found[kind].write_bytes(data)
    return found


@pytest.fixture(scope="session")
def unreadable(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> dict[str, Path]:
    """Return one file for every way in which an input cannot be read."""
    folder = tmp_path_factory.mktemp("unreadable")
    whole = (sample / "report.pdf").read_bytes()
    contents = {
        "empty": ("empty.txt", b""),
        "blank": ("blank.txt", b" \n\t\r\n"),
        "text_named_pdf": ("text.pdf", PLAN.encode()),
        "truncated_pdf": ("half.pdf", whole[: len(whole) // 2]),
        "encrypted": ("locked.pdf", locked_pdf()),
        "scan": ("scan.pdf", picture_pdf()),
        "no_docx": ("text.docx", PLAN.encode()),
        "broken_docx": ("half.docx", docx_of(PLAN)[:5000]),
        "picture": ("photo.txt", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        "binary": ("noise.txt", bytes(range(128, 256)) * 4),
    }
    found = {"missing": folder / "missing.txt", "folder": folder}
    for kind, (name, data) in contents.items():
        found[kind] = folder / name
        found[kind].write_bytes(data)
    return found
