"""``nqpf explain``: every hit, with the sentence it stands in and the place in the source."""

from __future__ import annotations

from dataclasses import asdict
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nqpf_cli.cli import options as o
from nqpf_cli.cli.console import render, write_text
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import NothingFoundError, UsageError
from nqpf_cli.i18n import Message, language, tr

if TYPE_CHECKING:
    from nqpf_cli.model import Hit, Lexicon

FIELDS = (
    "path", "sha256", "page", "category", "indicator", "entry", "surface", "stance", "start",
    "end", "sentence", "sentence_start", "section",
    "ocr_confidence", "counted",
)  # fmt: skip
WHY = (*FIELDS, "rule", "cue")


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=tr("列出每一处命中及其证据。", "List every hit with its evidence."),
        epilog=tr(
            "例：nqpf explain 规划.pdf --category lockin --stance problem",
            "Example: nqpf explain plan.pdf --category lockin --stance problem",
        ),
    )
    @shared_options("text", "json", "jsonl", "csv", "tsv", "md")
    def explain(
        shared: Shared,
        file: o.OneFile,
        category: Annotated[
            str | None,
            typer.Option(
                help=tr("类别、指标或对策的 id", "id of a category, indicator or prescription")
            ),
        ] = None,
        stance: Annotated[str | None, typer.Option(help="problem | remedy")] = None,
        why: Annotated[
            bool, typer.Option("--why", help=tr("给出规则与线索词", "name the rule and the cue"))
        ] = False,
        stdin_filename: o.StdinName = "stdin.txt",
        *,
        reading: o.Reading,
        coding: o.Coding,
    ) -> None:
        o.check_choice("stance", stance, "problem", "remedy")
        analyzer = o.analyzer(shared, reading, coding)
        _check_category(category, analyzer.lexicon)
        data, name = reading.input(file, stdin_filename)
        document = o.read(data, name, analyzer.options, reading.tables, lambda: analyzer.code(""))
        hits = [
            h
            for h in analyzer.evidence(document, of=category)
            if stance is None or h.stance == stance
        ]
        _write(shared, hits, WHY if why else FIELDS, analyzer.lexicon, why=why)
        if not hits:
            raise NothingFoundError(
                Message("没有命中", "nothing was found"),
                Message(
                    "用 nqpf text 看文本，用 nqpf lexicon list 看词典",
                    "see the text with nqpf text, the lexicon with nqpf lexicon list",
                ),
            )


def _check_category(category: str | None, lexicon: Lexicon) -> None:
    categories = [c.id for c in lexicon.categories]
    known = categories + [i.id for c in lexicon.categories for i in c.indicators]
    known += [p.id for p in lexicon.prescriptions]
    if category is not None and category not in known:
        meant = get_close_matches(category, known) or categories
        raise UsageError(
            Message(
                f"没有类别或指标 {category}", f"there is no category or indicator '{category}'"
            ),
            Message(
                f"例如 {'、'.join(meant)}；全部：nqpf lexicon list",
                f"such as {', '.join(meant)}; all of them: nqpf lexicon list",
            ),
        )


def _write(
    shared: Shared, hits: list[Hit], fields: tuple[str, ...], lexicon: Lexicon, *, why: bool
) -> None:
    from nqpf_cli.formats.delimited import delimited
    from nqpf_cli.formats.json_ import dumps, dumps_line

    def row(hit: Hit) -> dict[str, Any]:
        values = asdict(hit)
        return {f: values[f] for f in fields}

    match shared.format:
        case "json":
            write_text(shared, dumps([row(h) for h in hits]))
        case "jsonl":
            write_text(shared, "".join(dumps_line(row(h)) for h in hits))
        case "md":
            if hits:
                from nqpf_cli.formats.evidence import hits_markdown

                write_text(shared, hits_markdown(hits, lexicon, language(), why=why))
        case "csv" | "tsv":
            text = delimited(
                map(row, hits), fields, delimiter="\t" if shared.format == "tsv" else ","
            )
            write_text(shared, text, bom=shared.format == "csv")
        case _:
            if hits:
                from nqpf_cli.formats.evidence import draw_hits

                lang = language()
                render(shared, lambda c: draw_hits(c, hits, lexicon, lang, why=why))
