"""Hits → sentences with the hits marked, by page: for the terminal, and as Markdown."""

from __future__ import annotations

from itertools import groupby
from pathlib import PurePath

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from nqpf_cli.formats.markdown import bold, captioned_table, escape
from nqpf_cli.formats.safe import one_line
from nqpf_cli.formats.words import name, word
from nqpf_cli.i18n import Language
from nqpf_cli.model import OBSTRUCTIONS, Hit, Lexicon

_STANCE_STYLE = {"problem": "bold yellow", "remedy": "bold blue", None: "bold green"}


def clean(text: str) -> str:
    """Return a sentence safe to show: a document must not steer the terminal."""
    return one_line(text)


def surface_of(hit: Hit) -> str:
    """Return a surface as it reads: the line ends of the page inside it are no characters."""
    return clean(hit.surface.replace("\n", ""))


def marked(hits: list[Hit]) -> Text:
    """Return the sentence of the hits (one sentence): what counts in bold, the rest struck out."""
    text = Text(clean(hits[0].sentence))
    for h in hits:
        text.stylize(_style(h), *h.span)
    return text


def draw_hits(
    console: Console, hits: list[Hit], lexicon: Lexicon, lang: Language, *, why: bool
) -> None:
    """Draw hits by page and sentence; a sentence stands on the page of its first hit."""
    sentences = _by_sentence(hits)
    for page, on_page in groupby(sentences, key=lambda group: group[0].page):
        groups = list(on_page)
        if page is not None:
            console.rule(Text(_page(page, groups, lang)), style="dim")
        for group in groups:
            console.print(marked(group))
            for h in group:
                console.print(Padding(_line(h, page, lexicon, lang, why=why), (0, 0, 0, 4)))
            console.print()
    console.print(Text(_total(hits, lang), style="dim"))


def _by_sentence(hits: list[Hit]) -> list[list[Hit]]:
    return [list(same) for _, same in groupby(hits, key=lambda h: h.sentence_start)]


def _style(h: Hit) -> str:
    return _STANCE_STYLE[h.stance] if h.counted else "dim strike"


def _page(page: int, groups: list[list[Hit]], lang: Language) -> str:
    zh = lang == "zh"
    hits = sum(map(len, groups))
    text = (
        f"第 {page} 页 · {hits} 处命中，{len(groups)} 句"
        if zh
        else f"page {page} · {hits} hit(s) in {len(groups)} sentence(s)"
    )
    confidence = groups[0][0].ocr_confidence
    return text if confidence is None else f"{text} · OCR {confidence:.0%}"


def _line(h: Hit, page: int | None, lexicon: Lexicon, lang: Language, *, why: bool) -> Text:
    zh = lang == "zh"
    line = Text(f"{name(h.category, lexicon, lang)} › {name(h.indicator, lexicon, lang)}: ")
    line.append(surface_of(h), style=_style(h))
    if h.stance:
        line.append(f" · {word(h.stance, lang)}")
    if not h.counted:
        line.append(f" · {_idle(h, lang)}", style="red")
    line.append(f"  [{h.start}–{h.end}]", style="dim")
    if h.page != page:
        line.append(f" 第 {h.page} 页" if zh else f" page {h.page}", style="dim")
    if why:
        line.append(f"  ← {' · '.join(_reasons(h, lang))}", style="dim")
    return line


def _reasons(h: Hit, lang: Language) -> list[str]:
    """Return the entry of a hit, and the rule and the cue that gave its stance."""
    zh = lang == "zh"
    reasons = [f"词条 {h.entry}" if zh else f"entry {h.entry}"]
    reasons += [f"规则 {h.rule}" if zh else f"rule {h.rule}"] if h.rule else []
    reasons += [f"线索 {h.cue}" if zh else f"cue {h.cue}"] if h.cue else []
    return reasons


def _idle(h: Hit, lang: Language) -> str:
    """Return why a hit does not make its sentence count."""
    zh = lang == "zh"
    if h.stance is None and h.category in OBSTRUCTIONS:
        return "✗ 不计：没有立场" if zh else "✗ counts for nothing: no stance"
    return "✗ 不计句：该句没有得到此标签" if zh else "✗ no sentence: the label was not given"


def _total(hits: list[Hit], lang: Language) -> str:
    zh = lang == "zh"
    idle = sum(not h.counted for h in hits)
    text = f"{len(hits)} 处命中" if zh else f"{len(hits)} hit(s)"
    if not idle:
        return text
    return (
        f"{text}，其中 {idle} 处（✗）不使所在句计入"
        if zh
        else (f"{text}, {idle} of which (✗) do not make their sentence count")
    )


def hits_markdown(hits: list[Hit], lexicon: Lexicon, lang: Language, *, why: bool) -> str:
    """Return hits as Markdown: a table of their sentences, with the hits that count in bold."""
    zh = lang == "zh"
    paged = any(h.page is not None for h in hits)
    head = [
        *(["页" if zh else "page"] if paged else []),
        *(["句", "证据"] if zh else ["sentence", "evidence"]),
    ]
    rows = []
    for group in _by_sentence(hits):
        page = [] if not paged else ["–" if group[0].page is None else str(group[0].page)]
        lines = [_reading(h, lexicon, lang, why=why) for h in group]
        rows.append([*page, _in_bold(group), ("；" if zh else "; ").join(lines)])
    caption = escape(f"{PurePath(hits[0].path).name}: {_total(hits, lang)}")
    note = escape(
        f"词典 {lexicon.name} {lexicon.version}（sha256 {lexicon.sha256}）；"
        f"文件 sha256 {hits[0].sha256}。"
        if zh
        else f"Lexicon {lexicon.name} {lexicon.version} (sha256 {lexicon.sha256}); file sha256 "
        f"{hits[0].sha256}."
    )
    return f"{captioned_table(caption, head, rows, left=len(head))}\n\n{note}\n"


def _in_bold(hits: list[Hit]) -> str:
    """Return the sentence of the hits with those that count in bold; overlapping ones as one."""
    text, parts, done = hits[0].sentence, [], 0
    spans: list[tuple[int, int]] = []
    for start, end in sorted(h.span for h in hits if h.counted):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    for start, end in spans:
        parts += [escape(text[done:start]), bold(text[start:end])]
        done = end
    return "".join([*parts, escape(text[done:])])


def _reading(h: Hit, lexicon: Lexicon, lang: Language, *, why: bool) -> str:
    """Return what a hit is evidence of, and why."""
    line = (
        f"{surface_of(h)} → {name(h.category, lexicon, lang)} › {name(h.indicator, lexicon, lang)}"
    )
    line += f" · {word(h.stance, lang)}" if h.stance else ""
    line += "" if h.counted else f" · {_idle(h, lang)}"
    return escape(line + (f" ({' · '.join(_reasons(h, lang))})" if why else ""))
