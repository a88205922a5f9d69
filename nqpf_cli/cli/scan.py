"""``nqpf scan``: whole folders, a flushed record a document."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from nqpf_cli import __version__
from nqpf_cli.cli import options as o
from nqpf_cli.cli.console import output_error, quit_pipe, say, stdout_error
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import NothingFoundError, UsageError
from nqpf_cli.formats.safe import printable
from nqpf_cli.i18n import Message, tr

SOME_FAILED = 7
_BEGIN = b'{"schema_version"'  # of every record


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=tr(
            "给整个文件夹打分：每个文档一行 JSON。", "Score whole folders: a JSON line a document."
        ),
        epilog=tr(
            "例：nqpf scan 规划/ -o 结果.jsonl --jobs 4",
            "Example: nqpf scan plans/ -o scan.jsonl --jobs 4",
        ),
    )
    @shared_options("jsonl")
    def scan(
        shared: Shared,
        paths: Annotated[
            list[str] | None, typer.Argument(help=tr("文件夹或文件", "folders or files"))
        ] = None,
        jobs: Annotated[
            str, typer.Option(help=tr("并行的进程数，或 auto", "worker processes, or auto"))
        ] = "1",
        resume: Annotated[
            bool,
            typer.Option(
                "--resume", help=tr("接着 -o 文件继续", "go on in the file given with -o")
            ),
        ] = False,
        glob: Annotated[
            list[str] | None, typer.Option(help=tr("文件名模式，可重复", "name patterns"))
        ] = None,
        exclude: Annotated[
            list[str] | None, typer.Option(help=tr("排除的文件名模式", "patterns to leave out"))
        ] = None,
        files_from: Annotated[
            str | None,
            typer.Option(
                help=tr("从文件或 -（标准输入）读路径，每行一个", "a list of paths, or -")
            ),
        ] = None,
        *,
        reading: o.Reading,
        coding: o.Coding,
        estimates: o.Estimates,
    ) -> None:
        from nqpf_cli.scan import Job, find_files
        from nqpf_cli.scan import scan as scan_files

        reading.require_extras()
        # Built here too, so that a broken lexicon is told once and before any work.
        analyzer = o.analyzer(shared, reading, coding, estimates)
        asked = [*(paths or ()), *(_listed(files_from) if files_from else ())]
        if not asked:
            raise UsageError(
                Message("没有给出文件夹或文件", "no folder or file was given"),
                Message("例：nqpf scan 规划/", "e.g. nqpf scan plans/"),
            )
        files = find_files(asked, glob or (), exclude or ())
        if not files:
            raise NothingFoundError(
                Message("没有找到文档", "no document was found"),
                Message("用 --glob 指定文件名模式", "name the files with --glob"),
            )
        lexicon = analyzer.lexicon
        expected = {
            "nqpf_version": __version__,
            "lexicon": {
                "name": lexicon.name,
                "version": lexicon.version,
                "sha256": lexicon.sha256,
            },
            "settings": analyzer.settings.to_dict(),
        }
        done = _repair(shared, resume, expected)
        job = Job(lexicons=shared.lexicons, settings=analyzer.settings, options=analyzer.options)
        left = [f for f in files if f not in done]
        records = scan_files(left, job, _jobs(jobs)) if left else ()
        failed = _write(shared, records, append=resume)
        failed += sum(done[f] for f in files if f in done)
        say(
            shared,
            tr(
                f"{len(files)} 个文件，{failed} 个失败",
                f"{len(files)} file(s), {failed} failed",
            ),
        )
        if failed:
            raise typer.Exit(SOME_FAILED)


def _jobs(text: str) -> int:
    if text == "auto":
        count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
        return count or os.cpu_count() or 1
    if not text.isdecimal() or not text.isascii() or not 1 <= int(text) <= 256:
        raise UsageError(
            Message(f"--jobs 不能是 {text}", f"--jobs cannot be '{text}'"),
            Message("用 1–256 或 auto", "1–256 or auto"),
        )
    return int(text)


def _listed(source: str) -> list[str]:
    from nqpf_cli.documents import read_bytes

    data = sys.stdin.buffer.read() if source == "-" else read_bytes(source)
    separator = b"\0" if b"\0" in data else b"\n"
    names = (n.strip(b"\r") for n in data.split(separator))
    return [os.fsdecode(n) for n in names if n]


def _repair(shared: Shared, resume: bool, expected: dict[str, Any]) -> dict[str, bool]:
    """Return path → failed of the records that the output has already; drop a torn last line.

    Raises ``UsageError`` rather than touch a file that is no scan's output, or the output of a
    scan with another lexicon, settings or version: its figures would not fit together.
    """
    if not resume:
        return {}
    if shared.output is None or str(shared.output) == "-":
        raise UsageError(
            Message("--resume 需要 -o 文件", "--resume needs a file"),
            Message(
                "例：nqpf scan 规划/ -o 结果.jsonl --resume",
                "e.g. nqpf scan plans/ -o scan.jsonl --resume",
            ),
        )
    if not shared.output.exists():
        return {}
    done: dict[str, bool] = {}
    whole = 0
    try:
        with shared.output.open("rb") as f:
            for number, line in enumerate(f, 1):
                if not line.endswith(b"\n"):
                    break  # the last line, torn when the scan was killed
                record = _record(line)
                if record is None:
                    raise _no_scan(shared, number)
                _check_same(shared, number, record, expected)
                done[record["source"]["path"]] = "error" in record
                whole += len(line)
        with shared.output.open("rb") as f:
            head = f.read(len(_BEGIN))
        if not _BEGIN.startswith(head):
            raise _no_scan(shared, 1)
        with shared.output.open("r+b") as f:
            f.truncate(whole)
    except OSError as e:
        raise output_error(str(shared.output), e) from e
    return done


def _no_scan(shared: Shared, line: int) -> UsageError:
    return UsageError(
        Message(
            f"{shared.output} 第 {line} 行不是扫描结果，没有改动它",
            f"{shared.output}, line {line}, is no output of a scan; it was left as it is",
        ),
        Message("用 -o 给出另一个文件", "name another file with -o"),
    )


def _check_same(
    shared: Shared, line: int, record: dict[str, Any], expected: dict[str, Any]
) -> None:
    for key, value in expected.items():
        if "error" not in record and record.get(key) != value:
            raise UsageError(
                Message(
                    f"{shared.output} 第 {line} 行是用别的 {key} 做的，不能接着写",
                    f"{shared.output}, line {line}, was made with another {key}: no going on",
                ),
                Message("用同样的选项，或另写一个文件", "use the same options, or another file"),
            )


def _record(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        return None
    try:
        record: dict[str, Any] = json.loads(line.decode("utf-8", "surrogateescape"))
        return record if isinstance(record["source"]["path"], str) else None
    except (ValueError, KeyError, TypeError):
        return None


def _write(shared: Shared, records: Iterable[dict[str, Any]], *, append: bool) -> int:
    """Stream records to the output, each flushed; return how many are errors."""
    output: Path | None = shared.output
    if output is None or str(output) == "-":
        try:
            return _stream(shared, records, sys.stdout)
        except BrokenPipeError:
            quit_pipe()
        except OSError as e:
            raise stdout_error(e) from e
    try:
        with output.open(
            "a" if append else "w", encoding="utf-8", errors="surrogateescape", newline="\n"
        ) as out:
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
