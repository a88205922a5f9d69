"""Draw the README's pictures of the output anew: ``python -m tools.pictures``.

``docs/img/demo.svg`` is what ``nqpf demo`` draws on a terminal, as an SVG that loads nothing. A
test compares it with the program. ``docs/img/page.png`` is the head of ``nqpf report`` on the
sample, photographed by a headless Chromium where there is one; no two browsers draw the same
bytes, so beside it stands the hash of what the page says, which a test compares.
"""

from __future__ import annotations

import hashlib
import html
import io
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.cells import cell_len
from rich.console import Console
from rich.terminal_theme import TerminalTheme

from nqpf_cli.cli.demo import SAMPLE
from nqpf_cli.corpus.records import Record
from nqpf_cli.files import read_bytes
from nqpf_cli.formats.tables import draw_report
from nqpf_cli.page.evidence import record
from nqpf_cli.page.html import PageOptions, page
from nqpf_cli.pipeline import Analyzer
from nqpf_cli.resources import data_dir

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "docs" / "img" / "demo.svg"
PAGE = DEMO.with_name("page.png")
PAGE_HASH = DEMO.with_name("page.sha256")
WIDTH = 92  # columns
_THEME = TerminalTheme(
    (255, 255, 255),
    (36, 41, 47),
    [
        (36, 41, 47), (207, 34, 46), (17, 99, 41), (154, 103, 0),
        (9, 105, 218), (130, 80, 223), (27, 124, 131), (110, 119, 129),
    ],
)  # fmt: skip
_NOT_SAID = re.compile(
    r'<(script|style)\b.*?</\1>|<meta\b[^>]*>|<p class="libraries">.*?</p>', re.DOTALL
)
_TEXT = re.compile(r'<text [^>]*textLength="(?P<length>[\d.]+)"[^>]*>(?P<text>[^<]*)</text>')
# Rich's own template fetches a font; a picture in a README must load nothing.
_FORMAT = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<title>nqpf demo --lang zh</title>
<style>
.{unique_id}-matrix {{ font-family: "Noto Sans Mono CJK SC", "Sarasa Mono SC", "Cascadia Mono",
  "DejaVu Sans Mono", monospace; font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
<rect width="{width}" height="{height}" rx="8" fill="#ffffff" stroke="#d0d7de"/>
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def demo_svg() -> str:
    """Return the picture of the sample's figures, in Chinese."""
    analyzer, data = Analyzer.of(), _sample()
    report = analyzer.score(analyzer.read_data(data, SAMPLE))
    console = Console(
        record=True,
        width=WIDTH,
        file=io.StringIO(),
        force_terminal=True,
        color_system="standard",
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
        _environ={},
    )
    draw_report(console, report, analyzer.lexicon, "zh")
    svg = console.export_svg(title="", theme=_THEME, code_format=_FORMAT, unique_id="nqpf")
    return _TEXT.sub(_as_wide_as_its_cells, svg)


def _as_wide_as_its_cells(m: re.Match[str]) -> str:
    # Rich counts characters here, and Chinese ones take two cells.
    length = float(m["length"])
    text = html.unescape(m["text"])
    return m[0].replace(
        f'textLength="{m["length"]}"',
        f'textLength="{length / max(1, len(text)) * cell_len(text):g}"',
    )


def _sample() -> bytes:
    return read_bytes(str(data_dir("corpora") / "sample" / "report.pdf"))


def sample_page() -> str:
    """Return the HTML page of the sample, in Chinese; needs the extra ``page``."""
    analyzer = Analyzer.of()
    report = record(analyzer, analyzer.read_data(_sample(), SAMPLE), limit=20)
    found = Record(line=1, path=SAMPLE, report=report, error=None)
    return page([found], analyzer.lexicon, PageOptions(lang="zh", title=None, evidence=20))


def said(html_page: str) -> str:
    """Return the hash of a page's words and tables.

    Left out: scripts and the line of versions, which a new charting library changes.
    """
    text = _NOT_SAID.sub("", html_page)
    return hashlib.sha256(text.encode()).hexdigest()


def photograph(html_page: str) -> bool:
    """Write the picture of a page and its hash; False where there is no Chromium."""
    browser = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if browser is None:
        return False
    with TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        path.write_text(html_page, encoding="utf-8")
        subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-background-networking", f"--user-data-dir={folder}/profile",
             "--window-size=1100,1000", "--virtual-time-budget=6000",
             f"--screenshot={PAGE}", path.as_uri()],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    PAGE_HASH.write_text(said(html_page) + "\n", encoding="utf-8")
    return True


def main() -> None:
    """Write the pictures."""
    DEMO.parent.mkdir(parents=True, exist_ok=True)
    DEMO.write_text(demo_svg(), encoding="utf-8", newline="\n")
    if not photograph(sample_page()):
        print("docs/img/page.png stays as it is: there is no Chromium")


if __name__ == "__main__":
    main()
