"""A scan as a table: a document a row, a variable a column. Failed documents are rows, too."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from nqpf_cli.corpus.records import Record
from nqpf_cli.corpus.variables import codebook
from nqpf_cli.errors import CorruptError, NothingFoundError, UsageError
from nqpf_cli.formats.frames import Variable
from nqpf_cli.i18n import Message
from nqpf_cli.model import Lexicon

_EXACT = 2**53  # beyond it, whole numbers are not exact in a statistics package


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """The documents of a scan, read once, as they come.

    ``lexicon`` is the object ``lexicon`` of the reports (None where every document failed), and
    ``foreign`` tells that labels are those of another lexicon.
    """

    variables: tuple[Variable, ...]
    records: Iterator[Record]
    lexicon: Mapping[str, Any] | None
    settings: Mapping[str, Any]
    foreign: bool

    @property
    def notes(self) -> tuple[tuple[str, str], ...]:
        """Return what a table's notes say: lexicon and settings of the first report."""
        named = [(f"lexicon {k}", str(v)) for k, v in (self.lexicon or {}).items()]
        return (*named, *((k, str(v)) for k, v in self.settings.items()))

    def rows(self, variables: Sequence[Variable] | None = None) -> Iterator[dict[str, Any]]:
        """Yield a row a document, of all variables or of some.

        Raises ``UsageError`` at a report of another lexicon (its figures have other meanings),
        ``CorruptError`` at a value of a wrong type.
        """
        asked = self.variables if variables is None else variables
        places = [(v, v.where.split("/")[1:]) for v in asked]
        for record in self.records:
            report = record.report
            if report is None:
                report = {"source": {"path": record.path}, "error": record.error}
            elif report["lexicon"] != self.lexicon:
                raise _two_lexicons(record, report["lexicon"], self.lexicon or {})
            yield {v.name: _value(report, keys, v, record) for v, keys in places}


def documents(records: Iterable[Record], lexicon: Lexicon) -> Documents:
    """Return the documents of one or more scans; ``lexicon`` gives the labels.

    Raises ``NothingFoundError`` without any record, ``CorruptError`` for half a report.
    """
    lines = iter(records)
    head: list[Record] = []
    for record in lines:
        head.append(record)
        if record.report is not None:
            break
    if not head:
        raise NothingFoundError(
            Message("扫描结果是空的", "the scan is empty"),
            Message(
                "先运行：nqpf scan 规划/ -o 结果.jsonl", "first run: nqpf scan plans/ -o scan.jsonl"
            ),
        )
    report = head[-1].report
    foreign = report is not None and report["lexicon"].get("sha256") != lexicon.sha256
    try:
        variables = codebook(lexicon, report if foreign else None)
    except (KeyError, TypeError, AttributeError) as e:
        raise CorruptError(
            Message(
                f"第 {head[-1].line} 行（{head[-1].path}）不是完整的报告",
                f"line {head[-1].line} ({head[-1].path}) is no whole report",
            ),
            Message("重新扫描这份文件", "scan this file again"),
        ) from e
    made_with = report["lexicon"] if report else None
    return Documents(
        variables=variables,
        records=chain(head, lines),
        lexicon=made_with,
        settings=report["settings"] if report else {},
        foreign=foreign,
    )


def _two_lexicons(record: Record, found: Mapping[str, Any], first: Mapping[str, Any]) -> UsageError:
    a, b = (
        f"{x.get('name')} {x.get('version')} ({str(x.get('sha256'))[:8]})" for x in (first, found)
    )
    return UsageError(
        Message(
            f"第 {record.line} 行（{record.path}）是用词典 {b} 做的，前面的用 {a}：数字不可比",
            f"line {record.line} ({record.path}) was made with the lexicon {b}, those before it "
            f"with {a}: their figures do not compare",
        ),
        Message("用同一词典重新扫描，或分别做表", "scan with one lexicon, or make a table of each"),
    )


def _value(of: dict[str, Any], keys: Sequence[str], variable: Variable, record: Record) -> Any:
    found: Any = of
    for key in keys:
        if isinstance(found, dict):
            found = found.get(key)
        elif isinstance(found, list) and key.isdecimal() and int(key) < len(found):
            found = found[int(key)]
        else:
            return None
    try:
        return _typed(found, variable)
    except (TypeError, ValueError, KeyError, OverflowError) as e:
        raise CorruptError(
            Message(
                f"第 {record.line} 行（{record.path}）：{variable.where} 不是所应有的值",
                f"line {record.line} ({record.path}): {variable.where} is not what it should be",
            ),
            Message("重新扫描这份文件", "scan this file again"),
        ) from e


def _typed(value: Any, variable: Variable) -> Any:
    """Return a value of the variable's type; a list counts, and as text tells its codes."""
    if value is None:
        return None
    match variable.type:
        case "integer":
            whole = len(value) if isinstance(value, list) else int(value)
            if isinstance(value, float) or abs(whole) > _EXACT:
                raise ValueError(value)
            return whole
        case "real":
            if isinstance(value, bool | str) or not math.isfinite(value):
                raise ValueError(value)
            return float(value)
        case "flag":
            if not isinstance(value, bool):
                raise TypeError(value)
            return value
        case _ if isinstance(value, list):
            return " ".join(dict.fromkeys(str(w["code"]) for w in value)) or None
        case _ if isinstance(value, dict):
            return " ".join(value)
        case _:
            return str(value)
