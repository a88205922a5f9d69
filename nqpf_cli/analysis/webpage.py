"""What a web page puts around a document: buttons, place lines, labels, links, its foot.

The words are data (``data/webpage.toml``). ``engines/html.py`` asks of single blocks; in a text
that was saved from a page, with nothing left of its structure, ``around`` finds the lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from nqpf_cli.analysis.layout.sections import heading_level
from nqpf_cli.resources import words

_FOOT_CHARS = 200
_META_CHARS = 150
_CAPTION_CHARS = 160
_HEAD_LINES = 60  # a page's head ends with the first prose, and never goes on longer
_FOOT_LINES = 40
_TERMS_CHARS = 600
_PROSE_CHARS = 40
_SALUTATION_CHARS = 60
_CRUMB_CHARS = 24

SENTENCE = re.compile("[。；！？，]")
ANNEX = re.compile(r"附\s*[件表录]")
STAMP = re.compile(r"^(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:\s+\d{1,2}:\d\d(?::\d\d)?)?")
_END = re.compile("[。；！？]")
_MEANING = re.compile(r"\w")
_ARROW = re.compile("[>＞›»→]+")
_INVISIBLE = re.compile("[\\s\u200b-\u200f\u2060\ufeff]+")
# ——2025年1月13日在…大会上: where a report was given stands among the lines of the head.
_OCCASION = re.compile(r"^[—–\-（(\s]*(?:19|20|二[〇○零])\S{2,3}年\S{1,3}月\S{1,3}日")
_NAMES_DOCUMENT = re.compile("报告|规划|纲要|意见|方案|计划|条例|办法|通知|决定|措施")


def _any(words: Iterable[str]) -> str:
    """Return an alternation of literal words, the longer before what it begins with."""
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of ``webpage.toml``, compiled."""

    control: re.Pattern[str]
    label: re.Pattern[str]
    sure_label: re.Pattern[str]
    only_label: re.Pattern[str]
    place: re.Pattern[str]
    neighbour: re.Pattern[str]
    related: re.Pattern[str]
    foot: re.Pattern[str]
    sure_foot: re.Pattern[str]
    terms: re.Pattern[str]
    caption: re.Pattern[str]


@cache
def _words() -> _Words:
    data = words("webpage.toml")
    labels = _any(data["labels"])
    sure = f"^(?:{_any(data['foot_sure_openings'])})|{_any(data['foot_words'])}"
    openings = "|".join([_any(data["foot_openings"]), *data["foot_opening_patterns"]])
    things = _any(data["related_things"])
    return _Words(
        control=re.compile(_any(data["controls"])),
        label=re.compile(rf"(?:{labels})\s*[：:]"),
        sure_label=re.compile(rf"^(?:{_any(data['sure_labels'])})"),
        only_label=re.compile(rf"^(?:{labels})[：:]?$"),
        place=re.compile(rf"^(?:{'|'.join(data['place_patterns'])})"),
        neighbour=re.compile(rf"^(?:{'|'.join(data['neighbour_patterns'])})"),
        related=re.compile(rf"^(?:{_any(data['related'])})的?(?:{things})?\s*[：:>＞]*$"),
        foot=re.compile(rf"^(?:{openings})|{sure}", re.IGNORECASE),
        sure_foot=re.compile(sure, re.IGNORECASE),
        terms=re.compile(rf"^(?:{_any(data['terms_openings'])})"),
        caption=re.compile("|".join(data["caption_patterns"])),
    )


# One line


def is_control(text: str) -> bool:
    """Return whether a line is buttons and signs only."""
    return len(text) < _FOOT_CHARS and not _MEANING.search(_words().control.sub("", text))


def is_place(text: str) -> bool:
    """Return whether a line says where on the site the page stands."""
    return bool(_words().place.search(text[:60]))


def is_neighbour(text: str) -> bool:
    """Return whether a line leads to the page before or after."""
    return bool(_words().neighbour.match(text))


def is_related(text: str) -> bool:
    """Return whether a line heads a list of links."""
    return bool(_words().related.match(text))


def is_foot(text: str) -> bool:
    """Return whether a line belongs to a page's foot: its owner, its licence number."""
    return len(text) < _FOOT_CHARS and names_owner(text)


def names_owner(text: str) -> bool:
    """Return whether a text of any length begins as a page's foot does."""
    return bool(_words().foot.search(text[:_FOOT_CHARS]))


def is_label(text: str) -> bool:
    """Return whether a line or cell is nothing but a label."""
    return bool(_words().only_label.match(text))


def labels(text: str) -> int:
    """Return how many labels a line holds."""
    return len(_words().label.findall(text))


def is_meta(text: str) -> bool:
    """Return whether a line names time, source or visits of the web page."""
    if len(text) > _META_CHARS or _END.search(text):
        return False
    n = labels(text)
    return n > 1 or (n == 1 and bool(_words().sure_label.match(text) or STAMP.match(text)))


def heads_document(text: str) -> bool:
    """Return whether a line above a document is the page's: its labels, its time."""
    if is_meta(text) or STAMP.fullmatch(text):
        return True
    return labels(text) == 1 and len(text) < 40 and not SENTENCE.search(text)


def is_caption(text: str) -> bool:
    """Return whether a line stands below a picture and names who took it."""
    return len(text) <= _CAPTION_CHARS and bool(_words().caption.search(text))


# The lines of a saved text


def around(lines: Sequence[str]) -> frozenset[int]:
    """Return the places of the lines that a web page put around the document.

    They stand before the first prose or after the last; what stands between is never touched.
    """
    head = list(islice(_filled(lines, range(len(lines))), _HEAD_LINES))
    foot = list(islice(_filled(lines, range(len(lines) - 1, -1, -1)), _FOOT_LINES))[::-1]
    above = {head[k][0] for k in _head([text for _, text in head])}
    below = {foot[k][0] for k in _foot([text for _, text in foot])}
    rest = {n for n, _ in head + foot} - above - below
    # Of a text that would be all page, nothing is: a list of labels is a document too.
    return frozenset(above | below) if rest else frozenset()


def _filled(lines: Sequence[str], order: Iterable[int]) -> Iterator[tuple[int, str]]:
    for n in order:
        if text := _INVISIBLE.sub(" ", lines[n]).strip():
            yield n, text


def _head(texts: list[str]) -> set[int]:
    end = next((n for n, t in enumerate(texts) if _opens(t)), 0)
    found: set[int] = set()
    n = 0
    while n < end:
        text = texts[n]
        if is_place(text) or (text == "首页" and _is_arrow(texts[n + 1])):
            last = _crumbs(texts, n, end)
            found.update(range(n, last))
            n = last
            continue
        if is_label(text) and _is_value(texts[n + 1]):
            found |= {n, n + 1}
            n += 1
        elif _is_pages(text):
            found.add(n)
        n += 1
    return found | _repeated(texts[:end], found)


def _opens(text: str) -> bool:
    """Return whether a document's own text begins with this line: an address, a sentence."""
    if _is_pages(text) or is_label(text) or is_place(text) or _OCCASION.match(text):
        return False
    if text[-1] in "：:" and len(text) <= _SALUTATION_CHARS:
        return True
    if text[-1] in "。！？；" or heading_level(text):
        return True
    return len(text) >= _PROSE_CHARS and bool(SENTENCE.search(text))


def _is_pages(text: str) -> bool:
    """Return whether a line above the text is the page's, whatever stands around it."""
    # 项目名称：… may be the document's own; a page's label begins its line.
    labelled = heads_document(text) and (
        STAMP.match(text) or _words().label.match(text) or labels(text) > 1
    )
    return bool(labelled) or is_control(text) or is_neighbour(text) or is_caption(text)


def _is_arrow(text: str) -> bool:
    return bool(_ARROW.fullmatch(text))


def _is_value(text: str) -> bool:
    own = is_control(text) or is_label(text) or _NAMES_DOCUMENT.search(text)
    return len(text) <= 30 and not SENTENCE.search(text) and not own


def _crumbs(texts: list[str], first: int, end: int) -> int:
    """Return where a path through the site ends that stands on lines of its own."""
    at = first + 1
    if _ARROW.search(texts[first]):
        return at
    if texts[first] != "首页" and at < end and len(texts[at]) <= _CRUMB_CHARS:
        at += 1
    while at + 1 < end and _is_arrow(texts[at]) and len(texts[at + 1]) <= _CRUMB_CHARS:
        at += 2
    crumb = texts[at - 1]
    if at < end and texts[at] == crumb and not _NAMES_DOCUMENT.search(crumb):
        return at + 1
    # A path may end in the document's title, shown nowhere else.
    elsewhere = any(_NAMES_DOCUMENT.search(t) for t in texts[:first] + texts[at:end])
    return at - 1 if at - first > 2 and _NAMES_DOCUMENT.search(crumb) and not elsewhere else at


def _repeated(texts: list[str], found: set[int]) -> set[int]:
    """Return the lines that stand again below the page's lines: its own title."""
    out = set()
    for n, text in enumerate(texts):
        again = next((m for m in range(n + 1, len(texts)) if texts[m] == text), None)
        if again is not None and n not in found and found & set(range(n + 1, again)):
            out.add(n)
    return out


def _foot(texts: list[str]) -> set[int]:
    end = len(texts)
    for n, text in enumerate(texts):
        rest = texts[n + 1 :]
        terms = _words().terms.match(text) and sum(map(len, rest)) <= _TERMS_CHARS
        links = is_related(text) and not any(
            _END.search(t) or ANNEX.match(t) or len(t) > _META_CHARS for t in rest
        )
        if terms or links:
            end = n
            break
    sure = any(_words().sure_foot.search(t[:_FOOT_CHARS]) for t in texts)
    while end and _closes(texts[end - 1], sure):
        end -= 1
    return set(range(end, len(texts)))


def _closes(text: str, sure: bool) -> bool:
    if is_control(text) or is_neighbour(text) or is_related(text):
        return True
    if is_foot(text) and sure:
        return True
    plain = text.strip("()（）[]【】 ")
    return is_meta(plain) and not re.search(r"年.{1,3}月", text)
