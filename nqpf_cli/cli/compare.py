"""``nqpf compare``: documents side by side."""

from __future__ import annotations

from typing import Annotated, cast

import typer

from nqpf_cli.cli import options as o
from nqpf_cli.cli.console import render, write_text
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import UsageError
from nqpf_cli.i18n import Message, language, tr


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=tr(
            "文档并排比较：各类占比的差与检验、关键词、相似度、共有的句子。",
            "Documents side by side: shares with tests of their differences, key words, "
            "similarity, shared sentences.",
        ),
        epilog=tr(
            "例：nqpf compare 国家.pdf 本省2025.pdf 本省2026.pdf",
            "Example: nqpf compare national.pdf ours-2025.pdf ours-2026.pdf",
        ),
    )
    @shared_options("table", "json", "csv", "tsv", "md")
    def compare(
        shared: Shared,
        files: Annotated[
            list[str],
            typer.Argument(help=tr("两个或更多文件", "two files or more")),
        ],
        against: Annotated[
            str,
            typer.Option(
                help=tr(
                    "与什么比：first（第一个文件）| rest（其余全部）",
                    "held against: first (the first file) | rest (all others)",
                )
            ),
        ] = "first",
        indicators: Annotated[
            bool,
            typer.Option(
                "--indicators", help=tr("也比较指标与载体", "compare indicators and carriers too")
            ),
        ] = False,
        words: Annotated[
            int, typer.Option(min=0, max=1000, help=tr("每份的关键词数", "key words a document"))
        ] = 15,
        sentences: Annotated[
            int,
            typer.Option(min=0, help=tr("表中列出几对共有的句子", "shared sentences in the table")),
        ] = 10,
        min_jaccard: Annotated[
            float,
            typer.Option(
                min=0.3, max=1.0, help=tr("多相似才算共有", "how alike shared sentences must be")
            ),
        ] = 0.5,
        min_chars: Annotated[
            int,
            typer.Option(min=3, help=tr("多长的句子才比", "shortest sentence looked at")),
        ] = 12,
        permutations: Annotated[
            int,
            typer.Option(min=99, max=999_999, help=tr("置换次数", "permutations of paragraphs")),
        ] = 9999,
        *,
        reading: o.Reading,
        coding: o.Coding,
        estimates: o.Estimates,
    ) -> None:
        from nqpf_cli.corpus.compare import Against, Material, Plan
        from nqpf_cli.corpus.compare import compare as compare_documents

        if len(files) < 2:
            raise UsageError(
                Message("至少要两个文件", "at least two files are needed"),
                Message("例：nqpf compare 去年.pdf 今年.pdf", "e.g. nqpf compare old.pdf new.pdf"),
            )
        o.check_choice("against", against, "first", "rest")
        analyzer = o.analyzer(shared, reading, coding, estimates)
        plan = Plan(
            against=cast("Against", against),
            indicators=indicators,
            permutations=permutations,
            words=words,
            min_jaccard=min_jaccard,
            min_chars=min_chars,
        )
        documents = [analyzer.read(path) for path in files]  # all, before any work on one
        materials = [Material.of(analyzer, document) for document in documents]
        view = compare_documents(materials, plan).to_dict()
        match shared.format:
            case "json":
                from nqpf_cli.formats.json_ import dumps

                write_text(shared, dumps(view))
            case "csv" | "tsv":
                from nqpf_cli.formats.compare import COLUMNS, difference_rows
                from nqpf_cli.formats.delimited import delimited

                delimiter = "\t" if shared.format == "tsv" else ","
                text = delimited(difference_rows(view), COLUMNS, delimiter=delimiter)
                write_text(shared, text, bom=shared.format == "csv")
            case "md":
                from nqpf_cli.formats.compare import comparison_markdown

                text = comparison_markdown(view, analyzer.lexicon, language(), sentences=sentences)
                write_text(shared, text)
            case _:
                from nqpf_cli.formats.compare import draw_comparison

                lang = language()
                render(
                    shared,
                    lambda console: draw_comparison(
                        console, view, analyzer.lexicon, lang, sentences=sentences
                    ),
                )
