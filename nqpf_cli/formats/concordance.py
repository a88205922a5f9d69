"""A concordance → aligned lines for the terminal, and a Markdown table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from nqpf_cli.analysis.concordance import ConcordanceLine
from nqpf_cli.formats.markdown import bold, escape, table
from nqpf_cli.formats.safe import one_line
from nqpf_cli.i18n import tr


def draw_concordance(console: Console, lines: Sequence[ConcordanceLine], *, several: bool) -> None:
    """Draw key words under each other; with ``several`` documents each line names its own."""
    left_width = max(cell_len(one_line(x.left)) for x in lines)
    heads = [_head(x, several=several) for x in lines]
    head_width = max(map(cell_len, heads))
    for x, head in zip(lines, heads, strict=True):
        left = one_line(x.left)
        # Padding by cells keeps the key words under each other whatever the script is.
        row = Text(head + " " * (head_width - cell_len(head) + 1), style="dim")
        row.append(" " * (left_width - cell_len(left)) + left, style="not dim")
        row.append(" " + one_line(x.keyword) + " ", style="bold green not dim")
        row.append(one_line(x.right), style="not dim")
        console.print(row, no_wrap=True, overflow="ellipsis")
    console.print(Text(_count(lines), style="dim"))


def concordance_markdown(lines: Sequence[ConcordanceLine], *, several: bool) -> str:
    """Return a concordance as a Markdown table, the left context aligned right."""
    placed = several or any(x.page is not None for x in lines)
    head = [*([tr("出处", "where")] if placed else []), "", tr("词", "key word"), ""]
    rows = [
        [
            *([escape(_head(x, several=several))] if placed else []),
            escape(x.left),
            bold(x.keyword),
            escape(x.right),
        ]
        for x in lines
    ]
    return f"{table(head, rows, 'l' * placed + 'rll')}\n\n{_count(lines)}\n"


def _count(lines: Sequence[ConcordanceLine]) -> str:
    return tr(f"{len(lines)} 处", f"{len(lines)} line(s)")


def _head(line: ConcordanceLine, *, several: bool) -> str:
    page = f"p.{line.page}" if line.page is not None else ""
    return one_line(f"{PurePath(line.path).stem} {page}".strip() if several else page)
