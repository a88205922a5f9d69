"""A panel of jurisdictions and years out of the documents of a scan.

Works on rows of documents (``wide.documents``). Every document ends in a cell or among those
left out, with the reason; every cell of the grid is a row, those without a document are flagged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from nqpf_cli.analysis.profile import divisions
from nqpf_cli.errors import NothingFoundError
from nqpf_cli.formats.frames import Row
from nqpf_cli.i18n import Language, Message

Duplicates = Literal["error", "first", "last"]
Units = Literal["seen", "all"]
Reason = Literal[
    "failed", "no_jurisdiction", "no_year", "other_level", "other_kind", "other_year", "duplicate"
]
# Hong Kong, Macao and Taiwan have no reports of the kinds that a panel is made of.
_WITHOUT_REPORTS = ("710000", "810000", "820000")
_CELLS_TOLD, _PATHS_TOLD = 20, 5  # of cells with several documents


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which documents make the panel, and what to do about two for one cell.

    ``years`` None takes all from the first to the last that a document has; empty ``kinds``
    takes all. ``units`` ``all`` adds the jurisdictions that no document is from. ``balance``
    keeps the units that have every year.
    """

    levels: frozenset[str] = frozenset({"province"})
    kinds: frozenset[str] = frozenset()
    years: tuple[int, ...] | None = None
    units: Units = "seen"
    duplicates: Duplicates = "error"
    balance: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Unit:
    """A jurisdiction; ``code`` is that of GB/T 2260."""

    code: int
    name: str
    level: str
    block: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A document that is in no cell; ``detail`` is what it has instead (an error, a kind …)."""

    path: str
    reason: Reason
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The grid ``units`` × ``years``; ``cells`` holds the row of a document for (code, year).

    ``unbalanced`` are the units that ``balance`` took away, ``absent`` those of the levels that
    no document is from.
    """

    units: tuple[Unit, ...]
    years: tuple[int, ...]
    cells: Mapping[tuple[int, int], Row]
    left_out: tuple[LeftOut, ...]
    unbalanced: tuple[Unit, ...]
    absent: tuple[Unit, ...]

    @property
    def missing(self) -> tuple[tuple[Unit, int], ...]:
        """Return the cells without a document, by unit and year."""
        return tuple(
            (u, y) for u in self.units for y in self.years if (u.code, y) not in self.cells
        )


def panel(documents: Iterable[Row], choice: Choice) -> Panel:
    """Return the panel of the documents that ``choice`` wants.

    Raises ``NothingFoundError`` when no document is left, when two are for one cell (unless
    ``duplicates`` says which to take), and when no unit has all years though it must.
    """
    left_out: list[LeftOut] = []
    by_cell: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in documents:
        if (out := _left_out(row, choice)) is not None:
            left_out.append(out)
        else:
            by_cell[row["code"], row["year"]].append(row)
    if not by_cell:
        raise _no_document(left_out)
    cells = _one_a_cell(by_cell, choice.duplicates, left_out)
    years = choice.years or tuple(range(min(y for _, y in cells), max(y for _, y in cells) + 1))
    seen = {row["code"]: _unit(row) for row in cells.values()}
    absent = _absent(frozenset(seen), choice.levels)
    units = sorted([*seen.values(), *(absent if choice.units == "all" else ())])
    unbalanced: list[Unit] = []
    if choice.balance:
        unbalanced = [u for u in units if any((u.code, y) not in cells for y in years)]
        units = [u for u in units if u not in unbalanced]
        if not units:
            raise _no_balance(years)
    kept = {u.code for u in units}
    return Panel(
        units=tuple(units),
        years=years,
        cells={key: row for key, row in cells.items() if key[0] in kept},
        left_out=tuple(left_out),
        unbalanced=tuple(unbalanced),
        absent=() if choice.units == "all" else absent,
    )


def _left_out(row: Row, choice: Choice) -> LeftOut | None:
    """Return why a document is in no cell; what the user chose is asked before what is unknown."""
    path, level, year, kind = row["path"], row["level"], row["year"], row["kind"]
    if row["error"] is not None:
        return LeftOut(path=path, reason="failed", detail=row["error"])
    if choice.kinds and kind not in choice.kinds:
        return LeftOut(path=path, reason="other_kind", detail=kind)
    if row["code"] is None:
        return LeftOut(path=path, reason="no_jurisdiction")
    if level not in choice.levels:
        return LeftOut(path=path, reason="other_level", detail=level)
    if year is None:
        return LeftOut(path=path, reason="no_year", detail=row["jurisdiction"])
    if choice.years is not None and year not in choice.years:
        return LeftOut(path=path, reason="other_year", detail=str(year))
    return None


def _unit(row: Row) -> Unit:
    return Unit(
        code=row["code"],
        name=row["jurisdiction"] or str(row["code"]),
        level=row["level"],
        block=row["block"],
    )


def _absent(codes: frozenset[int], levels: frozenset[str]) -> tuple[Unit, ...]:
    return tuple(
        Unit(code=int(d.code), name=d.name, level=d.level, block=d.block)
        for d in divisions()
        if d.level in levels and int(d.code) not in codes and d.code not in _WITHOUT_REPORTS
    )


def _one_a_cell(
    by_cell: Mapping[tuple[int, int], list[Row]], duplicates: Duplicates, left_out: list[LeftOut]
) -> dict[tuple[int, int], Row]:
    several = {key: rows for key, rows in by_cell.items() if len(rows) > 1}
    if several and duplicates == "error":
        raise _duplicates(several)
    cells = {}
    for key, rows in by_cell.items():
        kept = rows[-1] if duplicates == "last" else rows[0]
        cells[key] = kept
        left_out += (
            LeftOut(path=r["path"], reason="duplicate", detail=f"{r['jurisdiction']} {r['year']}")
            for r in rows
            if r is not kept
        )
    return cells


# --- what a user is told --------------------------------------------------------------------------

REASONS: dict[Reason, Message] = {
    "failed": Message("读取失败", "failed"),
    "no_jurisdiction": Message("辖区未知", "without a jurisdiction"),
    "no_year": Message("年份未知", "without a year"),
    "other_level": Message("属其他层级", "of other levels"),
    "other_kind": Message("属其他种类", "of other kinds"),
    "other_year": Message("属其他年份", "of other years"),
    "duplicate": Message("同一格的另一份", "second ones for a cell"),
}
_NEXT: dict[Reason, Message] = {
    "failed": Message(
        "看扫描结果里的 error，改正后重新扫描", "see error in the scan, mend, scan again"
    ),
    "other_level": Message(
        "用 --level national|province|city|county|all 选择层级",
        "choose with --level national|province|city|county|all",
    ),
    "other_kind": Message("用 --kind 选择种类", "choose with --kind"),
    "other_year": Message("用 --years 选择年份", "choose with --years"),
}
_NAME_IT = Message(
    "在文件名里写明辖区与年份（如 河南-2025-政府工作报告.pdf），重新扫描",
    "name jurisdiction and year in the file name (河南-2025-政府工作报告.pdf) and scan again",
)


def told(left_out: Iterable[LeftOut]) -> Message:
    """Return how many documents were left out, by reason and by what they have instead."""
    counts: dict[Reason, Counter[str]] = defaultdict(Counter)
    for x in left_out:
        named = x.reason in ("other_level", "other_kind", "failed")
        counts[x.reason][(x.detail or "?") if named else ""] += 1

    def phrase(reason: Reason, lang: Language) -> str:
        parts = "、".join if lang == "zh" else ", ".join
        inner = parts(f"{w} {n}" for w, n in sorted(counts[reason].items()) if w)
        words = REASONS[reason].in_(lang)
        total = counts[reason].total()
        head = f"{total} 份{words}" if lang == "zh" else f"{total} {words}"
        return head + (f"（{inner}）" if inner and lang == "zh" else f" ({inner})" if inner else "")

    reasons = [r for r in REASONS if r in counts]
    return Message(
        "；".join(phrase(r, "zh") for r in reasons), "; ".join(phrase(r, "en") for r in reasons)
    )


def spans(years: Iterable[int]) -> str:
    """Return years with their runs closed up: ``2019, 2021–2023``."""
    out: list[list[int]] = []
    for year in sorted(years):
        if out and year == out[-1][-1] + 1:
            out[-1].append(year)
        else:
            out.append([year])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in out)


def _no_document(left_out: Sequence[LeftOut]) -> NothingFoundError:
    most = Counter(x.reason for x in left_out).most_common(1)
    why = told(left_out)
    return NothingFoundError(
        Message(f"没有文件可放进面板：{why.zh}", f"no document for the panel: {why.en}"),
        _NEXT.get(most[0][0], _NAME_IT) if most else _NAME_IT,
    )


def _duplicates(several: Mapping[tuple[int, int], Sequence[Row]]) -> NothingFoundError:
    listed = "".join(
        f"\n  {rows[0]['jurisdiction']} {year}: "
        + ", ".join(r["path"] for r in rows[:_PATHS_TOLD])
        + (f" … ({len(rows)})" if len(rows) > _PATHS_TOLD else "")
        for (_, year), rows in sorted(several.items())[:_CELLS_TOLD]
    )
    if len(several) > _CELLS_TOLD:
        listed += "\n  …"
    return NothingFoundError(
        Message(
            f"{len(several)} 格各有几份文件：{listed}",
            f"{len(several)} cell(s) have several documents:{listed}",
        ),
        Message(
            "用 --kind 选定种类（如 work_report），或用 --duplicates first|last 取其一",
            "choose with --kind (e.g. work_report), or take one with --duplicates first|last",
        ),
    )


def _no_balance(years: Sequence[int]) -> NothingFoundError:
    return NothingFoundError(
        Message(
            f"没有一个辖区有全部年份（{spans(years)}）",
            f"no jurisdiction has all years ({spans(years)})",
        ),
        Message("用 --years 缩小年份，或去掉 --balance", "fewer --years, or no --balance"),
    )
