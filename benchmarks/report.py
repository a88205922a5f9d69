"""Results → the tables of benchmarks/README.md, or JSON."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.cases import Aim
from benchmarks.session import CaseResult, SeriesResult, Session

README = Path(__file__).parent / "README.md"


def to_json(session: Session) -> str:
    """Return all results as JSON; commands are left out, since they name folders."""
    return json.dumps(
        {
            "machine": session.machine,
            "versions": session.versions,
            "cases": [
                {
                    "name": c.case.name,
                    "title": c.case.title,
                    "contenders": [dataclasses.asdict(f) for f in c.figures],
                    "aims": [
                        {**dataclasses.asdict(r.aim), "wall_ratio": r.wall, "cpu_ratio": r.cpu}
                        for r in c.ratios
                    ],
                }
                for c in session.cases
            ],
            "growth": [
                {
                    "title": s.series.title,
                    "cpu_s": s.cpu_s,
                    "exponent": s.exponent.value,
                    "standard_error": s.exponent.error,
                    "at_most": s.series.at_most,
                }
                for s in session.series
            ],
            "left_out": session.left_out,
        },
        ensure_ascii=False,
        indent=2,
    )


def to_markdown(session: Session) -> str:
    """Return the tables."""
    parts = [_machine(session), _aims(session)]
    if session.cases:
        parts.append(_figures(session.cases))
    if session.series:
        parts.append(_growth(session.series))
    if session.left_out:
        parts.append("没有量 · Left out:\n\n" + "\n".join(f"- {x}" for x in session.left_out))
    return "\n\n".join(parts)


def write(session: Session, path: Path = README) -> None:
    """Write the tables into the README, between its markers."""
    text = path.read_text(encoding="utf-8")
    block = f"<!-- figures:begin -->\n{to_markdown(session)}\n<!-- figures:end -->"
    made, found = re.subn(
        r"<!-- figures:begin -->.*<!-- figures:end -->", lambda _: block, text, flags=re.DOTALL
    )
    if found != 1:
        raise ValueError(f"{path} has not one pair of markers")
    path.write_text(made, encoding="utf-8")


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    marks = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(map(str, r)) + " |" for r in (head, marks, *rows))


def _machine(session: Session) -> str:
    m = session.machine
    used = ", ".join(f"{name} {version}" for name, version in session.versions.items())
    return (
        f"{m['system']}, {m['processors']} processors, {m['memory']}, Python {m['python']}. {used}."
    )


def _aims(session: Session) -> str:
    rows = []
    for c in session.cases:
        for r in c.ratios:
            said = f"{c.case.title}: {r.aim.over} ÷ {r.aim.under}"
            said += ", start-up apart" if r.aim.apart else ""
            kept = "✓" if r.aim.holds(r.wall) else "✗"
            rows.append((said, f"{r.wall:.2f}", f"{r.cpu:.2f}", _aim(r.aim), kept))
    for s in session.series:
        said = f"growth with the {s.series.title}: exponent of CPU time"
        value = f"{s.exponent.value:.2f} ± {s.exponent.error:.2f}"
        kept = "✓" if s.exponent.value <= s.series.at_most else "✗"
        rows.append((said, "", value, f"≤ {s.series.at_most:g}", kept))
    return _table(("比值 · Ratio", "墙钟 wall", "CPU", "目标 aim", ""), rows)


def _aim(aim: Aim) -> str:
    return f"≥ {aim.at_least:g}" if aim.at_least is not None else f"≤ {aim.at_most:g}"


def _figures(cases: Sequence[CaseResult]) -> str:
    rows = []
    for c in cases:
        first = c.figures[0]
        for n, f in enumerate(c.figures):
            title = c.case.title if n == 0 else ""
            times = f"{f.wall_s / first.wall_s:.2f}"
            rows.append(
                (title, f.name, f"{f.wall_s:.3f}", f"{f.cpu_s:.3f}", f"{f.peak_mib:.0f}", times)
            )
    head = (
        "工作 · Work",
        "程序 · Program",
        "墙钟 wall s",
        "CPU s",
        "内存 peak MiB",
        "× 首行 first",
    )
    return _table(head, rows)


def _growth(series: Sequence[SeriesResult]) -> str:
    rows = [
        (s.series.title, ", ".join(f"{n}: {cpu:.2f}" for n, cpu in s.cpu_s.items())) for s in series
    ]
    return _table(("增长 · Growth with", "CPU s"), rows)
