"""``nqpf lexicon``: look into a lexicon, and check it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nqpf_cli.cli import options as o
from nqpf_cli.cli import workshop
from nqpf_cli.cli.console import render, say, write_text
from nqpf_cli.cli.corpus import documents
from nqpf_cli.cli.quick import App
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import LexiconError, UsageError
from nqpf_cli.formats.safe import one_line, printable
from nqpf_cli.i18n import Message, language, tr

if TYPE_CHECKING:
    from rich.console import Console

    from nqpf_cli.lexicon.check import EntryUse
    from nqpf_cli.lexicon.source import Problem
    from nqpf_cli.model import Entry, Lexicon


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    group = App(
        help=tr("词典：查看、检查、制作。", "Lexicons: look into, check and make them."),
        epilog=tr("例：nqpf lexicon list", "Example: nqpf lexicon list"),
        no_args_is_help=True,
    )
    app.add_typer(group, name="lexicon")
    _register_list(group)
    _register_show(group)
    _register_check(group)
    workshop.register(group)


def _register_list(group: typer.Typer) -> None:
    @group.command(
        "list",
        help=tr("列出类别与指标。", "List categories and indicators."),
        epilog=tr("例：nqpf lexicon list", "Example: nqpf lexicon list"),
    )
    @shared_options("table", "json")
    def list_(shared: Shared) -> None:
        from nqpf_cli.formats.json_ import dumps
        from nqpf_cli.lexicon.load import load

        lexicon = load(shared.lexicons)
        rows = _overview(lexicon)
        if shared.format == "json":
            head = {
                "name": lexicon.name,
                "version": lexicon.version,
                "licence": lexicon.licence,
                "sha256": lexicon.sha256,
            }
            write_text(shared, dumps({**head, "categories": rows}))
        else:
            render(shared, lambda c: _draw_overview(c, lexicon, rows))


def _overview(lexicon: Lexicon) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for e in lexicon.entries:
        counts[e.target] = counts.get(e.target, 0) + 1
    return [
        {
            "id": c.id,
            "kind": c.kind,
            "chain": c.chain,
            "zh": c.zh,
            "en": c.en,
            "entries": sum(1 for e in lexicon.entries if e.category == c.id),
            "indicators": [
                {"id": i.id, "zh": i.zh, "en": i.en, "entries": counts.get(i.id, 0)}
                for i in c.indicators
            ],
            "prescriptions": [
                {"id": p.id, "zh": p.zh, "en": p.en, "entries": counts.get(p.id, 0)}
                for p in lexicon.prescriptions
                if p.carrier.startswith(f"{c.id}.")
            ],
        }
        for c in lexicon.categories
    ]


def _draw_overview(console: Console, lexicon: Lexicon, rows: list[dict[str, Any]]) -> None:
    from rich import box
    from rich.table import Table

    lang = language()
    table = Table(
        box=box.SIMPLE_HEAD,
        title=one_line(f"{lexicon.name} {lexicon.version} ({lexicon.sha256[:8]})"),
    )
    for heading in ("id", tr("名称", "name"), tr("词条", "entries")):
        table.add_column(heading, justify="right" if heading == tr("词条", "entries") else "left")
    for c in rows:
        table.add_row(c["id"], one_line(c[lang]), str(c["entries"]), style="bold")
        for i in c["indicators"]:
            table.add_row("  " + i["id"], one_line(i[lang]), str(i["entries"]))
        for p in c["prescriptions"]:
            table.add_row("    " + p["id"], one_line(p[lang]), str(p["entries"]), style="dim")
    console.print(table)


def _register_show(group: typer.Typer) -> None:
    @group.command(
        help=tr("显示一个类别或指标的全部词条。", "Show the entries of a category or indicator."),
        epilog=tr(
            "例：nqpf lexicon show lockin.legacy", "Example: nqpf lexicon show lockin.legacy"
        ),
    )
    @shared_options("table", "json", "csv", "tsv")
    def show(
        shared: Shared,
        id_: Annotated[str, typer.Argument(metavar="ID", help=tr("类别或指标的 id", "its id"))],
    ) -> None:
        from nqpf_cli.formats.delimited import delimited
        from nqpf_cli.formats.json_ import dumps
        from nqpf_cli.lexicon.load import load

        lexicon = load(shared.lexicons)
        known = {c.id for c in lexicon.categories} | {e.target for e in lexicon.entries}
        if id_ not in known:
            raise UsageError(
                Message(f"词典里没有 {id_}", f"the lexicon has no '{id_}'"),
                Message("用 nqpf lexicon list 查看 id", "see the ids with nqpf lexicon list"),
            )
        rows = [
            _entry(e)
            for e in lexicon.entries
            if id_ in (e.category, e.target) or e.target.startswith(f"{id_}.")
        ]
        match shared.format:
            case "json":
                write_text(shared, dumps(rows))
            case "csv" | "tsv":
                delimiter = "\t" if shared.format == "tsv" else ","
                flat = [
                    {k: "|".join(v) if isinstance(v, list) else v for k, v in r.items()}
                    for r in rows
                ]
                text = delimited(flat, list(flat[0]) if flat else [], delimiter=delimiter)
                write_text(shared, text, bom=shared.format == "csv")
            case _:
                render(shared, lambda c: _draw_entries(c, rows))


def _entry(e: Entry) -> dict[str, Any]:
    return {
        "target": e.target,
        "term": e.term,
        "kind": e.kind,
        "stance": e.stance,
        "boundary": "word" if e.boundary else "none",
        "weight": e.weight,
        "unless": list(e.unless),
        "unless_sentence": list(e.unless_sentence),
        "with": list(e.with_any),
        "source": e.source,
        "note": e.note,
        "file": e.file,
        "line": e.line,
    }


def _draw_entries(console: Console, rows: list[dict[str, Any]]) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    zh = ("所属", "词条", "种类", "立场", "权重", "除非", "文件:行")
    en = ("target", "term", "kind", "stance", "weight", "unless", "file:line")
    for heading in map(tr, zh, en):
        table.add_column(heading, overflow="fold")
    for r in rows:
        table.add_row(
            r["target"],
            one_line(r["term"]),
            r["kind"],
            r["stance"] or "",
            f"{r['weight']:g}",
            one_line(" ".join(r["unless"][:4])) + (" …" if len(r["unless"]) > 4 else ""),
            f"{r['file']}:{r['line']}",
        )
    console.print(table)


def _register_check(group: typer.Typer) -> None:
    @group.command(
        help=tr(
            "检查词典：一次报出全部问题，带文件与行号。",
            "Check a lexicon: all problems at once, with file and line.",
        ),
        epilog=tr(
            "例：nqpf lexicon check --lexicon 我的词典/ --corpus 报告/",
            "Example: nqpf lexicon check --lexicon mine/ --corpus reports/",
        ),
    )
    @shared_options("table", "json")
    def check(
        shared: Shared,
        folder: Annotated[
            Path | None,
            typer.Argument(help=tr("词典文件夹（同 --lexicon）", "a lexicon (as --lexicon)")),
        ] = None,
        corpus: Annotated[
            list[Path] | None,
            typer.Option(
                help=tr(
                    "语料文件夹：报告从不命中、罕见、独大的词条",
                    "a folder of documents: tells dead, rare, dominant entries",
                )
            ),
        ] = None,
    ) -> None:
        from nqpf_cli.formats.json_ import dumps
        from nqpf_cli.lexicon.load import read

        paths = (folder,) if folder is not None else shared.lexicons
        lexicon, problems = read(paths)
        uses: list[EntryUse] = []
        if lexicon is not None and not problems:
            problems, uses = _behaviour(lexicon, corpus or [])
        if shared.format == "json":
            write_text(shared, dumps(_as_json(lexicon, problems, uses)))
        else:
            if problems:
                write_text(shared, printable("".join(f"{p}\n" for p in problems)))
            if uses:
                render(shared, lambda c: _draw_uses(c, uses))
        if problems:
            raise LexiconError(
                Message(f"词典有 {len(problems)} 处问题", f"{len(problems)} problem(s)"),
                Message("按所列文件与行号改正", "mend them at the files and lines listed"),
            )
        count = len(lexicon.entries) if lexicon else 0
        examples = len(lexicon.examples) if lexicon else 0
        say(
            shared,
            tr(
                f"没有问题：{count} 个词条，{examples} 个例句",
                f"no problem: {count} entries, {examples} examples",
            ),
        )


def _behaviour(lexicon: Lexicon, corpus: list[Path]) -> tuple[list[Problem], list[EntryUse]]:
    from nqpf_cli.lexicon.check import check, use_in_corpus
    from nqpf_cli.model import Settings
    from nqpf_cli.pipeline import Analyzer

    options = o.Reading().options()
    analyzer = Analyzer(lexicon, Settings(coder="rules"), options)
    problems = check(lexicon, analyzer.coder.code_all)
    if not corpus:
        return problems, []
    every = Analyzer(replace(lexicon, nested="all"), Settings(coder="rules"))
    read = documents(analyzer, map(str, corpus))
    sentences = ([s.text for s in d.sentences] for d in read)
    return problems, use_in_corpus(
        lexicon, sentences, analyzer.coder.code_all, every.coder.code_all
    )


def _as_json(
    lexicon: Lexicon | None, problems: list[Problem], uses: list[EntryUse]
) -> dict[str, Any]:
    return {
        "lexicon": lexicon.id.to_dict() if lexicon else None,
        "problems": [{"file": p.file, "line": p.line, "message": p.message} for p in problems],
        "entries": [
            {
                "target": u.entry.target,
                "term": u.entry.term,
                "documents": u.documents,
                "found": u.found,
                "hits": u.hits,
                "share": round(u.share, 6),
                "verdict": u.verdict,
                "file": u.entry.file,
                "line": u.entry.line,
            }
            for u in uses
        ],
    }


def _draw_uses(console: Console, uses: list[EntryUse]) -> None:
    from collections import Counter

    from rich import box
    from rich.table import Table

    counts = Counter(u.verdict for u in uses)
    console.print(
        " · ".join(f"{k} {counts[k]}" for k in ("ok", "rare", "dead", "redundant", "dominant"))
    )
    table = Table(box=box.SIMPLE_HEAD)
    zh = ("判断", "所属", "词条", "文件", "找到", "计入", "占比", "文件:行")
    en = ("verdict", "target", "term", "files", "found", "hits", "share", "file:line")
    for heading in map(tr, zh, en):
        table.add_column(heading, overflow="fold")
    for u in uses:
        if u.verdict != "ok":
            table.add_row(
                u.verdict,
                u.entry.target,
                one_line(u.entry.term),
                str(u.documents),
                str(u.found),
                str(u.hits),
                f"{100 * u.share:.1f}%",
                f"{u.entry.file}:{u.entry.line}",
            )
    console.print(table)
