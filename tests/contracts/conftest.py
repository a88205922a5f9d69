"""The documents and the way to run the program for tests of the contract."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess
from typing import TYPE_CHECKING, Any

import pytest

import nqpf_cli
from nqpf_cli import i18n

if TYPE_CHECKING:
    from nqpf_cli.pipeline import Analyzer

TIMEOUT_S = 120
PLAN = """河南省2025年政府工作报告

一、过去一年工作回顾

科技创新取得新突破，战略性新兴产业增加值增长12%。全社会研发经费投入强度继续提高。

二、存在的问题

产能过剩问题仍然突出，人才短缺制约产业发展。优质教育资源供给不足，城乡公共服务差距较大。

三、2025年工作安排

大力发展新质生产力，加快关键核心技术攻关，布局未来产业。推进新型城镇化，做强郑州都市圈。
深入推动黄河流域生态保护和高质量发展，促进中部地区崛起；深化要素市场化配置改革。
今天天气很好。
"""


@pytest.fixture(scope="session")
def environment(own_cache: Path) -> dict[str, str]:
    """Return the environment of processes: English, no colour settings, our package."""
    keep = ("PATH", "HOME", "SYSTEMROOT", "VIRTUAL_ENV", "TMPDIR")
    return {
        **{k: os.environ[k] for k in keep if k in os.environ},
        "XDG_CACHE_HOME": str(own_cache),
        "PYTHONPATH": str(Path(nqpf_cli.__file__).resolve().parents[1]),
        "LC_ALL": "C.UTF-8",
        "NQPF_LANG": "en",
    }


@pytest.fixture(scope="session")
def run(environment: dict[str, str]) -> Callable[..., CompletedProcess[str]]:
    """Run ``nqpf`` as a process; ``cwd`` and more variables of the environment are optional."""

    def go(
        *args: str | Path, stdin: bytes = b"", cwd: Path | None = None, **variables: str
    ) -> CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "nqpf_cli", *map(str, args)],
            input=stdin,
            capture_output=True,
            cwd=cwd,
            env={**environment, **variables},
            timeout=TIMEOUT_S,
            check=False,
        )
        return CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return go


@pytest.fixture(scope="session")
def nqpf(own_cache: Path) -> Callable[..., CompletedProcess[str]]:
    """Run ``nqpf`` inside this process, through ``main``: ``nqpf("demo", stdin=b"", lang="zh")``.

    What every process builds at its start is built once for all tests, and documents are read
    here, not in a process of their own.
    """
    from nqpf_cli.__main__ import main
    from nqpf_cli.engines import isolated
    from nqpf_cli.pipeline import Analyzer

    of = Analyzer.of
    shipped = cache(lambda settings, options: of((), settings, options))

    def analyzer_of(lexicons: Any = (), settings: Any = None, options: Any = None) -> Analyzer:
        own = tuple(lexicons)
        return of(own, settings, options) if own else shipped(settings, options)

    foreign = ("NO_COLOR", "FORCE_COLOR", "NQPF_PASSWORD", "NQPF_LANG", "GITHUB_ACTIONS")

    def go(*args: str | Path, stdin: bytes = b"", lang: str = "en") -> CompletedProcess[str]:
        argv = ["nqpf", *map(str, args)]
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in "oe")
        code = 0
        with pytest.MonkeyPatch.context() as m:
            m.setattr(Analyzer, "of", staticmethod(analyzer_of))
            m.setattr(isolated, "run_limited", lambda function, given, *_: function(*given))
            for name in foreign:
                m.delenv(name, raising=False)
            m.setattr(i18n, "_chosen", [lang])
            m.setattr(sys, "argv", argv)
            m.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            m.setattr(sys, "stdout", out)
            m.setattr(sys, "stderr", err)
            try:
                main()
            except SystemExit as e:
                code = int(e.code or 0)
            out.flush()
            err.flush()
        shown = [s.buffer.getvalue().decode() for s in (out, err)]  # type: ignore[attr-defined]
        return CompletedProcess(argv, code, *shown)

    return go


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
