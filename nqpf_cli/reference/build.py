"""The reports of a scan → a reference set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import numpy as np

from nqpf_cli.analysis.percentiles import Reference, ReferenceDocument
from nqpf_cli.errors import CorruptError, NothingFoundError, UsageError
from nqpf_cli.i18n import Message
from nqpf_cli.model import LexiconId, MeasureRow, measures

# Figures made otherwise do not belong in one set.
_SAME = ("nqpf_version", "lexicon", "settings")


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A reference set, and how many reports were left out as copies or as empty."""

    reference: Reference
    copies: int
    empty: int


def build(
    reports: Iterable[Mapping[str, Any]], name: str, sources: Mapping[str, str] | None = None
) -> Built:
    """Return the set of the given report objects, in the order of their names.

    ``sources`` says where a document came from, by the name of its file. A second report on the
    same bytes and reports without sentences are left out. Raises ``UsageError`` where reports
    were made with different lexicons, settings or versions, ``CorruptError`` where one is not
    whole, ``NothingFoundError`` without any.
    """
    try:
        return _build(reports, name, sources or {})
    except (KeyError, TypeError, AttributeError) as e:
        raise CorruptError(
            Message("扫描结果里有不完整的报告", "the scan holds a report that is not whole"),
            Message("用这个版本重新扫描", "scan again with this version"),
        ) from e


def _build(reports: Iterable[Mapping[str, Any]], name: str, sources: Mapping[str, str]) -> Built:
    first: Mapping[str, Any] | None = None
    taken: dict[str, tuple[ReferenceDocument, list[MeasureRow]]] = {}
    copies = empty = 0
    for report in reports:
        first = first or report
        _check_same(first, report)
        document = _document(report, sources)
        if not document.sentences:
            empty += 1
        elif document.sha256 in taken:
            copies += 1
        else:
            taken[document.sha256] = (document, list(measures(report)))
    if first is None or not taken:
        raise NothingFoundError(
            Message("扫描结果里没有可用的报告", "the scan holds no report to use"),
            Message("先扫描：nqpf scan 报告/ -o 结果.jsonl", "scan: nqpf scan reports/ -o s.jsonl"),
        )
    ordered = sorted(taken.values(), key=lambda pair: (pair[0].name, pair[0].sha256))
    rows = [row for _, row in ordered]
    breadth = [[np.nan if (b := m.measure["breadth"]) is None else b for m in r] for r in rows]
    return Built(
        reference=Reference(
            name=name,
            lexicon=LexiconId(**{k: first["lexicon"][k] for k in ("name", "version", "sha256")}),
            nqpf_version=first["nqpf_version"],
            settings=dict(first["settings"]),
            documents=tuple(document for document, _ in ordered),
            keys=tuple(m.key for m in rows[0]),
            hits=np.array([[m.measure["hits"] for m in r] for r in rows], dtype=np.int64),
            sentences=np.array([[m.measure["sentences"] for m in r] for r in rows], dtype=np.int64),
            breadth=np.array(breadth, dtype=np.float64),
        ),
        copies=copies,
        empty=empty,
    )


def _check_same(first: Mapping[str, Any], report: Mapping[str, Any]) -> None:
    for key in _SAME:
        if report[key] != first[key]:
            path = report["source"]["path"]
            raise UsageError(
                Message(
                    f"{path} 的 {key} 与第一份报告不同，不能放进同一个参照集",
                    f"{path} has another {key} than the first report: no set can hold both",
                ),
                Message(
                    "用同样的词典、选项和版本重新扫描",
                    "scan all with the same lexicon, options and version",
                ),
            )


def _document(report: Mapping[str, Any], sources: Mapping[str, str]) -> ReferenceDocument:
    source, quality = report["source"], report["quality"]
    place = source["jurisdiction"] or {}
    file = PurePath(source["path"])
    return ReferenceDocument(
        name=file.stem,
        sha256=source["sha256"],
        source=sources.get(file.name),
        kind=source["kind"],
        year=source["year"],
        jurisdiction=place.get("name"),
        code=place.get("code"),
        level=place.get("level"),
        block=place.get("block"),
        han_chars=quality["han_chars"],
        scored_han_chars=quality["scored_han_chars"],
        sentences=quality["sentences"],
    )
