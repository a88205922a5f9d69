"""Headings with their level, and the section of a report that a paragraph stands in.

The words are data (``data/sections.toml``). A report tells the past, then what is wrong, then what
is aimed at, then the tasks; its headings say so, or the opening words of its paragraphs do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from nqpf_cli.model import BlockKind, Section
from nqpf_cli.resources import words

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
_UNNUMBERED = 30  # characters: a longer line is no heading without a number
_FIRST = 3
_SAYS = 120  # characters in which a paragraph says what it is about
_PLACEHOLDER = re.compile(r"^各位代表[！!，,：:]?$")

REFERENCES = re.compile(r"^(?:参\s*考\s*文\s*献|参考资料|references)[:：]?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Words:
    headings: tuple[tuple[str, re.Pattern[str]], ...]
    review_heading: re.Pattern[str]
    plan_period: re.Pattern[str]
    tasks: re.Pattern[str]
    unnumbered: re.Pattern[str]
    problems: re.Pattern[str]
    no_problems: re.Pattern[str]
    more_problems: re.Pattern[str]
    outlook: re.Pattern[str]
    horizon: re.Pattern[str]
    announces: re.Pattern[str]
    task: re.Pattern[str]
    review: re.Pattern[str]


@cache
def _words() -> _Words:
    data = words("sections.toml")

    def any_of(part: str, key: str) -> re.Pattern[str]:
        return re.compile("|".join(data[part][key]))

    order = ("annex", "problems", "horizon", "review", "outlook", "plan")
    return _Words(
        headings=tuple((name, any_of("heading", name)) for name in order),
        review_heading=any_of("heading", "review"),
        plan_period=any_of("heading", "plan_period"),
        tasks=any_of("heading", "tasks"),
        unnumbered=any_of("heading", "unnumbered"),
        problems=any_of("problems", "says"),
        no_problems=any_of("problems", "but_not_after"),
        more_problems=any_of("problems", "goes_on"),
        outlook=any_of("outlook", "begins"),
        horizon=any_of("outlook", "horizon"),
        announces=any_of("plan", "announces"),
        task=any_of("plan", "begins"),
        review=any_of("review", "begins"),
    )


def heading_level(text: str) -> int:
    """Return the level (1–4) of a numbered heading, 0 if the text is no heading."""
    if len(text) > MAX_HEADING or _FINAL.search(text):
        return 0
    return next((level for level, rx in _LEVELS if rx.match(text)), 0)


def plans_year(heading: str) -> bool:
    """Return whether a first-level heading announces the tasks of a year."""
    return _kind_of(heading) in ("outlook", "plan")


def _kind_of(heading: str) -> str | None:
    """Return what a heading's words tell: a section, or ``horizon`` (the years of a plan)."""
    return next((name for name, rx in _words().headings if rx.search(heading)), None)


class Sections:
    """Follows a document from block to block and tells the section of each."""

    def __init__(self) -> None:
        self._now: Section = "other"
        self._ahead = False  # the past has been told
        self._aims_only = False  # numbered paragraphs are aims here, no tasks
        self._later: str | None = None  # the plan whose years a heading puts behind its review
        self._awaits = 0  # paragraphs under a new heading that may tell what stands under it
        self._listing = False  # the paragraph before told problems
        self._announced = False  # … and ends in a colon

    def of(self, kind: BlockKind, level: int, text: str) -> Section:
        """Return the section of the next block; tables and notes stand where they are."""
        if kind == "heading" and level == 1:
            return self._under(text)
        if kind == "heading" and self._now == "outlook" and not self._aims_only:
            self._now = "plan"
        if kind == "paragraph" and self._is_unnumbered(text):
            return self._under(text)
        return self._paragraph(text) if kind in ("paragraph", "list") else self._now

    def _is_unnumbered(self, text: str) -> bool:
        if len(text) > _UNNUMBERED or _FINAL.search(text) or self._now == "annex":
            return False
        words = _words()
        annex = words.headings[0][1].search(text) and self._now in ("plan", "outlook")
        return bool(annex or words.unnumbered.search(text))

    def _under(self, heading: str) -> Section:
        """Return the section that a first-level heading opens."""
        words = _words()
        kind = _kind_of(heading)
        if self._now == "annex" and kind != "annex":
            return self._now
        self._listing, self._later = False, None
        self._aims_only = kind == "horizon" or (
            kind == "outlook" and not words.tasks.search(heading)
        )
        self._awaits = _FIRST if kind in (None, "outlook", "plan") else 0
        match kind:
            case "horizon" | "outlook":
                self._now, self._ahead = "outlook", True
                plans = words.plan_period.findall(heading)
                if len(set(plans)) > 1 and words.review_heading.search(heading):
                    self._later, self._now = plans[-1], "review"
            case "plan":
                self._now, self._ahead = "plan", True
            case "annex":
                self._now = "annex"
            case "review":
                self._now, self._ahead = "review", False
            case "problems":
                self._now, self._ahead = "problems", True
            case _ if self._ahead:
                # 三、加强政府自身建设: what follows aims without words for it is a task.
                self._now = "plan"
        return self._now

    def _paragraph(self, text: str) -> Section:
        words = _words()
        if self._now == "annex" or _PLACEHOLDER.match(text):
            return self._now
        if self._later and words.horizon.match(text) and self._later in text[:_SAYS]:
            self._now, self._later = "outlook", None
        if self._now in ("other", "review") and self._says_problems(text):
            self._ahead = True
            return self._problem(text)
        if self._listing and (self._announced or words.more_problems.match(text)):
            return self._problem(text)
        self._listing = False
        if self._awaits:
            self._first(text)
        elif self._now == "outlook" and not self._aims_only and words.task.match(text):
            self._now = "plan"
        elif self._now == "other" and words.review.match(text):
            self._now = "review"
        here = self._now
        if here == "outlook" and not self._aims_only and words.announces.search(text[-_SAYS:]):
            # The tasks follow; a line that only announces them belongs to them.
            self._now = "plan"
            return here if len(text) > _SAYS else "plan"
        return here

    def _problem(self, text: str) -> Section:
        self._listing, self._announced = True, text[-1] in "：:"
        return "problems"

    def _first(self, text: str) -> None:
        """Decide, by the first paragraphs under a heading, what stands under it."""
        words = _words()
        self._awaits -= 1
        if self._now == "other" or (self._now == "review" and not self._ahead):
            if words.review.match(text):
                self._now, self._awaits = "review", 0
            elif self._now == "review" and words.outlook.match(text):
                self._now, self._awaits, self._ahead = "outlook", 0, True
        elif words.task.match(text):
            self._awaits = 0
            self._now = self._now if self._aims_only else "plan"
        elif words.outlook.match(text):
            self._now, self._awaits = "outlook", 0
            self._aims_only = self._aims_only or bool(words.horizon.match(text))

    def _says_problems(self, text: str) -> bool:
        words = _words()
        found = words.problems.search(text[:_SAYS])
        return bool(found) and not words.no_problems.match(text)
