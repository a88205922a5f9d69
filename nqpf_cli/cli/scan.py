"""``nqpf scan``: whole folders, a flushed record a document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, TextIO

import typer

from nqpf_cli.cli import options as o
from nqpf_cli.cli.console import output_error, printable, quit_pipe, say
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import NothingFoundError
from nqpf_cli.i18n import Message, tr

SOME_FAILED = 7


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=tr(
            "给整个文件夹打分：每个文档一行 JSON。", "Score whole folders: a JSON line a document."
        ),
        epilog=tr("例：nqpf scan 规划/ -o 结果.jsonl", "Example: nqpf scan plans/ -o scan.jsonl"),
    )
    @shared_options("jsonl")
    def scan(
        shared: Shared,
        paths: Annotated[list[str], typer.Argument(help=tr("文件夹或文件", "folders or files"))],
        glob: Annotated[
            list[str] | None, typer.Option(help=tr("文件名模式，可重复", "name patterns"))
        ] = None,
        exclude: Annotated[
            list[str] | None, typer.Option(help=tr("排除的文件名模式", "patterns to leave out"))
        ] = None,
        engine: o.Engine = "auto",
        nested: o.Nested = None,
        coder: o.Coder = o.DEFAULT_CODER,
        tables: o.Tables = "include",
        max_pages: o.MaxPages = 3000,
        timeout: o.Timeout = o.TIMEOUT_S,
        confidence: o.Confidence = 0.95,
        resamples: o.Resamples = 1000,
        seed: o.Seed = 20240201,
    ) -> None:
        from nqpf_cli.scan import find_files
        from nqpf_cli.scan import scan as scan_files

        analyzer = o.analyzer(
            shared,
            engine=engine,
            nested=nested,
            coder=coder,
            tables=tables,
            max_pages=max_pages,
            timeout=timeout,
            confidence=confidence,
            resamples=resamples,
            seed=seed,
        )
        files = find_files(paths, glob or (), exclude or ())
        if not files:
            raise NothingFoundError(
                Message("没有找到文档", "no document was found"),
                Message("用 --glob 指定文件名模式", "name the files with --glob"),
            )
        failed = _write(shared, scan_files(files, analyzer))
        say(
            shared,
            tr(f"{len(files)} 个文件，{failed} 个失败", f"{len(files)} file(s), {failed} failed"),
        )
        if failed:
            raise typer.Exit(SOME_FAILED)


def _write(shared: Shared, records: Iterable[dict[str, Any]]) -> int:
    """Stream records to the output, each flushed; return how many are errors."""
    import sys

    output = shared.output
    if output is None:
        try:
            return _stream(shared, records, sys.stdout)
        except BrokenPipeError:
            quit_pipe()
    try:
        with output.open("w", encoding="utf-8", errors="surrogateescape") as out:
            return _stream(shared, records, out)
    except OSError as e:
        raise output_error(str(output), e) from e


def _stream(shared: Shared, records: Iterable[dict[str, Any]], out: TextIO) -> int:
    from nqpf_cli.formats.json_ import dumps_line

    failed = 0
    for record in records:
        out.write(dumps_line(record))
        out.flush()
        if "error" in record:
            failed += 1
            error = record["error"]
            path = printable(record["source"]["path"])
            say(shared, f"{path}: {error['code']}: {error['message']}")
    return failed
