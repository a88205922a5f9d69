"""Write the reference of all commands anew: ``python -m tools.manual``.

``docs/commands.md`` (Chinese and English) and the man page ``docs/nqpf.1`` come from the program
itself, so that they say what it does. The language of help is chosen when the program is loaded,
so each language is read by a process of its own (``--dump``).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = ROOT / "docs" / "commands.md"
MAN = ROOT / "docs" / "nqpf.1"
_LEFT_OUT = ("install_completion", "show_completion", "help")


def dump() -> list[dict[str, Any]]:
    """Return every command in the language of this process, with its parameters."""
    from typer.main import get_command

    from nqpf_cli.cli.app import application

    return list(_walk(get_command(application()), ("nqpf",)))


def _walk(command: Any, path: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    yield {
        "path": " ".join(path),
        "help": (command.help or "").strip(),
        "example": (command.epilog or "").strip(),
        "parameters": [_parameter(p) for p in command.params if p.name not in _LEFT_OUT],
        "group": hasattr(command, "commands"),
    }
    for name, inner in getattr(command, "commands", {}).items():
        yield from _walk(inner, (*path, name))


def _parameter(p: Any) -> dict[str, Any]:
    argument = p.param_type_name == "argument"
    default = None if callable(p.default) or p.default in (None, False, (), []) else p.default
    if "Sentinel" in str(default):
        default = None
    flag = argument or getattr(p, "is_flag", False)
    return {
        "names": [p.metavar or p.name.upper()] if argument else list(p.opts),
        "value": None if flag else p.name.upper(),
        "many": bool(getattr(p, "multiple", False)) or p.nargs == -1,
        "default": str(default) if default is not None and getattr(p, "show_default", True) else "",
        "help": (getattr(p, "help", "") or "").strip(),
        "panel": getattr(p, "rich_help_panel", None) or "",
    }


def read(lang: str) -> list[dict[str, Any]]:
    """Return the commands as a process in the given language describes them."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.manual", "--dump"],
        check=True,
        capture_output=True,
        env={**os.environ, "NQPF_LANG": lang, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
    )
    commands: list[dict[str, Any]] = json.loads(done.stdout)
    return commands


def markdown(chinese: list[dict[str, Any]], english: list[dict[str, Any]]) -> str:
    """Return the reference in both languages; options that all commands share come once."""
    shared = {p["names"][-1] for p in english[1]["parameters"] if p["panel"] == "Shared options"}
    rows = [
        "# 命令参考 · Commands",
        "",
        "由程序生成：`make docs`。Made from the program: `make docs`.",
        "",
    ]
    for zh, en in zip(chinese, english, strict=True):
        rows += [f"## `{en['path']}`", "", f"{zh['help']} {en['help']}", ""]
        if en["example"]:
            rows += [f"{zh['example']}", ""] if zh["example"] else []
        pairs = zip(zh["parameters"], en["parameters"], strict=True)
        own = [(z, e) for z, e in pairs if e["names"][-1] not in shared or not _is_shared(e)]
        rows += [*_table(own), ""] if own else []
    everywhere = zip(chinese[1]["parameters"], english[1]["parameters"], strict=True)
    rows += ["## 通用选项 · Shared options", ""]
    rows += [*_table([(z, e) for z, e in everywhere if _is_shared(e)]), ""]
    return "\n".join(rows)


def _is_shared(parameter: dict[str, Any]) -> bool:
    return bool(parameter["panel"] == "Shared options" and parameter["names"] != ["--format", "-f"])


def _table(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> Iterator[str]:
    yield "| | 说明 | meaning |"
    yield "|---|---|---|"
    for zh, en in pairs:
        name = ", ".join(f"`{n}`" for n in en["names"])
        default = f" [`{en['default']}`]" if en["default"] else ""
        cells = (f"{name}{default}", _cell(zh["help"]), _cell(en["help"]))
        yield "| " + " | ".join(cells) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def man_page(english: list[dict[str, Any]]) -> str:
    """Return the man page, in roff."""
    rows = [
        '.TH NQPF 1 "" "nqpf" "User Commands"',
        ".SH NAME",
        f"nqpf \\- {_roff(english[0]['help'])}",
        ".SH SYNOPSIS",
        ".B nqpf",
        "COMMAND [OPTIONS] [ARGUMENTS]",
        ".SH COMMANDS",
    ]
    for command in english[1:]:
        rows += [f".SS {_roff(command['path'])}", _roff(command["help"])]
        for p in command["parameters"]:
            if _is_shared(p):
                continue
            value = f" {p['value']}" if p["value"] else ""
            default = f" (default: {p['default']})" if p["default"] else ""
            rows += [".TP", f".B {_roff(', '.join(p['names']) + value)}"]
            rows += [_roff(p["help"] + default) or "\\&"]
        if command["example"]:
            rows += [".PP", _roff(command["example"])]
    rows += [".SH SHARED OPTIONS"]
    for p in english[1]["parameters"]:
        if _is_shared(p):
            rows += [".TP", f".B {_roff(', '.join(p['names']))}", _roff(p["help"])]
    rows += [".SH EXIT STATUS"]
    for code, meaning in EXIT_CODES:
        rows += [".TP", f".B {code}", meaning]
    return "\n".join(rows) + "\n"


EXIT_CODES = (
    (0, "done"),
    (1, "a check did not hold, or nothing was found"),
    (2, "wrong usage"),
    (3, "an input cannot be read"),
    (4, "a lexicon is invalid"),
    (5, "an optional extra is not installed"),
    (6, "the output cannot be written"),
    (7, "a scan ended, some files failed"),
    (130, "interrupted"),
)


def _roff(text: str) -> str:
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("\n", " ")
    return f"\\&{text}" if text.startswith((".", "'")) else text


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dump", action="store_true", help="print the commands as JSON")
    if parser.parse_args().dump:
        json.dump(dump(), sys.stdout)
        return
    english = read("en")
    COMMANDS.write_text(markdown(read("zh"), english), encoding="utf-8")
    MAN.write_text(man_page(english), encoding="utf-8")


if __name__ == "__main__":
    main()
