from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from rich.console import Console, JustifyMethod, RenderableType
from rich.table import Table
from rich.text import Text

from nqpf_cli.formats.cells import Cell

LINES = [("  要素禀赋", ""), ("█▌", "cyan"), ("", "dim"), ("12.5%", "bold"), ("new quality", "")]


@pytest.mark.parametrize("width", [8, 14, 40])
@pytest.mark.parametrize("no_wrap", [True, False])
@pytest.mark.parametrize("justify", ["left", "right", "center"])
def test_a_cell_is_drawn_as_text_is(width: int, no_wrap: bool, justify: JustifyMethod) -> None:
    def drawn(make: Callable[[str, str], RenderableType]) -> str:
        table = Table(title="t")
        for n in range(2):
            table.add_column(f"{n}", no_wrap=no_wrap, justify=justify)
        for line, style in LINES:
            table.add_row(make(line, style), make(line, style), style="dim")
        shown = StringIO()
        Console(file=shown, width=width, force_terminal=True, color_system="standard").print(table)
        return shown.getvalue()

    assert drawn(Cell) == drawn(Text)
