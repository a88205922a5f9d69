"""``nqpf report``: one HTML page from a document, a folder or a scan."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nqpf_cli.cli import options as o
from nqpf_cli.cli.console import say, write_text
from nqpf_cli.cli.scan import SOME_FAILED, Jobs, cache_of, jobs_of, tell_failure
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import NothingFoundError, UsageError
from nqpf_cli.i18n import Message, language, tr

if TYPE_CHECKING:
    from nqpf_cli.corpus.records import Record
    from nqpf_cli.pipeline import Analyzer

_SCANS = (".jsonl", ".ndjson", ".json")
_SENTENCES = 20
_SENTENCES_OF_A_FOLDER = 500
_MANY_DOCUMENTS = 120  # above it evidence would take a page beyond 5 MB


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=tr(
            "把一份文档、一个文件夹或一次扫描的结果做成一页 HTML（可选组件 page）。",
            "One HTML page from a document, a folder or a scan's output (extra 'page').",
        ),
        epilog=tr(
            "例：nqpf report 规划.pdf -o 规划.html", "Example: nqpf report plan.pdf -o plan.html"
        ),
    )
    @shared_options("html")
    def report(
        shared: Shared,
        input_: Annotated[
            str,
            typer.Argument(
                metavar="INPUT",
                help=tr(
                    "文档、文件夹，或扫描结果（.jsonl、.json，- 为标准输入）",
                    "a document, a folder, or a scan's output (.jsonl, .json; - is stdin)",
                ),
            ),
        ],
        title: Annotated[
            str | None, typer.Option(help=tr("页面的标题", "title of the page"))
        ] = None,
        evidence: Annotated[
            int | None,
            typer.Option(
                min=0,
                max=10_000,
                help=tr(
                    f"每个类别至少列几句证据（默认 {_SENTENCES}；文件夹里文档多则少些，"
                    f"多于 {_MANY_DOCUMENTS} 份则不列）",
                    f"sentences of evidence a category (default {_SENTENCES}, fewer for folders "
                    f"of many documents, none above {_MANY_DOCUMENTS})",
                ),
                show_default=False,
            ),
        ] = None,
        jobs: Jobs = "auto",
        stdin_filename: Annotated[
            str | None,
            typer.Option(
                help=tr("标准输入是文档时它的文件名", "the name of stdin where it is a document")
            ),
        ] = None,
        *,
        reading: o.Reading,
        coding: o.Coding,
        estimates: o.Estimates,
        comparing: o.Comparing,
    ) -> None:
        from nqpf_cli.page.html import PageOptions, page

        _check_output(shared)
        analyzer = o.analyzer(shared, reading, coding, estimates, comparing)
        limit: int | None
        if _is_scan(input_, stdin_filename):
            from nqpf_cli.corpus.records import read_records

            records, limit = list(read_records(input_)), None
        elif Path(input_).is_dir():
            reading.require_extras()
            files = _files(input_, None if shared.url else shared.output)
            limit = _limit(len(files)) if evidence is None else evidence
            records = list(_folder(shared, analyzer, files, limit, jobs_of(jobs, len(files))))
        else:
            limit = _SENTENCES if evidence is None else evidence
            data, name = reading.input(input_, stdin_filename or "stdin.txt")
            records = [_one(analyzer, data, name, limit)]
        options = PageOptions(lang=language(), title=title, evidence=limit)
        write_text(shared, page(records, analyzer.lexicon, options))
        failed = sum(r.report is None for r in records)
        if failed and limit is not None:  # a scan's own failures were told when it ran
            say(shared, tr(f"{failed} 个文件读不了", f"{failed} file(s) could not be read"))
            raise typer.Exit(SOME_FAILED)


def _check_output(shared: Shared) -> None:
    if shared.output is None and sys.stdout.isatty():
        raise UsageError(
            Message("没有给出 -o", "there is no -o"),
            Message("例：nqpf report 规划.pdf -o 规划.html", "e.g. -o plan.html"),
        )


def _is_scan(path: str, stdin_filename: str | None) -> bool:
    if path == "-":
        return stdin_filename is None
    return Path(path).suffix.lower() in _SCANS and not Path(path).is_dir()


def _limit(documents: int) -> int:
    """Return how many sentences a category gets, so that a page of many stays below 5 MB."""
    if documents > _MANY_DOCUMENTS:
        return 0
    return min(_SENTENCES, _SENTENCES_OF_A_FOLDER // documents)


def _files(folder: str, output: Path | None) -> list[str]:
    """Return the documents of a folder, without the page that an earlier run left there."""
    from nqpf_cli.scan import find_files

    page = output.resolve() if output else None
    files = [f for f in find_files([folder]) if Path(f).resolve() != page]
    if not files:
        raise NothingFoundError(
            Message(f"{folder} 里没有文档", f"there is no document in {folder}"),
            Message("检查路径", "check the path"),
        )
    return files


def _folder(
    shared: Shared, analyzer: Analyzer, files: Iterable[str], limit: int, jobs: int
) -> Iterator[Record]:
    from nqpf_cli.corpus.records import parse_record
    from nqpf_cli.page.evidence import record
    from nqpf_cli.scan import Job, scan

    job = Job(
        lexicons=shared.lexicons,
        settings=analyzer.settings,
        options=analyzer.options,
        cache=cache_of(analyzer.options),
        record=partial(record, limit=limit),
    )
    for outcome in scan(files, job, jobs):
        tell_failure(shared, outcome)
        found = parse_record(outcome.line.encode())
        assert found is not None
        yield found


def _one(analyzer: Analyzer, data: bytes, name: str, limit: int) -> Record:
    from nqpf_cli.corpus.records import Record
    from nqpf_cli.page.evidence import record

    report = record(analyzer, analyzer.read_data(data, name), limit=limit)
    return Record(line=1, path=name, report=report, error=None)
