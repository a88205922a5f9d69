"""``nqpf demo``: the sample document that ships, without a file or network."""

from __future__ import annotations

import typer

from nqpf_cli.cli import options as o
from nqpf_cli.cli.score import FORMATS, show
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.i18n import tr

SAMPLE = "corpora/sample/report.pdf"


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=tr(
            "给随软件附带的样例文档（虚构省份的政府工作报告）打分。",
            "Score the sample that ships: the work report of a fictional province.",
        ),
        epilog=tr("例：nqpf demo --lang zh", "Example: nqpf demo --lang en"),
    )
    @shared_options(*FORMATS)
    def demo(shared: Shared) -> None:
        from nqpf_cli.files import read_bytes
        from nqpf_cli.resources import data_dir

        analyzer = o.analyzer(shared)
        path = data_dir("corpora") / "sample" / "report.pdf"
        report = analyzer.score(analyzer.read_data(read_bytes(str(path)), SAMPLE))
        show(shared, [(SAMPLE, report)], analyzer.lexicon)
