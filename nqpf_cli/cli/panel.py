"""``nqpf panel``: a scan as a panel of jurisdictions and years."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from nqpf_cli.cli import tabular as t
from nqpf_cli.cli.console import render, say, write_text
from nqpf_cli.cli.options import check_choice
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import UsageError
from nqpf_cli.i18n import Language, Message, tr
from nqpf_cli.version import __version__

if TYPE_CHECKING:
    from rich.console import Console

    from nqpf_cli.corpus.panel import Choice, Duplicates, Panel, Unit, Units
    from nqpf_cli.corpus.wide import Documents
    from nqpf_cli.formats.frames import Sheet, Variable

_LEVELS = {
    "province": ("province",),
    "city": ("prefecture",),
    "prefecture": ("prefecture",),
    "county": ("county",),
    "national": ("national",),
    "all": ("national", "province", "prefecture", "county"),
}
_MOST_COLUMNS = 8  # years that have a column of their own in the terminal
_TOLD = ("failed", "no_jurisdiction", "no_year", "duplicate")


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=tr(
            "省份 × 年份的面板：缺的格子列出，一格几份文件须选定，没有年份或辖区的文件列出。",
            "A panel of provinces and years: missing cells are listed, several documents for one "
            "cell must be chosen from, documents without year or jurisdiction are listed.",
        ),
        epilog=tr(
            "例：nqpf panel 结果.jsonl -o 面板.dta", "Example: nqpf panel scan.jsonl -o panel.dta"
        ),
    )
    @shared_options("table", "csv", "tsv", "xlsx", "dta", "parquet", "json")
    def panel(
        shared: Shared,
        scans: t.Scans,
        level: Annotated[
            str, typer.Option(help="province | city | county | national | all")
        ] = "province",
        kind: Annotated[
            list[str] | None,
            typer.Option(
                help=tr(
                    "文件种类（work_report、plan_outline …），可重复",
                    "kind of document (work_report, plan_outline …); may be repeated",
                )
            ),
        ] = None,
        years: Annotated[
            str | None,
            typer.Option(
                help=tr("年份，如 2019-2024 或 2019,2021", "years: 2019-2024, or 2019,2021"),
            ),
        ] = None,
        measure: t.Measures = None,
        long: Annotated[
            bool,
            typer.Option(
                "--long/--wide",
                help=tr(
                    "长表（一行一个数）或宽表（一行一个辖区年份）",
                    "long (a row a figure) or wide (a row a jurisdiction and year)",
                ),
            ),
        ] = False,
        balance: Annotated[
            bool,
            typer.Option(
                "--balance",
                help=tr("只留年份齐全的辖区", "keep the jurisdictions that have every year"),
            ),
        ] = False,
        units: Annotated[
            str,
            typer.Option(
                help=tr("辖区：", "jurisdictions: ")
                + tr(
                    "seen（有文件的）| all（全部，没有文件的作缺失）",
                    "seen (with a document) | all (those without one are missing)",
                )
            ),
        ] = "seen",
        duplicates: Annotated[
            str,
            typer.Option(
                help=tr("一格几份文件：", "several for one cell: ") + "error | first | last"
            ),
        ] = "error",
        bom: t.Bom = None,
        labels: t.Labels = "zh",
    ) -> None:
        from nqpf_cli.corpus import panel_rows
        from nqpf_cli.corpus.panel import panel as build
        from nqpf_cli.formats.frames import About

        t.check_table_options(shared, labels, "panel")
        choice = _choice(level, kind or (), years, units, duplicates, balance=balance)
        found = t.open_scans(shared, scans)
        wanted = tuple(t.measured(found.variables, measure or (), default=["sentence_share"]))
        made = build(found.rows(panel_rows.needed(wanted)), choice)
        _tell(shared, made, wanted)
        if shared.format == "table":
            render(shared, lambda c: _draw(c, made))
            return
        lang: Language = "zh" if labels == "zh" else "en"
        if long:
            variables = panel_rows.long_variables(made, wanted)
            rows = panel_rows.long_rows(made, wanted, lang)
        else:
            variables = panel_rows.wide_variables(made, wanted)
            rows = panel_rows.wide_rows(made)
        if shared.format == "json":
            write_text(shared, _json(made, found, variables, rows))
            return
        about = About(
            title=t.title(found, "nqpf panel"),
            notes=(*_notes(made), *found.notes),
            sheets=_sheets(made),
            labels=lang,
        )
        t.write_rows(shared, rows, variables, about, bom)


def _choice(
    level: str, kinds: Sequence[str], years: str | None, units: str, duplicates: str,
    *, balance: bool,
) -> Choice:  # fmt: skip
    from nqpf_cli.corpus.panel import Choice

    check_choice("level", level, *_LEVELS)
    check_choice("units", units, "seen", "all")
    check_choice("duplicates", duplicates, "error", "first", "last")
    return Choice(
        levels=frozenset(_LEVELS[level]),
        kinds=frozenset(kinds),
        years=_years(years) if years is not None else None,
        units=cast("Units", units),
        duplicates=cast("Duplicates", duplicates),
        balance=balance,
    )


def _years(text: str) -> tuple[int, ...]:
    """Return the years of ``2019-2024`` or ``2019,2021-2023``; raises ``UsageError``."""
    found: set[int] = set()
    for part in text.split(","):
        span = re.fullmatch(r"\s*(\d{4})(?:\s*[-–]\s*(\d{4}))?\s*", part, re.ASCII)
        first, last = (int(span[1]), int(span[2] or span[1])) if span else (1, 0)
        if first > last:
            raise UsageError(
                Message(f"--years 不能是 {text}", f"--years cannot be '{text}'"),
                Message("例：--years 2019-2024 或 2019,2021", "e.g. --years 2019-2024, 2019,2021"),
            )
        found.update(range(first, last + 1))
    return tuple(sorted(found))


# --- what is told beside the data -------------------------------------------------------------


def _tell(shared: Shared, panel: Panel, variables: Sequence[Variable]) -> None:
    from nqpf_cli.corpus.panel import REASONS, spans, told
    from nqpf_cli.corpus.panel_rows import varying

    units, years = len(panel.units), len(panel.years)
    missing = panel.missing
    say(
        shared,
        tr(
            f"{units} 个辖区 × {years} 年（{spans(panel.years)}）= {units * years} 格，"
            f"缺 {len(missing)} 格" + ("" if missing else "：平衡面板"),
            f"{units} jurisdictions × {years} years ({spans(panel.years)}) = {units * years} "
            f"cells, {len(missing)} missing" + ("" if missing else ": a balanced panel"),
        ),
    )
    for name, absent in _by_unit(missing):
        say(shared, tr(f"  缺：{name} {absent}", f"  missing: {name} {absent}"))
    if panel.unbalanced:
        names = "、".join(u.name for u in panel.unbalanced)
        say(shared, tr(f"年份不全而舍去：{names}", f"left out, without every year: {names}"))
    if panel.absent and {u.level for u in panel.absent} == {"province"}:
        names = "、".join(u.name for u in panel.absent)
        say(
            shared,
            tr(
                f"{len(panel.absent)} 个省级辖区没有任何文件：{names}（--units all 列为缺失）",
                f"{len(panel.absent)} provinces have no document at all: {names} (--units all "
                "makes them missing cells)",
            ),
        )
    if panel.left_out:
        say(shared, tr("未用的文件：", "documents left out: ") + str(told(panel.left_out)))
    for x in panel.left_out:
        if shared.verbose or x.reason in _TOLD:
            detail = f" ({x.detail})" if x.detail else ""
            say(shared, f"  {REASONS[x.reason]}: {x.path}{detail}")
    if differing := varying(panel, variables):
        names = ", ".join(differing)
        say(
            shared,
            tr(
                f"注意：各文件的 {names} 不同，数字未必可比",
                f"note: documents differ in {names}; their figures may not compare",
            ),
        )


def _by_unit(missing: Sequence[tuple[Unit, int]]) -> list[tuple[str, str]]:
    from nqpf_cli.corpus.panel import spans

    years: dict[Unit, list[int]] = defaultdict(list)
    for unit, year in missing:
        years[unit].append(year)
    return [(unit.name, spans(absent)) for unit, absent in years.items()]


def _notes(panel: Panel) -> tuple[tuple[str, str], ...]:
    from nqpf_cli.corpus.panel import spans, told

    return (
        ("nqpf", __version__),
        ("jurisdictions", str(len(panel.units))),
        ("years", spans(panel.years)),
        ("missing cells", str(len(panel.missing))),
        ("documents left out", told(panel.left_out).en or "0"),
    )


def _missing(panel: Panel) -> list[dict[str, Any]]:
    return [
        {"code": u.code, "jurisdiction": u.name, "level": u.level, "year": year}
        for u, year in panel.missing
    ]


def _sheets(panel: Panel) -> tuple[Sheet, ...]:
    from nqpf_cli.formats.frames import Sheet

    return (
        Sheet(
            name="missing",
            columns=("code", "jurisdiction", "level", "year"),
            rows=_missing(panel),
        ),
        Sheet(
            name="left_out",
            columns=("path", "reason", "detail"),
            rows=[asdict(x) for x in panel.left_out],
        ),
    )


def _json(
    panel: Panel, found: Documents, variables: Sequence[Variable], rows: Iterable[dict[str, Any]]
) -> str:
    from nqpf_cli.formats.json_ import dumps

    names = [v.name for v in variables]
    return dumps(
        {
            "nqpf_version": __version__,
            "lexicon": found.lexicon,
            "settings": found.settings,
            "jurisdictions": [asdict(u) for u in panel.units],
            "years": list(panel.years),
            "balanced": not panel.missing,
            "missing": _missing(panel),
            "unbalanced": [asdict(u) for u in panel.unbalanced],
            "absent": [asdict(u) for u in panel.absent],
            "left_out": [asdict(x) for x in panel.left_out],
            "codebook": [v.to_dict() for v in variables],
            "rows": [{n: row.get(n) for n in names} for row in rows],
        }
    )


def _draw(console: Console, panel: Panel) -> None:
    """Draw which cells have a document."""
    from rich import box
    from rich.table import Table

    from nqpf_cli.formats.safe import one_line

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(tr("代码", "code"))
    table.add_column(tr("辖区", "jurisdiction"))
    many = len(panel.years) > _MOST_COLUMNS
    heads = [f"{panel.years[0]}–{panel.years[-1]}"] if many else [str(y) for y in panel.years]
    for head in heads:
        table.add_column(head, justify="left" if many else "center", no_wrap=True)
    for unit in panel.units:
        marks = ["●" if (unit.code, y) in panel.cells else "–" for y in panel.years]
        cells = ["".join(marks)] if many else marks
        table.add_row(str(unit.code), one_line(unit.name), *cells)
    console.print(table)
