"""``nqpf reference``: make a reference set from a scan, and look into one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nqpf_cli import defaults
from nqpf_cli.cli.console import render, say, write_text
from nqpf_cli.cli.quick import App
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.i18n import language, tr

if TYPE_CHECKING:
    from rich.console import Console

    from nqpf_cli.analysis.percentiles import Reference

_COUNTED = ("kind", "level", "year", "block")


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    group = App(
        help=tr(
            "参照集：百分位从这里来。只有数字，没有文本。",
            "Reference sets, which percentiles are taken from: figures only, no text.",
        ),
        epilog=tr("例：nqpf reference info", "Example: nqpf reference info"),
        no_args_is_help=True,
    )
    app.add_typer(group, name="reference")
    _register_build(group)
    _register_info(group)


def _register_build(group: typer.Typer) -> None:
    @group.command(
        help=tr("由扫描结果制作参照集。", "Make a reference set from a scan."),
        epilog=tr(
            "例：nqpf reference build 结果.jsonl -o 参照.csv",
            "Example: nqpf reference build scan.jsonl -o reference.csv",
        ),
    )
    @shared_options("csv")
    def build(
        shared: Shared,
        scan: Annotated[str, typer.Argument(help=tr("nqpf scan 的输出", "output of nqpf scan"))],
        name: Annotated[
            str | None,
            typer.Option(help=tr("参照集的名称（默认取文件名）", "its name (default: the file's)")),
        ] = None,
    ) -> None:
        from nqpf_cli.corpus.records import read_records
        from nqpf_cli.formats.reference import reference_csv
        from nqpf_cli.reference.build import build as build_set

        records = list(read_records(scan))
        named = name or (shared.output.stem if shared.output else Path(scan).stem)
        built = build_set((r.report for r in records if r.report is not None), named)
        write_text(shared, reference_csv(built.reference), bom=True)
        failed = sum(r.report is None for r in records)
        say(
            shared,
            tr(
                f"{len(built.reference.documents)} 份文档；略去：失败 {failed}、"
                f"重复 {built.copies}、无句子 {built.empty}",
                f"{len(built.reference.documents)} document(s); left out: {failed} failed, "
                f"{built.copies} copies, {built.empty} without sentences",
            ),
        )


def _register_info(group: typer.Typer) -> None:
    @group.command(
        help=tr("参照集里有什么。", "What is in a reference set."),
        epilog=tr("例：nqpf reference info 参照.csv", "Example: nqpf reference info reference.csv"),
    )
    @shared_options("table", "json", "csv", "tsv")
    def info(
        shared: Shared,
        file: Annotated[
            Path | None,
            typer.Argument(help=tr("参照集（默认：随附的）", "a set (default: the shipped one)")),
        ] = None,
    ) -> None:
        from nqpf_cli.formats.delimited import delimited
        from nqpf_cli.formats.json_ import dumps
        from nqpf_cli.formats.reference import figures
        from nqpf_cli.reference.load import load, shipped

        reference = load(file or shipped(defaults.CODER))
        match shared.format:
            case "json":
                write_text(shared, dumps(_overview(reference)))
            case "csv" | "tsv":
                rows = list(figures(reference))
                delimiter = "\t" if shared.format == "tsv" else ","
                text = delimited(rows, list(rows[0]) if rows else (), delimiter=delimiter)
                write_text(shared, text, bom=shared.format == "csv")
            case _:
                render(shared, lambda console: _draw(console, reference))


def _overview(reference: Reference) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "name": reference.name,
        "sha256": reference.sha256,
        "nqpf_version": reference.nqpf_version,
        "lexicon": asdict(reference.lexicon),
        "settings": dict(reference.settings),
        "counts": {key: _counts(reference, key) for key in _COUNTED},
        "measures": len(reference.keys),
        "documents": [asdict(d) for d in reference.documents],
    }


def _counts(reference: Reference, key: str) -> dict[str, int]:
    found = Counter(getattr(d, key) for d in reference.documents)
    known = sorted((str(value), n) for value, n in found.items() if value is not None)
    return dict(known) | ({"unknown": found[None]} if found[None] else {})


def _draw(console: Console, reference: Reference) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from nqpf_cli.formats.safe import one_line
    from nqpf_cli.formats.words import word

    lang = language()
    lexicon = reference.lexicon
    console.print(Text(one_line(reference.name), style="bold"))
    console.print(
        Text(
            one_line(
                f"{tr('词典', 'lexicon')} {lexicon.name} {lexicon.version} ({lexicon.sha256[:8]}) "
                f"· {reference.settings.get('coder')} · nqpf {reference.nqpf_version} "
                f"· sha256 {reference.sha256[:8]}"
            ),
            style="dim",
        )
    )
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column(tr("按", "by"))
    table.add_column(tr("值", "value"))
    table.add_column(tr("文档", "documents"), justify="right")
    headings = {
        "kind": tr("文种", "kind"),
        "level": tr("层级", "level"),
        "year": tr("年份", "year"),
        "block": tr("板块", "block"),
    }
    for key in _COUNTED:
        for n, (value, count) in enumerate(_counts(reference, key).items()):
            heading = "" if n else headings[key]
            table.add_row(heading, Text(one_line(word(value, lang))), str(count))
    console.print(table)
    total = len(reference.documents)
    console.print(
        Text(
            tr(
                f"{total} 份文档，{len(reference.keys)} 项度量",
                f"{total} document(s), {len(reference.keys)} measures",
            ),
            style="dim",
        )
    )
