"""``nqpf cite``: a methods paragraph, and what to cite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nqpf_cli.cli import options as o
from nqpf_cli.cli.console import write_text
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import CorruptError, NothingFoundError, UsageError
from nqpf_cli.i18n import Message, language, tr

if TYPE_CHECKING:
    from nqpf_cli.formats.citing import MadeWith

STYLES = ("text", "bibtex", "cff")
_LEXICON = {"name", "version", "sha256"}
_SETTINGS = {"tables", "confidence", "resamples", "seed"}


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=tr(
            "写一段方法说明与引用，可取自一份报告（JSON）或扫描结果。",
            "Write a methods paragraph and references, as a report (JSON) or a scan has it.",
        ),
        epilog=tr(
            "例：nqpf cite 结果.jsonl --style bibtex -o nqpf.bib",
            "Example: nqpf cite scan.jsonl --style bibtex -o nqpf.bib",
        ),
    )
    @shared_options("text")
    def cite(
        shared: Shared,
        file: Annotated[
            str | None,
            typer.Argument(
                help=tr(
                    "报告或扫描结果；- 为标准输入；不给则按默认设置",
                    "a report or a scan; - is stdin; without one: the defaults",
                )
            ),
        ] = None,
        style: Annotated[str, typer.Option(help=" | ".join(STYLES))] = "text",
    ) -> None:
        from nqpf_cli.formats import citing

        o.check_choice("style", style, *STYLES)
        made = _of_defaults(shared) if file is None else _of_records(file)
        match style:
            case "bibtex":
                write_text(shared, citing.bibtex(made))
            case "cff":
                write_text(shared, citing.cff(made))
            case _:
                write_text(shared, citing.methods(made, language()))


def _of_defaults(shared: Shared) -> MadeWith:

    from nqpf_cli.formats.citing import MadeWith
    from nqpf_cli.pipeline import Analyzer
    from nqpf_cli.version import __version__

    analyzer = Analyzer.of(shared.lexicons)
    reference = analyzer.reference
    used = reference is not None and reference.lexicon.sha256 == analyzer.lexicon.sha256
    return MadeWith(
        nqpf_version=__version__,
        lexicon=analyzer.lexicon.id.to_dict(),
        settings=analyzer.settings.to_dict(),
        documents=0,
        references=((reference.name, reference.sha256),) if reference and used else (),
    )


def _of_records(file: str) -> MadeWith:
    """Return what made a scan's figures; raises ``UsageError`` where it is not one thing."""
    from nqpf_cli.corpus.records import read_records
    from nqpf_cli.formats.citing import MadeWith

    first: dict[str, Any] | None = None
    references: dict[tuple[str, str], None] = {}
    documents = 0
    for record in read_records(file):
        report = record.report
        if report is None:
            continue
        first = first or report
        documents += 1
        for key in ("nqpf_version", "lexicon", "settings"):
            if report.get(key) != first.get(key):
                raise UsageError(
                    Message(
                        f"{file} 第 {record.line} 行的 {key} 与第一份不同，一段话说不清",
                        f"{file}, line {record.line}: another {key} than the first report has; "
                        "no one paragraph can tell both",
                    ),
                    Message("分开引用，或用同样的设置重新扫描", "cite them apart, or scan anew"),
                )
        used = report.get("reference")
        if used and used["basis"]:
            references[used["name"], used["sha256"]] = None
    if first is None:
        raise NothingFoundError(
            Message(f"{file} 里没有报告", f"there is no report in {file}"),
            Message(
                "先计分：nqpf score 规划.pdf --format json", "score first: nqpf score plan.pdf"
            ),
        )
    lexicon, settings = first["lexicon"], first["settings"]
    known = settings.get("coder") in ("model", "rules")
    if not known or _LEXICON - lexicon.keys() or _SETTINGS - settings.keys():
        raise CorruptError(
            Message(f"{file} 里的报告不完整", f"a report in {file} is not whole"),
            Message("用这个版本重新计分", "score again with this version"),
        )
    return MadeWith(
        nqpf_version=first["nqpf_version"],
        lexicon=lexicon,
        settings=settings,
        documents=documents,
        references=tuple(references),
    )
