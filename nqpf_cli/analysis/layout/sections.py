"""Headings with their level, and the section of a report that a paragraph stands in."""

from __future__ import annotations

import re

from nqpf_cli.model import Section

_LEVELS = (
    (1, re.compile(r"^第[一二三四五六七八九十百零〇\d]{1,4}[篇编部]")),
    (1, re.compile(r"^[一二三四五六七八九十]{1,3}、")),
    (1, re.compile(r"^第[一二三四五六七八九十百零〇\d]{1,4}章")),
    (2, re.compile(r"^第[一二三四五六七八九十百零〇\d]{1,4}节")),
    (2, re.compile(r"^[（(][一二三四五六七八九十]{1,3}[)）]")),
    (3, re.compile(r"^\d{1,2}[.．、](?!\d)")),
    (4, re.compile(r"^[（(]\d{1,2}[)）]")),
)
_FINAL = re.compile(r"[。！？；!?;：:]$")
MAX_HEADING = 45

REFERENCES = re.compile(r"^(?:参\s*考\s*文\s*献|参考资料|references)[:：]?$", re.IGNORECASE)
_SECTIONS: tuple[tuple[Section, re.Pattern[str]], ...] = (
    ("annex", re.compile(r"^附\s*[件录表]|名词解释|名词术语|有关用语说明|注释")),
    ("problems", re.compile(r"(?:问题|困难|挑战|不足|短板)(?:与|和|及|、|$)|存在的(?:主要)?问题")),
    ("review", re.compile(r"回顾|工作情况|主要成[绩就效]|取得的成|发展基础|发展成就|过去[一五]年")),
    ("outlook", re.compile(r"总体要求|指导思想|主要目标|总体思路|发展目标|形势|发展环境|目标任务")),
    (
        "plan",
        re.compile(
            r"安排|重点工作|主要工作|重点任务|主要任务|工作任务|部署|保障措施|政策措施|年工作$|今年工作"
        ),
    ),
)
_STATES_PROBLEMS = re.compile(
    r"(?:清醒|深刻|深知|也要看到|必须看到|客观)[^。]{0,24}(?:认识|看到|困难|问题|不足|挑战)|"
    r"(?:面临|存在|还有)[^。]{0,20}(?:困难|问题|不足|短板)[^。]{0,12}[。：:]"
)
_PLAN_YEAR = re.compile(r"^(?:[一二三四五六七八九十]{1,3}、)?(?:全力|扎实|切实)?做好.{0,14}工作$")


def heading_level(text: str) -> int:
    """Return the level (1–4) of a numbered heading, 0 if the text is no heading."""
    if len(text) > MAX_HEADING or _FINAL.search(text):
        return 0
    return next((level for level, rx in _LEVELS if rx.match(text)), 0)


def section_of_heading(text: str) -> Section | None:
    """Return the section that a first-level heading opens, None if its words do not tell."""
    if _PLAN_YEAR.search(text):
        return "plan"
    return next((name for name, rx in _SECTIONS if rx.search(text)), None)


def states_problems(paragraph: str) -> bool:
    """Return whether a paragraph announces that it lists problems."""
    return bool(_STATES_PROBLEMS.search(paragraph[:120]))
