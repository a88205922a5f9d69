"""``nqpf kwic``: a concordance, key words in their context."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from nqpf_cli.cli import options as o
from nqpf_cli.cli.console import complain, render, write_text
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import NothingFoundError, NqpfError, UsageError
from nqpf_cli.i18n import Message, tr

if TYPE_CHECKING:
    from nqpf_cli.analysis.concordance import ConcordanceLine, Spans
    from nqpf_cli.pipeline import Analyzer


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=tr(
            "语境中的关键词：词语、词典类别（如 lockin 或 lockin.legacy）或正则表达式（--regex）。",
            "Key words in context: a term, a lexicon category (lockin, lockin.legacy) or a regular "
            "expression (--regex).",
        ),
        epilog=tr("例：nqpf kwic 报告.pdf 新质生产力", "Example: nqpf kwic report.pdf 新质生产力"),
    )
    @shared_options("table", "json", "jsonl", "csv", "tsv", "md")
    def kwic(
        shared: Shared,
        arguments: Annotated[
            list[str],
            typer.Argument(metavar="FILE... PATTERN", help=tr("文件与词语", "files and a pattern")),
        ],
        width: Annotated[
            int, typer.Option(min=1, max=200, help=tr("两侧的字数", "characters on each side"))
        ] = 20,
        sort: Annotated[str, typer.Option(help="position | left | right")] = "position",
        regex: Annotated[
            bool, typer.Option("--regex", help=tr("按正则表达式", "a regular expression"))
        ] = False,
        *,
        reading: o.Reading,
    ) -> None:
        from nqpf_cli.analysis.concordance import ConcordanceLine, concordance
        from nqpf_cli.formats.delimited import delimited
        from nqpf_cli.formats.json_ import dumps, dumps_line

        if len(arguments) < 2:
            raise UsageError(
                Message("需要文件和词语", "files and a pattern are needed"),
                Message("例：nqpf kwic 报告.pdf 新质生产力", "e.g. nqpf kwic report.pdf 人才"),
            )
        o.check_choice("sort", sort, "position", "left", "right")
        *files, pattern = arguments
        analyzer = o.analyzer(shared, reading, o.Coding(coder="rules"))
        spans = _searcher(analyzer, pattern, regex=regex)
        lines: list[ConcordanceLine] = []
        failed: NqpfError | None = None
        for path in files:
            try:
                document = analyzer.read(path)
            except NqpfError as e:
                complain(e)
                failed = e
                continue
            lines += concordance(document, spans, width)
        # The left context is sorted from the keyword outwards, as concordancers do.
        if sort == "left":
            lines.sort(key=lambda x: x.left[::-1])
        elif sort == "right":
            lines.sort(key=lambda x: x.right)
        rows = [asdict(x) for x in lines]
        match shared.format:
            case "json":
                write_text(shared, dumps(rows))
            case "jsonl":
                write_text(shared, "".join(map(dumps_line, rows)))
            case "csv" | "tsv":
                columns = list(ConcordanceLine.__slots__)
                text = delimited(rows, columns, delimiter="\t" if shared.format == "tsv" else ",")
                write_text(shared, text, bom=shared.format == "csv")
            case "md":
                if lines:
                    from nqpf_cli.formats.concordance import concordance_markdown

                    write_text(shared, concordance_markdown(lines, several=len(files) > 1))
            case _:
                if lines:
                    from nqpf_cli.formats.concordance import draw_concordance

                    render(shared, lambda c: draw_concordance(c, lines, several=len(files) > 1))
        if failed is not None:
            raise typer.Exit(failed.exit_code)
        if not lines:
            raise NothingFoundError(
                Message(f"没有找到 {pattern}", f"'{pattern}' was not found"),
                Message("用 nqpf text 查看文本", "see the text with nqpf text"),
            )


def _searcher(analyzer: Analyzer, pattern: str, *, regex: bool) -> Spans:
    import re2

    from nqpf_cli.analysis.concordance import regex_searcher, searcher

    if not regex:
        return searcher(pattern, analyzer.lexicon, analyzer.coder)
    try:
        return regex_searcher(pattern)
    except re2.error as e:
        raise UsageError(
            Message(f"正则表达式有误：{pattern}", f"cannot read the expression '{pattern}'"),
            Message("语法见 RE2", "the syntax is that of RE2"),
        ) from e
