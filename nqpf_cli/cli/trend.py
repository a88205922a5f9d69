"""``nqpf trend``: the same place through the years."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nqpf_cli.cli import options as o
from nqpf_cli.cli.console import render, say, write_text
from nqpf_cli.cli.records import records
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import NothingFoundError, UsageError
from nqpf_cli.i18n import Message, language, tr

if TYPE_CHECKING:
    from nqpf_cli.model import Lexicon


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=tr(
            "同一辖区历年：占比、区间、比上一年的变化、断点。",
            "The same jurisdiction through the years: shares, intervals, changes, breaks.",
        ),
        epilog=tr(
            "例：nqpf trend 结果.jsonl --jurisdiction 河北 --measure industry",
            "Example: nqpf trend scan.jsonl --jurisdiction 河北 --measure industry",
        ),
    )
    @shared_options("table", "json", "csv", "tsv", "md")
    def trend(
        shared: Shared,
        inputs: Annotated[
            list[str],
            typer.Argument(
                help=tr(
                    "nqpf scan 的结果（.jsonl；- 为标准输入），或文档、文件夹",
                    "what nqpf scan wrote (.jsonl; - is stdin), or documents and folders",
                )
            ),
        ],
        jurisdiction: Annotated[
            list[str] | None,
            typer.Option(help=tr("只看这些辖区：名称或代码，可重复", "only these: name or code")),
        ] = None,
        kind: Annotated[
            list[str] | None,
            typer.Option(
                help=tr("只看这些文种，如 work_report", "only these kinds, e.g. work_report")
            ),
        ] = None,
        measure: Annotated[
            list[str] | None,
            typer.Option(
                help=tr(
                    "只看这些：industry、lockin.problem、factor.labour …，可重复；逐年列出",
                    "only these: industry, lockin.problem, factor.labour …; a row a year",
                )
            ),
        ] = None,
        permutations: Annotated[
            int,
            typer.Option(min=99, max=999_999, help=tr("年份置换次数", "permutations of years")),
        ] = 9999,
        jobs: Annotated[
            int, typer.Option(min=1, max=256, help=tr("并行的进程数", "worker processes"))
        ] = 1,
        *,
        reading: o.Reading,
        coding: o.Coding,
        estimates: o.Estimates,
    ) -> None:
        from nqpf_cli.corpus.trend import Choice
        from nqpf_cli.corpus.trend import trend as trend_of

        choice = Choice(
            jurisdictions=tuple(jurisdiction or ()),
            kinds=tuple(kind or ()),
            measures=tuple(measure or ()),
        )
        lexicon = o.analyzer(shared, reading, coding, estimates).lexicon
        _check_measures(choice.measures, lexicon)
        found = records(shared, inputs, reading, coding, estimates, jobs)
        result = trend_of(found, choice, permutations=permutations)
        for left in result.left_out:
            from nqpf_cli.formats.trend import reason

            say(shared, f"{tr('未用', 'left out')}: {left.path}: {reason(left.reason)}")
        if not result.series:
            raise NothingFoundError(
                Message("没有可排成序列的文档", "no document makes a series"),
                Message(
                    "文档要认得出辖区与年份；查看：nqpf score 文件 --format json | jq .source",
                    "jurisdiction and year must be known: nqpf score FILE --format json | jq "
                    ".source",
                ),
            )
        _write(shared, result.to_dict(), lexicon, years=bool(measure) or shared.verbose)


def _check_measures(asked: Iterable[str], lexicon: Lexicon) -> None:
    from nqpf_cli.model import LABELS

    known = [*LABELS, *(c.id for c in lexicon.categories)]
    known += [i.id for c in lexicon.categories for i in c.indicators]
    for key in asked:
        base = key.removesuffix(".problem").removesuffix(".remedy")
        if key not in known and base not in known:
            raise UsageError(
                Message(f"没有类别或指标 {key}", f"there is no category or indicator '{key}'"),
                Message("可用：" + "、".join(LABELS), "one of: " + ", ".join(LABELS) + " …"),
            )


def _write(shared: Shared, view: dict[str, Any], lexicon: Lexicon, *, years: bool) -> None:
    match shared.format:
        case "json":
            from nqpf_cli.formats.json_ import dumps

            write_text(shared, dumps(view))
        case "md":
            from nqpf_cli.formats.trend import trend_markdown

            write_text(shared, trend_markdown(view, lexicon, language(), years=years))
        case "csv" | "tsv":
            from nqpf_cli.formats.delimited import delimited
            from nqpf_cli.formats.trend import COLUMNS, year_rows

            delimiter = "\t" if shared.format == "tsv" else ","
            text = delimited(year_rows(view), COLUMNS, delimiter=delimiter)
            write_text(shared, text, bom=shared.format == "csv")
        case _:
            from nqpf_cli.formats.trend import draw_trend

            lang = language()
            render(shared, lambda c: draw_trend(c, view, lexicon, lang, years=years))
