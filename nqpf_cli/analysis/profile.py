"""Whose document it is, what kind, of which year: read from title, opening and file name.

Nothing is guessed: what none of the three says stays unknown.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath

from nqpf_cli.model import Block, Jurisdiction, Profile
from nqpf_cli.resources import table

KINDS: tuple[tuple[str, str], ...] = (
    ("work_report", "政府工作报告"),
    ("plan_outline", "规划纲要|计划纲要|发展规划《纲要》|远景目标纲要"),
    ("plan_report", "计划执行情况|计划草案"),
    ("plan", "规划"),
    ("action_plan", "行动计划|行动方案|实施方案|工作方案|总体方案|方案|三年行动"),
    ("opinion", "意见"),
    ("regulation", "条例|办法|规定|细则|法$"),
    ("notice", "通知|通报|批复|决定|函$"),
    ("measures", "措施"),
)
_TITLE = re.compile("报告|规划|纲要|意见|方案|计划|条例|办法|通知|公报|决定|规定|措施|批复|细则")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:\s*年)?(?!\d)")
_ISSUED = re.compile(r"[〔\[［(（]((?:19|20)\d{2})[〕\]］)）]\s*\d+\s*号")
_YEAR_HAN = re.compile(r"(二[〇○零][〇○零一二三四五六七八九]{2})年")
# 二〇三五年远景目标: how far a plan looks, not when it was written.
_HORIZON = re.compile(r"(?:(?:19|20)\d{2}|二[〇○零][〇○零一二三四五六七八九]{2})年远景目标")
_HAN_DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
_DATED = re.compile(r"((?:19|20)\d{2})年\d{1,2}月\d{1,2}日")
_ASSEMBLY = re.compile(
    r"(?:在|于|日)?((?:[\u4e00-\u9fff]{2,8}?(?:省|市|自治区|自治州|县|区|盟|旗))|全国)?"
    r"第[一二三四五六七八九十百\d]{1,4}届(全国)?人民代表大会"
)
_GOVERNMENT = re.compile(r"([\u4e00-\u9fff]{2,9}?(?:省|市|自治区|自治州|县|区))人民政府")
_OPENING = 12  # blocks
_GENERIC_TITLES = re.compile(
    r"^(untitled|microsoft word|无标题|文档|document)|\.docx?$|^\W*$", re.I
)


@dataclass(frozen=True, slots=True)
class Division:
    """A row of the table of divisions; ``block`` is one of the four blocks of the framework."""

    code: str
    name: str
    short: str
    level: str
    block: str | None


@cache
def divisions() -> tuple[Division, ...]:
    """Return the table of divisions (GB/T 2260 codes; blocks of the Bureau of Statistics)."""
    with table("divisions.csv").open(encoding="utf-8", newline="") as f:
        return tuple(
            Division(r["code"], r["name"], r["short"], r["level"], r["block"] or None)
            for r in csv.DictReader(f)
        )


def profile(path: str, title: str | None, blocks: Sequence[Block]) -> Profile:
    """Return what is known of a document; ``title`` is the one its format carries, if any."""
    opening = [b.text for b in blocks if b.kind not in ("toc", "furniture", "table")][:_OPENING]
    named = _title(title, opening, blocks)
    stem = PurePath(path).stem
    return Profile(
        title=named,
        kind=_kind(named) or _kind(stem),
        year=_year(named) or _dated(opening) or _year(stem),
        jurisdiction=_jurisdiction(named, opening, stem),
    )


def _title(carried: str | None, opening: list[str], blocks: Sequence[Block]) -> str | None:
    marked = next((b.text for b in blocks[:_OPENING] if b.kind == "title"), None)
    if marked:
        return marked
    for text in opening[:6]:
        text = text.strip("# 　")
        if len(text) <= 60 and _TITLE.search(text) and not re.search("[。；！？，：]", text):
            return text
    if carried and not _GENERIC_TITLES.search(carried):
        return carried
    return None


def _kind(text: str | None) -> str | None:
    if not text:
        return None
    return next((kind for kind, words in KINDS if re.search(words, text)), None)


def _year(text: str | None) -> int | None:
    if not text:
        return None
    text = _HORIZON.sub("", text)
    if m := _YEAR.search(text):
        return int(m[1])
    if m := _YEAR_HAN.search(text):
        return int("".join(_HAN_DIGITS[c] for c in m[1]))
    return None


def _dated(opening: list[str]) -> int | None:
    for text in opening:
        dense = text.replace(" ", "")
        if len(text) <= 80 and (m := _DATED.search(dense) or _ISSUED.search(dense)):
            return int(m[1])
    return None


def _jurisdiction(title: str | None, opening: list[str], stem: str) -> Jurisdiction | None:
    if title and (found := _named(title, "title")):
        return found
    for text in opening:
        for m in _ASSEMBLY.finditer(text):
            if m[1] is None and m[2] is None:
                continue
            # A city's assembly is not the province's: an unknown name decides nothing here.
            return _exact("全国" if m[2] or m[1] == "全国" else m[1] or "", "body")
        government = _GOVERNMENT.search(text) if len(text) <= 60 else None
        if government and (hit := _exact(government[1], "body")):
            return hit
        if "代表国务院" in text or (len(text) <= 30 and text.startswith("国务院")):
            return _exact("全国", "body")
    return _named(stem, "filename")


def _exact(name: str, where: str) -> Jurisdiction | None:
    for d in divisions():
        if name in (d.name, d.short) or name.endswith(d.name):
            return _as_jurisdiction(d, where)
    return None


def _named(text: str, where: str) -> Jurisdiction | None:
    if "国务院" in text or re.search("全国(?!统一大市场|重点)", text):
        return _exact("全国", where)
    found = []
    for d in divisions()[1:]:
        at = text.find(d.short)
        if at < 0:
            continue
        rest = text[at + len(d.short) :].removeprefix(d.name[len(d.short) :])
        # 吉林省吉林市…: the document is a city's, and cities are not in the table.
        if re.match(r"[\u4e00-\u9fff]{0,6}(?:市|县|区|州|盟)", rest) and "人民" not in rest[:4]:
            return None
        if re.match("大学|学院|银行|证券|路|街", rest):
            continue
        found.append(d)
    return _as_jurisdiction(found[0], where) if len(found) == 1 else None


def _as_jurisdiction(d: Division, where: str) -> Jurisdiction:
    return Jurisdiction(name=d.name, code=d.code, level=d.level, block=d.block, found_in=where)
