"""``nqpf score``: the figures of one or more documents."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import typer

from nqpf_cli.cli import options as o
from nqpf_cli.cli.console import complain, render, say, write_text
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import NqpfError
from nqpf_cli.i18n import language, tr

if TYPE_CHECKING:
    from rich.console import Console

    from nqpf_cli.model import Report
    from nqpf_cli.pipeline import Analyzer

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "md")


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=tr("给一个或多个文档打分。", "Score one or more documents."),
        epilog=tr(
            "例：nqpf score 规划.pdf --format json | jq .dimensions",
            "Example: nqpf score plan.pdf --format json | jq .dimensions",
        ),
    )
    @shared_options(*FORMATS)
    def score(
        shared: Shared,
        files: o.Files,
        stdin_filename: o.StdinName = "stdin.txt",
        *,
        reading: o.Reading,
        coding: o.Coding,
        estimates: o.Estimates,
        comparing: o.Comparing,
    ) -> None:
        @cache
        def analyzer() -> Analyzer:
            return o.analyzer(shared, reading, coding, estimates, comparing)

        def get_ready() -> None:
            analyzer().get_ready()
            if shared.format == "table":
                get_ready_to_draw()

        options = reading.options()
        results: list[tuple[str, Report | NqpfError]] = []
        for path in files:
            try:
                data, name = reading.input(path, stdin_filename)
                # The first document is being read while the lexicon is loaded.
                document = o.read(data, name, options, reading.tables, get_ready)
                results.append((name, analyzer().score(document)))
            except NqpfError as e:
                analyzer()  # a lexicon's fault is told once, and instead of the documents'
                if shared.debug:
                    raise
                complain(e)
                results.append((stdin_filename if path == "-" else path, e))
        show(shared, results, analyzer().lexicon)
        for _, result in results:
            if isinstance(result, NqpfError):
                raise typer.Exit(result.exit_code)


def get_ready_to_draw() -> None:
    """Import what draws a report."""
    import nqpf_cli.cli.calm
    import nqpf_cli.formats.tables  # noqa: F401


def show(shared: Shared, results: list[tuple[str, Report | NqpfError]], lexicon: Any) -> None:
    """Write reports in the format asked for; failed files are objects in JSON, absent elsewhere."""
    from nqpf_cli.formats.delimited import delimited
    from nqpf_cli.formats.json_ import dumps, dumps_line

    reports = [r for _, r in results if not isinstance(r, NqpfError)]
    objects = [r.record(path) if isinstance(r, NqpfError) else r.to_dict() for path, r in results]
    match shared.format:
        case "json":
            write_text(shared, dumps(objects[0] if len(objects) == 1 else objects))
        case "jsonl":
            write_text(shared, "".join(map(dumps_line, objects)))
        case "csv" | "tsv":
            rows = [{"path": r.source.path, **row} for r in reports for row in r.rows()]
            columns = list(rows[0]) if rows else ["path"]
            delimiter = "\t" if shared.format == "tsv" else ","
            text = delimited(rows, columns, delimiter=delimiter)
            write_text(shared, text, bom=shared.format == "csv")
        case "md":
            from nqpf_cli.formats.markdown import report_markdown

            write_text(shared, "\n".join(report_markdown(r, lexicon, language()) for r in reports))
        case _:
            if not reports:
                return
            from nqpf_cli.formats.tables import draw_report

            lang = language()

            def draw(console: Console) -> None:
                for report in reports:
                    draw_report(console, report, lexicon, lang, verbose=shared.verbose)

            render(shared, draw)
    if shared.verbose:
        say(shared, tr(f"{len(reports)} 个文档", f"{len(reports)} document(s)"))
