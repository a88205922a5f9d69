"""Lines that are no prose: running headers and footers, contents, footnotes, tables."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from nqpf_cli.analysis.layout.lines import (
    LayoutLine,
    by_column,
    em_of,
    natural_width,
)
from nqpf_cli.model import Gutter

_PAGE_NUMBER = re.compile(
    r"^[—–\-－·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／,，共]+\s*\d{1,4}\s*页?)?[—–\-－·\s]*$"
)
_PAGE_IN_WORDS = re.compile(
    r"^第\s*[一二三四五六七八九十百零〇两\d]{1,6}\s*页"
    r"(?:[/／,，\s]*共\s*[一二三四五六七八九十百零〇两\d]{1,6}\s*页)?$"
)
_ROMAN = re.compile(r"^[—–\-\s]*(?:[ivxlcIVXLC]{1,7}|[Ⅰ-Ⅻⅰ-ⅻ]{1,3})[—–\-\s]*$")
_DIGITS = re.compile(r"\d+")
# …… at the end of prose is an ellipsis; only with a page number behind it is it a leader.
_LEADER = re.compile(
    r"(?:(?:[…⋯]{3,}|[.．‥]{4,}|[·•・]{4,}|(?:[.．·] ){4,}|[_＿]{4,}|[─—-]{6,})"
    r"[\s（(—–-]*\d{0,4}[\s)）—–-]*|[…⋯]{2,}\s*[（(]?\d{1,4}[)）]?)\s*$"
)
_LEADERS = (
    *("…", "⋯", "....", "．．．．", "‥‥", "····", "••••", "・・・・", ". . .", "． ．", "· ·"),
    *("____", "＿＿＿＿", "────", "————", "------"),
)
_LEADER_CHARS = " \t\u3000.．…⋯‥·•・_＿─—–-"
_TRAILING_NUMBER = re.compile(r"[（(—–-]?\s*\d{1,4}\s*[)）—–-]?\s*$")
_TAIL = 64  # characters: leaders and page numbers are looked for at the end of a line only
_CONTENTS = re.compile(r"^(?:目\s*录|目\s*次|contents)$", re.IGNORECASE)
_NOTE_MARK = re.compile(
    r"^(?:\[\d{1,3}\]|［\d{1,3}］|〔\d{1,3}〕|[①-⑳]|[*＊†※]|注\s?\d{0,2}[:：]|\d{1,2}\s)"
)
_NUMBER_MARK = re.compile(r"^\d{1,2}[.．、]")  # of a note, but of a list too
_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|"
    r"第[一二三四五六七八九十百零〇\d]{1,4}[篇编部章节条])"
)
_CAPTION = re.compile(r"^(?:[续附]?表|专栏)\s*[\d一二三四五六七八九十]+")

_WATERMARK_PAGES = 3
_LONGEST = 150  # characters of a running line: the address of a web page is long
_MOST_APART = 3  # lines of a header or footer
_EDGE = 0.09  # share of the page's height: what stands nearer to its edge …
_HEADER = 0.85  # … and is smaller than the text by so much, is a header or footer
_SPARSE = 4  # pages: what returns more seldom, from first to last, is no running line
_MARGIN = 0.13  # share of the page's height in which running headers and footers stand
_SMALL = 0.91  # a footnote's size, as share of the text's
_TINY = 0.83  # … where only its size tells a note from a list
_SPREAD = 1.45  # a table row is this much wider than its characters set solid


def mark_furniture(pages: list[list[LayoutLine]]) -> None:
    """Mark running headers, footers and page numbers.

    A running line stands near the upper or lower edge, and the same text (digits apart) stands
    there, at the same height, on at least three pages, or on half of a short document's. (The
    title on the first page may have the words of the running header, but not its place.)
    """
    places: dict[tuple[str, int], list[LayoutLine]] = defaultdict(list)
    edges = [[ln for ln in _edge_lines(page) if not ln.fixed] for page in pages]
    for page in edges:
        for ln in page:
            places[_place(ln)].append(ln)
            if _is_page_number(ln):
                ln.role = "furniture"
    needed = max(2, min(3, (len(pages) + 1) // 2))
    by_number = {page[0].page: page for page in pages if page}
    everywhere: dict[str, set[int]] = defaultdict(set)  # a landscape page has it at another place
    for (text, _), lines in places.items():
        everywhere[text].update(ln.page for ln in lines)
    for (text, _), lines in places.items():
        found = {ln.page for ln in lines}
        if len(found) < needed or len(lines[0].text) > _LONGEST or not _returns(lines, needed):
            continue
        if max(everywhere[text]) - min(everywhere[text]) > _SPARSE * len(everywhere[text]):
            continue
        rare = 2 * len(found) < len(pages)
        for ln in lines:
            if not (rare and _is_in_text(ln, by_number[ln.page])):
                ln.role = "furniture"
    _mark_slots(edges, needed)
    _mark_beside(pages, needed)
    for page in pages:
        _mark_apart(page)


def _returns(lines: list[LayoutLine], needed: int) -> bool:
    """Return whether lines alike but for their digits are alike in these too, or count the pages.

    附件1, 附件2, 附件3 at the heads of three pages are none of a running header.
    """
    exact: dict[str, set[int]] = defaultdict(set)
    ahead: dict[int, set[int]] = defaultdict(set)
    for ln in lines:
        exact[ln.text].add(ln.page)
        for digits in _DIGITS.findall(ln.text):
            ahead[int(digits[:9]) - ln.page].add(ln.page)
    return max(map(len, [*exact.values(), *ahead.values()])) >= needed


def _is_in_text(ln: LayoutLine, page: list[LayoutLine]) -> bool:
    """Return whether a line has the size of the text, and the space to it that its lines have."""
    if ln.x0 is None:
        return False
    placed = [other for other in page if other.x0 is not None]
    em = em_of(placed)
    gaps = [b.top - a.bottom for a, b in pairwise(placed) if b.top > a.top]
    if not gaps or abs(ln.size - em) > 0.05 * em:
        return False
    inwards = [
        other.top - ln.bottom if ln.top < ln.page_height / 2 else ln.top - other.bottom
        for other in placed
        if other is not ln and other.role is None
    ]
    return min([gap for gap in inwards if gap > -0.5 * em], default=em) < median(gaps) + 0.3 * em


def _mark_apart(page: list[LayoutLine]) -> None:
    """Mark small lines at the page's very edges, apart from the text.

    On a single page, or on a first one, nothing returns that would tell them.
    """
    placed = [ln for ln in page if ln.x0 is not None and ln.page_height and ln.role is None]
    em = em_of(placed)
    above = _block(sorted(placed, key=lambda ln: ln.top), em)
    below = _block(sorted(placed, key=lambda ln: -ln.bottom), em)
    if any(_NOTE_MARK.match(ln.text) for ln in below):
        below = []
    for lines in (above, below):
        if len(lines) < len(placed):
            for ln in lines:
                ln.role = "furniture"


def _block(lines: list[LayoutLine], em: float) -> list[LayoutLine]:
    """Return the first lines, up to the first space, if all are small and at the page's edge."""
    out: list[LayoutLine] = []
    for ln in lines:
        if out and min(_apart(other, ln) for other in out) > 1.5 * em:
            return out
        edge = min(ln.top, ln.page_height - ln.bottom) < _EDGE * ln.page_height
        if not edge or ln.size >= _HEADER * em or len(out) == _MOST_APART:
            return []
        out.append(ln)
    return []


def _mark_beside(pages: list[list[LayoutLine]], needed: int) -> None:
    """Mark page numbers in the outer margin, beside the text."""
    found: dict[int, list[LayoutLine]] = defaultdict(list)
    for page in pages:
        numbers = [
            ln
            for ln in page
            if ln.role is None and ln.x0 is not None and _PAGE_NUMBER.match(ln.text)
        ]
        if not numbers:
            continue
        widest = max(page, key=lambda ln: ln.x1 - (ln.x0 or 0.0))
        for ln in numbers:
            if (ln.x0 or 0.0) > widest.x1 or ln.x1 < (widest.x0 or 0.0):
                found[int(_DIGITS.findall(ln.text)[0]) - ln.page].append(ln)
    for lines in found.values():
        if len(lines) >= needed:
            for ln in lines:
                ln.role = "furniture"


def _is_page_number(ln: LayoutLine) -> bool:
    text = ln.text
    return bool(
        _PAGE_NUMBER.match(text)
        or (ln.x0 and _ROMAN.match(text))
        or (text[0] == "第" and _PAGE_IN_WORDS.match(text))
    )


def _mark_slots(edges: list[list[LayoutLine]], needed: int) -> None:
    """Mark what stands where other pages have their running lines: a chapter's title, say."""
    slots: dict[int, list[LayoutLine]] = defaultdict(list)
    others: dict[int, list[LayoutLine]] = defaultdict(list)
    for page in edges:
        for ln in page:
            if ln.x0 is not None:
                (slots if ln.role == "furniture" else others)[round(ln.top / 4)].append(ln)
    for slot, lines in others.items():
        running = [ln for n in (slot - 1, slot, slot + 1) for ln in slots.get(n, ())]
        if len({ln.page for ln in running}) < max(needed, len(lines)):
            continue
        size = median(ln.size for ln in running)
        for ln in lines:
            if len(ln.text) <= 60 and abs(ln.size - size) < 0.1 * size:
                ln.role = "furniture"


def mark_watermarks(pages: list[list[LayoutLine]]) -> None:
    """Mark lines that stand, word for word, at the same place on most pages: watermarks, seals.

    Either they are large or askew, or they are few: pages that are alike altogether are no
    watermark.
    """
    if len(pages) < _WATERMARK_PAGES:
        return
    spots: dict[tuple[str, int, int], set[int]] = defaultdict(set)
    placed = [ln for page in pages for ln in page if ln.x0 is not None and not ln.fixed]
    needed = max(_WATERMARK_PAGES, 0.6 * len(pages))
    times = Counter([ln.text for ln in placed])
    often = {text for text, n in times.items() if n >= needed and len(text) <= 40}
    short = [ln for ln in placed if ln.text in often] if often else []
    at = [_spot(ln) for ln in short]
    for ln, spot in zip(short, at, strict=True):
        spots[spot].add(ln.page)
    found = [
        ln
        for ln, spot in zip(short, at, strict=True)
        if len(spots[spot]) >= needed and ln.role is None
    ]
    few = len(found) <= len(placed) / 4
    em = em_of(placed) if found else 0.0
    for ln in found:
        if few or ln.size > 1.8 * em:
            ln.role = "furniture"


def _spot(ln: LayoutLine) -> tuple[str, int, int]:
    return ln.text, round((ln.x0 or 0) / 6), round(ln.top / 6)


def _place(ln: LayoutLine) -> tuple[str, int]:
    return _DIGITS.sub("#", ln.text.replace(" ", "")), round(ln.top / 12)


def _edge_lines(page: list[LayoutLine]) -> list[LayoutLine]:
    placed = [ln for ln in page if ln.x0 is not None and ln.page_height]
    if placed:
        return [
            ln
            for ln in placed
            if ln.top < ln.page_height * _MARGIN or ln.bottom > ln.page_height * (1 - _MARGIN)
        ]
    return page[:2] + page[2:][-2:]


def mark_contents(lines: list[LayoutLine]) -> None:
    """Mark the table of contents: lines with leaders, and what follows the word 目录.

    After 目录 a line belongs to the contents when its text (page number apart) begins a later
    line again, which is what a list of headings is. A line of prose ends the contents, and so
    does the first heading once it returns: those after it may return too.
    """
    prose = [ln for ln in lines if ln.role is None]
    # Most documents have nothing like a leader, which is told faster than by an expression.
    whole = "\n".join([ln.text for ln in prose])
    leaders = [leader for leader in _LEADERS if leader in whole]
    for ln in prose if leaders else ():
        maybe = not ln.fixed and any(map(ln.text.__contains__, leaders))
        if maybe and _LEADER.search(ln.text[-_TAIL:]):
            ln.role = "toc"
    for n, ln in enumerate(prose[:200]):
        if _CONTENTS.match(ln.text):
            ln.role = "toc"
            _follow(prose, n + 1)
            break


def _key(text: str) -> str:
    if not text[-1].isdecimal() and text[-1] not in " ）)—–-":
        return text.rstrip(_LEADER_CHARS).replace(" ", "")
    head, tail = text[:-_TAIL], text[-_TAIL:]
    return (head + _TRAILING_NUMBER.sub("", tail)).rstrip(_LEADER_CHARS).replace(" ", "")


def _follow(prose: list[LayoutLine], first: int) -> None:
    starts: dict[str, list[int]] = defaultdict(list)
    for n, ln in enumerate(prose):
        starts[_key(ln.text)[:6]].append(n)
    missed = 0
    opening = ""
    pending: list[LayoutLine] = []
    for n in range(first, min(first + 600, len(prose))):
        ln = prose[n]
        key = _key(ln.text)
        if n == first:
            opening = key
        elif key == opening:
            return
        returns = key and any(
            m > n and _key(prose[m].text)[: len(key)] == key[: len(prose[m].text)]
            for m in starts.get(key[:6], ())
        )
        if ln.role == "toc" or returns:
            for p in [*pending, ln]:
                p.role = "toc"
            pending, missed = [], 0
            continue
        missed += 1
        pending.append(ln)
        if missed > 1 or ln.page > prose[first - 1].page + 6 or len(ln.text) > 45:
            return


def mark_footnotes(pages: list[list[LayoutLine]]) -> None:
    """Mark footnotes: small lines at the foot of a page, from one with a note's mark on.

    A note that does not end goes on at the foot of the next page, without a mark.
    """
    em = em_of([ln for page in pages for ln in page if ln.role is None])
    if not em:
        return
    unfinished = False
    for page in pages:
        started = False
        last: LayoutLine | None = None
        foot = _foot(page, em) if unfinished else None
        for ln in page:
            if ln.x0 is None or ln.fixed or ln.role == "furniture":
                continue
            if ln.role is not None:
                started = False
                continue
            low = ln.page_height and ln.top > ln.page_height * 0.45
            marked = _NOTE_MARK.match(ln.text) or (
                ln.size < em * _TINY and _NUMBER_MARK.match(ln.text)
            )
            if ln.size < em * _SMALL and low and (started or marked or ln is foot):
                ln.role, started, last = "footnote", True, ln
            else:
                started = False
        unfinished = last is not None and last.text[-1] not in "。.！？)）"


def _foot(page: list[LayoutLine], em: float) -> LayoutLine | None:
    """Return the first of the small lines that end a page, if space parts them from the text."""
    first: LayoutLine | None = None
    for ln in reversed(page):
        if ln.role == "furniture" or ln.x0 is None:
            continue
        if ln.size >= em * _SMALL:
            return first if first is not None and first.top - ln.bottom > 0.5 * em else None
        first = ln
    return None


def mark_tables(pages: list[list[LayoutLine]], gutters: list[tuple[Gutter, ...]]) -> None:
    """Mark table rows: two or more lines on end whose cells stand far apart, and the caption.

    Around such rows, lines that are no lines of running text are rows too: cells of several
    lines, rows with one cell.
    """
    placed = [ln for page in pages for ln in page if ln.x0 is not None and ln.role is None]
    em = em_of(placed)
    usual: list[Margins] | None = None
    for page, parting in zip(pages, gutters, strict=True):
        own = em_of(page)
        wide = [_is_row(ln, own) for ln in page]
        for n, ln in enumerate(page):
            if not wide[n] or ln.role is not None or ln.fixed:
                continue
            if any(wide[n - 1 : n] + wide[n + 1 : n + 2]):
                ln.role = "table"
        if not any(wide) and not any(ln.role == "table" for ln in page):
            continue
        # A row whose cells nearly touch is known by its neighbour: as many cells, no full stop.
        for a, b in [*pairwise(page), *pairwise(page[::-1])]:
            if a.role != "table" or b.role is not None or b.fixed:
                continue
            if b.text.count(" ") == a.text.count(" ") > 0 and b.text[-1] not in "。；！？":
                b.role = "table"
        if any(wide):
            body = [ln for ln in page if ln.role in (None, "table") and ln.x0 is not None]
            for column in by_column(body, parting):
                margins = Margins.of(column, em)
                if margins is None and not parting:
                    usual = _usual(pages, em) if usual is None else usual
                    margins = usual[0] if usual else None
                if margins is not None:
                    _fill(column, margins)
        for ln, below in pairwise(page):
            if ln.role is None and below.role == "table" and _CAPTION.match(ln.text):
                ln.role = "table"


def _fill(body: list[LayoutLine], margins: Margins) -> None:
    """Mark the lines around table rows that are no lines of running text."""
    groups: list[list[LayoutLine]] = [[]]
    for ln, runs in zip(body, margins.running(body), strict=True):
        last = groups[-1][-1] if groups[-1] else None
        if runs or (last is not None and _apart(last, ln) > 2.2 * margins.em):
            groups.append([])
        if not runs:
            groups[-1].append(ln)
    for group in groups:
        rows = [n for n, ln in enumerate(group) if ln.role == "table" or ln.has_cells]
        if len(rows) < 2:
            continue
        for n, ln in enumerate(group):
            inside = rows[0] <= n <= rows[-1] or margins.beside(ln)
            if inside and ln.role is None and not ln.fixed:
                ln.role = "table"


def _apart(a: LayoutLine, b: LayoutLine) -> float:
    return max(a.top, b.top) - min(a.bottom, b.bottom)


@dataclass(frozen=True, slots=True)
class Margins:
    """Where running text stands on a page: lines from ``left`` or an indent to ``right``."""

    left: float
    right: float
    em: float

    @classmethod
    def of(cls, lines: list[LayoutLine], em: float) -> Margins | None:
        """Return the margins by the page's long lines, None where there are few."""
        widest = max((ln.x1 - (ln.x0 or 0.0) for ln in lines), default=0.0)
        long = [
            ln
            for ln in lines
            if ln.role is None and not ln.has_cells and ln.x1 - (ln.x0 or 0.0) > 0.7 * widest
        ]
        if len(long) < 4:
            return None
        left: float = Counter(round(ln.x0 or 0.0) for ln in long).most_common(1)[0][0]
        # On a page of short paragraphs, most lines are first lines.
        before = [ln.x0 or 0.0 for ln in lines if 1.4 * em < left - (ln.x0 or 0.0) < 2.6 * em]
        left = min(before, default=left)
        return cls(left, sorted(ln.x1 for ln in long)[int(len(long) * 0.9)], em)

    def beside(self, ln: LayoutLine) -> bool:
        """Return whether a line stands where no paragraph begins, or is smaller than text."""
        indent = ((ln.x0 or 0.0) - self.left) / self.em
        at_margin = min(abs(indent), abs(indent - 2)) < 0.25
        return not at_margin or ln.size < 0.96 * self.em

    def running(self, lines: list[LayoutLine]) -> list[bool]:
        """Return, for every line, whether it is one of running text."""
        out: list[bool] = []
        goes_on = False  # whether the line before is full
        for ln in lines:
            indent = ((ln.x0 or 0.0) - self.left) / self.em if self.em else 0.0
            cells = ln.has_cells
            prose = -0.5 < indent < 2.8 and not cells
            full = prose and ln.x1 > self.right - 3.5 * self.em
            last = prose and goes_on and indent < 0.4
            single = prose and abs(indent - 2) < 0.4 and ln.text[-1] in "。！？：:"
            heading = bool(_HEADING.match(ln.text.replace(" ", ""))) or (
                ln.size > 1.12 * self.em and not cells
            )
            out.append(ln.role is None and (full or last or single or heading))
            goes_on = full
        return out


def _usual(pages: list[list[LayoutLine]], em: float) -> list[Margins]:
    """Return the margins that most pages have, as the only item; none if no page shows any."""
    alike: dict[int, list[Margins]] = defaultdict(list)
    for page in pages:
        body = [ln for ln in page if ln.role is None and ln.x0 is not None]
        if margins := Margins.of(body, em):
            alike[round(margins.left / 3)].append(margins)
    most = max(alike.values(), key=len, default=[])
    return [Margins(most[0].left, median(m.right for m in most), em)] if most else []


def _is_row(ln: LayoutLine, em: float) -> bool:
    if ln.x0 is None or " " not in ln.text.strip() or not ln.size:
        return False
    size = min(ln.size, em) if em else ln.size
    return ln.x1 - ln.x0 > _SPREAD * natural_width(ln.text, size)
