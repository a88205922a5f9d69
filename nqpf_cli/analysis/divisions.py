"""The divisions of the country, and whose name a text begins with.

The table is ``data/divisions.csv``: codes of GB/T 2260, down to counties; its source is told in
``data/SOURCES.md``. A name that several places bear is nobody's, unless what stands around it
names the place above: 鼓楼区 alone stays unknown, 南京市鼓楼区 does not.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from nqpf_cli.resources import table, words

_LONGEST = 16  # characters: no name in the table is longer
_KINDS = (("自治州", "州"), ("自治县", "县"), ("自治旗", "旗"))
# 吉林市场监管, 河北区域规划: the name's last character belongs to the next word.
_BROKEN = (("市", re.compile("场|民|政(?!府|协)|容")), ("区", re.compile("域|间|位")))
# What follows the short name of a city where it means the authority.
_OFFICIAL = re.compile(
    r"\s*(?:$|(?:19|20)\d\d|二[〇○零]|人民政府|政府|市委|州委|国民经济|[“\"]?十[一二三四五六七]五)"
)


class Division(NamedTuple):
    """A row of the table; ``parent`` is a code, ``block`` one of the framework's four blocks."""

    code: str
    name: str
    short: str
    level: str
    parent: str
    block: str | None


@cache
def divisions() -> tuple[Division, ...]:
    """Return the table of divisions, by code."""
    with table("divisions.csv").open(encoding="utf-8", newline="") as f:
        rows = csv.reader(f)
        if tuple(next(rows)) != Division._fields:
            raise ValueError("divisions.csv has other columns")
        return tuple(
            [
                Division(code, name, short, level, parent, block or None)
                for code, name, short, level, parent, block in rows
            ]
        )


@cache
def _by_code() -> dict[str, Division]:
    return {d.code: d for d in divisions()}


def nation() -> Division:
    """Return the whole country."""
    return divisions()[0]


def above(d: Division) -> tuple[Division, ...]:
    """Return the divisions that a division lies in, the nearest first; not the country."""
    out = []
    while (up := _by_code().get(d.parent)) is not None and up.level != "national":
        out.append(up)
        d = up
    return tuple(out)


def province_of(d: Division) -> Division | None:
    """Return the province that a division is or lies in; None for the country."""
    return next((x for x in (d, *above(d)) if x.level == "province"), None)


@cache
def _full() -> dict[str, tuple[Division, ...]]:
    """Return full names, and the names without the peoples' (恩施州), with whose they are."""
    out: dict[str, list[Division]] = defaultdict(list)
    for d in divisions()[1:]:
        out[d.name].append(d)
        if "自治" not in d.name:  # most
            continue
        names = {d.short + kind for long, kind in _KINDS if d.name.endswith(long)}
        if d.name.endswith("自治区"):
            names.add(d.short + "自治区")
        for name in names - {d.name}:
            out[name].append(d)
    return {name: tuple(found) for name, found in out.items()}


@cache
def _short() -> dict[str, Division]:
    """Return the short names that can mean one province or prefecture only.

    吉林 and 海南 (province, or a prefecture) and 朝阳 (a city, or districts elsewhere) cannot;
    长沙 can, since 长沙县 lies in it.
    """
    by_short: dict[str, list[Division]] = defaultdict(list)
    for d in divisions()[1:]:
        by_short[d.short].append(d)
    out = {}
    for short, found in by_short.items():
        high = [d for d in found if d.level in ("province", "prefecture")]
        if len(high) != 1:
            continue
        one = high[0]
        elsewhere = any(d.level == "county" and one not in above(d) for d in found)
        if one.level == "province" or not elsewhere:
            out[short] = one
    return out


@dataclass(frozen=True, slots=True)
class _Guards:
    next: re.Pattern[str]
    within: re.Pattern[str]


@cache
def _guards() -> _Guards:
    data = words("documents.toml")["not_a_place"]
    return _Guards(
        re.compile("|".join(map(re.escape, data["next"]))),
        re.compile(f".{{0,20}}(?:{'|'.join(map(re.escape, data['within']))})"),
    )


def starting(text: str, at: int, context: str = "") -> tuple[Division, int] | None:
    """Return the division whose name begins at ``at``, and where its name ends.

    Names may follow one another from the larger to the smaller (湖北省武汉市江夏区); the smallest
    is returned. None where the name could be several places' and neither the names before it nor
    ``context`` tell which, and where two places stand side by side (北京市和河北省).
    """
    found: Division | None = None
    while (step := _next(text, at, found, context)) is not None:
        found, at = step
    if found is None:
        return None
    beside = re.match(r"\s*[和与及、暨－—-]\s*", text[at:])
    if beside and _next(text, at + beside.end(), None, context):
        return None
    return found, at


def _next(text: str, at: int, within: Division | None, context: str) -> tuple[Division, int] | None:
    while at < len(text) and text[at] == " ":
        at += 1
    for length in range(min(_LONGEST, len(text) - at), 1, -1):
        name = text[at : at + length]
        rest = text[at + length :]
        if (found := _full().get(name)) and not _is_broken(name, rest):
            one = _one(found, within, context)
            return (one, at + length) if one else None
        short = _short().get(name)
        if short and (within is None or within in above(short)) and _stands_alone(short, rest):
            return short, at + length
    return None


def _is_broken(name: str, rest: str) -> bool:
    if _guards().next.match(rest):
        return True
    return any(name.endswith(last) and after.match(rest) for last, after in _BROKEN)


def _stands_alone(d: Division, rest: str) -> bool:
    if _guards().next.match(rest) or _guards().within.match(rest):
        return False
    return d.level == "province" or bool(_OFFICIAL.match(rest))


def _one(found: Iterable[Division], within: Division | None, context: str) -> Division | None:
    if within is not None:
        found = [d for d in found if within in above(d)]
    found = list(found)
    if len(found) > 1:
        named = [d for d in found if any(up.name in context for up in above(d))]
        # Two cities of one province may have such a district: the nearest above tells more.
        near = [d for d in named if above(d)[0].name in context]
        found = near if len(near) == 1 else named
    return found[0] if len(found) == 1 else None


def ending(text: str, end: int, context: str = "") -> Division | None:
    """Return the division whose name, or chain of names, ends at ``end``."""
    for at in range(max(0, end - 3 * _LONGEST), end - 1):
        hit = starting(text[:end], at, context)
        if hit and hit[1] == end:
            return hit[0]
    return None
