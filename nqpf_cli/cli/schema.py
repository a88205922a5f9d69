"""``nqpf schema``: the JSON Schema of an output."""

from __future__ import annotations

from typing import Annotated

import typer

from nqpf_cli.cli.console import write_text
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import UsageError
from nqpf_cli.i18n import Message, tr


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=tr("输出的 JSON Schema（2020-12）。", "The JSON Schema (2020-12) of an output."),
        epilog=tr(
            "例：nqpf schema report > report.schema.json",
            "Example: nqpf schema report > report.schema.json",
        ),
    )
    @shared_options("json")
    def schema(
        shared: Shared,
        name: Annotated[
            str, typer.Argument(help="report | scan | code | hit | compare")
        ] = "report",
    ) -> None:
        from nqpf_cli.formats.json_ import dumps
        from nqpf_cli.formats.schemas import SCHEMAS

        if name not in SCHEMAS:
            words = " | ".join(SCHEMAS)
            raise UsageError(
                Message(f"没有名为 {name} 的模式", f"there is no schema '{name}'"),
                Message(f"可用：{words}", f"one of: {words}"),
            )
        write_text(shared, dumps(SCHEMAS[name]))
