"""``nqpf sample`` and ``nqpf agree``: validate with one's own coders."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nqpf_cli import defaults
from nqpf_cli.cli import options as o
from nqpf_cli.cli.console import render, say, write_bytes, write_text
from nqpf_cli.cli.corpus import documents
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import NothingFoundError, UsageError
from nqpf_cli.i18n import Message, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from nqpf_cli.model import Lexicon
    from nqpf_cli.pipeline import Analyzer
    from nqpf_cli.workshop.sheet import Candidate


def register(app: typer.Typer) -> None:
    """Add both commands."""
    _register_sample(app)
    _register_agree(app)


def _register_sample(app: typer.Typer) -> None:
    @app.command(
        help=tr(
            "抽取句子，做成编码员用的表（xlsx 带下拉菜单，或 csv、jsonl）。",
            "Draw sentences into a coder's sheet (xlsx with drop-downs, csv, jsonl).",
        ),
        epilog=tr(
            "例：nqpf sample 报告/ -n 200 --strata label -o 编码表.xlsx",
            "Example: nqpf sample reports/ -n 200 --strata label -o sheet.xlsx",
        ),
    )
    @shared_options("csv", "xlsx", "jsonl")
    def sample(
        shared: Shared,
        paths: Annotated[list[str], typer.Argument(help=tr("文件夹或文件", "folders or files"))],
        size: Annotated[
            int, typer.Option("--size", "-n", min=1, max=100_000, help=tr("句数", "how many"))
        ] = 200,
        strata: Annotated[str, typer.Option(help="random | label | section")] = "random",
        seed: o.Seed = defaults.SEED,
        *,
        coding: o.Coding,
    ) -> None:
        from nqpf_cli.formats.json_ import dumps_line
        from nqpf_cli.workshop.sheet import draw, to_csv, to_xlsx

        if shared.format == "xlsx" and shared.output is None:
            raise UsageError(
                Message("xlsx 需要 -o 文件", "xlsx needs a file"),
                Message("加上 -o 编码表.xlsx", "add -o sheet.xlsx"),
            )
        analyzer = o.analyzer(shared, coding=coding)
        candidates = list(_candidates(analyzer, paths))
        units = draw(candidates, size, strata, seed, analyzer.lexicon.sha256)
        if not units:
            raise NothingFoundError(Message("没有句子可抽", "there is no sentence to draw"))
        match shared.format:
            case "xlsx":
                write_bytes(shared, to_xlsx(units, _definitions(analyzer.lexicon)))
            case "jsonl":
                keys = ("id", "doc", "page", "stratum", "prev", "text", "lexicon_sha256")
                rows = ({k: asdict(u)[k] for k in keys} for u in units)
                write_text(shared, "".join(map(dumps_line, rows)))
            case _:
                write_text(shared, to_csv(units), bom=True)
        say(
            shared,
            tr(
                f"{len(units)} 句，抽自 {len(candidates)} 句",
                f"{len(units)} sentences drawn from {len(candidates)}",
            ),
        )


def _candidates(analyzer: Analyzer, paths: list[str]) -> Iterator[Candidate]:
    from pathlib import PurePath

    from nqpf_cli.workshop.sheet import Candidate

    for document in documents(analyzer, paths):
        previous = ""
        codings = analyzer.codings(document)
        for s, coding in zip(document.sentences, codings, strict=True):
            yield Candidate(
                doc=PurePath(document.source.path).name,
                page=s.page if document.paged else None,
                prev=previous,
                text=s.text,
                labels=coding.labels,
                section=s.section,
            )
            previous = s.text


def _definitions(lexicon: Lexicon) -> dict[str, str]:
    from nqpf_cli.model import LABELS

    out = {}
    for label in LABELS:
        id_, _, stance = label.partition(".")
        category = lexicon.category(id_)
        if category is None:
            continue
        inner = "；".join(f"{i.zh}：{i.definition}" for i in category.indicators)
        stances = {"problem": "【诊断：说它存在】", "remedy": "【回应：报告或承诺行动】", "": ""}
        out[label] = f"{category.zh}{stances[stance]}——{category.definition}（{inner}）"
    return out


def _register_agree(app: typer.Typer) -> None:
    @app.command(
        help=tr(
            "计算编码员之间的一致性：Krippendorff α、一致率、两两 F1。",
            "Agreement of coders: Krippendorff's α, equal decisions, pairwise F1.",
        ),
        epilog=tr("例：nqpf agree 甲.xlsx 乙.xlsx", "Example: nqpf agree a.xlsx b.xlsx"),
    )
    @shared_options("table", "json", "csv")
    def agree(shared: Shared, files: o.Files) -> None:
        from nqpf_cli.files import read_bytes
        from nqpf_cli.formats.delimited import delimited
        from nqpf_cli.formats.json_ import dumps
        from nqpf_cli.workshop.sheet import agree as measure
        from nqpf_cli.workshop.sheet import read_sheet

        if len(files) < 2:
            raise UsageError(
                Message("至少要两份编码表", "two sheets are needed at least"),
                Message("例：nqpf agree 甲.xlsx 乙.xlsx", "e.g. nqpf agree a.xlsx b.xlsx"),
            )
        rows = [asdict(a) for a in measure([read_sheet(f, read_bytes(f)) for f in files])]
        match shared.format:
            case "json":
                write_text(shared, dumps({"coders": files, "labels": rows}))
            case "csv":
                write_text(shared, delimited(rows, list(rows[0])), bom=True)
            case _:
                render(shared, lambda c: _draw(c, rows))


def _draw(console: Console, rows: list[dict[str, Any]]) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column(tr("标签", "label"))
    for heading in ("α", tr("一致率", "equal"), "F1", tr("标记次数", "marked")):
        table.add_column(heading, justify="right")
    for r in rows:
        table.add_row(
            r["label"],
            "–" if r["alpha"] is None else f"{r['alpha']:.2f}",
            f"{100 * r['percent']:.1f}%",
            "–" if r["f1"] is None else f"{r['f1']:.2f}",
            str(r["marked"]),
        )
    console.print(table)
