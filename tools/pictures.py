"""Draw the README's picture of the output anew: ``python -m tools.pictures``.

``docs/img/demo.svg`` is what ``nqpf demo`` draws on a terminal, as an SVG that loads nothing. A
test compares it with the program.
"""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.terminal_theme import TerminalTheme

from nqpf_cli.cli.demo import SAMPLE
from nqpf_cli.documents import read_bytes
from nqpf_cli.formats.tables import draw_report
from nqpf_cli.pipeline import Analyzer
from nqpf_cli.resources import data_dir

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "docs" / "img" / "demo.svg"
WIDTH = 92  # columns
_THEME = TerminalTheme(
    (255, 255, 255),
    (36, 41, 47),
    [
        (36, 41, 47), (207, 34, 46), (17, 99, 41), (154, 103, 0),
        (9, 105, 218), (130, 80, 223), (27, 124, 131), (110, 119, 129),
    ],
)  # fmt: skip
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
    analyzer = Analyzer.of()
    path = data_dir("corpora") / "sample" / "report.pdf"
    report = analyzer.score(analyzer.read_data(read_bytes(str(path)), SAMPLE))
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


def main() -> None:
    """Write the picture."""
    DEMO.parent.mkdir(parents=True, exist_ok=True)
    DEMO.write_text(demo_svg(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
