"""Commands whose parameters are taken as the shell gives them, where nothing is to be checked.

Typer has every value checked by pydantic, whose import takes as long as a short document. Text
stays text, a default is what its command takes, and most paths are wanted as they are: these pass
by it. Numbers that are given, and all that asks for more, are left to Typer.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

_AS_THEY_ARE = (str, bool, int, float)
_ASKS_MORE = ("exists", "writable", "resolve_path", "allow_dash", "path_type")


class _Quick:
    """What commands and groups of them do alike; the class behind it in line is Typer's."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, with those that Typer adds."""
        return _quick(super().get_params(ctx))  # type: ignore[misc]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        from nqpf_cli.cli.folding import fold_help  # imports rich

        fold_help()
        super().format_help(ctx, formatter)  # type: ignore[misc]


class QuickCommand(_Quick, TyperCommand):
    """A command."""


class QuickGroup(_Quick, TyperGroup):
    """A group of commands."""


def _quick(parameters: list[Any]) -> list[Any]:
    # Typer makes the parameters itself, and has no place to say of what class.
    for p in parameters:
        if type(p) is TyperOption:
            p.__class__ = _QuickOption
        elif type(p) is TyperArgument:
            p.__class__ = _QuickArgument
    return parameters


class _QuickOption(TyperOption):
    def process_value(self, ctx: Any, value: Any) -> Any:
        return _process(self, ctx, value, super().process_value)


class _QuickArgument(TyperArgument):
    def process_value(self, ctx: Any, value: Any) -> Any:
        return _process(self, ctx, value, super().process_value)


def _process(p: Any, ctx: Any, value: Any, check: Callable[[Any, Any], Any]) -> Any:
    """Return the value of a parameter as its command takes it; ``check`` is Typer's way."""
    described = getattr(p, "type_descriptor", None)  # releases without pydantic have none
    if described is None or described.parameter_info.parser is not None:
        return check(ctx, value)
    many = p.multiple or p.nargs == -1
    kind: Any = described.annotation
    if value is None:
        value = () if many else None
    elif many and kind == list[str] and all(type(x) is str for x in value):
        value = tuple(value)
    elif kind is Path and isinstance(value, str) and _is_plain(value, described.parameter_info):
        value = Path(value)
    elif many or kind not in _AS_THEY_ARE or type(value) is not kind:
        return check(ctx, value)
    if p.required and p.value_is_missing(value):
        return check(ctx, value)
    return p.callback(ctx, p, value) if p.callback else value


def _is_plain(path: str, asked: Any) -> bool:
    """Return whether a path is asked for as it is: to be readable, where it is there."""
    more = any(getattr(asked, name) for name in _ASKS_MORE)
    return (
        not more
        and asked.file_okay
        and asked.dir_okay
        and (not os.path.exists(path) or os.access(path, os.R_OK))
    )


class App(typer.Typer):
    """An application, or a group, of such commands."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(cls=QuickGroup, **kwargs)

    def command(self, *args: Any, **kwargs: Any) -> Any:
        """Register a command, as ``typer.Typer.command``."""
        return super().command(*args, **{"cls": QuickCommand, **kwargs})
