"""``nqpf scan``: whole folders, a flushed record a document."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from nqpf_cli.cli import options as o
from nqpf_cli.cli.console import complain, quit_pipe, say, stdout_error
from nqpf_cli.cli.progress import Progress
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.cli.tabular import check_table_options, write_documents
from nqpf_cli.errors import InputError, NothingFoundError, UsageError
from nqpf_cli.formats.safe import printable
from nqpf_cli.i18n import Message, tr

if TYPE_CHECKING:
    from nqpf_cli.cache.made import Made
    from nqpf_cli.cache.store import Store
    from nqpf_cli.corpus.meta import Meta
    from nqpf_cli.engines.base import ReadOptions
    from nqpf_cli.model import Settings
    from nqpf_cli.pipeline import Analyzer
    from nqpf_cli.scan import Outcome

SOME_FAILED = 7
Jobs = Annotated[
    str,
    typer.Option(
        help=tr(
            "并行的进程数；auto：文件多时每个处理器一个",
            "worker processes; auto: one a processor where there are many files",
        )
    ),
]
TABLES = ("csv", "tsv", "xlsx", "dta", "parquet")


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
    @shared_options("jsonl", *TABLES)
    def scan(
        shared: Shared,
        paths: Annotated[
            list[str] | None, typer.Argument(help=tr("文件夹或文件", "folders or files"))
        ] = None,
        jobs: Jobs = "auto",
        resume: Annotated[
            bool,
            typer.Option(
                "--resume", help=tr("接着 -o 文件继续", "go on in the file given with -o")
            ),
        ] = False,
        retry_failed: Annotated[
            bool,
            typer.Option(
                "--retry-failed",
                help=tr(
                    "接着做，先把失败的再读一遍（即用 --resume）",
                    "go on, and first read again what failed (implies --resume)",
                ),
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
                help=tr(
                    "从文件或 -（标准输入）读路径，每行一个或以 NUL 分隔",
                    "a list of paths, or -; a line each or parted by NUL",
                )
            ),
        ] = None,
        meta: Annotated[
            str | None,
            typer.Option(
                help=tr(
                    "已知信息表（CSV：path,title,kind,year,jurisdiction），代替读出的",
                    "what is known (CSV: path,title,kind,year,jurisdiction), in place of "
                    "what is read",
                )
            ),
        ] = None,
        fail_fast: Annotated[
            bool,
            typer.Option("--fail-fast", help=tr("第一个失败即停", "stop at the first failure")),
        ] = False,
        max_failures: Annotated[
            int | None,
            typer.Option(min=1, help=tr("失败这么多个就停", "stop after so many failures")),
        ] = None,
        backend: Annotated[
            str,
            typer.Option(help="local | dask"),
        ] = "local",
        scheduler: Annotated[
            str | None,
            typer.Option(
                help=tr("Dask 调度器地址（即用 dask）", "a Dask scheduler's address (implies dask)")
            ),
        ] = None,
        cache_dir: Annotated[
            Path | None,
            typer.Option(help=tr("缓存文件夹（默认：用户缓存）", "where the cache lies")),
        ] = None,
        verify: Annotated[
            bool,
            typer.Option(
                "--verify",
                help=tr(
                    "重读每个文件再认，不凭大小与时间",
                    "know files by reading them, not by their size and times",
                ),
            ),
        ] = False,
        no_cache: Annotated[
            bool,
            typer.Option("--no-cache", help=tr("不用缓存", "neither use nor fill the cache")),
        ] = False,
        *,
        reading: o.Reading,
        coding: o.Coding,
        estimates: o.Estimates,
        comparing: o.Comparing,
    ) -> None:
        from nqpf_cli.cache.reports import Reports
        from nqpf_cli.cache.store import Store
        from nqpf_cli.scan import Job, find, recorded
        from nqpf_cli.scan import scan as scan_files

        check_table_options(shared, "zh", "scan")
        _refuse_url(shared)
        reading.require_extras()
        settings, options = o.settings_of(reading, coding, estimates, comparing), reading.options()
        cache = None if no_cache else cache_of(options, cache_dir)
        store = Store.open(cache) if cache else None
        # Before any work, so that a broken lexicon is told once.
        made = _made(
            shared, settings, options, store,
            lambda: o.analyzer(shared, reading, coding, estimates, comparing),
        )  # fmt: skip
        asked = [*(paths or ()), *(_listed(files_from) if files_from else ())]
        if not asked:
            raise UsageError(
                Message("没有给出文件夹或文件", "no folder or file was given"),
                Message("例：nqpf scan 规划/", "e.g. nqpf scan plans/"),
            )
        found = find(asked, glob or (), exclude or (), _tell_unreadable)
        files = found.files
        if not files:
            raise NothingFoundError(
                Message("没有找到文档", "no document was found"),
                Message("用 --glob 指定文件名模式", "name the files with --glob"),
            )
        if found.repeated:
            say(
                shared,
                tr(
                    f"{found.repeated} 个文件给了不止一次（写法不同也算），各只计一次",
                    f"{found.repeated} file(s) were given more than once, under whatever spelling: "
                    "each is counted once",
                ),
            )
        workers, cluster = jobs_of(jobs, len(files)), _cluster(backend, scheduler)
        _tell_needless(shared, workers, cluster)
        job = Job(
            lexicons=shared.lexicons,
            settings=settings,
            options=options,
            cache=cache,
            meta=_meta(shared, meta, files) if meta else None,
        )
        with ExitStack() as stack:
            records = _records_file(shared, stack)
            out = stack.enter_context(_output(records, made, resume=resume or retry_failed))
            held = recorded(files, out.done)
            left = [f for f in files if f not in held]
            failed = [held[f] for f in files if f in held and out.done[held[f]]]
            again = failed if retry_failed else []
            most = 1 if fail_fast else max_failures
            done = len(files) - len(left) - len(again)
            known = Reports(store, made.keys) if store else None

            def outcomes(paths: list[str]) -> Generator[Outcome]:
                if cluster is None:
                    return scan_files(paths, job, workers, known, verify=verify)
                from nqpf_cli.scan.cluster import scan_on_cluster

                return scan_on_cluster(paths, job, cluster, made.lexicon["sha256"])

            with Progress(shared, len(files), done, len(failed) - len(again)) as progress:
                failures = 0
                if again:
                    with out.retrying() as retried:
                        failures = _run(shared, retried, outcomes(again), progress, most)
                if failures != most:
                    rest = most and most - failures
                    failures += _run(shared, out, outcomes(left), progress, rest)
                stopped = failures == most
            if shared.format in TABLES and records is not None:
                write_documents(shared, [str(records)])
                if not stopped:
                    records.unlink()
        if stopped:
            left_over = len(files) - progress.done
            complain(
                NothingFoundError(
                    Message(
                        f"失败已达 {most} 个，停止；还有 {left_over} 个文件没有读",
                        f"stopped after {most} failure(s); {left_over} file(s) were not read",
                    ),
                    Message(
                        "用 --resume 接着读其余的；--retry-failed 先把失败的再读一遍",
                        "--resume goes on with the rest; --retry-failed first reads again what "
                        "failed",
                    ),
                )
            )
        if progress.failed:
            if not stopped and records is not None and shared.format not in TABLES:
                say(
                    shared,
                    tr(
                        "失败的可以再读：同一命令加 --retry-failed",
                        "to read the failed ones again: the same command with --retry-failed",
                    ),
                )
            raise typer.Exit(SOME_FAILED)


def _run(
    shared: Shared, out: Sink, outcomes: Generator[Outcome], progress: Progress, most: int | None
) -> int:
    """Write every outcome until ``most`` have failed; return how many have."""
    failures = 0
    with closing(outcomes):
        for outcome in outcomes:
            out.write(outcome.line)
            progress.advance(outcome)
            if outcome.error:
                failures += 1
                tell_failure(shared, outcome)
            if failures == most:
                break
    return failures


def tell_failure(shared: Shared, outcome: Outcome) -> None:
    """Say which document could not be read, and why."""
    if outcome.error and outcome.message:
        path = printable(outcome.path)
        say(shared, f"{path}: {outcome.error['code']}: {outcome.message}")


class Sink(Protocol):
    """Where records go; ``done`` maps the paths it held before to whether they failed."""

    done: dict[str, bool]

    def write(self, line: str) -> None:
        """Write a record, flushed."""
        ...

    def retrying(self) -> AbstractContextManager[Sink]:
        """Give a sink whose records take the places of those of the same, failed documents."""
        ...


class _Stdout:
    """Standard output as a sink: a closed pipe ends the scan quietly."""

    def __init__(self) -> None:
        self.done: dict[str, bool] = {}

    def retrying(self) -> AbstractContextManager[Sink]:
        return nullcontext(self)  # nothing was there before

    def write(self, line: str) -> None:
        try:
            sys.stdout.write(line)
            sys.stdout.flush()
        except BrokenPipeError:
            quit_pipe()
        except OSError as e:
            raise stdout_error(e) from e


def _records_file(shared: Shared, stack: ExitStack) -> Path | None:
    """Return the file that records go to, None for stdout.

    A table is made of the records when all are there; until then they lie beside it, so that a
    scan that was stopped can be resumed (beside a pipe or device nothing can lie).
    """
    path = None if shared.output is None or str(shared.output) == "-" else shared.output
    if shared.format not in TABLES:
        return path
    if path is not None and (path.is_file() or not path.exists()):
        return path.with_name(path.name + ".jsonl")
    from tempfile import TemporaryDirectory

    return Path(stack.enter_context(TemporaryDirectory(prefix="nqpf-"))) / "scan.jsonl"


def _refuse_url(shared: Shared) -> None:
    """Raise ``UsageError`` for an output that cannot be appended to, nor gone on with."""
    if shared.url is not None:
        raise UsageError(
            Message(
                f"扫描边做边写，还要能接着做，不能直接写到 {shared.url}",
                f"a scan writes as it goes, to be gone on with: it cannot write to {shared.url}",
            ),
            Message(
                f"先写到本机文件（-o {shared.output}），再用该存储自己的工具复制过去",
                f"write to a file of this machine (-o {shared.output}), then copy it there with "
                "the store's own tool",
            ),
        )


def _output(path: Path | None, made: Made, *, resume: bool) -> AbstractContextManager[Sink]:
    from nqpf_cli.scan.journal import Journal

    if path is None:
        if resume:
            raise UsageError(
                Message("--resume 需要 -o 文件", "--resume needs a file"),
                Message(
                    "例：nqpf scan 规划/ -o 结果.jsonl --resume",
                    "e.g. nqpf scan plans/ -o scan.jsonl --resume",
                ),
            )
        return nullcontext(_Stdout())
    return Journal.resume(path, made.to_dict()) if resume else Journal.begin(path)


def _made(
    shared: Shared,
    settings: Settings,
    options: ReadOptions,
    store: Store | None,
    build: Callable[[], Analyzer],
) -> Made:
    """Return what the records are made with; raises what ``build`` raises."""
    from nqpf_cli.cache.made import Made, made

    if store is None:
        return Made.of(build())
    return made(store, [Path(p) for p in shared.lexicons], settings, options, build)


def cache_of(options: ReadOptions, folder: Path | None = None) -> Path | None:
    """Return the folder of the cache that a scan may use, if it may use one."""
    # What a password opens is not left lying about.
    if options.password is not None:
        return None
    from nqpf_cli.cache.store import default_folder

    return folder or default_folder()


def _tell_unreadable(e: OSError) -> None:
    name = str(e.filename)
    complain(
        InputError(
            Message(f"无法列出文件夹 {name}：{e.strerror}", f"cannot list {name}: {e.strerror}"),
            Message("检查权限；其中的文件没有读", "check its permissions; nothing in it was read"),
        )
    )


def _meta(shared: Shared, path: str, files: list[str]) -> Meta:
    from nqpf_cli.corpus.meta import Meta

    meta = Meta.read(path)
    if unused := meta.unused(files):
        names = ", ".join(map(printable, unused[:5]))
        say(
            shared,
            tr(
                f"{path} 有 {len(unused)} 行没有对应的文件：{names}",
                f"{len(unused)} row(s) of {path} match no file: {names}",
            ),
        )
    return meta


def _cluster(backend: str, scheduler: str | None) -> str | None:
    """Return the address of the cluster to use, or None for this machine."""
    o.check_choice("backend", backend, "local", "dask")
    if backend == "dask" and scheduler is None:
        raise UsageError(
            Message("--backend dask 需要 --scheduler", "--backend dask needs --scheduler"),
            Message("例：--scheduler tcp://10.0.0.1:8786", "e.g. --scheduler tcp://10.0.0.1:8786"),
        )
    return scheduler


def jobs_of(text: str, documents: int) -> int:
    """Return a number of worker processes for so many documents; raises ``UsageError``."""
    if text == "auto":
        from nqpf_cli.scan.queue import automatic

        return automatic(documents)
    if not text.isdecimal() or not text.isascii() or not 1 <= int(text) <= 256:
        raise UsageError(
            Message(f"--jobs 不能是 {text}", f"--jobs cannot be '{text}'"),
            Message("用 1–256 或 auto", "1–256 or auto"),
        )
    return int(text)


def _tell_needless(shared: Shared, workers: int, cluster: str | None) -> None:
    from nqpf_cli.scan.queue import useful

    most = useful(workers, workers)
    if cluster is None and most < workers:
        say(
            shared,
            tr(
                f"--jobs {workers}：这台机器上多于 {most} 个进程没有用处，至多开 {most} 个",
                f"--jobs {workers}: more than {most} processes are of no use on this machine, "
                "and no more are started",
            ),
        )


def _listed(source: str) -> list[str]:
    from nqpf_cli.files import read_bytes

    data = sys.stdin.buffer.read() if source == "-" else read_bytes(source)
    if b"\0" in data:
        names = data.split(b"\0")
    else:
        lines = data.removeprefix(codecs.BOM_UTF8).split(b"\n")
        names = [n.removesuffix(b"\r") for n in lines]
    return [os.fsdecode(n) for n in names if n]
