"""The command line: a table of commands, each in its own file."""

from __future__ import annotations

from typing import Annotated

import typer

from nqpf_cli.cli import (
    cache,
    cite,
    cluster,
    code,
    compare,
    demo,
    explain,
    kwic,
    panel,
    reference,
    report,
    sample,
    scan,
    schema,
    score,
    table,
    text,
    trend,
    validate,
)
from nqpf_cli.cli import lexicon as lexicon_commands
from nqpf_cli.cli.shared import check_language, show_version
from nqpf_cli.i18n import tr

app = typer.Typer(
    name="nqpf",
    help=tr(
        "新质生产力与区域协调发展：中文政策文本分析。",
        "How Chinese policy documents speak of new-quality productive forces.",
    ),
    epilog=tr("例：nqpf score 规划.pdf", "Example: nqpf score plan.pdf"),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=show_version, is_eager=True, help=tr("版本", "show the version")
        ),
    ] = False,
    lang: Annotated[
        str | None,
        typer.Option(help=tr("界面语言：zh 或 en", "language: zh or en"), callback=check_language),
    ] = None,
) -> None:
    pass


score.register(app)
scan.register(app)
table.register(app)
panel.register(app)
text.register(app)
explain.register(app)
kwic.register(app)
compare.register(app)
cluster.register(app)
trend.register(app)
code.register(app)
validate.register(app)
report.register(app)
reference.register(app)
cite.register(app)
sample.register(app)
lexicon_commands.register(app)
cache.register(app)
schema.register(app)
demo.register(app)
