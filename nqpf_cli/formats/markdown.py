"""Markdown for a paper: text made harmless, tables, and a report with a note on its making."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from nqpf_cli.formats.bars import percent
from nqpf_cli.formats.comparing import comparison, rank_headings, ranks
from nqpf_cli.formats.safe import one_line
from nqpf_cli.formats.words import CHAINS, name, word
from nqpf_cli.i18n import Language
from nqpf_cli.model import Lexicon, Measure, Report

_MEANING = re.compile(r"[\\`*_\[\]<>|&~$#!]")
Row = Sequence[str | int]


def escape(text: str) -> str:
    """Return text of a document on one line, with nothing left that Markdown or HTML reads."""
    return _MEANING.sub(lambda m: "\\" + m[0], one_line(text))


def report_markdown(report: Report, lexicon: Lexicon, lang: Language) -> str:
    """Return a report as Markdown: heading, five tables, a note."""
    tables = (_chains, _indicators, _obstructions, _carriers, _prescriptions)
    parts = [_heading(report, lang)]
    parts += [part for make in tables if (part := make(report, lexicon, lang))]
    return "\n\n".join([*parts, _note(report, lang)]) + "\n"


def _heading(report: Report, lang: Language) -> str:
    zh = lang == "zh"
    p, q = report.profile, report.quality
    unknown = "未知" if zh else "unknown"
    about = [
        escape(p.jurisdiction.name) if p.jurisdiction else f"{'辖区' if zh else 'place'} {unknown}",
        str(p.year) if p.year else f"{'年份' if zh else 'year'} {unknown}",
        word(p.kind, lang) if p.kind else f"{'文种' if zh else 'kind'} {unknown}",
        f"{q.sentences} {'句' if zh else 'sentences'}",
        f"{q.scored_han_chars:,} {'计分汉字' if zh else 'scored Han characters'}",
    ]
    return f"### {escape(p.title or report.source.path)}\n\n" + " · ".join(about)


def captioned_table(caption: str, head: Sequence[str], rows: Iterable[Row], left: int = 1) -> str:
    """Return a table below its caption; all but the first ``left`` columns align right."""
    return f"**{caption}**\n\n{table(head, rows, 'l' * left + 'r' * (len(head) - left))}"


def table(head: Sequence[str], rows: Iterable[Row], align: str) -> str:
    """Return a table; ``align`` has a letter a column, ``l`` or ``r``. Cells come escaped."""
    rule = ["---:" if letter == "r" else "---" for letter in align]
    return "\n".join(
        "| " + " | ".join(str(cell) for cell in line) + " |" for line in (head, rule, *rows)
    )


def bold(text: str) -> str:
    """Return text of a document in bold, where that can be read as bold beside any letter.

    Markdown takes asterisks between a letter and a mark of punctuation for themselves.
    """
    shown = escape(text)
    return f"**{shown}**" if shown[:1].isalnum() and shown[-1:].isalnum() else shown


def _share(m: Measure) -> str:
    interval = f" [{100 * m.ci[0]:.1f}–{100 * m.ci[1]:.1f}]" if m.ci else ""
    return percent(m.sentence_share) + interval


def _rank(report: Report, m: Measure) -> list[str]:
    return ranks(m, len(rank_headings(report.reference, "zh")))


def _ranks(report: Report, lang: Language) -> list[str]:
    return rank_headings(report.reference, lang)


def _chains(report: Report, lexicon: Lexicon, lang: Language) -> str:
    zh = lang == "zh"

    def row(id_: str, m: Measure, more: str = "") -> Row:
        label = escape(name(id_, lexicon, lang)) + more
        return [label, m.sentences, _share(m), *_rank(report, m)]

    def rows() -> Iterator[Row]:
        for dimension, obstruction, path in CHAINS:
            o = report.obstructions[obstruction]
            yield row(dimension, report.dimensions[dimension])
            gap = f"（回应差 {o.response_gap:+.2f}）" if zh else f" (gap {o.response_gap:+.2f})"
            yield row(obstruction, o.problem, f" · {word('problem', lang)}")
            yield row(obstruction, o.remedy, f" · {word('remedy', lang)}{gap}")
            yield row(path, report.paths[path].measure)

    head = ["三条链", "句", "占比"] if zh else ["chain", "sentences", "share"]
    caption = "三条链：维度、堵点、进路" if zh else "Three chains: dimension, obstruction, path"
    return captioned_table(caption, head + _ranks(report, lang), rows())


def _indicators(report: Report, lexicon: Lexicon, lang: Language) -> str:
    zh = lang == "zh"
    rows: list[Row] = [
        [
            escape(name(id_, lexicon, lang)),
            m.sentences,
            _share(m),
            m.hits,
            "–" if m.density is None else f"{m.density:.1f}",
            *_rank(report, m),
        ]
        for id_, m in report.indicators.items()
        if isinstance(m, Measure)
    ]
    head = (
        ["指标", "句", "占比", "命中", "每万字"]
        if zh
        else ["indicator", "sentences", "share", "hits", "per 10,000 Han"]
    )
    caption = "维度的指标" if zh else "Indicators of the dimensions"
    return captioned_table(caption, head + _ranks(report, lang), rows)


def _obstructions(report: Report, lexicon: Lexicon, lang: Language) -> str:
    zh = lang == "zh"
    rows: list[Row] = []
    for id_, both in report.indicators.items():
        if not isinstance(both, Measure):
            row: list[str | int] = [escape(name(id_, lexicon, lang))]
            for m in (both["problem"], both["remedy"]):
                row += [m.sentences, percent(m.sentence_share), *_rank(report, m)]
            rows.append(row)
    head = ["指标" if zh else "indicator"]
    for stance in ("problem", "remedy"):
        share = "占比" if zh else "share"
        head += [word(stance, lang), share, *_ranks(report, lang)]
    caption = "堵点的指标：诊断与回应" if zh else "Obstructions, diagnosed and answered"
    return captioned_table(caption, head, rows)


def _carriers(report: Report, lexicon: Lexicon, lang: Language) -> str:
    zh = lang == "zh"
    fits = report.prescriptions.carriers if report.prescriptions else None
    rows: list[Row] = []
    for family, p in report.paths.items():
        for carrier, m in p.carriers.items():
            id_ = f"{family}.{carrier}"
            mark = "?" if fits is None else "✓" if id_ in fits else "·"
            label = escape(name(id_, lexicon, lang))
            rows.append([label, mark, m.sentences, percent(m.sentence_share), *_rank(report, m)])
    head = ["载体", "适用", "句", "占比"] if zh else ["carrier", "applies", "sentences", "share"]
    caption = "进路的载体" if zh else "Carriers of the paths"
    return captioned_table(caption, head + _ranks(report, lang), rows, left=2) if rows else ""


def _prescriptions(report: Report, lexicon: Lexicon, lang: Language) -> str:
    zh = lang == "zh"
    s = report.prescriptions
    if s is None:
        return ""
    rows: list[Row] = [
        [
            escape(name(carrier, lexicon, lang)),
            escape(name(f"{carrier}.{p}", lexicon, lang)),
            "✓" if n else "✗",
            n,
        ]
        for carrier, fit in s.carriers.items()
        for p, n in fit.sentences.items()
    ]
    head = (
        ["适用的载体", "论文的对策", "落实", "句"]
        if zh
        else ["carrier", "prescription", "taken up", "sentences"]
    )
    caption = (
        f"对策清单：落实 {percent(s.covered)}，错配 {percent(s.misfit)}"
        if zh
        else f"Prescriptions: taken up {percent(s.covered)}, misfit {percent(s.misfit)}"
    )
    return captioned_table(caption, head, rows, left=3) if rows else ""


def _note(report: Report, lang: Language) -> str:
    zh = lang == "zh"
    lex, s = report.lexicon, report.settings.to_dict()
    settings = ", ".join(f"{k} {v}" for k, v in s.items())
    made = f"nqpf {report.nqpf_version}"
    source = escape(f"{PurePath(report.source.path).name} (sha256 {report.source.sha256})")
    lexicon = escape(f"{lex.name} {lex.version} (sha256 {lex.sha256})")
    sentences = (
        [
            f"注：{made}；词典 {lexicon}；设置 {escape(settings)}；文件 {source}。",
            "占比是带该标签的句子占全部计分句子的比例，方括号是自助法区间（%）。",
        ]
        if zh
        else [
            f"Note: {made}; lexicon {lexicon}; settings {escape(settings)}; file {source}.",
            "Shares are of all scored sentences; brackets are bootstrap intervals (%).",
        ]
    )
    if compared := comparison(report.reference, lang):
        hash_ = report.reference.sha256 if report.reference else ""
        sentences.append(escape(f"{compared}；sha256 {hash_}。" if zh else f"{compared}; {hash_}."))
    return ("" if zh else " ").join(sentences)
