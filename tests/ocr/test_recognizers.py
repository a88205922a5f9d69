"""The real recognizers, on one page: the picture of a page whose text is known."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nqpf_cli.analysis.layout.build import build_blocks, raw_text
from nqpf_cli.engines.base import ReadOptions
from nqpf_cli.engines.pdfium import PdfiumEngine
from nqpf_cli.errors import InputError, MissingExtraError
from nqpf_cli.model import Page
from nqpf_cli.ocr.base import Recognizer
from nqpf_cli.ocr.pages import recognise_pages
from nqpf_cli.ocr.registry import resolve
from nqpf_cli.ocr.tesseract import TesseractRecognizer

ErrorRate = Callable[[str, str], float]


def recognizer(name: str) -> Recognizer:
    if name == "rapidocr":
        pytest.importorskip("rapidocr", reason="needs pip install 'nqpf[ocr]'")
        pytest.importorskip("onnxruntime", reason="needs pip install 'nqpf[ocr]'")
    elif shutil.which("tesseract") is None:
        pytest.skip("needs the program tesseract: apt-get install tesseract-ocr-chi-sim")
    try:
        return resolve(name)
    except MissingExtraError as e:
        pytest.skip(str(e.hint))


def prose(pages: tuple[Page, ...]) -> str:
    blocks = build_blocks(pages, raw_text(pages))
    return "\n".join(b.text for b in blocks if b.kind != "furniture")


@pytest.mark.parametrize("name", ["rapidocr", "tesseract"])
def test_a_page_of_the_sample_is_read(name: str, sample: Path, error_rate: ErrorRate) -> None:
    data = (sample / "report.pdf").read_bytes()
    known = PdfiumEngine().read(data, "report.pdf", ReadOptions()).pages[3:4]
    got = recognise_pages(data, known, frozenset({4}), recognizer(name))
    assert got[0].engine == f"ocr:{name}"
    assert (got[0].width, got[0].height) == (known[0].width, known[0].height)
    assert 0.8 < (got[0].ocr_confidence or 0) <= 1
    assert error_rate(prose(got), prose(known)) <= 0.03


@pytest.mark.shared
@pytest.mark.parametrize("name", ["rapidocr", "tesseract"])
def test_a_bad_scan_is_read(name: str, shared: Path, error_rate: ErrorRate) -> None:
    path = shared / "pdfs/made/d2_scan_degraded.pdf"
    data = path.read_bytes()
    pages = PdfiumEngine().read(data, path.name, ReadOptions()).pages[:1]
    assert pages[0].text.strip() == ""
    (page,) = recognise_pages(data, pages, frozenset({1}), recognizer(name))
    truth = path.with_suffix(".txt").read_text(encoding="utf-8").split("— 1 —")[0]
    assert error_rate(page.text, truth) <= 0.04


def test_rapidocr_opens_no_connection_and_says_nothing() -> None:
    recognizer("rapidocr")
    code = """
import sys
def deny(event, arguments):
    if event.startswith("socket."):
        raise RuntimeError(event)
sys.addaudithook(deny)
import numpy as np
from nqpf_cli.ocr.registry import resolve
page = np.full((400, 600, 3), 255, np.uint8)
page[100:130, 100:500:3] = 0
resolve("rapidocr", threads=1).recognise(page, 200)
resolve("rapidocr", threads=1).recognise(np.full((400, 600), 255, np.uint8), 200)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_engine_of_rapidocr_is_built_once() -> None:
    first = recognizer("rapidocr")
    assert first._engine is resolve("rapidocr")._engine  # type: ignore[attr-defined]


# --- tesseract as a program -------------------------------------------------------------------

TABLE = """\
level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext
4\t1\t1\t1\t1\t0\t100\t100\t200\t30\t-1\t
5\t1\t1\t1\t1\t1\t100\t100\t60\t30\t90.0\t人才
5\t1\t1\t1\t1\t2\t162\t100\t30\t30\t96.0\t是
5\t1\t1\t1\t1\t3\t195\t100\t90\t30\t90.0\t"要素
5\t1\t1\t1\t1\t4\t500\t100\t60\t30\t80.0\t100
5\t1\t1\t1\t2\t1\t100\t160\t60\t30\t95.0\tNew
5\t1\t1\t1\t2\t2\t170\t160\t60\t30\t95.0\tforces
5\t1\t1\t1\t3\t1\t5\t5\t6\t300\t12.0\t|
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a program called tesseract first in the path; its argument is the body of a script."""
    if os.name == "nt":
        pytest.skip("stands in for tesseract with a shell script")

    def make(body: str) -> None:
        path = tmp_path / "tesseract"
        languages = 'if [ "$1" = --list-langs ]; then echo chi_sim; exit; fi'
        path.write_text(f"#!/bin/sh\n{languages}\n{body}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    return make


PICTURE = np.full((400, 600), 255, np.uint8)


def test_the_table_of_tesseract_is_read(program: Callable[[str], None], tmp_path: Path) -> None:
    (tmp_path / "table").write_text(TABLE, encoding="utf-8")
    program(f'cat > "{tmp_path}/picture"; echo "$@" > "{tmp_path}/told"; cat "{tmp_path}/table"')
    lines = TesseractRecognizer().recognise(PICTURE, 150)
    assert [ln.text for ln in lines] == ['人才是"要素', "100", "New forces"]
    assert [tuple(map(round, ln.box)) for ln in lines] == [
        (100, 100, 285, 130),
        (500, 100, 560, 130),
        (100, 160, 230, 190),
    ]
    assert lines[0].confidence == pytest.approx(0.91)
    assert (tmp_path / "picture").read_bytes() == b"P5\n600 400\n255\n" + PICTURE.tobytes()
    told = (tmp_path / "told").read_text(encoding="utf-8")
    assert told.strip() == "stdin stdout -l chi_sim --dpi 150 --psm 3 tsv"


def test_colours_become_gray(program: Callable[[str], None], tmp_path: Path) -> None:
    program(f'cat > "{tmp_path}/picture"')
    picture = np.zeros((2, 2, 3), np.uint8)
    picture[0, 0], picture[0, 1], picture[1, 0] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    assert TesseractRecognizer().recognise(picture, 200) == []
    assert list((tmp_path / "picture").read_bytes()[-4:]) == [76, 149, 29, 0]


def test_a_failure_is_told_never_an_empty_page(program: Callable[[str], None]) -> None:
    program('cat > /dev/null; echo "Error opening data file" >&2; exit 1')
    with pytest.raises(InputError, match="Error opening data file"):
        TesseractRecognizer().recognise(PICTURE, 200)
