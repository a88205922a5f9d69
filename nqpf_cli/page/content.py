"""Report objects → the data of a page: what its script draws from, and nothing else."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from nqpf_cli.analysis.prescriptions import applies
from nqpf_cli.corpus.records import Record
from nqpf_cli.corpus.variables import BLOCKS
from nqpf_cli.errors import CorruptError, NothingFoundError
from nqpf_cli.formats.comparing import block_heading, comparison
from nqpf_cli.formats.safe import one_line
from nqpf_cli.formats.words import CHAINS, name, word
from nqpf_cli.i18n import Language, Message
from nqpf_cli.model import LABELS, Comparison, Jurisdiction, Lexicon, measures
from nqpf_cli.page.evidence import KEY
from nqpf_cli.page.texts import texts
from nqpf_cli.resources import table

_LANGUAGES: tuple[Language, Language] = ("zh", "en")
_WORDS = (
    "problem", "remedy", "silent", "diagnosed", "answered", "unprompted", "work_report",
    "plan_outline", "plan_report", "plan", "action_plan", "opinion", "regulation", "notice",
    "measures",
)  # fmt: skip
_BLOCKS = frozenset(id_ for id_, _ in BLOCKS)
_SECTIONS = ("review", "problems", "outlook", "annex", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a page shows. ``data`` is JSON; ``lexicons`` and ``settings`` are those of the records.

    ``evidence_limit`` is None where the records hold no evidence.
    """

    data: dict[str, Any]
    lexicons: tuple[dict[str, Any], ...]
    settings: tuple[dict[str, Any], ...]
    versions: tuple[str, ...]
    documents: int
    failures: int
    first_title: str


def content(
    records: Iterable[Record], lexicon: Lexicon, lang: Language, evidence_limit: int | None
) -> Content:
    """Lay out records for a page, in their order.

    Names of categories and prescriptions are those of ``lexicon``. Raises ``CorruptError`` for a
    record that is no report, and ``NothingFoundError`` without any document.
    """
    documents: list[dict[str, Any]] = []
    failures: list[dict[str, str]] = []
    keys: dict[tuple[str, str, str | None], None] = {}
    made: list[dict[str, Any]] = []
    entries: dict[tuple[str, str], int] = {}
    comparisons: dict[tuple[str | None, str | None], int] = {}
    for r in records:
        if r.report is None:
            failures.append(_failure(r))
            continue
        try:
            ranks = ((r.report["reference"] or {}).get("block") or {}).get("percentiles") or {}
            rows = {
                (m.level, m.id, m.stance): _measure(m.measure, ranks.get(m.key))
                for m in measures(r.report)
            }
            compared = _comparison(r.report["reference"], comparisons)
            documents.append({**_document(r.report, entries), **compared, "measures": rows})
            made.append(_made_with(r.report))
        except (KeyError, TypeError, ValueError, AttributeError) as e:
            raise _no_report(r) from e
        keys.update(dict.fromkeys(rows))
    if not documents:
        raise NothingFoundError(
            Message("没有一份文档有结果", "no document has figures"),
            Message("看扫描结果里的错误", "see the errors in the scan"),
        )
    for d in documents:
        d["measures"] = [d["measures"].get(k) for k in keys]
    return Content(
        data={
            "lang": lang,
            "evidence_limit": evidence_limit,
            "names": _names(lexicon),
            "texts": texts(),
            "chains": CHAINS,
            "labels": LABELS,
            "measures": [list(k) for k in keys],
            "tiles": tiles(),
            "regions": regions(lexicon),
            "entries": list(entries),
            "comparisons": list(comparisons),
            "documents": documents,
            "failures": failures,
        },
        lexicons=_distinct(m["lexicon"] for m in made),
        settings=_distinct(m["settings"] for m in made),
        versions=tuple(dict.fromkeys(m["version"] for m in made)),
        documents=len(documents),
        failures=len(failures),
        first_title=documents[0]["title"] or PurePath(documents[0]["path"]).name,
    )


def _measure(m: Mapping[str, Any], in_block: Any) -> list[float | int | None]:
    low, high = m["ci"] or (None, None)
    return [
        int(m["sentences"]),
        _number(m["sentence_share"]),
        _number(low),
        _number(high),
        int(m["hits"]),
        _number(m["density"]),
        _number(m["breadth"]),
        _number(m["percentile"]),
        _number(in_block),
    ]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _text(value: Any) -> str | None:
    return None if value is None else one_line(str(value))


def _document(report: Mapping[str, Any], entries: dict[tuple[str, str], int]) -> dict[str, Any]:
    source, quality = report["source"], report["quality"]
    place = source["jurisdiction"]
    found = report.get(KEY)
    warnings = [[str(w["code"]), _text(w["message"]), w["page"]] for w in quality["warnings"]]
    document = {
        "path": _text(source["path"]),
        "title": _text(source["title"]),
        "kind": _text(source["kind"]),
        "year": None if source["year"] is None else int(source["year"]),
        "place": place
        and {
            **{k: _text(place[k]) for k in ("name", "code", "level")},
            "block": _block(place["block"]),
        },
        "found_in": place and _text(place["found_in"]),
        "sha256": _text(source["sha256"]),
        "pages": None if source["pages"] is None else int(source["pages"]),
        "sentences": int(quality["sentences"]),
        "han": int(quality["han_chars"]),
        "scored_han": int(quality["scored_han_chars"]),
        "excluded": {str(k): int(v) for k, v in quality["excluded"].items()},
        "engines": {str(k): int(v) for k, v in quality["engines"].items()},
        "empty_pages": [int(p) for p in quality["empty_pages"]],
        "ocr_pages": [int(p) for p in quality["ocr_pages"]],
        "labels_without_hit": int(quality["labels_without_hit"]),
        "hits_without_label": int(quality["hits_without_label"]),
        "warnings": warnings,
        "balance": _number(report["indices"]["balance"]),
        "obstructions": {
            id_: [float(o["response_gap"]), str(o["verdict"])]
            for id_, o in report["obstructions"].items()
        },
        "prescriptions": _prescriptions(report["prescriptions"]),
    }
    if found is not None:
        document[KEY] = {
            "sentences": [_sentence(s, entries) for s in found["sentences"]],
            "labels": found["labels"],
            "prescriptions": found["prescriptions"],
        }
        document["warnings"] = [
            [code, en, page, zh]
            for (code, _, page), (zh, en) in zip(warnings, found["warnings"], strict=True)
        ]
    return document


def _comparison(
    value: Mapping[str, Any] | None, known: dict[tuple[str | None, str | None], int]
) -> dict[str, Any]:
    """Return the number of the words that say among what a document is ranked.

    And its block where it has percentiles within it.
    """
    if value is None:
        return {"compared": None, "ranked_in": None}
    block = value["block"] or {"name": None, "n": None}
    name_ = _block(block["name"])
    of = Comparison(
        name=one_line(str(value["name"])),
        sha256=str(value["sha256"]),
        n=int(value["n"]),
        basis=None if value["basis"] is None else one_line(str(value["basis"])),
        block=name_,
        block_n=None if block["n"] is None else int(block["n"]),
    )
    words = (comparison(of, "zh"), comparison(of, "en"))
    shown = block_heading(of, "en") is not None
    return {
        "compared": known.setdefault(words, len(known)),
        "ranked_in": name_ if shown else None,
    }


def _block(value: Any) -> str | None:
    """Return a block of provinces; raises ``ValueError`` for what is none."""
    if value is not None and value not in _BLOCKS:
        raise ValueError(f"no block: {value!r}")
    return None if value is None else str(value)


def _sentence(sentence: Mapping[str, Any], entries: dict[tuple[str, str], int]) -> dict[str, Any]:
    """Return a sentence whose hits are numbers: pages name an entry of the lexicon once."""
    numbers = [entries.setdefault((c, e), len(entries)) for c, e in sentence["hits"]]
    return {**sentence, "hits": numbers}


def _prescriptions(value: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {
        "covered": _number(value["covered"]),
        "misfit": _number(value["misfit"]),
        "carriers": {
            str(c): {str(k): bool(v) for k, v in fit["prescriptions"].items()}
            for c, fit in value["carriers"].items()
        },
    }


def _made_with(report: Mapping[str, Any]) -> dict[str, Any]:
    lexicon = {k: _text(report["lexicon"][k]) for k in ("name", "version", "sha256")}
    settings = {str(k): _text(v) for k, v in report["settings"].items()}
    return {
        "lexicon": lexicon,
        "settings": settings,
        "version": _text(report["nqpf_version"]),
    }


def _distinct(values: Iterable[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    known = {json.dumps(v, sort_keys=True): v for v in values}
    return tuple(known.values())


def _failure(r: Record) -> dict[str, str]:
    error = r.error or {}
    return {
        "path": one_line(r.path),
        "code": one_line(str(error.get("code"))),
        "message": one_line(str(error.get("message"))),
    }


def _no_report(r: Record) -> CorruptError:
    return CorruptError(
        Message(f"第 {r.line} 条记录不是完整的报告", f"record {r.line} is no whole report"),
        Message("用本版本的 nqpf scan 重新扫描", "scan anew with this version of nqpf scan"),
    )


def _names(lexicon: Lexicon) -> dict[str, tuple[str, str]]:
    """Return the names of everything that has an id, in both languages."""
    ids = [c.id for c in lexicon.categories]
    ids += [i.id for c in lexicon.categories for i in c.indicators]
    ids += [p.id for p in lexicon.prescriptions]
    names = {id_: _both(name(id_, lexicon, lang) for lang in _LANGUAGES) for id_ in ids}
    words = {id_: _both(word(id_, lang) for lang in _LANGUAGES) for id_ in _WORDS}
    sections = {
        f"section.{id_}": _both(word(id_, lang) for lang in _LANGUAGES) for id_ in _SECTIONS
    }
    sections["section.plan"] = _both(word("plan_section", lang) for lang in _LANGUAGES)
    return {**names, **words, **sections}


def _both(pair: Iterable[str]) -> tuple[str, str]:
    zh, en = pair
    return zh, en


def tiles() -> list[dict[str, Any]]:
    """Return a tile of equal size for each province, with its place in the grid."""
    with table("divisions.csv").open(encoding="utf-8", newline="") as f:
        short = {row["code"]: row["short"] for row in csv.DictReader(f)}
    with table("tiles.csv").open(encoding="utf-8", newline="") as f:
        return [
            {
                "code": row["code"],
                "names": [short[row["code"]], row["en"]],
                "letters": [short[row["code"]], row["letters"]],
                "column": int(row["column"]),
                "row": int(row["row"]),
            }
            for row in csv.DictReader(f)
        ]


def regions(lexicon: Lexicon) -> dict[str, list[str]]:
    """Return each carrier that is for some provinces only, with the codes of these provinces."""
    provinces: Sequence[dict[str, Any]] = tiles()
    return {
        carrier.id: [
            tile["code"] for tile in provinces if applies(carrier.applies, _province(tile))
        ]
        for c in lexicon.categories
        if c.kind == "path"
        for carrier in c.indicators
        if "*" not in carrier.applies
    }


def _province(tile: Mapping[str, Any]) -> Jurisdiction:
    return Jurisdiction(
        name=tile["names"][0], code=tile["code"], level="province", block=None, found_in="table"
    )
