"""A comparison → tables for the terminal, and rows for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from typing import Any

from rich import box
from rich.columns import Columns
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from nqpf_cli.formats.bars import percent
from nqpf_cli.formats.documents import (
    called,
    measure_name,
    percentage_points,
    probability,
    with_interval,
)
from nqpf_cli.formats.markdown import captioned_table, escape
from nqpf_cli.formats.safe import one_line
from nqpf_cli.formats.words import name
from nqpf_cli.i18n import Language, tr
from nqpf_cli.model import Lexicon

ALPHA = 0.05
CATEGORIES = ("dimension", "obstruction", "path")
_SIDE_BY_SIDE = 2  # with more differences than these, only those that hold are told
_LEAST_KEPT = 3
_FEW_PARAGRAPHS = 10
_SHARES = (
    "占全部句子的比例与差（百分点）",
    "Share of all sentences, and differences in percentage points",
)
_KEY_WORDS = (
    "关键词：比其余文档多用的词（G² 对数似然；LR 对数比，+1 即两倍）",
    "Key words: used more than in the rest (G² log-likelihood; LR log ratio, +1 = twice)",
)
_SIMILARITY = (
    "相似度（词语 tf-idf 余弦；1 为相同）",
    "Similarity (tf-idf cosine of words; 1 = the same)",
)
COLUMNS = (
    "level", "id", "stance", "document", "path", "against", "share", "against_share",
    "difference", "ci_low", "ci_high", "p", "q",
)  # fmt: skip


def difference_rows(view: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a row a difference, with the columns ``COLUMNS``; shares of single documents only."""
    paths = [d["path"] for d in view["documents"]]
    for m in view["measures"]:
        shares = [x["sentence_share"] for x in m["measures"]]
        for d in m["differences"]:
            here = shares[d["document"] - 1]
            yield {
                "level": m["level"],
                "id": m["id"],
                "stance": m["stance"],
                "document": d["document"],
                "path": paths[d["document"] - 1],
                "against": " ".join(map(str, d["against"])),
                "share": here,
                "against_share": round(here - d["difference"], 6),
                "difference": d["difference"],
                "ci_low": d["ci"][0],
                "ci_high": d["ci"][1],
                "p": d["p"],
                "q": d["q"],
            }


def draw_comparison(
    console: Console, view: dict[str, Any], lexicon: Lexicon, lang: Language, *, sentences: int
) -> None:
    """Draw the object of ``nqpf compare``; ``sentences`` is how many shared ones to show."""
    _documents(console, view, lang)
    _shares(console, view, lexicon, lang)
    _key_words(console, view)
    _similarity(console, view)
    _shared(console, view, sentences)


def _heading(console: Console, zh: str, en: str) -> None:
    console.print(Text(tr(zh, en), style="bold"))


def _documents(console: Console, view: dict[str, Any], lang: Language) -> None:
    console.print()
    for d in view["documents"]:
        line = Text(f"{d['number']}  ", style="bold cyan")
        line.append(called(d, lang), style="bold not cyan")
        console.print(line)
        counts = tr(
            f"{d['sentences']} 句 · {d['paragraphs']} 段 · {d['scored_han_chars']:,} 计分汉字",
            f"{d['sentences']} sentences · {d['paragraphs']} paragraphs · "
            f"{d['scored_han_chars']:,} Han characters scored",
        )
        console.print(Padding(Text(f"{one_line(d['path'])} · {counts}", style="dim"), (0, 0, 0, 3)))
        for warning in _warnings(d):
            console.print(Padding(Text(f"⚠ {warning}", style="yellow"), (0, 0, 0, 3)))
    console.print()


def _warnings(d: dict[str, Any]) -> list[str]:
    found = list(dict.fromkeys(w["code"] for w in d["warnings"]))
    if d["paragraphs"] < _FEW_PARAGRAPHS:
        found.append(
            tr(
                f"只有 {d['paragraphs']} 段：区间太窄，检验分不出什么",
                f"{d['paragraphs']} paragraph(s) only: intervals too narrow, tests without power",
            )
        )
    return found


# --- shares -----------------------------------------------------------------------------------


def _contrast(d: dict[str, Any]) -> str:
    """Return ``2−1``, with a word for several documents that it is held against."""
    against = d["against"]
    other = str(against[0]) if len(against) == 1 else tr("其余", "rest")
    return f"{d['document']}−{other}"


def _shares(console: Console, view: dict[str, Any], lexicon: Lexicon, lang: Language) -> None:
    documents, measures = view["documents"], view["measures"]
    contrasts = measures[0]["differences"]
    full = len(contrasts) <= _SIDE_BY_SIDE and len(documents) <= _SIDE_BY_SIDE + 1
    s = view["settings"]
    level = f"{100 * s['confidence']:g}%"
    _heading(console, *_SHARES)
    for part in _parts(documents, console.width - 24, 10):
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
        table.add_column("")
        for d in part:
            table.add_column(str(d["number"]), justify="right", header_style="bold cyan")
        if full:
            for c in contrasts:
                table.add_column(f"{_contrast(c)} [{level}]", no_wrap=True)
                table.add_column("p", justify="right")
                table.add_column("q", justify="right")
        for before, m in zip([None, *measures], measures, strict=False):
            if before is not None and before["level"] != m["level"]:
                table.add_section()
            table.add_row(*_row(m, part, lexicon, lang, full=full))
        table.add_section()
        table.add_row(tr("均衡度", "balance"), *(_number(d["indices"]["balance"]) for d in part))
        for id_ in documents[0]["obstructions"]:
            gaps = (d["obstructions"][id_]["response_gap"] for d in part)
            base = f"{name(id_, lexicon, lang)}·{tr('回应差', 'gap')}"
            table.add_row(base, *(f"{g:+.2f}".replace("-", "−") for g in gaps), style="dim")
        console.print(table)
    if not full:
        _holding(console, view, lexicon, lang)
    console.print(Padding(Text(_note(view), style="dim"), (0, 0, 1, 0)))


def _note(view: dict[str, Any]) -> str:
    s = view["settings"]
    contrasts = len(view["measures"][0]["differences"])
    families = (
        contrasts * sum((m["level"] in CATEGORIES) == categories for m in view["measures"])
        for categories in (True, False)
    )
    tests = " + ".join(str(n) for n in families if n)
    return tr(
        f"p：段落置换检验（学生化），{s['permutations']:,} 次，种子 {s['seed']}；"
        f"q：Benjamini–Hochberg，{tests} 个检验；粗体：q < {ALPHA:g}。"
        f"区间：自助法，{s['resamples']:,} 次。",
        f"p: permutation of paragraphs (studentised), {s['permutations']:,} times, seed "
        f"{s['seed']}; q: Benjamini–Hochberg over {tests} tests; bold: q < {ALPHA:g}. Intervals: "
        f"bootstrap, {s['resamples']:,} times.",
    )


def _parts(
    documents: list[dict[str, Any]], width: int, column: int
) -> Iterator[list[dict[str, Any]]]:
    """Yield documents by so many as stand side by side in ``width`` cells, ``column`` for each."""
    most = max(3, width // column)
    parts = -(-len(documents) // most)
    size = -(-len(documents) // parts)
    for start in range(0, len(documents), size):
        yield documents[start : start + size]


def _row(
    m: dict[str, Any], part: list[dict[str, Any]], lexicon: Lexicon, lang: Language, *, full: bool
) -> list[str | Text]:
    found = {d["document"]: d for d in m["differences"]}
    row: list[str | Text] = [measure_name(m, lexicon, lang)]
    for d in part:
        cell = Text(percent(m["measures"][d["number"] - 1]["sentence_share"]))
        difference = found.get(d["number"])
        if not full:
            cell.append(_arrow(difference), style="bold")
        row.append(cell)
    if full:
        for d in m["differences"]:
            holds = d["q"] < ALPHA
            shown = with_interval(d["difference"], d["ci"])
            shown.stylize("bold" if holds else "", 0, len(percentage_points(d["difference"])))
            row += [shown, probability(d["p"]), Text(probability(d["q"]), "bold" * holds)]
    return row


def _arrow(difference: dict[str, Any] | None) -> str:
    if difference is None or difference["q"] >= ALPHA:
        return "  "
    return " ▲" if difference["difference"] > 0 else " ▼"


def _holding(console: Console, view: dict[str, Any], lexicon: Lexicon, lang: Language) -> None:
    """Draw the differences that hold, where there are too many to draw all."""
    rows = [(m, d) for m in view["measures"] for d in m["differences"] if d["q"] < ALPHA]
    _heading(
        console,
        f"▲▼ 站得住的差（q < {ALPHA:g}），百分点",
        f"▲▼ Differences that hold (q < {ALPHA:g}), in percentage points",
    )
    if not rows:
        console.print(Text(tr("没有", "none")))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("", "", f"[{100 * view['settings']['confidence']:g}%]", "p", "q"):
        table.add_column(Text(column), no_wrap=True)
    for m, d in sorted(rows, key=lambda r: r[1]["document"]):
        table.add_row(
            _contrast(d),
            measure_name(m, lexicon, lang),
            with_interval(d["difference"], d["ci"]),
            probability(d["p"]),
            probability(d["q"]),
        )
    console.print(table)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


# --- words ------------------------------------------------------------------------------------


def _key_words(console: Console, view: dict[str, Any]) -> None:
    if not any(k["words"] for k in view["key_words"]):
        return
    _heading(console, *_KEY_WORDS)
    tables = []
    for k in view["key_words"]:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
        table.add_column(Text(str(k["document"]), style="bold cyan"))
        table.add_column(Text(tr("次数:其余", "n:rest")), justify="right")
        table.add_column(Text("G²"), justify="right")
        table.add_column(Text("LR"), justify="right")
        for w in k["words"]:
            counts = f"{w['count']}:{w['reference_count']}"
            ratio = f"{w['log_ratio']:+.1f}"
            table.add_row(one_line(w["word"]), counts, f"{w['g2']:.0f}", ratio)
        tables.append(table)
    console.print(Columns(tables, padding=(0, 3)))


def _similarity(console: Console, view: dict[str, Any]) -> None:
    matrix = view["similarity"]["matrix"]
    if len(matrix) == 2:
        line = Text(tr("相似度", "Similarity"), style="bold")
        line.append(f"  {matrix[0][1]:.2f}", style="not bold")
        line.append(
            tr("  词语 tf-idf 余弦；1 为相同", "  tf-idf cosine of words; 1 = the same"),
            style="dim not bold",
        )
        console.print(line)
    else:
        _heading(console, *_SIMILARITY)
        _matrix(console, view, lambda row, column: f"{matrix[row - 1][column - 1]:.2f}")
    console.print()


def _matrix(console: Console, view: dict[str, Any], cell: Callable[[int, int], str]) -> None:
    """Draw a cell for every two documents; ``cell`` gets the numbers of row and column."""
    for part in _parts(view["documents"], console.width - 5, 8):
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column("")
        for d in part:
            table.add_column(str(d["number"]), justify="right", header_style="bold cyan")
        for row in view["documents"]:
            n = row["number"]
            cells = ("·" if d["number"] == n else cell(n, d["number"]) for d in part)
            table.add_row(Text(str(n), style="bold cyan"), *cells)
        console.print(table)


# --- shared sentences -------------------------------------------------------------------------


def _shared(console: Console, view: dict[str, Any], limit: int) -> None:
    console.print(Text(_shared_title(view), style="bold"))
    if len(view["documents"]) > _SIDE_BY_SIDE + 1:
        shares = _shares_of_shared(view)
        note = tr(
            "行文档的句子有多少也在列文档里", "share of the row's sentences that the column has too"
        )
        console.print(Text(note, style="dim"))
        _matrix(console, view, lambda row, column: percent(shares[row, column]))
    else:
        for o in view["shared_sentences"]:
            console.print(_pair(o))
    console.print()
    found = _ranked(view)
    for documents, x in found[:limit]:
        head = Text(_places(documents, x), style="bold cyan")
        head.append(f"  {_how(x)}", style="dim not bold not cyan")
        console.print(head)
        console.print(
            Padding(changes(x["first"]["sentence"], x["second"]["sentence"]), (0, 0, 0, 4))
        )
    if len(found) > limit:
        rest = len(found) - limit
        console.print(
            Text(
                tr(
                    f"另有 {rest} 对：--sentences {len(found)} 或 --format json",
                    f"{rest} more: --sentences {len(found)}, or --format json",
                ),
                style="dim",
            )
        )


def _shared_title(view: dict[str, Any]) -> str:
    s = view["settings"]
    return tr(
        f"共有的句子（{s['min_chars']} 字以上；三字组 Jaccard ≥ {s['min_jaccard']:g}）",
        f"Shared sentences ({s['min_chars']} characters or more; Jaccard of 3-grams ≥ "
        f"{s['min_jaccard']:g})",
    )


def _ranked(view: dict[str, Any]) -> list[tuple[list[int], dict[str, Any]]]:
    """Return the shared sentences with the numbers of their documents, the telling ones first."""
    found = [(o["documents"], x) for o in view["shared_sentences"] for x in o["sentences"]]
    # The longest and nearest tell most; a short formula may be shared by chance.
    return sorted(found, key=lambda f: -f[1]["jaccard"] * len(f[1]["second"]["sentence"]))


def _places(documents: list[int], shared: dict[str, Any]) -> str:
    a, b = documents
    return f"{a}{_page(shared['first'])} ↔ {b}{_page(shared['second'])}"


def _how(shared: dict[str, Any]) -> str:
    return (
        tr("一字不差", "word for word") if shared["exact"] else f"Jaccard {shared['jaccard']:.2f}"
    )


def _shares_of_shared(view: dict[str, Any]) -> dict[tuple[int, int], float | None]:
    found = {}
    for o in view["shared_sentences"]:
        for (n, other), shared, compared in zip(
            (o["documents"], o["documents"][::-1]), o["shared"], o["compared"], strict=True
        ):
            found[n, other] = shared / compared if compared else None
    return found


def _pair(o: dict[str, Any]) -> Text:
    parts = [
        tr(
            f"{n} 的 {percent(shared / compared if compared else None)}"
            f"（{shared}/{compared} 句，{exact} 句一字不差）",
            f"{percent(shared / compared if compared else None)} of {n} "
            f"({shared} of {compared} sentences, {exact} word for word)",
        )
        for n, shared, compared, exact in zip(
            o["documents"], o["shared"], o["compared"], o["exact"], strict=True
        )
    ]
    line = Text("{}–{}  ".format(*o["documents"]), style="bold cyan")
    line.append(tr("；", "; ").join(parts), style="not bold not cyan")
    return line


def _page(sentence: dict[str, Any]) -> str:
    return f" p.{sentence['page']}" if sentence["page"] is not None else ""


def changes(first: str, second: str) -> Text:
    """Return what became of a sentence: [-gone-] and {+new+}, as word diffs have it."""
    a, b = one_line(first), one_line(second)
    text = Text()
    i = j = 0
    for same in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
        at_an_end = same.a == same.b == 0 or same.a + same.size == len(a)
        if same.size < _LEAST_KEPT and not at_an_end:
            continue  # a character that two rewritten clauses share by chance
        if same.a > i:
            text.append(f"[-{a[i : same.a]}-]", style="red")
        if same.b > j:
            text.append(f"{{+{b[j : same.b]}+}}", style="green")
        text.append(b[same.b : same.b + same.size])
        i, j = same.a + same.size, same.b + same.size
    return text


# --- Markdown ---------------------------------------------------------------------------------


def comparison_markdown(
    view: dict[str, Any], lexicon: Lexicon, lang: Language, *, sentences: int
) -> str:
    """Return a comparison as Markdown: documents, shares, key words, likeness, shared sentences.

    ``sentences``: most shared sentences that are quoted.
    """
    documents = [f"{d['number']}. {escape(called(d, lang))}" for d in view["documents"]]
    parts = ["\n".join(documents), _share_table(view, lexicon, lang), _note(view)]
    if any(k["words"] for k in view["key_words"]):
        parts.append(_word_table(view))
    parts.append(_pair_table(view))
    if found := _ranked(view)[:sentences]:
        parts.append("\n".join(_quotation(*x) for x in found))
    return "\n\n".join(parts) + "\n"


def _share_table(view: dict[str, Any], lexicon: Lexicon, lang: Language) -> str:
    level = f"{100 * view['settings']['confidence']:g}%"
    head = ["", *(str(d["number"]) for d in view["documents"])]
    for c in view["measures"][0]["differences"]:
        head += [f"{_contrast(c)} [{level}]", "p", "q"]
    rows = []
    for m in view["measures"]:
        row = [escape(measure_name(m, lexicon, lang))]
        row += [percent(x["sentence_share"]) for x in m["measures"]]
        for d in m["differences"]:
            shown = with_interval(d["difference"], d["ci"]).plain
            row += [f"**{shown}**" if d["q"] < ALPHA else shown]
            row += [probability(d["p"]), probability(d["q"])]
        rows.append(row)
    return captioned_table(tr(*_SHARES), head, rows)


def _word_table(view: dict[str, Any]) -> str:
    head = ["", tr("词", "word"), tr("次数:其余", "n:rest"), "G²", "LR"]
    rows = [
        [
            k["document"],
            escape(w["word"]),
            f"{w['count']}:{w['reference_count']}",
            f"{w['g2']:.0f}",
            f"{w['log_ratio']:+.1f}",
        ]
        for k in view["key_words"]
        for w in k["words"]
    ]
    return captioned_table(tr(*_KEY_WORDS), head, rows, left=2)


def _pair_table(view: dict[str, Any]) -> str:
    matrix, shares = view["similarity"]["matrix"], _shares_of_shared(view)
    head = [
        "",
        tr("相似度", "similarity"),
        tr("占前者", "shared, of the first"),
        tr("占后者", "shared, of the second"),
    ]
    rows = [
        [f"{a}–{b}", f"{matrix[a - 1][b - 1]:.2f}", percent(shares[a, b]), percent(shares[b, a])]
        for a, b in (o["documents"] for o in view["shared_sentences"])
    ]
    caption = tr("；", "; ").join((tr(*_SIMILARITY), _shared_title(view)))
    return captioned_table(caption, head, rows)


def _quotation(documents: list[int], shared: dict[str, Any]) -> str:
    head = f"{_places(documents, shared)} · {_how(shared)}"
    return f"- {head} · {escape(shared['second']['sentence'])}"
