"""What the mutations begin with: the sample, files made here, and real ones where they lie."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nqpf_cli.resources import data_dir

ROOT = Path(__file__).resolve().parent.parent
KINDS = (
    "pdf", "docx", "ofd", "html", "markdown", "text", "lexicon", "dictionary", "units", "sheet",
)  # fmt: skip
DOCUMENTS = frozenset(KINDS[:6])
_MOST = 700_000  # bytes: a larger seed is slow to mutate and seldom says more
_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
INDEX = 'format = 1\nname = "f"\nversion = "1"\nlicence = "MIT"\nfiles = ["c.toml"]\n'
_INDEX_MORE = '[policy]\nnested = "category"\ngap = 8\n'
_CATEGORY = """id = "lockin"
kind = "obstruction"
chain = "industry"
name = { zh = "锁定", en = "Lock-in" }
definition = "d"
source = "s"

[[indicator]]
id = "legacy"
name = { zh = "传统", en = "Legacy" }
definition = "d"
source = "s"
applies = ["*"]
matches = { problem = ["传统产业发展落后。"], remedy = ["化解过剩产能。"] }
misses = ["天气很好。"]

[[entry]]
indicator = "legacy"
stance = "remedy"
terms = ["化解过剩产能", "淘汰落后"]
boundary = "word"
weight = 1.0
unless = ["不过剩"]
unless_sentence = ["国外"]
note = "n"

[[entry]]
indicator = "legacy"
stance = "problem"
kind = "gap"
gap = 8
terms = ["产业…(落后|锁定)"]
with = ["传统"]
source = "s"

[[entry]]
indicator = "legacy"
stance = "remedy"
kind = "regex"
terms = ["腾笼.{0,4}换鸟"]
weight = 0.5
note = "n"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A file to mutate; ``beside`` are the files that it needs and that stay as they are."""

    kind: str
    name: str
    data: bytes
    beside: tuple[tuple[str, bytes], ...] = ()


def seeds(shared: Path | None) -> list[Seed]:
    """Return the seeds in a fixed order; ``shared`` is the folder of real documents, if any."""
    found = [*_own(), *_tables(), *_lexicons()]
    if shared is not None and shared.is_dir():
        found += _real(shared)
    return [s for s in found if len(s.data) <= _MOST]


def _own() -> Iterator[Seed]:
    sample = data_dir("corpora") / "sample"
    report = (sample / "report.md").read_text(encoding="utf-8")
    short = report[:3000]
    whole = (sample / "report.pdf").read_bytes()
    yield Seed(kind="pdf", name="sample.pdf", data=whole)
    yield Seed(kind="pdf", name="page.pdf", data=_first_page(whole))
    yield Seed(kind="pdf", name="small.pdf", data=small_pdf())
    yield Seed(kind="markdown", name="sample.md", data=report.encode())
    yield Seed(kind="markdown", name="short.md", data=short.encode())
    yield Seed(kind="text", name="sample.txt", data=short.replace("#", "").encode())
    yield Seed(kind="text", name="office.txt", data=short.encode("gb18030"))
    yield Seed(kind="html", name="sample.html", data=_html(short).encode())
    yield Seed(kind="docx", name="sample.docx", data=_docx(short))
    yield Seed(kind="ofd", name="sample.ofd", data=_ofd(short))


def _lexicons() -> Iterator[Seed]:
    index, category = INDEX.encode(), _CATEGORY.encode()
    whole = (INDEX + _INDEX_MORE).encode()
    yield Seed(kind="lexicon", name="c.toml", data=category, beside=(("lexicon.toml", index),))
    yield Seed(kind="lexicon", name="lexicon.toml", data=whole, beside=(("c.toml", category),))
    stance = (data_dir("lexicons") / "stance.toml").read_bytes()[:4000].rpartition(b"\n\n")[0]
    beside = (("lexicon.toml", INDEX.replace("c.toml", "stance.toml").encode()),)
    yield Seed(kind="lexicon", name="stance.toml", data=stance, beside=beside)


def _tables() -> Iterator[Seed]:
    unit = {"id": "a", "text": "发展新质生产力。", "labels": ["block"], "doc": "豫-2025", "n": 1}
    rows = "".join(json.dumps({**unit, "id": n}, ensure_ascii=False) + "\n" for n in range(5))
    yield Seed(kind="units", name="units.jsonl", data=rows.encode())
    yaml = '主题:\n  甲: ["海绵城市", "数据*"]\n  乙:\n    - 人才\nb: {c: [x, 1]}\n'
    yield Seed(kind="dictionary", name="d.yml", data=yaml.encode())
    yield Seed(kind="dictionary", name="d.dic", data="%\n1\t甲\n2\tb\n%\n人才*\t1\t2\n".encode())
    sheet = "id,doc,text,factor,industry,lockin.problem\nu1,a,甲,1,0,\nu2,a,=乙,x,否,1\n"
    yield Seed(kind="sheet", name="s.csv", data=sheet.encode())
    labels = '{"id": "u1", "labels": ["factor"]}\n{"id": "u2", "labels": []}\n'
    yield Seed(kind="sheet", name="s.jsonl", data=labels.encode())
    yield Seed(kind="sheet", name="s.xlsx", data=_xlsx())


def _real(shared: Path) -> Iterator[Seed]:
    for path in sorted(shared.glob("pdfs/*/*.pdf")):
        if "bomb" not in path.name and "5000_blank" not in path.name:
            yield Seed(kind="pdf", name="real.pdf", data=path.read_bytes())
    for path in sorted(shared.glob("corpora/*.txt"))[::5]:
        yield Seed(kind="text", name="real.txt", data=path.read_bytes())


def small_pdf() -> bytes:
    """Return a PDF of one page, uncompressed but for a form, with a font that no file has."""
    content = b"BT /F 12 Tf 50 150 Td (The text of this page is long enough to be read.) Tj ET"
    form = b"q 1 0 0 1 0 0 cm BT /F 9 Tf 50 100 Td (A form, drawn twice.) Tj ET Q"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 200]/Contents 4 0 R"
        b"/Resources<</Font<</F 6 0 R>>/XObject<</X 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s /X Do\nendstream" % (len(content) + 6, content),
        b"<</Type/XObject/Subtype/Form/BBox[0 0 500 200]/Resources<</Font<</F 6 0 R>>>>"
        b"/Length %d>>\nstream\n%s\nendstream" % (len(form), form),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )
    body, table = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for number, value in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    size = len(objects) + 1
    trailer = b"xref\n0 %d\n%strailer\n<</Size %d/Root 1 0 R>>\n" % (size, table, size)
    return body + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)


def _first_page(data: bytes) -> bytes:
    import pypdfium2 as pdfium

    source, out = pdfium.PdfDocument(data), pdfium.PdfDocument.new()
    out.import_pages(source, [0])
    buffer = io.BytesIO()
    out.save(buffer)
    out.close()
    source.close()
    return buffer.getvalue()


def _html(text: str) -> str:
    body = "".join(f"<p>{row}</p>" for row in text.split("\n") if row)
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>报告</title></head><body>'
        f'<div class="nav"><a href="/">首页</a></div><div id="main"><h1>报告</h1>{body}'
        "<table><tr><td>指标</td><td>12%</td></tr><tr><td>甲</td><td>乙</td></tr></table></div>"
        "</body></html>"
    )


def _docx(text: str) -> bytes:
    import docx

    document = docx.Document()
    first, *rest = [row for row in text.split("\n") if row]
    document.add_heading(first, level=1)
    for row in rest:
        document.add_paragraph(row)
    document.add_table(rows=2, cols=2).rows[0].cells[0].text = "指标"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _ofd(text: str) -> bytes:
    rows = [row for row in text.split("\n") if row][:12]
    objects = "".join(
        f'<ofd:TextObject ID="{n}" Boundary="20 {20 + 8 * n} 170 6" Font="1" Size="4">'
        f'<ofd:TextCode X="0" Y="4" DeltaX="g {len(row) - 1} 4">{row}</ofd:TextCode>'
        "</ofd:TextObject>"
        for n, row in enumerate(rows)
    )
    files = {
        "OFD.xml": f'<ofd:OFD {_NS} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
        "<ofd:Title>规划</ofd:Title></ofd:DocInfo><ofd:DocRoot>D/Document.xml</ofd:DocRoot>"
        "</ofd:DocBody></ofd:OFD>",
        "D/Document.xml": f"<ofd:Document {_NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>"
        '0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages><ofd:Page ID="1"'
        ' BaseLoc="P/Content.xml"/></ofd:Pages></ofd:Document>',
        "D/P/Content.xml": f'<ofd:Page {_NS}><ofd:Content><ofd:Layer ID="2">{objects}</ofd:Layer>'
        "</ofd:Content></ofd:Page>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def _xlsx() -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for n, row in enumerate((("id", "text", "factor"), ("u1", "甲", 1), ("u2", "乙", "否"))):
        sheet.write_row(n, 0, row)
    book.close()
    return out.getvalue()
