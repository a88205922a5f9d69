"""``nqpf cache info|clear|prune``: what earlier scans left for later ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from nqpf_cli.cli.console import say, write_text
from nqpf_cli.cli.quick import App
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import OutputError, UsageError
from nqpf_cli.i18n import Message, tr

Folder = Annotated[
    Path | None,
    typer.Option("--cache-dir", help=tr("缓存文件夹（默认：用户缓存）", "where the cache lies")),
]
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}
_SIZE = re.compile(r"^(\d{1,12})\s*([KMGT]?)I?B?$", re.IGNORECASE)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = App(
        help=tr(
            "扫描的缓存：已读的文字与已算的结果。",
            "The cache of scans: texts that were read, figures that were made.",
        ),
        epilog=tr("例：nqpf cache info", "Example: nqpf cache info"),
        no_args_is_help=True,
    )
    app.add_typer(group, name="cache")
    _register_info(group)
    _register_clear(group)
    _register_prune(group)


def _register_info(group: typer.Typer) -> None:
    @group.command(
        help=tr("缓存在哪里、有多大。", "Where the cache lies and what it holds."),
        epilog=tr("例：nqpf cache info", "Example: nqpf cache info --format json"),
    )
    @shared_options("text", "json")
    def info(shared: Shared, cache_dir: Folder = None) -> None:
        from nqpf_cli.cache.store import Store, default_folder
        from nqpf_cli.formats.json_ import dumps

        folder = cache_dir or default_folder()
        if not Store.exists(folder):
            found = {"path": str(folder), "reports": 0, "documents": 0, "size_bytes": 0}
        else:
            with _told(folder):
                i = Store.open(folder).info()
            found = {
                "path": str(i.path),
                "reports": i.reports,
                "documents": i.documents,
                "size_bytes": i.size_bytes,
            }
        if shared.format == "json":
            write_text(shared, dumps(found))
            return
        words = {
            "path": tr("位置", "path"),
            "reports": tr("结果", "reports"),
            "documents": tr("文档文字", "documents"),
            "size_bytes": tr("字节", "bytes"),
        }
        write_text(shared, "".join(f"{words[k]}: {v}\n" for k, v in found.items()))


def _register_clear(group: typer.Typer) -> None:
    @group.command(
        help=tr("清空缓存。", "Empty the cache."),
        epilog=tr("例：nqpf cache clear", "Example: nqpf cache clear"),
    )
    @shared_options("text")
    def clear(shared: Shared, cache_dir: Folder = None) -> None:
        from nqpf_cli.cache.store import Store, default_folder

        folder = cache_dir or default_folder()
        try:
            Store(folder).remove()
        except OSError as e:
            raise OutputError.of(str(folder), e) from e
        say(shared, tr(f"已清空 {folder}", f"emptied {folder}"))


def _register_prune(group: typer.Typer) -> None:
    @group.command(
        help=tr("丢掉久未使用的内容。", "Drop what has not been used for long."),
        epilog=tr(
            "例：nqpf cache prune --unused-days 90 --max-size 500M",
            "Example: nqpf cache prune --unused-days 90 --max-size 500M",
        ),
    )
    @shared_options("text")
    def prune(
        shared: Shared,
        cache_dir: Folder = None,
        unused_days: Annotated[
            int | None, typer.Option(min=0, help=tr("多少天未用", "days without use"))
        ] = None,
        max_size: Annotated[
            str, typer.Option(help=tr("最多多大，如 500M", "keep at most, e.g. 500M"))
        ] = "4G",
    ) -> None:
        from nqpf_cli.cache.store import Store, default_folder

        most = _bytes(max_size)
        folder = cache_dir or default_folder()
        dropped = 0
        if Store.exists(folder):
            with _told(folder):
                dropped = Store.open(folder).prune(most, unused_days)
        say(shared, tr(f"丢掉 {dropped} 项", f"dropped {dropped} item(s)"))


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turn a fault of the cache's file into an ``OutputError``."""
    import sqlite3

    try:
        yield
    except sqlite3.Error as e:
        raise OutputError(
            Message(f"缓存 {folder} 正忙或已损坏：{e}", f"the cache {folder}: {e}"),
            Message("稍后再试，或 nqpf cache clear", "try later, or nqpf cache clear"),
        ) from e


def _bytes(text: str) -> int:
    found = _SIZE.match(text.strip())
    if found is None:
        raise UsageError(
            Message(f"看不懂大小 {text}", f"cannot read the size '{text}'"),
            Message("例：500M、4G", "e.g. 500M, 4G"),
        )
    return int(found[1]) * _UNITS[found[2].upper()]
