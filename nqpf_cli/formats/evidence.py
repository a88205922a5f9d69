"""Hits → sentences with the hits marked, by page."""

from __future__ import annotations

from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from nqpf_cli.formats.safe import one_line
from nqpf_cli.formats.words import name, word
from nqpf_cli.i18n import Language
from nqpf_cli.model import Hit, Lexicon

_STANCE_STYLE = {"problem": "bold yellow", "remedy": "bold blue", None: "bold green"}


def clean(text: str) -> str:
    """Return a sentence safe to show: a document must not steer the terminal."""
    return one_line(text)


def surface_of(hit: Hit) -> str:
    """Return a surface as it reads: the line ends of the page inside it are no characters."""
    return clean(hit.surface.replace("\n", ""))


def marked(hits: list[Hit]) -> Text:
    """Return the sentence of the hits (one sentence) with its hits in bold."""
    text = Text(clean(hits[0].sentence))
    for h in hits:
        text.stylize(_STANCE_STYLE[h.stance], *h.span)
    return text


def draw_hits(
    console: Console, hits: list[Hit], lexicon: Lexicon, lang: Language, *, why: bool
) -> None:
    """Draw hits grouped by page and sentence."""
    zh = lang == "zh"
    for page, on_page in groupby(hits, key=lambda h: h.page):
        if page is not None:
            console.rule(Text(_page(page, hits, zh)), style="dim")
        for _, same in groupby(on_page, key=lambda h: h.sentence_start):
            group = list(same)
            console.print(marked(group))
            for h in group:
                console.print(Padding(_line(h, lexicon, lang, why=why), (0, 0, 0, 4)))
            console.print()
    count = len(hits)
    console.print(Text(f"{count} 处命中" if zh else f"{count} hit(s)", style="dim"))


def _page(page: int, hits: list[Hit], zh: bool) -> str:
    confidence = next((h.ocr_confidence for h in hits if h.page == page), None)
    text = f"第 {page} 页" if zh else f"page {page}"
    return text if confidence is None else f"{text} · OCR {confidence:.0%}"


def _line(h: Hit, lexicon: Lexicon, lang: Language, *, why: bool) -> Text:
    line = Text(f"{name(h.category, lexicon, lang)} › {name(h.indicator, lexicon, lang)}: ")
    line.append(surface_of(h), style=_STANCE_STYLE[h.stance])
    if h.stance:
        line.append(f" · {word(h.stance, lang)}")
    line.append(f"  [{h.start}–{h.end}]", style="dim")
    if why:
        line.append(f"  ← {h.entry}", style="dim")
        if h.rule:
            line.append(f" · {h.rule}" + (f" · {h.cue}" if h.cue else ""), style="dim")
    return line
