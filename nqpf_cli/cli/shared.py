"""The options that every command takes, declared once."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

import typer

from nqpf_cli.errors import UsageError
from nqpf_cli.i18n import Message, tr
from nqpf_cli.storage import is_url, local_path

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Shared:
    """What the shared options say; ``format`` is resolved: never None, never unknown.

    Where the output is a ``url``, ``output`` is its last part only, which has the suffix.
    """

    format: str = "table"
    output: Path | None = None
    url: str | None = None
    quiet: bool = False
    verbose: bool = False
    no_color: bool = False
    debug: bool = False
    lexicons: tuple[Path, ...] = field(default=())


# The suffix of -o picks the format where --format does not.
_SUFFIXES = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".md": "md",
    ".txt": "text",
    ".html": "html",
    ".xlsx": "xlsx",
    ".dta": "dta",
    ".parquet": "parquet",
}


def shared_options(*formats: str) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Give a command the shared options; its first parameter receives them as ``Shared``.

    ``formats`` are the values of ``--format``, the default first. A parameter whose type is a
    dataclass is a group: each of its fields becomes an option, and the command gets the whole.
    """

    def decorate(function: Callable[..., R]) -> Callable[..., R]:
        own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
        groups: dict[str, Any] = {p.name: p.annotation for p in own if is_dataclass(p.annotation)}
        single = [p for p in own if p.name not in groups]
        grouped = {name: _fields(group) for name, group in groups.items()}
        extra = _parameters(formats)

        @functools.wraps(function)
        def command(**kwargs: Any) -> R:
            taken = {p.name: kwargs.pop(p.name) for p in extra}
            for name, parameters in grouped.items():
                values = {p.name: kwargs.pop(p.name) for p in parameters}
                kwargs[name] = groups[name](**values)
            return function(_resolve(formats, taken), **kwargs)

        signature = inspect.Signature([*single, *chain(*grouped.values()), *extra])
        command.__signature__ = signature  # type: ignore[attr-defined]
        command.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
        return command

    return decorate


def _fields(group: Any) -> list[inspect.Parameter]:
    kinds = get_type_hints(group, include_extras=True)

    def parameter(f: Field[Any]) -> inspect.Parameter:
        default = inspect.Parameter.empty if f.default is MISSING else f.default
        return inspect.Parameter(
            f.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kinds[f.name]
        )

    return [parameter(f) for f in fields(group)]


def show_version(asked: bool) -> None:
    """Print the version and end, when asked."""
    if asked:
        from nqpf_cli.version import __version__

        print(f"nqpf {__version__}")
        raise typer.Exit


def check_language(lang: str | None) -> str | None:
    """Return ``lang``; raises ``UsageError`` unless it is zh, en or None."""
    if lang not in (None, "zh", "en"):
        raise UsageError(
            Message("--lang 只能是 zh 或 en", "--lang is zh or en"),
            Message("例：--lang zh", "e.g. --lang en"),
        )
    return lang


def _parameters(formats: tuple[str, ...]) -> list[inspect.Parameter]:
    panel = tr("通用选项", "Shared options")

    def option(
        name: str, kind: Any, default: Any, help_: str, *names: str, metavar: str | None = None
    ) -> inspect.Parameter:
        option_ = typer.Option(*names, help=help_, metavar=metavar, rich_help_panel=panel)
        annotation = Annotated[kind, option_]
        return inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
        )

    choices = " | ".join(formats)
    return [
        option(
            "format_",
            str | None,
            None,
            tr(f"输出格式：{choices}", f"output format: {choices}"),
            "--format",
            "-f",
        ),
        option(
            "output",
            str | None,
            None,
            tr(
                "写入文件或网址（后缀决定格式）",
                "write to this file or URL (its suffix picks the format)",
            ),
            "--output",
            "-o",
            metavar="FILE",
        ),
        option(
            "lexicon",
            list[Path] | None,
            None,
            tr("词典文件夹或文件，可重复", "a lexicon folder or file; may be repeated"),
            "--lexicon",
        ),
        option(
            "lang",
            str | None,
            None,
            tr("界面语言：zh 或 en（默认随系统）", "language: zh or en (default: the locale)"),
            "--lang",
        ),
        option("no_color", bool, False, tr("不用颜色", "no colour"), "--no-color"),
        option("quiet", bool, False, tr("只报错误", "errors only"), "--quiet", "-q"),
        option("verbose", bool, False, tr("多说一些", "say more"), "--verbose", "-v"),
        inspect.Parameter(
            "version",
            inspect.Parameter.KEYWORD_ONLY,
            default=False,
            annotation=Annotated[
                bool,
                typer.Option(
                    "--version",
                    callback=show_version,
                    is_eager=True,
                    help=tr("版本", "show the version"),
                    rich_help_panel=panel,
                ),
            ],
        ),
        option(
            "debug", bool, False, tr("出错时显示调用栈", "show a traceback on errors"), "--debug"
        ),
    ]


def _resolve(formats: tuple[str, ...], taken: dict[str, Any]) -> Shared:
    asked: str | None = taken["format_"]
    output, url = _output(taken["output"])
    if asked is None and output is not None:
        by_suffix = _SUFFIXES.get(output.suffix.lower())
        asked = by_suffix if by_suffix in formats else None
        # A command of one format takes any name, but not one that promises another format.
        strange = bool(output.suffix) if len(formats) > 1 else by_suffix not in (None, "text")
        if asked is None and strange and formats != ("text",):
            raise UsageError(
                Message(f"不能写成 {output.suffix}", f"cannot write {output.suffix} here"),
                Message("可用格式：" + "、".join(formats), "formats: " + ", ".join(formats)),
            )
    asked = asked or formats[0]
    if asked not in formats:
        raise UsageError(
            Message(f"没有名为 {asked} 的格式", f"there is no format '{asked}' here"),
            Message("可用格式：" + "、".join(formats), "formats: " + ", ".join(formats)),
        )
    check_language(taken["lang"])
    return Shared(
        format=asked,
        output=output,
        url=url,
        quiet=taken["quiet"],
        verbose=taken["verbose"],
        no_color=taken["no_color"],
        debug=taken["debug"],
        lexicons=tuple(taken["lexicon"] or ()),
    )


def _output(asked: str | None) -> tuple[Path | None, str | None]:
    """Return where to write, and the URL if it is one; raises where no one could write there."""
    if asked is None or not is_url(asked):
        return (None if asked is None else Path(asked)), None
    local = local_path(asked)  # before any work, so that a missing driver is told at once
    return (local, None) if local else (Path(asked.rsplit("/", 1)[-1]), asked)
