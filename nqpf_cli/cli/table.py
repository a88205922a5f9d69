"""``nqpf table``: a scan as a table, a document a row; ``nqpf codebook``: what its columns mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from nqpf_cli.cli import tabular as t
from nqpf_cli.cli.console import render, say, write_text
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.i18n import language, tr

if TYPE_CHECKING:
    from rich.console import Console

    from nqpf_cli.formats.frames import Variable


def register(app: typer.Typer) -> None:
    """Add both commands."""
    _register_table(app)
    _register_codebook(app)


def _register_table(app: typer.Typer) -> None:
    @app.command(
        help=tr(
            "把扫描结果做成表：一行一份文件，一列一个变量；读不了的文件也占一行。",
            "A scan as a table: a document a row, a variable a column; failed files are rows too.",
        ),
        epilog=tr(
            "例：nqpf table 结果.jsonl -o 表.dta", "Example: nqpf table scan.jsonl -o table.dta"
        ),
    )
    @shared_options("csv", "tsv", "xlsx", "dta", "parquet")
    def table(
        shared: Shared,
        scans: t.Scans,
        measure: t.Measures = None,
        bom: t.Bom = None,
        labels: t.Labels = "zh",
    ) -> None:
        t.check_table_options(shared, labels, "table")
        made = t.write_documents(shared, scans, measure or (), labels, bom)
        say(
            shared,
            tr(
                f"{made.rows} 份文件，{made.failed} 份读取失败；{made.variables} 个变量",
                f"{made.rows} document(s), {made.failed} failed; {made.variables} variables",
            ),
        )


def _register_codebook(app: typer.Typer) -> None:
    @app.command(
        help=tr(
            "变量表：nqpf table 与 nqpf panel 的每个变量是什么，在报告的何处。",
            "The codebook: what every variable of nqpf table and nqpf panel is, and where a "
            "report has it.",
        ),
        epilog=tr("例：nqpf codebook -o 变量表.csv", "Example: nqpf codebook -o codebook.csv"),
    )
    @shared_options("table", "csv", "tsv", "json", "md")
    def codebook(shared: Shared) -> None:
        from nqpf_cli.corpus.variables import codebook as variables_of
        from nqpf_cli.formats.delimited import delimited
        from nqpf_cli.formats.json_ import dumps
        from nqpf_cli.lexicon.load import load

        variables = variables_of(load(shared.lexicons))
        match shared.format:
            case "json":
                write_text(shared, dumps([v.to_dict() for v in variables]))
            case "md":
                write_text(shared, _markdown(variables))
            case "csv" | "tsv":
                rows = [v.flat() for v in variables]
                delimiter = "\t" if shared.format == "tsv" else ","
                text = delimited(rows, list(rows[0]), delimiter=delimiter)
                write_text(shared, text, bom=shared.format == "csv")
            case _:
                render(shared, lambda c: _draw(c, variables))


def _markdown(variables: Sequence[Variable]) -> str:
    from nqpf_cli.formats.markdown import escape
    from nqpf_cli.formats.markdown import table as markdown_table

    columns = ("name", "label_zh", "label_en", "type", "unit_zh", "unit_en", "where", "values")
    flat = (v.flat() for v in variables)
    rows = ([escape(str(f[c] or "")) for c in columns] for f in flat)
    return markdown_table(columns, rows, "l" * len(columns)) + "\n"


def _draw(console: Console, variables: Sequence[Variable]) -> None:
    from rich import box
    from rich.table import Table

    from nqpf_cli.formats.safe import one_line

    lang = language()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(tr("变量", "variable"), no_wrap=True)
    table.add_column(tr("含义", "meaning"))
    table.add_column(tr("单位", "unit"))
    part = None
    for v in variables:
        if part not in (None, v.part):
            table.add_section()
        part = v.part
        unit = v.unit.in_(lang) if v.unit else ""
        table.add_row(v.name, one_line(v.label.in_(lang)), unit)
    console.print(table)
