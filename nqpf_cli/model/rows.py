"""A report object laid out in long form: a row a measure. Works on what a scan wrote, too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """One measure M of a report object; ``measure`` is the object M of the contract."""

    level: str
    id: str
    stance: str | None
    measure: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Return a name that no other measure of the report has: ``lockin.problem``."""
        return self.id if self.stance is None else f"{self.id}.{self.stance}"


def measures(report: Mapping[str, Any]) -> Iterator[MeasureRow]:
    """Yield every measure of a report object (``Report.to_dict``, a line of a scan).

    Levels: dimension, obstruction, path, indicator, carrier, method. Raises ``KeyError`` or
    ``TypeError`` when the object is no report.
    """
    yield from _level("dimension", report["dimensions"])
    yield from _level("obstruction", report["obstructions"])
    yield from _level("path", report["paths"])
    yield from _level("indicator", report["indicators"])
    for family, path in report["paths"].items():
        for carrier, m in path["carriers"].items():
            yield MeasureRow(level="carrier", id=f"{family}.{carrier}", stance=None, measure=m)
    yield from _level("method", report["methods"])


def _level(level: str, group: Mapping[str, Any]) -> Iterator[MeasureRow]:
    for id_, value in group.items():
        if "hits" in value:
            yield MeasureRow(level=level, id=id_, stance=None, measure=value)
        else:
            for stance in ("problem", "remedy"):
                yield MeasureRow(level=level, id=id_, stance=stance, measure=value[stance])
