"""Make ``report.pdf`` from ``report.md``: the sample document of nqpf as a printed report.

The page is set here by hand (cover, contents, running header, justified text, a ruled table,
footnotes), because the PDF stands for what users bring. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from fpdf import FPDF
from fpdf.enums import TextMode

HERE = Path(__file__).resolve().parent
FONT = Path("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf")
FONT_PACKAGE = "fonts-lxgw-wenkai"
CREATED = datetime(2026, 1, 18, tzinfo=UTC)

# All lengths are points. The text area is 36 characters of 12 pt wide.
PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
TEXT_WIDTH = 432.0
LEFT = (PAGE_WIDTH - TEXT_WIDTH) / 2
RIGHT = LEFT + TEXT_WIDTH
TOP, BOTTOM = 78.0, 772.0
HEADER_BASELINE, FOOTER_BASELINE = 56.0, 800.0
ROW_HEIGHT = 20.0
COLUMN_SHARES = (0.56, 0.22, 0.22)
NOTE_GAP = 14.0
FIRST_BODY_PAGE = 3

NO_LINE_START = frozenset("。，、；：？！）》〉」』】〕”’…—·％%")
NO_LINE_END = frozenset("（《〈「『【〔“‘")
HALF_AT_LINE_END = frozenset("。，、；：）》")
TOKEN = re.compile(r"\[\^\w+\]|——|……|[A-Za-z0-9.+%]+|.")
NOTE_CALL = re.compile(r"\[\^(\w+)\]")
NOTE_TEXT = re.compile(r"\[\^(\w+)\]: *(.+)")

BlockKind = Literal["title", "section", "subsection", "notice", "table", "caption", "paragraph"]
Align = Literal["justify", "left", "center"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of the Markdown source; ``rows`` is filled for a table only."""

    kind: BlockKind
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The parsed source: cover blocks, body blocks, footnotes by their Markdown key."""

    title: str
    cover: tuple[Block, ...]
    body: tuple[Block, ...]
    notes: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a block is set; ``before`` is the space above its first line."""

    size: float = 12.0
    leading: float = 19.0
    indent: float = 24.0
    before: float = 0.0
    after: float = 0.0
    align: Align = "justify"
    bold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A piece that no line break may split; ``note`` is the footnote number of a call."""

    text: str
    width: float
    note: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """A line ready to be drawn: where it starts, and the space added after each character."""

    tokens: tuple[Token, ...]
    x: float
    spacing: float
    style: Style
    before: float
    height: float
    heading: Block | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A ruled row of the table; ``height`` may exceed the box to leave space under it."""

    cells: tuple[str, ...]
    header: bool
    before: float = 0.0
    height: float = ROW_HEIGHT


Item = TextLine | TableRow


@dataclass(slots=True, kw_only=True)
class Page:
    """Items and footnote lines of one page, with the heights they take."""

    items: list[Item] = field(default_factory=list)
    note_lines: list[TextLine] = field(default_factory=list)
    height: float = 0.0


STYLES: dict[BlockKind, Style] = {
    "title": Style(size=26, leading=40, indent=0, align="center", bold=True),
    "notice": Style(size=9, leading=14, indent=0, align="center"),
    "section": Style(size=15, leading=24, indent=0, before=12, after=6, align="center", bold=True),
    "subsection": Style(before=5, after=1, align="left", bold=True),
    "caption": Style(size=10.5, leading=18, indent=0, before=8, align="center", bold=True),
    "paragraph": Style(),
}
NOTE_STYLE = Style(size=9, leading=13, indent=18)
SALUTATION_STYLE = Style(indent=0, align="left")


def parse(source: str) -> Document:
    """Parse the small part of Markdown that the report uses."""
    notes: dict[str, str] = {}
    blocks: list[Block] = []
    for chunk in re.split(r"\n{2,}", source.strip()):
        lines = chunk.splitlines()
        if NOTE_TEXT.match(lines[0]):
            notes.update(_parse_note(line) for line in lines)
        else:
            blocks.append(_parse_block(lines))
    end = next(i for i, block in enumerate(blocks) if block.kind == "notice") + 1
    return Document(
        title=blocks[0].text, cover=tuple(blocks[:end]), body=tuple(blocks[end:]), notes=notes
    )


def _parse_note(line: str) -> tuple[str, str]:
    """Return key and text of a footnote line."""
    match = NOTE_TEXT.match(line)
    if match is None:
        raise SystemExit(f"make_pdf: not a footnote: {line!r}")
    return match[1], match[2]


def _parse_block(lines: list[str]) -> Block:
    """Tell the kind of a block by its first characters."""
    text = "".join(lines)
    prefixes: tuple[tuple[str, BlockKind], ...] = (
        ("### ", "subsection"),
        ("## ", "section"),
        ("# ", "title"),
        ("> ", "notice"),
    )
    for prefix, kind in prefixes:
        if text.startswith(prefix):
            return Block(kind=kind, text=text.removeprefix(prefix))
    if text.startswith("|"):
        rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
        return Block(kind="table", rows=(rows[0], *rows[2:]))
    if re.match(r"表\d+\s", text):
        return Block(kind="caption", text=text)
    return Block(kind="paragraph", text=text)


class Setter:
    """Breaks blocks into lines, numbering footnotes in the order of their calls."""

    def __init__(self, pdf: FPDF, notes: dict[str, str]) -> None:
        self._pdf = pdf
        self._notes = notes
        self._numbers: dict[str, int] = {}

    def width(self, text: str, size: float) -> float:
        """Return the natural width of ``text`` in points."""
        self._pdf.set_font("body", size=size)
        return float(self._pdf.get_string_width(text))

    def lines(self, text: str, style: Style, heading: Block | None = None) -> list[TextLine]:
        """Set a text as lines of ``style``."""
        rows = _break(self._tokens(text, style.size), style)
        lines = [
            _set_line(row, style, first=i == 0, last=i == len(rows) - 1)
            for i, row in enumerate(rows)
        ]
        return [replace(lines[0], heading=heading), *lines[1:]]

    def note_lines(self, line: Item) -> list[TextLine]:
        """Return the lines of the footnotes that ``line`` calls."""
        if isinstance(line, TableRow):
            return []
        keys = {number: key for key, number in self._numbers.items()}
        called = [token.note for token in line.tokens if token.note is not None]
        return [
            note_line
            for number in called
            for note_line in self.lines(f"[{number}] {self._notes[keys[number]]}", NOTE_STYLE)
        ]

    def _tokens(self, text: str, size: float) -> list[Token]:
        return [self._token(piece, size) for piece in TOKEN.findall(text)]

    def _token(self, piece: str, size: float) -> Token:
        call = NOTE_CALL.fullmatch(piece)
        if call is None:
            return Token(text=piece, width=self.width(piece, size))
        number = self._numbers.setdefault(call[1], len(self._numbers) + 1)
        mark = f"[{number}]"
        return Token(text=mark, width=self.width(mark, _mark_size(size)), note=number)


def _mark_size(size: float) -> float:
    """Size of a footnote mark in a text of ``size``."""
    return size * 0.62


def _measure(tokens: list[Token], size: float) -> float:
    """Width of a line; a closing mark at its end counts half, its right half being blank."""
    width = sum(token.width for token in tokens)
    return width - size / 2 if tokens and tokens[-1].text in HALF_AT_LINE_END else width


def _may_break(left: Token, right: Token) -> bool:
    """Tell whether a line may end after ``left`` (kinsoku)."""
    return (
        right.note is None
        and right.text[0] not in NO_LINE_START
        and left.text[-1] not in NO_LINE_END
    )


def _break(tokens: list[Token], style: Style) -> list[list[Token]]:
    """Break tokens into lines, first line indented, none beginning with a forbidden mark."""
    rows: list[list[Token]] = []
    line: list[Token] = []
    for token in tokens:
        line.append(token)
        room = TEXT_WIDTH - (0 if rows else style.indent)
        if _measure(line, style.size) > room:
            cut = next(i for i in range(len(line) - 1, 0, -1) if _may_break(line[i - 1], line[i]))
            rows.append(line[:cut])
            line = line[cut:]
    return [*rows, line]


def _set_line(row: list[Token], style: Style, *, first: bool, last: bool) -> TextLine:
    """Place a broken line: centred, ragged, or stretched to the right margin."""
    indent = style.indent if first else 0.0
    free = TEXT_WIDTH - indent - _measure(row, style.size)
    gaps = sum(len(token.text) for token in row) - 1
    stretched = style.align == "justify" and not last and gaps > 0
    return TextLine(
        tokens=tuple(row),
        x=LEFT + (free / 2 if style.align == "center" else indent),
        spacing=free / gaps if stretched else 0.0,
        style=style,
        before=style.before if first else 0.0,
        height=style.leading + (style.after if last else 0.0),
    )


def _chunks(document: Document, setter: Setter) -> Iterator[list[Item]]:
    """Yield groups of items that stay on one page: a heading goes with the lines after it."""
    held: list[Item] = []
    for block in document.body:
        if block.kind == "table":
            yield held + _table_rows(block)
            held = []
            continue
        lines: list[Item] = list(_block_lines(block, setter))
        if block.kind != "paragraph":
            held += lines
            continue
        head, middle, tail = _split(lines)
        yield held + head
        yield from ([line] for line in middle)
        if tail:
            yield tail
        held = []
    if held:
        yield held


def _table_rows(block: Block) -> list[Item]:
    """Turn a table block into rows, with a little space under the last."""
    last = len(block.rows) - 1
    return [
        TableRow(cells=cells, header=i == 0, height=ROW_HEIGHT + (8.0 if i == last else 0.0))
        for i, cells in enumerate(block.rows)
    ]


def _block_lines(block: Block, setter: Setter) -> list[TextLine]:
    """Set a text block; headings carry their block for the contents page."""
    is_heading = block.kind in {"section", "subsection"}
    style = SALUTATION_STYLE if block.text == "各位代表：" else STYLES[block.kind]
    return setter.lines(block.text, style, block if is_heading else None)


def _split(lines: list[Item]) -> tuple[list[Item], list[Item], list[Item]]:
    """Split a paragraph so that neither its first nor its last line stands alone."""
    if len(lines) <= 3:
        return lines, [], []
    return lines[:2], lines[2:-2], lines[-2:]


def paginate(document: Document, setter: Setter) -> list[Page]:
    """Fill pages with chunks, keeping room for the footnotes they call."""
    pages = [Page()]
    for chunk in _chunks(document, setter):
        notes = [line for item in chunk for line in setter.note_lines(item)]
        height = sum(item.before + item.height for item in [*chunk, *notes])
        gap = NOTE_GAP if notes and not pages[-1].note_lines else 0.0
        if pages[-1].height + height + gap > BOTTOM - TOP:
            pages.append(Page())
            gap = NOTE_GAP if notes else 0.0
        page = pages[-1]
        page.items += chunk
        page.note_lines += notes
        page.height += height + gap
    return pages


def _write(pdf: FPDF, x: float, y: float, text: str, size: float, *, bold: bool = False) -> None:
    """Write ``text`` with its baseline at ``y``; bold is drawn by a stroke around the outline."""
    pdf.set_font("body", size=size)
    with pdf.local_context(
        text_mode=TextMode.FILL_STROKE if bold else TextMode.FILL, line_width=size / 42
    ):
        pdf.text(x, y, text)


def _draw_line(pdf: FPDF, line: TextLine, y: float) -> None:
    """Draw a text line with its baseline at ``y``; runs are cut at footnote marks only."""
    pdf.set_char_spacing(line.spacing)
    x, size = line.x, line.style.size
    run, start = "", x
    for token in line.tokens:
        if token.note is None:
            run += token.text
        else:
            _write(pdf, start, y, run, size, bold=line.style.bold)
            _write(pdf, x, y - size * 0.36, token.text, _mark_size(size))
            run = ""
        x += token.width + line.spacing * len(token.text)
        if token.note is not None:
            start = x
    if run:
        _write(pdf, start, y, run, size, bold=line.style.bold)
    pdf.set_char_spacing(0)


def _draw_row(pdf: FPDF, row: TableRow, setter: Setter, y: float) -> None:
    """Draw a ruled table row whose upper edge is at ``y``."""
    size, x = 10.5, LEFT
    pdf.set_line_width(0.6)
    for i, (cell, share) in enumerate(zip(row.cells, COLUMN_SHARES, strict=True)):
        width = TEXT_WIDTH * share
        pdf.rect(x, y, width, ROW_HEIGHT)
        centred = row.header or i > 0
        inset = (width - setter.width(cell, size)) / 2 if centred else 8.0
        _write(pdf, x + inset, y + ROW_HEIGHT / 2 + size * 0.36, cell, size, bold=row.header)
        x += width


def _draw_header(pdf: FPDF, setter: Setter, title: str) -> None:
    """Draw the running header with its rule."""
    _write(pdf, LEFT + (TEXT_WIDTH - setter.width(title, 9)) / 2, HEADER_BASELINE, title, 9)
    pdf.set_line_width(0.4)
    pdf.line(LEFT, HEADER_BASELINE + 6, RIGHT, HEADER_BASELINE + 6)


def _draw_footer(pdf: FPDF, setter: Setter, number: int) -> None:
    """Draw the page number."""
    mark = f"— {number} —"
    _write(pdf, LEFT + (TEXT_WIDTH - setter.width(mark, 10)) / 2, FOOTER_BASELINE, mark, 10)


def _draw_page(pdf: FPDF, page: Page, setter: Setter) -> None:
    """Draw the items of a body page, then its footnotes against the bottom margin."""
    y = TOP
    for i, item in enumerate(page.items):
        y += item.before if i else 0.0
        match item:
            case TableRow():
                _draw_row(pdf, item, setter, y)
            case TextLine():
                _draw_line(pdf, item, y + item.style.leading * 0.72)
        y += item.height
    if page.note_lines:
        _draw_notes(pdf, page.note_lines)


def _draw_notes(pdf: FPDF, lines: list[TextLine]) -> None:
    """Draw the footnotes of a page under a short rule."""
    y = BOTTOM - sum(line.height for line in lines)
    pdf.set_line_width(0.4)
    pdf.line(LEFT, y - 3, LEFT + TEXT_WIDTH / 3, y - 3)
    for line in lines:
        _draw_line(pdf, line, y + line.style.leading * 0.8)
        y += line.height


def _draw_cover(pdf: FPDF, document: Document, setter: Setter) -> None:
    """Draw the cover: title, occasion, speaker, and at the foot the notice."""
    title, *middle, notice = document.cover
    y = 270.0
    for line in setter.lines(title.text, STYLES["title"]):
        _draw_line(pdf, line, y)
        y += line.height
    pdf.set_line_width(0.8)
    pdf.line(LEFT + 60, y - 8, RIGHT - 60, y - 8)
    for i, block in enumerate(middle):
        style = Style(size=14 + 2 * i, leading=38, indent=0, align="center")
        for line in setter.lines(block.text, style):
            _draw_line(pdf, line, y + 24)
            y += line.height
    for line in setter.lines(notice.text, STYLES["notice"]):
        _draw_line(pdf, line, 740)


def _draw_contents(pdf: FPDF, pages: list[Page], setter: Setter) -> None:
    """Draw the contents with dot leaders, and add links and outline entries."""
    heading = Style(size=18, leading=30, indent=0, align="center", bold=True)
    _draw_line(pdf, setter.lines("目　录", heading)[0], TOP + 24)
    y = TOP + 64
    for number, item in _headings(pages):
        block = item.heading
        if block is None:
            continue
        section = block.kind == "section"
        y += 6 if section else 0
        _draw_entry(pdf, setter, block.text, number, y, section=section)
        link = pdf.add_link(page=number)
        pdf.link(LEFT, y - 12, TEXT_WIDTH, 18, link)
        y += 22


def _draw_entry(
    pdf: FPDF, setter: Setter, text: str, number: int, y: float, *, section: bool
) -> None:
    """Draw one line of the contents."""
    size, x = (12.0, LEFT) if section else (11.0, LEFT + 22)
    end = RIGHT - setter.width(str(number), size)
    dot = setter.width("…", size)
    count = int((end - 4 - x - setter.width(text, size) - 4) // dot)
    _write(pdf, x, y, text, size, bold=section)
    _write(pdf, end - 4 - count * dot, y, "…" * count, size)
    _write(pdf, end, y, str(number), size)


def _headings(pages: list[Page]) -> Iterator[tuple[int, TextLine]]:
    """Yield (page number, line) of every heading."""
    for number, page in enumerate(pages, start=FIRST_BODY_PAGE):
        for item in page.items:
            if isinstance(item, TextLine) and item.heading is not None:
                yield number, item


def _new_pdf(title: str, font: Path) -> FPDF:
    """Return an empty A4 document with fixed metadata and the embedded font."""
    pdf = FPDF(unit="pt", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.add_font("body", fname=font)
    pdf.set_title(title)
    pdf.set_author("nqpf")
    pdf.set_subject("nqpf 样例文档（虚构），CC BY 4.0")
    pdf.set_lang("zh-CN")
    pdf.set_producer("make_pdf.py (fpdf2)")
    pdf.set_creation_date(CREATED)
    return pdf


def build(source: str, font: Path) -> bytes:
    """Return the PDF of a Markdown report."""
    document = parse(source)
    pdf = _new_pdf(document.title, font)
    setter = Setter(pdf, document.notes)
    pdf.add_page()
    pages = paginate(document, setter)
    _draw_cover(pdf, document, setter)
    pdf.add_page()
    # A link may only point to a page that exists, so the contents are drawn when all do.
    for number, page in enumerate(pages, start=FIRST_BODY_PAGE):
        pdf.add_page()
        _draw_header(pdf, setter, document.title)
        _draw_page(pdf, page, setter)
        _draw_footer(pdf, setter, number)
    return _finish(pdf, document, pages, setter)


def _finish(pdf: FPDF, document: Document, pages: list[Page], setter: Setter) -> bytes:
    """Go back to page 2 for the contents, then serialise."""
    pdf.page = FIRST_BODY_PAGE - 1
    _draw_header(pdf, setter, document.title)
    _draw_contents(pdf, pages, setter)
    _draw_footer(pdf, setter, pdf.page)
    pdf.page = len(pages) + FIRST_BODY_PAGE - 1
    return bytes(pdf.output())


def main() -> int:
    """Read the arguments, write the PDF, return the exit code."""
    parser = argparse.ArgumentParser(description="Make report.pdf from report.md.")
    parser.add_argument("--source", type=Path, default=HERE / "report.md")
    parser.add_argument("--font", type=Path, default=FONT, help=f"default: {FONT}")
    parser.add_argument("-o", "--output", type=Path, default=HERE / "report.pdf")
    arguments = parser.parse_args()
    if not arguments.font.is_file():
        print(
            f"make_pdf: font not found: {arguments.font}\n"
            f"  Install the Debian package {FONT_PACKAGE} (apt-get install {FONT_PACKAGE}),\n"
            "  or give a TrueType font with Simplified Chinese: --font PATH",
            file=sys.stderr,
        )
        return 3
    arguments.output.write_bytes(
        build(arguments.source.read_text(encoding="utf-8"), arguments.font)
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
