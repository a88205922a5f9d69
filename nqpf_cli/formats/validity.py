"""Agreement → tables for the terminal."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nqpf_cli.formats.safe import one_line
from nqpf_cli.i18n import tr


def _n(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _ci(pair: list[float] | None) -> str:
    return f"{pair[0]:.2f}–{pair[1]:.2f}" if pair else ""


def draw_validity(console: Console, view: dict[str, Any]) -> None:
    """Draw what ``nqpf validate`` found."""
    base = view.get("baseline")
    table = Table(box=box.SIMPLE_HEAD, title=tr("与人工编码的一致性", "Agreement with gold"))
    table.add_column(tr("标签", "label"))
    for name in (
        tr("支持数", "n"),
        tr("精确", "P"),
        tr("召回", "R"),
        "F1",
        "95% CI",
        "α",
        tr("上限 F1", "ceiling"),
    ):
        table.add_column(name, justify="right")
    if base:
        table.add_column(tr("基线 F1", "baseline"), justify="right")
    for label, a in view["labels"].items():
        cells = [
            label,
            str(a["support"]),
            _n(a["precision"]),
            _n(a["recall"]),
            _n(a["f1"]),
            _ci(a["f1_ci"]),
            _n(a["alpha"]),
            _n(a["ceiling_f1"]),
        ]
        if base:
            cells.append(_n(base["labels"][label]["f1"]))
        style = "red" if a["f1"] is not None and a["f1"] < 0.7 and a["support"] >= 10 else ""
        table.add_row(*cells, style=style)
    console.print(table)
    rows = [
        (tr("宏 F1", "macro-F1"), view["macro_f1"], view["macro_f1_ci"], "macro_f1"),
        (tr("微 F1", "micro-F1"), view["micro_f1"], None, "micro_f1"),
        (
            tr("立场准确率", "stance accuracy"),
            view["stance_accuracy"],
            view["stance_accuracy_ci"],
            "stance_accuracy",
        ),
        (
            tr("文档占比的秩相关", "rank correlation of document shares"),
            view["doc_spearman"],
            None,
            "doc_spearman",
        ),
    ]
    for name, value, ci, key in rows:
        line = Text(f"  {name}  ")
        line.append(_n(value), style="bold")
        if ci:
            line.append(f"  [{_ci(ci)}]", style="dim")
        if base:
            line.append(f"   {tr('基线', 'baseline')} {_n(base[key])}", style="dim")
        console.print(line)
    for key, title in (
        ("baseline", tr("基线", "baseline")),
        ("against", tr("另一次", "other run")),
    ):
        if key in view:
            c = view[key].get("mcnemar", view[key])
            console.print(
                f"  McNemar {tr('对', 'against')} {title}: {c['only_this_right']} : "
                f"{c['only_other_right']} ({tr('只有一方判对', 'right on one side only')}), "
                f"p {'< 0.001' if c['p'] < 0.001 else '= ' + format(c['p'], '.3f')}"
            )
    console.print(
        "  "
        + tr(
            f"上限：nqpf 金标准里 300 句两遍编码之间的宏 F1（{view['ceiling_macro_f1']:.2f}）；"
            f"单元 {view['n']} 个",
            "the ceiling is the agreement of two coding passes over 300 units of nqpf's gold "
            f"(macro-F1 {view['ceiling_macro_f1']:.2f}); {view['n']} units",
        ),
        style="dim",
    )
    if "by" in view:
        _draw_groups(console, view["by"])
    for error in view.get("errors", ()):
        _draw_error(console, error)


def _draw_groups(console: Console, by: dict[str, Any]) -> None:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column(by["key"])
    for name in ("n", tr("宏 F1", "macro-F1"), tr("微 F1", "micro-F1"), tr("立场", "stance")):
        table.add_column(name, justify="right")
    for name, a in by["groups"].items():
        table.add_row(
            Text(one_line(name)),
            str(a["n"]),
            _n(a["macro_f1"]),
            _n(a["micro_f1"]),
            _n(a["stance_accuracy"]),
        )
    console.print(table)


def _draw_error(console: Console, error: dict[str, Any]) -> None:
    line = Text(f"\n{one_line(str(error['id']))} ", style="bold")
    for key, sign, style in (("missed", "−", "yellow"), ("wrong", "+", "red")):
        for label in error[key]:
            line.append(f" {sign}{label}", style=style)
    console.print(line)
    console.print(Text("  " + one_line(error["text"])))
    for f in error["fired"]:
        stance = f" {f['stance']} ({f['rule']}{' ' + f['cue'] if f['cue'] else ''})"
        console.print(
            f"    {f['indicator']}: {f['entry']}{stance if f['rule'] else ''}", style="dim"
        )
