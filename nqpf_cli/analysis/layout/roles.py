"""Lines that are no prose: running headers and footers, contents, footnotes, tables."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise

from nqpf_cli.analysis.layout.lines import LayoutLine, em_of, natural_width

_PAGE_NUMBER = re.compile(
    r"^[—–\-－·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／,，共]+\s*\d{1,4}\s*页?)?[—–\-－·\s]*$"
)
_ROMAN = re.compile(r"^[—–\-\s]*[ivxlcIVXLC]{1,7}[—–\-\s]*$")
_DIGITS = re.compile(r"\d+")
# …… at the end of prose is an ellipsis; only with a page number behind it is it a leader.
_LEADER = re.compile(
    r"(?:(?:…{3,}|\.{4,}|·{4,}|(?:\. ){4,}|_{4,}|─{3,})\s*[（(]?\d{0,4}[)）]?"
    r"|…{2,}\s*[（(]?\d{1,4}[)）]?)\s*$"
)
_TRAILING_NUMBER = re.compile(r"[\s.…·]*[（(]?\d{1,4}[)）]?\s*$")
_CONTENTS = re.compile(r"^(?:目\s*录|目\s*次|contents)$", re.IGNORECASE)
_NOTE_MARK = re.compile(r"^(?:\[\d{1,3}\]|［\d{1,3}］|〔\d{1,3}〕|[①-⑳]|\*|注[:：]|\d{1,2}\s)")
_CAPTION = re.compile(r"^(?:续?表|专栏)\s*[\d一二三四五六七八九十]+")

_WATERMARK_PAGES = 3
_MARGIN = 0.13  # share of the page's height in which running headers and footers stand
_SMALL = 0.86  # a footnote's size, as share of the text's
_SPREAD = 1.45  # a table row is this much wider than its characters set solid


def mark_furniture(pages: list[list[LayoutLine]]) -> None:
    """Mark running headers, footers and page numbers.

    A running line stands near the upper or lower edge, and the same text (digits apart) stands
    there, at the same height, on at least three pages, or on half of a short document's. (The
    title on the first page may have the words of the running header, but not its place.)
    """
    places: dict[tuple[str, int], set[int]] = defaultdict(set)
    edges = [[ln for ln in _edge_lines(page) if not ln.fixed] for page in pages]
    for page in edges:
        for ln in page:
            places[_place(ln)].add(ln.page)
    needed = max(2, min(3, (len(pages) + 1) // 2))
    for page in edges:
        for ln in page:
            repeated = len(places[_place(ln)]) >= needed and len(ln.text) <= 60
            if repeated or _PAGE_NUMBER.match(ln.text) or (_ROMAN.match(ln.text) and ln.x0):
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
    for ln in placed:
        spots[_spot(ln)].add(ln.page)
    needed = max(_WATERMARK_PAGES, 0.6 * len(pages))
    em = em_of(placed)
    for page in pages:
        prose = [ln for ln in page if ln.role is None and not ln.fixed]
        found = [ln for ln in prose if len(ln.text) <= 40 and len(spots[_spot(ln)]) >= needed]
        for ln in found:
            if ln.size > 1.8 * em or len(found) <= len(prose) / 4:
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
    line again, which is what a list of headings is. A line of prose ends the contents.
    """
    prose = [ln for ln in lines if ln.role is None]
    for ln in prose:
        if not ln.fixed and _LEADER.search(ln.text):
            ln.role = "toc"
    starts: dict[str, list[int]] = defaultdict(list)
    for n, ln in enumerate(prose):
        starts[_key(ln.text)[:6]].append(n)
    for n, ln in enumerate(prose):
        if _CONTENTS.match(ln.text) and n < 200:
            ln.role = "toc"
            _follow(prose, n + 1, starts)
            break


def _key(text: str) -> str:
    return _TRAILING_NUMBER.sub("", text).replace(" ", "")


def _follow(prose: list[LayoutLine], first: int, starts: dict[str, list[int]]) -> None:
    missed = 0
    pending: list[LayoutLine] = []
    for n in range(first, min(first + 600, len(prose))):
        ln = prose[n]
        key = _key(ln.text)
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
    """Mark footnotes: small lines at the foot of a page, from one with a note's mark on."""
    em = em_of([ln for page in pages for ln in page if ln.role is None])
    if not em:
        return
    for page in pages:
        started = False
        for ln in page:
            if ln.x0 is None or ln.fixed or ln.role == "furniture":
                continue
            low = ln.page_height and ln.top > ln.page_height * 0.45
            small = ln.size < em * _SMALL
            if small and low and (started or _NOTE_MARK.match(ln.text)):
                ln.role, started = "footnote", True
            else:
                started = False


def mark_tables(pages: list[list[LayoutLine]]) -> None:
    """Mark table rows: two or more lines on end whose cells stand far apart, and the caption."""
    for page in pages:
        em = em_of(page)
        wide = [_is_row(ln, em) for ln in page]
        for n, ln in enumerate(page):
            if ln.role is not None or ln.fixed:
                continue
            neighbours = wide[n - 1 : n] + wide[n + 1 : n + 2]
            if wide[n] and any(neighbours):
                ln.role = "table"
        # A row whose cells nearly touch is known by its neighbour: as many cells, no full stop.
        for a, b in [*pairwise(page), *pairwise(page[::-1])]:
            same = b.text.count(" ") == a.text.count(" ") > 0 and b.text[-1] not in "。；！？"
            if a.role == "table" and b.role is None and not b.fixed and same:
                b.role = "table"
        for ln, below in pairwise(page):
            if ln.role is None and below.role == "table" and _CAPTION.match(ln.text):
                ln.role = "table"


def _is_row(ln: LayoutLine, em: float) -> bool:
    if ln.x0 is None or " " not in ln.text.strip() or not ln.size:
        return False
    size = min(ln.size, em) if em else ln.size
    return ln.x1 - ln.x0 > _SPREAD * natural_width(ln.text, size)
