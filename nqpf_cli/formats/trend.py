"""Series through the years → tables for the terminal, and rows for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nqpf_cli.formats.bars import bar, percent, sparkline
from nqpf_cli.formats.documents import (
    measure_name,
    percentage_points,
    probability,
    with_interval,
)
from nqpf_cli.formats.markdown import captioned_table, escape
from nqpf_cli.formats.safe import one_line
from nqpf_cli.formats.words import word
from nqpf_cli.i18n import Language, tr
from nqpf_cli.model import Lexicon

# Kinds that a place issues again and again on the same subject.
_RECURRENT = ("work_report", "plan_report", "plan_outline")
_SUBJECTS = (
    "⚠ 只按文种相连：各份文件的题目可能不同，变化未必是同一件事的变化",
    "⚠ joined by kind alone: the documents may be on different subjects, and so may the changes",
)
COLUMNS = (
    "jurisdiction", "code", "kind", "level", "id", "stance", "year", "path", "sentences",
    "all_sentences", "share", "ci_low", "ci_high", "since", "change", "change_low", "change_high",
    "break", "break_low", "break_high", "p", "q",
)  # fmt: skip
_FEWEST_YEARS = 8
_BESIDE_THE_LINE = 64
_REASONS = {
    "jurisdiction_unknown": ("辖区未知", "jurisdiction unknown"),
    "year_unknown": ("年份未知", "year unknown"),
    "no_sentences": ("没有计分的句子", "no sentence is scored"),
    "another_of_the_year": (
        "同地同类同年另有句数更多的一份", "a longer one of the same place, kind and year is there"
    ),
    "scored_otherwise": (
        "词典或设置与第一份不同", "scored with another lexicon or other settings than the first"
    ),
}  # fmt: skip


def year_rows(view: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a row a year of every series, with the columns ``COLUMNS``; ``break`` is 1 or 0."""
    for s in view["series"]:
        breaks = {b["year"]: b for b in s["breaks"] if b["holds"]}
        for p in s["points"]:
            change = p["change"] or {"since": None, "difference": None, "ci": (None, None)}
            place = breaks[p["year"]]["place"] if p["year"] in breaks else (None, None)
            yield {
                "jurisdiction": s["jurisdiction"]["name"],
                "code": s["jurisdiction"]["code"],
                "kind": s["kind"],
                "level": s["level"],
                "id": s["id"],
                "stance": s["stance"],
                "year": p["year"],
                "path": p["path"],
                "sentences": p["sentences"],
                "all_sentences": p["all_sentences"],
                "share": p["share"],
                "ci_low": p["ci"][0],
                "ci_high": p["ci"][1],
                "since": change["since"],
                "change": change["difference"],
                "change_low": change["ci"][0],
                "change_high": change["ci"][1],
                "break": int(p["year"] in breaks),
                "break_low": place[0],
                "break_high": place[1],
                "p": s["p"],
                "q": s["q"],
            }


def reason(code: str) -> str:
    """Return why a document is in no series, in words; the code of an error stays what it is."""
    return tr(*_REASONS.get(code, (code, code)))


def draw_trend(
    console: Console, view: dict[str, Any], lexicon: Lexicon, lang: Language, *, years: bool
) -> None:
    """Draw a table a jurisdiction; with ``years`` also one a measure, a row a year."""
    for _, group in _by_place(view):
        series = list(group)
        console.print()
        console.print(Text(_called(series[0], lang), style="bold"))
        if _may_differ(series):
            console.print(Text(tr(*_SUBJECTS), style="yellow"))
        _overview(console, series, lexicon, lang)
        _breaks(console, series, lexicon, lang)
        if years:
            for s in series:
                _years(console, s, lexicon, lang)
    console.print()
    console.print(Text(_note(view), style="dim"))


def _by_place(view: dict[str, Any]) -> Iterator[tuple[Any, Iterator[dict[str, Any]]]]:
    """Yield the series of each jurisdiction and kind of document."""
    return groupby(view["series"], key=lambda s: (s["jurisdiction"]["code"], s["kind"]))


def _may_differ(series: Sequence[dict[str, Any]]) -> bool:
    """Return whether the documents of a place may be on different subjects."""
    return series[0]["kind"] not in _RECURRENT and len(series[0]["points"]) > 1


def _called(s: dict[str, Any], lang: Language) -> str:
    points, missing = s["points"], s["missing_years"]
    first, last = points[0]["year"], points[-1]["year"]
    span = str(first) if first == last else f"{first}–{last}"
    kind = word(s["kind"], lang) if s["kind"] else tr("类型未知", "kind unknown")
    text = f"{s['jurisdiction']['name']} · {kind} · {span}"
    if missing:
        listed = tr("、", ", ").join(map(str, missing))
        text += tr(f"（缺 {listed}）", f" (missing: {listed})")
    return one_line(text)


def _values(s: dict[str, Any]) -> list[float | None]:
    shares = {p["year"]: p["share"] for p in s["points"]}
    return [shares.get(y) for y in range(min(shares), max(shares) + 1)]


def _change(change: dict[str, Any] | None) -> Text:
    if change is None:
        return Text("–")
    text = with_interval(change["difference"], change["ci"])
    if _is_clear(change):
        text.stylize("bold", 0, text.plain.index("["))
    return text


def _is_clear(change: dict[str, Any]) -> bool:
    """Return whether the interval of a change leaves zero out."""
    low, high = change["ci"]
    return bool(low > 0 or high < 0)


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))


def _overview(
    console: Console, series: Sequence[dict[str, Any]], lexicon: Lexicon, lang: Language
) -> None:
    last = series[0]["points"][-1]
    shown = max(_FEWEST_YEARS, console.width - _BESIDE_THE_LINE)  # a cell a year
    years = len(_values(series[0]))
    table = _table()
    table.add_column("")
    table.add_column(f"{last['year'] - shown + 1}–" if years > shown else "", no_wrap=True)
    table.add_column(f"{last['year']}", justify="right", no_wrap=True)
    since = last["change"]["since"] if last["change"] else None
    table.add_column(
        tr(f"比 {since} 年（百分点）", f"since {since} (points)") if since else "", no_wrap=True
    )
    for before, s in zip([None, *series], series, strict=False):
        if before is not None and before["level"] != s["level"]:
            table.add_section()
        point = s["points"][-1]
        share = Text(percent(point["share"]))
        share.append(f" [{_interval(point['ci'])}]", style="dim")
        line = Text(sparkline(_values(s)[-shown:]), style="cyan")
        table.add_row(measure_name(s, lexicon, lang), line, share, _change(point["change"]))
    console.print(table)


def _interval(ci: Sequence[float]) -> str:
    return f"{100 * ci[0]:.1f}–{100 * ci[1]:.1f}"


def _breaks(
    console: Console, series: Sequence[dict[str, Any]], lexicon: Lexicon, lang: Language
) -> None:
    console.print()
    tested = [s for s in series if s["p"] is not None]
    if not tested:
        text = tr(
            "年份太少，不查断点（至少 8 年）", "too few years to look for breaks (8 at least)"
        )
        console.print(Text(text, style="dim"))
        return
    found = [(s, b) for s in tested for b in s["breaks"]]
    if not any(b["holds"] for _, b in found):
        console.print(Text(tr("没有站得住的断点", "no break that holds"), style="dim"))
    if not found:
        return
    console.print(
        Text(
            tr(
                "断点：新水平始于，前后水平与差的区间",
                "Breaks: a new level from, levels, interval of their difference",
            ),
            style="bold",
        )
    )
    table = _table()
    table.show_header = False
    for s, b in sorted(found, key=lambda f: not f[1]["holds"]):
        low, high = b["place"]
        place = Text(f"{'◆' if b['holds'] else ' '} {b['year']}", style="bold")
        place.append(f" [{low}–{high}]" if low < high else f" [{low}]", style="dim not bold")
        levels = Text(f"{percent(b['before'])} → {percent(b['after'])}")
        levels.append(f" [{', '.join(map(percentage_points, b['ci']))}]", style="dim")
        q = f"q {probability(s['q'])}"
        style = "" if b["holds"] else "dim"
        table.add_row(measure_name(s, lexicon, lang), place, levels, q, style=style)
    console.print(table)
    if not all(b["holds"] for _, b in found):
        text = tr("◆ 站得住；其余 p < 0.05 而 q 不够", "◆ holds; the others have p < 0.05 only")
        console.print(Text(text, style="dim"))


def _years(console: Console, s: dict[str, Any], lexicon: Lexicon, lang: Language) -> None:
    console.print()
    top = max(p["ci"][1] for p in s["points"])
    breaks = {b["year"] for b in s["breaks"] if b["holds"]}
    table = _table()
    table.title = Text(measure_name(s, lexicon, lang), style="bold")
    table.title_justify = "left"
    table.add_column(tr("年", "year"), justify="right", no_wrap=True)
    table.add_column(tr("句", "n"), justify="right", no_wrap=True)
    for column in (tr("占比", "share"), "", tr("比上一份（年）", "since the last (year)")):
        table.add_column(column, no_wrap=True)
    for p in s["points"]:
        share = Text(f"{percent(p['share']):>6}")
        share.append(f" [{_interval(p['ci'])}]", style="dim")
        change = _change(p["change"])
        if p["change"] and p["change"]["since"] < p["year"] - 1:
            change.append(f" ({p['change']['since']})", style="dim")
        table.add_row(
            Text(f"{'◆ ' if p['year'] in breaks else ''}{p['year']}", style="bold"),
            f"{p['sentences']}/{p['all_sentences']}",
            share,
            Text(bar(p["share"], top, 10), style="cyan"),
            change,
        )
    console.print(table)


def _note(view: dict[str, Any]) -> str:
    """Return how intervals and breaks were found."""
    s = view["settings"]
    tests = sum(x["p"] is not None for x in view["series"])
    note = tr(
        f"区间 {100 * s['confidence']:g}%：占比按段落自助法，变化由两年的区间合成（MOVER）；"
        "粗体：区间不含 0。",
        f"Intervals {100 * s['confidence']:g}%: of shares by bootstrap of paragraphs, of changes "
        "from those of both years (MOVER); bold: zero is left out.",
    )
    if tests:
        note += tr(
            f"断点：二项似然分段，年份置换 {s['permutations']:,} 次，种子 {s['seed']}，"
            f"q（Benjamini–Hochberg，{tests} 个检验）< {s['alpha']:g}。",
            f" Breaks: binomial segmentation, {s['permutations']:,} permutations of the years, "
            f"seed {s['seed']}, q (Benjamini–Hochberg over {tests} tests) < {s['alpha']:g}.",
        )
    return note


# --- Markdown ---------------------------------------------------------------------------------


def trend_markdown(view: dict[str, Any], lexicon: Lexicon, lang: Language, *, years: bool) -> str:
    """Return series as Markdown: a table a jurisdiction; with ``years`` also one a measure."""
    parts = []
    for _, group in _by_place(view):
        series = list(group)
        parts.append(_series_table(series, lexicon, lang))
        if _may_differ(series):
            parts.append(escape(tr(*_SUBJECTS)))
        if years:
            parts += [_year_table(s, lexicon, lang) for s in series]
    return "\n\n".join([*parts, escape(_note(view))]) + "\n"


def _series_table(series: Sequence[dict[str, Any]], lexicon: Lexicon, lang: Language) -> str:
    first, last = series[0]["points"][0], series[0]["points"][-1]
    since = last["change"]["since"] if last["change"] else None
    tested = any(s["p"] is not None for s in series)
    head = ["", *([str(first["year"])] if since else []), str(last["year"])]
    head += [tr(f"比 {since} 年（百分点）", f"since {since} (points)")] if since else []
    head += [tr("断点", "breaks"), "q"] if tested else []
    rows = []
    for s in series:
        row = [escape(measure_name(s, lexicon, lang))]
        row += [_share(s["points"][0])] if since else []
        row.append(_share(s["points"][-1]))
        row += [_bold_change(s["points"][-1]["change"])] if since else []
        if tested:
            row.append("; ".join(_break(b) for b in s["breaks"] if b["holds"]) or "–")
            row.append("–" if s["q"] is None else escape(probability(s["q"])))
        rows.append(row)
    return captioned_table(escape(_called(series[0], lang)), head, rows)


def _share(point: dict[str, Any]) -> str:
    return f"{percent(point['share'])} [{_interval(point['ci'])}]"


def _bold_change(change: dict[str, Any] | None) -> str:
    if change is None:
        return "–"
    shown = with_interval(change["difference"], change["ci"]).plain
    return f"**{shown}**" if _is_clear(change) else shown


def _break(b: dict[str, Any]) -> str:
    low, high = b["place"]
    place = f"{low}–{high}" if low < high else str(low)
    return f"{b['year']} [{place}]: {percent(b['before'])} → {percent(b['after'])}"


def _year_table(s: dict[str, Any], lexicon: Lexicon, lang: Language) -> str:
    breaks = {b["year"] for b in s["breaks"] if b["holds"]}
    rows = []
    for p in s["points"]:
        mark = "◆ " if p["year"] in breaks else ""
        change = _bold_change(p["change"])
        if p["change"] and p["change"]["since"] < p["year"] - 1:
            change += f" ({p['change']['since']})"
        counts = f"{p['sentences']}/{p['all_sentences']}"
        rows.append([f"{mark}{p['year']}", counts, _share(p), change])
    head = [
        tr("年", "year"),
        tr("句", "n"),
        tr("占比", "share"),
        tr("比上一份（年）", "since the last (year)"),
    ]
    return captioned_table(escape(measure_name(s, lexicon, lang)), head, rows)
