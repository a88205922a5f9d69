"""The files that tests of the command line work on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.material import PLAN

TINY_INDEX = """format = 1
name = "tiny"
version = "1"
licence = "MIT"
files = ["factor.toml"]
"""
TINY = """id = "factor"
kind = "dimension"
chain = "factor"
name = { zh = "要素", en = "Factors" }
definition = "what is counted"
source = "a test"

[[indicator]]
id = "labour"
name = { zh = "劳动者", en = "Labour" }
definition = "what is counted"
source = "a test"
matches = ["夔牛来了。"]
misses = ["天气很好。"]

[[entry]]
indicator = "labour"
terms = ["夔牛"]
note = "a word that stands in no report"
"""
FAULTY_ENTRIES = """
[[entry]]
indicator = "labour"
terms = ["(unclosed"]
kind = "regex"
note = "n"

[[entry]]
indicator = "labour"
terms = ["发展…能力"]
note = "n"
"""
FAULTY_STANCE = """
[[entry]]
indicator = "labour"
terms = ["过剩"]
stance = "both"
note = "n"
"""


@pytest.fixture(scope="session")
def report_pdf(sample: Path) -> Path:
    """Return the PDF that ships with the package."""
    return sample / "report.pdf"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Return a short report in plain text, with hits in all nine categories or nearly so."""
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture
def weather(tmp_path: Path) -> Path:
    """Return a document in which the lexicon finds nothing."""
    path = tmp_path / "weather.txt"
    path.write_text("今天天气很好。\n", encoding="utf-8")
    return path


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """Return a lexicon of one category, one indicator and one term (夔牛)."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    (folder / "lexicon.toml").write_text(TINY_INDEX, encoding="utf-8")
    (folder / "factor.toml").write_text(TINY, encoding="utf-8")
    return folder


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return a lexicon folder with one fault of every kind that a file's form can have."""
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "lexicon.toml").write_text(
        'format = 1\nname = "broken"\nversion = "1"\nlicence = "MIT"\n'
        'files = ["factor.toml", "lockin.toml", "syntax.toml", "gone.toml", "../out.toml"]\n',
        encoding="utf-8",
    )
    (folder / "factor.toml").write_text(TINY + FAULTY_ENTRIES, encoding="utf-8")
    lockin = TINY.replace('"factor"', '"lockin"').replace('"dimension"', '"obstruction"')
    (folder / "lockin.toml").write_text(lockin + FAULTY_STANCE, encoding="utf-8")
    (folder / "syntax.toml").write_text('id = "x"\nkind = "path"\nname = "open\n', encoding="utf-8")
    return folder
