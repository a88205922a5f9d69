"""Pages → blocks: the order in which the layout rules run."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from nqpf_cli.analysis.layout import roles, sections
from nqpf_cli.analysis.layout.lines import LayoutLine, convert_lines, gutters_of, lines_of
from nqpf_cli.analysis.layout.paragraphs import join
from nqpf_cli.analysis.normalize import squeeze
from nqpf_cli.model import PAGE_BREAK, Block, BlockKind, Page, RawText

_NOTE_CALL = re.compile(
    r"(?<=[\u4e00-\u9fff。，；：、”）》%％])(?:\[\d{1,3}\]|［\d{1,3}］|〔\d{1,3}〕(?!\d))+(?!号)"
)
_CALL_BRACKETS = "[［〔"  # told faster than by an expression, where there are none
_CIRCLED = frozenset(map(chr, range(0x2460, 0x2474)))  # ① to ⑳
_SPACED_DIGITS = re.compile(r"(?<![\d.])\d(?: \d){2,}(?!\d)")


def raw_text(pages: Iterable[Page]) -> RawText:
    """Join the pages' texts by form feeds and note where each begins."""
    texts, starts, numbers, at = [], [], [], 0
    for page in pages:
        texts.append(page.text)
        starts.append(at)
        numbers.append(page.number)
        at += len(page.text) + len(PAGE_BREAK)
    return RawText(text=PAGE_BREAK.join(texts), page_starts=tuple(starts), numbers=tuple(numbers))


def build_blocks(
    pages: tuple[Page, ...], raw: RawText, convert: Callable[[str], str] | None = None
) -> tuple[Block, ...]:
    """Return the blocks of a document in reading order, prose and everything else.

    ``convert`` changes characters, one for one, before any rule looks at them.
    """
    layout = [lines_of(p, s) for p, s in zip(pages, raw.page_starts, strict=True)]
    if convert is not None:
        for lines in layout:
            convert_lines(lines, convert)
    flat = [ln for page in layout for ln in page]
    if len(pages) > 1 or any(ln.x0 is not None for ln in flat):
        roles.mark_furniture(layout)
        roles.mark_watermarks(layout)
    roles.mark_contents(flat)
    gutters = gutters_of(pages, layout)
    if len(pages) > 1 or any(ln.x0 is not None for ln in flat):
        roles.mark_tables(layout, gutters)
        roles.mark_footnotes(layout)
    prose = join([[ln for ln in page if ln.role is None or ln.fixed] for page in layout], gutters)
    others = _runs([ln for ln in flat if ln.role is not None and not ln.fixed])
    groups = sorted([*prose, *others], key=lambda g: g[0].sources[0])
    return tuple(_sectioned(groups, raw, _circled_notes(flat)))


def _circled_notes(lines: list[LayoutLine]) -> dict[int, set[str]]:
    """Return the circled numbers that the footnotes of every page have."""
    out: dict[int, set[str]] = {}
    for ln in lines:
        if ln.role == "footnote" and ln.text[0] in _CIRCLED:
            out.setdefault(ln.page, set()).add(ln.text[0])
    return out


def _runs(lines: list[LayoutLine]) -> list[list[LayoutLine]]:
    """Group neighbouring lines of the same role on a page; table rows stay single."""
    groups: list[list[LayoutLine]] = []
    for ln in lines:
        last = groups[-1][-1] if groups else None
        follows = (
            last is not None
            and ln.role == "footnote"
            and last.role == "footnote"
            and last.page == ln.page
            and not roles._NOTE_MARK.match(ln.text)
        )
        if follows:
            groups[-1].append(ln)
        else:
            groups.append([ln])
    return groups


def _content(
    group: list[LayoutLine], circled: dict[int, set[str]]
) -> tuple[BlockKind, int, str, array[int]]:
    """Return kind, level, text and sources of a block made of lines.

    ``circled`` holds the marks of the footnotes on every page.
    """
    first = group[0]
    text, sources = (first.text, first.sources) if len(group) == 1 else _joined(group)
    kind: BlockKind = first.role or "paragraph"
    level = first.level
    if kind not in ("table", "furniture"):
        text, sources = squeeze(text, sources)
        if " " in text:
            text, sources = _drop(_SPACED_DIGITS, " ", text, sources)
    if kind == "paragraph" and any(map(text.__contains__, _CALL_BRACKETS)):
        text, sources = _drop(_NOTE_CALL, None, text, sources)
    if kind == "paragraph" and circled:
        marks = set[str]().union(*(circled.get(page, ()) for page in {ln.page for ln in group}))
        if marks and any(map(text.__contains__, marks)):
            text, sources = _drop(_circled_calls("".join(sorted(marks))), None, text, sources)
    if kind in ("paragraph", "list") and (found := sections.heading_level(text)):
        kind, level = "heading", found
    return kind, level, text, sources


@cache
def _circled_calls(marks: str) -> re.Pattern[str]:
    """Return what finds calls of notes, but not the numbers of a list (包括：①……；②……)."""
    return re.compile(rf"(?<=[\u4e00-\u9fff\d”》）%％])[{marks}]|[{marks}]$")


def _joined(group: list[LayoutLine]) -> tuple[str, array[int]]:
    parts: list[str] = []
    sources: array[int] = array("I")
    for ln in group:
        if parts and (glue := _glue(parts[-1], ln.text)):
            parts.append(glue)
            sources.append(sources[-1])
        parts.append(ln.text)
        sources.extend(ln.sources)
    return "".join(parts), sources


def _glue(left: str, right: str) -> str:
    """Return what joins two lines: a space between Latin words, nothing elsewhere."""
    a, b = left[-1:], right[:1]
    return " " if a.isascii() and b.isascii() and a.isalpha() and b.isalpha() else ""


def _drop(
    pattern: re.Pattern[str], char: str | None, text: str, sources: array[int]
) -> tuple[str, array[int]]:
    """Drop every match of ``pattern``, or only ``char`` inside it (2 0 0 1 年 → 2001 年)."""
    if not pattern.search(text):
        return text, sources
    drop = {
        i
        for m in pattern.finditer(text)
        for i in range(m.start(), m.end())
        if char is None or text[i] == char
    }
    keep = [i for i in range(len(text)) if i not in drop]
    return "".join(text[i] for i in keep), array("I", (sources[i] for i in keep))


def _sectioned(
    groups: Iterable[list[LayoutLine]], raw: RawText, circled: dict[int, set[str]]
) -> Iterator[Block]:
    """Make blocks of groups of lines, and tell the section that each stands in."""
    told = sections.Sections()
    in_references = False
    for group in groups:
        kind, level, text, sources = _content(group, circled)
        section = told.of(kind, level, text)
        if kind in ("paragraph", "heading", "list", "title"):
            if sections.REFERENCES.match(text):
                in_references = True
            elif kind == "heading" and level == 1:
                in_references = False
            if in_references:
                kind = "references"
        page = raw.page_of(sources[0])
        yield Block(kind=kind, text=text, sources=sources, page=page, level=level, section=section)
