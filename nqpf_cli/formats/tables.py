"""Report → what a person reads in the terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from nqpf_cli.formats.bars import bar, percent
from nqpf_cli.formats.cells import Cell
from nqpf_cli.formats.comparing import comparison, rank_headings, ranks
from nqpf_cli.formats.evidence import marked
from nqpf_cli.formats.safe import one_line
from nqpf_cli.formats.words import CHAINS, label_name, name, word
from nqpf_cli.i18n import Language
from nqpf_cli.model import OBSTRUCTIONS, CarrierFit, Lexicon, Measure, Report
from nqpf_cli.model.hits import Hits

_COLOURS = {
    "factor": "cyan", "industry": "magenta", "relations": "green",
    "institution": "cyan", "lockin": "magenta", "services": "green",
    "strategy": "cyan", "block": "magenta", "urbanization": "green",
}  # fmt: skip
_VERDICT_COLOURS = {
    "silent": "dim",
    "diagnosed": "yellow",
    "answered": "green",
    "unprompted": "blue",
}
_STRONGEST = 3
_WARNINGS = 8


def draw_report(
    console: Console, report: Report, lexicon: Lexicon, lang: Language, *, verbose: bool = False
) -> None:
    """Draw the whole report: heading, 3 × 3, indicators, carriers, prescriptions, evidence."""
    _heading(console, report, lang)
    _chains(console, report, lexicon, lang)
    _indicators(console, report, lexicon, lang)
    _obstructions(console, report, lexicon, lang)
    _without_hit(console, report, lang)
    _carriers(console, report, lexicon, lang)
    _prescriptions(console, report, lexicon, lang)
    _warnings(console, report, lang, None if verbose else _WARNINGS)
    _strongest(console, report, lexicon, lang)


def _title(zh: str, en: str, lang: Language) -> Text:
    return Text(zh if lang == "zh" else en, style="bold")


def _heading(console: Console, report: Report, lang: Language) -> None:
    zh = lang == "zh"
    p, q = report.profile, report.quality
    about = [
        p.jurisdiction.name if p.jurisdiction else ("辖区未知" if zh else "jurisdiction unknown"),
        str(p.year) if p.year else ("年份未知" if zh else "year unknown"),
        word(p.kind, lang) if p.kind else ("类型未知" if zh else "kind unknown"),
    ]
    console.print()
    console.print(Text(one_line(p.title or report.source.path), style="bold underline"))
    console.print(Text(" · ".join(about)))
    pages = f"{report.pages} {'页' if zh else 'pages'} · " if report.pages else ""
    counts = (
        f"{pages}{q.sentences} 句 · {q.scored_han_chars:,} 计分汉字（共 {q.han_chars:,}）"
        if zh
        else f"{pages}{q.sentences} sentences · {q.scored_han_chars:,} of {q.han_chars:,} Han "
        "characters scored"
    )
    console.print(Text(one_line(f"{report.source.path} · {counts}"), style="dim"))
    lex = report.lexicon
    console.print(
        Text(
            f"{'词典' if zh else 'lexicon'} {lex.name} {lex.version} ({lex.sha256[:8]}) · "
            f"{report.settings.coder} · {report.settings.segmenter} · nqpf {report.nqpf_version}",
            style="dim",
        )
    )
    if compared := comparison(report.reference, lang):
        console.print(Text(one_line(compared), style="dim"))
    console.print()


def _is_wide(console: Console) -> bool:
    return console.width >= 100


def _ranks(console: Console, report: Report, lang: Language) -> list[str]:
    """Return the headings of percentiles; a narrow terminal has room for one."""
    return rank_headings(report.reference, lang)[: None if _is_wide(console) else 1]


def _bar(console: Console, ranked: int, width: int) -> int:
    """Return the width of a bar: ``ranked`` columns of percentiles need room."""
    if not ranked:
        return width
    return width - 2 * ranked if _is_wide(console) else width // 2 - 1


def _chains(console: Console, report: Report, lexicon: Lexicon, lang: Language) -> None:
    zh = lang == "zh"
    table = Table(
        box=box.ROUNDED,
        title=_title("三条链：占全部句子的比例", "Three chains: share of all sentences", lang),
        title_justify="left",
        show_lines=True,
        expand=False,
    )
    table.add_column("维度" if zh else "dimension")
    table.add_column("堵点：诊断 → 回应" if zh else "obstruction: diagnosed → answered")
    table.add_column("进路" if zh else "path")
    top = max(
        [m.sentence_share or 0 for m in report.dimensions.values()]
        + [o.remedy.sentence_share or 0 for o in report.obstructions.values()]
        + [p.measure.sentence_share or 0 for p in report.paths.values()]
    )
    for dimension, obstruction, path in CHAINS:
        o = report.obstructions[obstruction]
        middle = Text(name(obstruction, lexicon, lang) + "\n", style="bold")
        middle.append(f"{percent(o.problem.sentence_share)} → {percent(o.remedy.sentence_share)}  ")
        middle.append(f"({o.problem.sentences} → {o.remedy.sentences})\n", style="dim not bold")
        middle.append(word(o.verdict, lang), style=_VERDICT_COLOURS[o.verdict])
        gap = f"  {'回应差' if zh else 'gap'} {o.response_gap:+.2f}"
        middle.append(gap, style="dim not bold")
        table.add_row(
            _cell(dimension, report.dimensions[dimension], lexicon, lang, top),
            middle,
            _cell(path, report.paths[path].measure, lexicon, lang, top),
        )
    console.print(table)
    balance = report.balance
    note = (
        f"均衡度 {balance:.2f}（Pielou；1 为三个维度并重）"
        if zh and balance is not None
        else f"balance {balance:.2f} (Pielou; 1 = the three dimensions weigh the same)"
        if balance is not None
        else ("均衡度 –" if zh else "balance –")
    )
    console.print(Padding(Text(note, style="dim"), (0, 0, 1, 1)))


def _cell(id_: str, m: Measure, lexicon: Lexicon, lang: Language, top: float) -> Text:
    cell = Text(name(id_, lexicon, lang) + "\n", style="bold")
    cell.append(percent(m.sentence_share), style="not bold")
    if m.ci:
        cell.append(f" [{100 * m.ci[0]:.1f}–{100 * m.ci[1]:.1f}]", style="dim not bold")
    cell.append("\n" + bar(m.sentence_share or 0, top, 16), style=_COLOURS.get(id_, ""))
    return cell


def _indicators(console: Console, report: Report, lexicon: Lexicon, lang: Language) -> None:
    zh = lang == "zh"
    wide = _is_wide(console)
    table = Table(
        box=box.SIMPLE_HEAD,
        title=_title("维度的指标", "Indicators of the dimensions", lang),
        title_justify="left",
        pad_edge=False,
    )
    table.add_column("指标" if zh else "indicator", no_wrap=True)
    table.add_column("句" if zh else "sent.", justify="right")
    table.add_column("占比" if zh else "share", justify="right")
    headings = _ranks(console, report, lang)
    ranked = len(headings)
    width = _bar(console, ranked, 12)
    table.add_column("", min_width=width, no_wrap=True)
    ci = "95% CI" if report.settings.confidence == 0.95 else "CI"
    table.add_column(ci, justify="right", no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right")
    if wide:
        table.add_column("命中" if zh else "hits", justify="right")
        table.add_column("每万字" if zh else "per 10k", justify="right")
    measures = {k: m for k, m in report.indicators.items() if isinstance(m, Measure)}
    top = max((m.sentence_share or 0 for m in measures.values()), default=0)
    last = None
    for id_, m in measures.items():
        category = id_.split(".")[0]
        if category != last:
            d = report.dimensions.get(category)
            if d is not None:
                row = _row(name(category, lexicon, lang), d, Cell(""), wide, ranked)
                table.add_row(*row, style="bold")
            last = category
        drawn = Cell(bar(m.sentence_share or 0, top, width), _COLOURS.get(category, ""))
        label = "  " + name(id_, lexicon, lang)
        style = "" if m.sentences else "dim"
        table.add_row(*_row(label, m, drawn, wide, ranked), style=style)
    console.print(table)


def _without_hit(console: Console, report: Report, lang: Language) -> None:
    """Say why a category may have more sentences than its indicators together."""
    if count := report.quality.labels_without_hit:
        said = (
            f"{count} 个标签只凭措辞给出，没有词典命中：类别的句数因此可以多于各指标之和"
            if lang == "zh"
            else f"{count} label(s) rest on wording alone, without a hit of the lexicon: a "
            "category may have more sentences than its indicators together"
        )
        console.print(Text(said, style="dim"))
        console.print()


def _row(label: str, m: Measure, drawn: Cell, wide: bool, ranked: int) -> list[Cell]:
    ci = f"{100 * m.ci[0]:.1f}–{100 * m.ci[1]:.1f}" if m.ci else ""
    rest = [ci, *ranks(m, ranked)]
    if wide:
        rest += [str(m.hits), "–" if m.density is None else f"{m.density:.1f}"]
    first = (label, str(m.sentences), percent(m.sentence_share))
    return [*map(Cell, first), drawn, *map(Cell, rest)]


def _obstructions(console: Console, report: Report, lexicon: Lexicon, lang: Language) -> None:
    zh = lang == "zh"
    table = Table(
        box=box.SIMPLE_HEAD,
        title=_title(
            "堵点的指标：诊断与回应的句数", "Obstructions: sentences, diagnosed and answered", lang
        ),
        title_justify="left",
        pad_edge=False,
    )
    table.add_column("指标" if zh else "indicator", no_wrap=True)
    ranked = _ranks(console, report, lang)
    widths = [_bar(console, len(ranked), w) for w in (8, 12)]
    headings = ("诊断", "回应") if zh else ("problem", "remedy")
    for heading, width in zip(headings, widths, strict=True):
        table.add_column(heading, justify="right", no_wrap=True)
        table.add_column("", width=width, no_wrap=True)
        for rank in ranked:
            table.add_column(rank, justify="right")
    rows = {k: v for k, v in report.indicators.items() if isinstance(v, dict)}
    top = max((m.sentences for v in rows.values() for m in v.values()), default=0)

    def cells(label: str, problem: Measure, remedy: Measure, tops: int) -> list[Cell]:
        row = [Cell(label)]
        pairs = zip((problem, remedy), widths, ("yellow", "blue"), strict=True)
        for m, width, colour in pairs:
            row += [Cell(str(m.sentences)), Cell(bar(m.sentences, tops, width), colour)]
            row += map(Cell, ranks(m, len(ranked)))
        return row

    last = None
    for id_, both in rows.items():
        category = id_.split(".")[0]
        if category != last and category in OBSTRUCTIONS:
            o = report.obstructions[category]
            label = name(category, lexicon, lang)
            table.add_row(*cells(label, o.problem, o.remedy, 0), style="bold")
            last = category
        p, r = both["problem"], both["remedy"]
        table.add_row(
            *cells("  " + name(id_, lexicon, lang), p, r, top),
            style="" if p.sentences or r.sentences else "dim",
        )
    console.print(table)


def _carriers(console: Console, report: Report, lexicon: Lexicon, lang: Language) -> None:
    zh = lang == "zh"
    ranked = rank_headings(report.reference, lang)
    table = Table(
        box=box.SIMPLE_HEAD,
        title=_title("进路的载体", "Carriers of the paths", lang),
        title_justify="left",
        pad_edge=False,
    )
    table.add_column("载体" if zh else "carrier", no_wrap=True)
    table.add_column("句" if zh else "sent.", justify="right")
    for heading in ranked:
        table.add_column(heading, justify="right")
    table.add_column("适用" if zh else "applies", justify="center")

    def row(label: str, m: Measure, mark: str, style: str) -> None:
        cells = (label, str(m.sentences), *ranks(m, len(ranked)), mark)
        table.add_row(*map(Cell, cells), style=style)

    for family, p in report.paths.items():
        row(name(family, lexicon, lang), p.measure, "", "bold")
        for carrier, m in p.carriers.items():
            id_ = f"{family}.{carrier}"
            fits = report.prescriptions is not None and id_ in report.prescriptions.carriers
            mark = "?" if report.prescriptions is None else "✓" if fits else "·"
            label = "  " + name(id_, lexicon, lang)
            row(label, m, mark, "" if m.sentences or fits else "dim")
    console.print(table)


def _prescriptions(console: Console, report: Report, lexicon: Lexicon, lang: Language) -> None:
    zh = lang == "zh"
    s = report.prescriptions
    if s is None:
        text = (
            "辖区未知：不判断载体是否适用，不计对策落实"
            if zh
            else "jurisdiction unknown: fit and prescriptions are not judged"
        )
        console.print(Padding(Text(text, style="dim"), (0, 0, 1, 1)))
        return
    table = Table(
        box=box.SIMPLE_HEAD,
        title=_title(
            "论文对策的清单（✓ 已落实及句数，✗ 未提及）",
            "The paper's prescriptions (✓ taken up, in how many sentences; ✗ not)",
            lang,
        ),
        title_justify="left",
        pad_edge=False,
    )
    table.add_column("适用的载体" if zh else "carrier that applies", no_wrap=True)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("对策" if zh else "prescriptions")
    for carrier, fit in s.carriers.items():
        if fit.sentences:
            taken = sum(fit.taken_up.values())
            table.add_row(
                name(carrier, lexicon, lang),
                f"{taken}/{len(fit.sentences)}",
                _check_list(carrier, fit, lexicon, lang),
            )
    console.print(table)
    text = (
        f"对策落实 {percent(s.covered)} · 错配（谈及不适用载体的句子）{percent(s.misfit)}"
        if zh
        else f"taken up {percent(s.covered)} · misfit (sentences on carriers that do not "
        f"apply) {percent(s.misfit)}"
    )
    console.print(Padding(Text(text, style="dim"), (0, 0, 1, 1)))


def _check_list(carrier: str, fit: CarrierFit, lexicon: Lexicon, lang: Language) -> Text:
    named = {p: name(f"{carrier}.{p}", lexicon, lang) for p in fit.sentences}
    taken = [f"{named[p]} ({n})" for p, n in fit.sentences.items() if n]
    missed = [named[p] for p, n in fit.sentences.items() if not n]
    between = "  " if lang == "zh" else "; "  # lines are broken at spaces
    lines = [
        Text(f"{mark} {between.join(items)}", style=style)
        for mark, items, style in (("✓", taken, "green"), ("✗", missed, "dim"))
        if items
    ]
    return Text("\n", overflow="fold").join(lines)


def _warnings(console: Console, report: Report, lang: Language, limit: int | None) -> None:
    warnings = report.quality.warnings
    for w in warnings[:limit]:
        console.print(Text(one_line(f"⚠ {w.zh if lang == 'zh' else w.en}"), style="yellow"))
    if limit is not None and len(warnings) > limit:
        rest = len(warnings) - limit
        more = (
            f"另有 {rest} 条警告（-v 全部列出）" if lang == "zh" else f"{rest} more (-v lists all)"
        )
        console.print(Text(f"⚠ {more}", style="yellow"))
    if warnings:
        console.print()


def _strongest(console: Console, report: Report, lexicon: Lexicon, lang: Language) -> None:
    all_hits = Hits.of(report.hits)
    of = all_hits.labels()
    ranked = sorted(of, key=lambda start: (-len(set(of[start])), -len(of[start]), start))
    if not ranked:
        return
    console.print(_title("最强的三句", "The three strongest sentences", lang))
    for hits in all_hits.proving(ranked[:_STRONGEST]):
        page = hits[0].page
        where = "" if page is None else (f"第 {page} 页 · " if lang == "zh" else f"p. {page} · ")
        labels = list(dict.fromkeys(h.label for h in hits))
        head = where + ("、" if lang == "zh" else ", ").join(
            label_name(x, lexicon, lang) for x in labels
        )
        console.print(Padding(Text(head, style="dim"), (0, 0, 0, 1)))
        console.print(Padding(marked(hits), (0, 0, 1, 1)))
