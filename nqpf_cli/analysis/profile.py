"""What a document is called, what kind it is, of which year and whose.

Read from its title, its opening and its file name, in this order; ``found_in`` says from which.
Nothing is guessed: what none of the three says stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from typing import TypeVar

from nqpf_cli.analysis.divisions import (
    Division,
    above,
    divisions,
    ending,
    nation,
    province_of,
    starting,
)
from nqpf_cli.analysis.layout.sections import heading_level, plans_year
from nqpf_cli.model import Block, Jurisdiction, Profile
from nqpf_cli.resources import words

T = TypeVar("T")

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:\s*年)?(?!\d)")
_ISSUED = re.compile(r"[〔\[［(（]((?:19|20)\d{2})[〕\]］)）]\s*\d+\s*号")
_YEAR_HAN = re.compile(r"(二[〇○零][〇○零一二三四五六七八九]{2})年")
# 二〇三五年远景目标: how far a plan looks, not when it was written.
_HORIZON = re.compile(r"(?:(?:19|20)\d{2}|二[〇○零][〇○零一二三四五六七八九]{2})年远景目标")
_HAN_DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
_DATED = re.compile(r"((?:19|20)\d{2})年\d{1,2}月\d{1,2}日|(二[〇○零]\S{2})年\S{1,2}月\S{1,3}日")
# （2019年…通过　根据2024年…第一次修正）: how a regulation came about, below its title.
_CAME_ABOUT = re.compile(
    rf"^[（(]?(?:根据)?(?:{_DATED.pattern})[^。]*(?:通过|批准|公布|发布|修正|修订)"
)
_AMENDED = re.compile("修正|修订")
_QUOTED = re.compile("《[^《》]*》")
_PROVISIONS = re.compile(r"第[一二三四五六七八九十百\d]+[编章条]")
_PLAN_YEAR = re.compile(r"((?:19|20)\d{2})年")
_ADDRESSED = re.compile("(?:向大会(?:报告|作)|代表[^。]{0,20}报告)[^。]{0,12}工作[^。]{0,12}[请审]")

_OPENING = 12  # blocks
_TITLE_LINES = 6
_TITLE_CHARS = 100
_PART_CHARS = 40
_SENTENCE = re.compile("[。；！？，：]")
_REMARK = re.compile(r"\s*[（(《〈][^（()）]{0,40}[)）]\s*$|[》〉”\"\s]+$")
_BRINGS = re.compile(
    r"(?:印发|转发|发布|公布|批转)(?:了)?\s*[《〈]?(.+?)[》〉]?\s*的?(?:通知|决定|公告)$"
)
_OCCASION = re.compile(r"^[—–\-（(\s]*(?:(?:19|20)\d\d|二[〇○零]\S\S)年\S{1,3}月\S{1,3}日")
_GENERIC_TITLES = re.compile(
    r"^(untitled|microsoft word|无标题|文档|document)|\.docx?$|^\W*$", re.I
)
_TOKENS = re.compile(r"[\s_\-—.·]+")

_LEAD = re.compile(
    r"^[\s《〈“\"#—–-]*(?:(?:(?:19|20)\d\d|二[〇○零][〇○零一二三四五六七八九]{2})\s*年?(?:度)?)?\s*(?:中共(?!中央))?\s*"
)
_ABOUT = re.compile(r"^关于(?:(?:19|20)\d\d年?)?")
_OWN_BUSINESS = re.compile(r"(?:(?:19|20)\d\d年?)?(?:政府工作|国民经济|财政|预算|.{0,20}执行情况)")
_ISSUES = re.compile(r"(?:印发|发布|公布)(?:了)?\s*[《〈“]?")
_ASSEMBLY = re.compile(
    r"第?[一二三四五六七八九十百\d]{1,4}届(全国)?(?:人民代表大会|人大(?:常委会)?第?[一二三四五六七八九十])"
)
_GOVERNMENT = re.compile("人民政府")
_UNKNOWN_PLACE = re.compile(r"(?:在|于|日|^)[\u4e00-\u9fff]{2,10}(?:省|市|自治区|州|县|区|盟|旗)$")
_LETTERHEAD = 60  # characters


@dataclass(frozen=True, slots=True)
class _Kind:
    id: str
    ends: tuple[str, ...]
    within: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    kinds: tuple[_Kind, ...]
    title: re.Pattern[str]
    national: re.Pattern[str]


@cache
def _words() -> _Words:
    data = words("documents.toml")
    kinds = tuple(_Kind(k["id"], tuple(k["ends"]), tuple(k["within"])) for k in data["kind"])
    # 法 ends titles, but other words too.
    titles = {w for k in kinds for w in k.ends if len(w) > 1}
    names, others = ("|".join(map(re.escape, data["national"][k])) for k in ("names", "not_before"))
    return _Words(
        kinds=kinds,
        title=re.compile("|".join(sorted(titles)) + "|^中华人民共和国.+法$"),
        national=re.compile(f"(?:{names})(?!{others})"),
    )


def kinds() -> tuple[str, ...]:
    """Return the kinds of documents that are told apart."""
    return tuple(k.id for k in _words().kinds)


def profile(path: str, title: str | None, blocks: Sequence[Block]) -> Profile:
    """Return what is known of a document; ``title`` is the one its format carries, if any."""
    shown = [b for b in blocks if b.kind not in ("toc", "furniture", "table")]
    opening = [b.text for b in shown[:_OPENING]]
    stem = PurePath(path).stem
    named = _first(_titles(title, opening, shown, stem))
    own = named[0] if named and named[1] != "filename" else None
    kind = _first(((_kind(own), "title"), (_addressed(opening), "body"), (_kind(stem), "filename")))
    year = _first(
        (
            (_year(own), "title"),
            (_amended(opening), "amendment"),
            (_dated(opening), "body"),
            (_planned(shown) if kind and kind[0] == "work_report" else None, "body"),
            (_year(stem), "filename"),
        )
    )
    found = {"title": named, "kind": kind, "year": year}
    return Profile(
        title=named[0] if named else None,
        kind=kind[0] if kind else None,
        year=year[0] if year else None,
        jurisdiction=_jurisdiction(own, opening, stem),
        found_in={key: value[1] if value else None for key, value in found.items()},
    )


def _first(found: Iterable[tuple[T | None, str]]) -> tuple[T, str] | None:
    return next(((value, where) for value, where in found if value is not None), None)


# Title


def _titles(
    carried: str | None, opening: list[str], shown: Sequence[Block], stem: str
) -> Iterable[tuple[str | None, str]]:
    marked = next((b.text for b in shown[:_OPENING] if b.kind == "title"), None)
    yield marked, "body"
    yield _shown_title(opening[:_TITLE_LINES]), "body"
    yield (carried if carried and not _GENERIC_TITLES.search(carried) else None), "metadata"
    tokens = [t for t in _TOKENS.split(stem) if _kind(t)]
    yield max(tokens, key=len, default=None), "filename"


def _shown_title(lines: list[str]) -> str | None:
    """Return the first line that is a title, else lines that make one together."""
    lines = [text.strip("# 　") for text in lines]
    for span in (1, 2, 3):
        for n in range(len(lines) - span + 1):
            parts = lines[n : n + span]
            whole = "".join(p.replace(" ", "") for p in parts) if span > 1 else parts[0]
            if span > 1 and any(len(p) > _PART_CHARS or _OCCASION.match(p) for p in parts):
                continue
            if _is_title(whole):
                return whole
    return None


def _is_title(text: str) -> bool:
    if len(text) > _TITLE_CHARS or _SENTENCE.search(text) or _OCCASION.match(text):
        return False
    return heading_level(text) == 0 and bool(_words().title.search(text))


# Kind


def _kind(text: str | None) -> str | None:
    """Return the kind that a title's last word tells; None if it has no word of a kind."""
    if not text:
        return None
    words = _words().kinds
    within = next((k.id for k in words if any(w in text for w in k.within)), None)
    if within:
        return within
    text = _inner(text)
    ends = [(len(w), k.id) for k in words for w in k.ends if text.endswith(w)]
    if ends:
        return max(ends)[1]
    anywhere = [
        (text.rfind(w) + len(w), len(w), k.id)
        for k in words
        for w in k.ends
        if len(w) > 1 and w in text
    ]
    return max(anywhere)[2] if anywhere else None


def _inner(text: str) -> str:
    """Return the title without remarks at its end; of a notice, the title of what it brings."""
    while (shorter := _REMARK.sub("", text)) != text:
        text = shorter
    brought = _BRINGS.search(text)
    return _inner(brought[1]) if brought and _words().title.search(brought[1]) else text


def _addressed(opening: list[str]) -> str | None:
    """Return the kind that the opening words tell: a work report asks the assembly to review."""
    return "work_report" if any(_ADDRESSED.search(text[:200]) for text in opening) else None


# Year


def _year(text: str | None) -> int | None:
    if not text:
        return None
    text = _HORIZON.sub("", text)
    if m := _YEAR.search(text):
        return int(m[1])
    if m := _YEAR_HAN.search(text):
        return _han_year(m[1])
    return None


def _han_year(text: str) -> int | None:
    digits = "".join(_HAN_DIGITS.get(c, "") for c in text)
    return int(digits) if len(digits) == 4 else None


def _amended(opening: list[str]) -> int | None:
    """Return the year of the last amendment that the lines below a regulation's title tell."""
    years = []
    for text in opening:
        dense = _dense(text)
        if _PROVISIONS.match(dense):
            break
        if not _CAME_ABOUT.match(dense):
            continue
        dates = list(_DATED.finditer(dense))
        ends = [m.start() for m in dates[1:]] + [len(dense)]
        for m, end in zip(dates, ends, strict=True):
            # 《关于修改…的决定》 names what amended it; its own words are none of this line.
            if _AMENDED.search(_QUOTED.sub("", dense[m.end() : end])):
                years.append(_date_year(m))
    return max((y for y in years if y is not None), default=None)


def _dated(opening: list[str]) -> int | None:
    for text in opening:
        dense = _dense(text)
        if len(text) > 80 and not _CAME_ABOUT.match(dense):
            continue
        if m := _DATED.search(dense):
            return _date_year(m)
        if m := _ISSUED.search(dense):
            return int(m[1])
    return None


def _dense(text: str) -> str:
    return text.replace(" ", "").replace("\u3000", "")


def _date_year(date: re.Match[str]) -> int | None:
    return int(date[1]) if date[1] else _han_year(date[2])


def _planned(blocks: Sequence[Block]) -> int | None:
    """Return the one year that a report's headings set work for: 二、2024年工作安排."""
    years = {
        int(m[1])
        for b in blocks
        if b.kind == "heading" and b.level == 1 and plans_year(b.text)
        for m in _PLAN_YEAR.finditer(b.text)
    }
    return years.pop() if len(years) == 1 else None


# Whose


def _jurisdiction(title: str | None, opening: list[str], stem: str) -> Jurisdiction | None:
    context = "\n".join([title or "", *opening, stem])
    if title and (hit := _by_title(title, context)):
        return as_jurisdiction(hit, "title")
    for text in opening:
        known, hit = _by_opening(text, context)
        if known:
            return as_jurisdiction(hit, "body") if hit else None
    hit = _by_name(stem, context)
    return as_jurisdiction(hit, "filename") if hit else None


def _by_title(title: str, context: str) -> Division | None:
    """Return whose a title is: it begins with the name, or says whose plan it brings.

    关于赴浙江省考察的报告 is not Zhejiang's: a name elsewhere says what a document is about.
    """
    if found := _at_start(title, context):
        return found
    if (m := _ISSUES.search(title)) and (hit := starting(title, _lead(title, m.end()), context)):
        return hit[0]
    if (m := _ABOUT.match(title)) and (hit := starting(title, m.end(), context)):
        return hit[0] if _OWN_BUSINESS.match(title[hit[1] :]) else None
    return _of_assembly(title, context)[1]


def _lead(text: str, at: int = 0) -> int:
    m = _LEAD.match(text[at:])
    return at + (m.end() if m else 0)


def _at_start(text: str, context: str) -> Division | None:
    at = _lead(text)
    if _words().national.match(text, at):
        return nation()
    hit = starting(text, at, context)
    return hit[0] if hit else None


def _by_opening(text: str, context: str) -> tuple[bool, Division | None]:
    """Return whether a paragraph says whose the document is, and whose if that is known."""
    known, hit = _of_assembly(text, context)
    if known:
        return True, hit
    if "代表国务院" in text or (len(text) <= 30 and text.startswith("国务院")):
        return True, nation()
    letterhead = len(text) <= _LETTERHEAD and text[-1:] not in "：:。"
    for m in _GOVERNMENT.finditer(text[:200]):
        spoken = re.search("代表[^，。]{0,24}$", text[: m.start()])
        if (letterhead or spoken) and (hit := ending(text, m.start(), context)):
            return True, hit
    return False, None


def _of_assembly(text: str, context: str) -> tuple[bool, Division | None]:
    """Return whether a text names a people's congress with a place, and the place if known."""
    for m in _ASSEMBLY.finditer(text):
        before = text[: m.start()]
        if m[1] or before.endswith("全国"):
            return True, nation()
        if hit := ending(text, m.start(), context):
            return True, hit
        # A city's assembly is not the province's: an unknown name decides that nothing is known.
        if _UNKNOWN_PLACE.search(before):
            return True, None
    return False, None


def _by_name(stem: str, context: str) -> Division | None:
    """Return whose a file name says the document is: one place begins a part of it."""
    found = {hit.code: hit for part in _TOKENS.split(stem) if (hit := _at_start(part, context))}
    inner = [d for d in found.values() if not any(_is_above(d, e) for e in found.values())]
    return inner[0] if len(inner) == 1 else None


def _is_above(d: Division, e: Division) -> bool:
    return d.code != e.code and (d.level == "national" or d in above(e))


def as_jurisdiction(d: Division, where: str) -> Jurisdiction:
    """Return a division as the jurisdiction of a document; ``where`` says where it was found."""
    province = province_of(d)
    return Jurisdiction(
        name=d.name,
        code=d.code,
        level=d.level,
        block=d.block,
        found_in=where,
        province=province.name if province else None,
    )


__all__ = ["Division", "as_jurisdiction", "divisions", "kinds", "profile"]
