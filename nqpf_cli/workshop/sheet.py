"""Coders' sheets: a stratified sample of sentences, and agreement over coders."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from nqpf_cli.analysis.agreement import Unit, agreement
from nqpf_cli.engines.docx_ import check_zip
from nqpf_cli.errors import CorruptError, MissingExtraError, TooLargeError, UsageError
from nqpf_cli.formats.delimited import cell
from nqpf_cli.i18n import Message
from nqpf_cli.model import LABELS

MAX_ROWS = 200_000
MAX_COLUMNS = 200
COLUMNS = ("id", "doc", "page", "stratum", "prev", "text", *LABELS, "note", "lexicon_sha256")
_YES = {"1", "y", "yes", "x", "是", "true", "√", "✓"}
_NO = {"", "0", "n", "no", "否", "false", "-"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledUnit:
    """A sentence drawn for coding; ``prev`` is the sentence before it, as context.

    ``lexicon_sha256`` names the lexicon whose labels made the strata.
    """

    id: str
    doc: str
    page: int | None
    stratum: str
    prev: str
    text: str
    lexicon_sha256: str = ""

    def row(self) -> dict[str, Any]:
        """Return the sheet's row, label cells empty."""
        values: dict[str, Any] = dict.fromkeys(COLUMNS, "")
        values |= {
            "id": self.id,
            "doc": self.doc,
            "page": self.page if self.page is not None else "",
            "stratum": self.stratum,
            "prev": self.prev,
            "text": self.text,
            "lexicon_sha256": self.lexicon_sha256,
        }
        return values


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence that may be drawn, with the labels the program gives it."""

    doc: str
    page: int | None
    prev: str
    text: str
    labels: tuple[str, ...]
    section: str


def draw(
    candidates: Sequence[Candidate], size: int, strata: str, seed: int, lexicon_sha256: str = ""
) -> list[SampledUnit]:
    """Return a sample without repeated sentences.

    ``strata`` is ``random`` (simple random sample), ``label`` (the same number for each label
    and for sentences without any, what is over drawn at random) or ``section``.
    """
    if strata not in ("random", "label", "section"):
        raise UsageError(
            Message(f"--strata 不能是 {strata}", f"--strata cannot be '{strata}'"),
            Message("可用：random | label | section", "one of: random | label | section"),
        )
    rng = Random(seed)
    unique = list({c.text: c for c in candidates}.values())
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for c in unique:
        for name in _strata_of(c, strata):
            groups[name].append(c)
    drawn: dict[str, tuple[str, Candidate]] = {}
    share = max(1, size // max(1, len(groups)))
    for name in sorted(groups):
        pool = [c for c in groups[name] if c.text not in drawn]
        for c in rng.sample(pool, min(share, len(pool))):
            drawn[c.text] = (name, c)
    rest = [c for c in unique if c.text not in drawn]
    for c in rng.sample(rest, max(0, min(size - len(drawn), len(rest)))):
        drawn[c.text] = ("random", c)
    order = list(drawn.values())[:size]
    rng.shuffle(order)
    return [
        SampledUnit(
            id=f"u{n:04d}",
            doc=c.doc,
            page=c.page,
            stratum=name,
            prev=c.prev,
            text=c.text,
            lexicon_sha256=lexicon_sha256,
        )
        for n, (name, c) in enumerate(order, 1)
    ]


def _strata_of(c: Candidate, strata: str) -> Sequence[str]:
    if strata == "label":
        return c.labels or ("none",)
    return (c.section,) if strata == "section" else ("random",)


def to_csv(units: Iterable[SampledUnit]) -> str:
    """Return the sheet as CSV; cells that would be formulas are made harmless."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for u in units:
        writer.writerow([cell(v) for v in u.row().values()])
    return out.getvalue()


def to_xlsx(units: Sequence[SampledUnit], definitions: Mapping[str, str]) -> bytes:
    """Return the sheet as a workbook with drop-downs and the labels' meaning.

    Raises ``MissingExtraError`` without xlsxwriter.
    """
    try:
        import xlsxwriter
    except ImportError as e:
        raise MissingExtraError.of("workshop", Message("xlsx 输出", "writing xlsx")) from e
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("units")
    sheet.write_row(0, 0, COLUMNS, head)
    for n, u in enumerate(units, 1):
        for k, value in enumerate(u.row().values()):
            sheet.write(n, k, value, wrap)
    first = COLUMNS.index(LABELS[0])
    last = first + len(LABELS) - 1
    sheet.data_validation(
        1, first, max(1, len(units)), last,
        {"validate": "list", "source": ["1", "0"], "ignore_blank": True,
         "error_title": "nqpf", "error_message": "1 = 是 yes, 0 / 空 blank = 否 no"},
    )  # fmt: skip
    sheet.freeze_panes(1, COLUMNS.index("text") + 1)
    for name, width in (("text", 60), ("prev", 30), ("doc", 18)):
        sheet.set_column(COLUMNS.index(name), COLUMNS.index(name), width)
    sheet.set_column(first, last, 10)
    book_sheet = book.add_worksheet("codebook")
    book_sheet.write_row(0, 0, ("label", "meaning"), head)
    for n, (label, meaning) in enumerate(definitions.items(), 1):
        book_sheet.write_row(n, 0, (label, meaning), wrap)
    book_sheet.set_column(0, 0, 22)
    book_sheet.set_column(1, 1, 90)
    book.close()
    return buffer.getvalue()


# --- agreement of coders ----------------------------------------------------------------------


def read_sheet(path: str, data: bytes) -> dict[str, frozenset[str]]:
    """Return id → labels of a coded sheet (.csv, .xlsx) or of JSON Lines; ``CorruptError``."""
    suffix = Path(path).suffix.lower()
    try:
        if suffix in (".jsonl", ".ndjson"):
            rows = [json.loads(r) for r in data.decode("utf-8-sig").split("\n") if r.strip()]
            return {str(r["id"]): _known(r["labels"]) for r in rows}
        table = _xlsx_rows(data, path) if suffix == ".xlsx" else _csv_rows(data)
        if table and "id" not in table[0]:
            raise KeyError("no column id")
        return {str(r["id"]): _labels_of(r) for r in table if str(r.get("id") or "").strip()}
    except (KeyError, ValueError, TypeError, RecursionError, csv.Error) as e:
        raise CorruptError(
            Message(f"{path} 不是编码表：{e}", f"{path} is no coder's sheet: {e}"),
            Message(
                "表须有 id 列与各标签列（见 nqpf sample）",
                "it needs the columns id and the labels (see nqpf sample)",
            ),
        ) from e


def _known(labels: Iterable[str]) -> frozenset[str]:
    found = frozenset(labels)
    if unknown := found - set(LABELS):
        raise ValueError(f"unknown labels {sorted(unknown)}")
    return found


def _csv_rows(data: bytes) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def _xlsx_rows(data: bytes, path: str) -> list[dict[str, Any]]:
    try:
        import openpyxl
    except ImportError as e:
        raise MissingExtraError.of("workshop", Message("读取 xlsx ", "reading xlsx")) from e
    try:
        check_zip(data, path)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        # A sheet of one cell may claim a million rows and all the columns there are.
        rows = book.worksheets[0].iter_rows(
            values_only=True, max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS
        )
        head = [str(h) for h in next(rows, ())]
        return [dict(zip(head, r, strict=False)) for r in rows if any(v is not None for v in r)]
    except TooLargeError:
        raise
    except Exception as e:  # openpyxl lets through whatever zip, XML and its own parts raise
        raise ValueError(str(e)) from e


def _labels_of(row: dict[str, Any]) -> frozenset[str]:
    if not any(label in row for label in LABELS):
        raise KeyError("no label column")
    out = set()
    for label in LABELS:
        value = str(row.get(label) if row.get(label) is not None else "").strip().lower()
        value = value.removesuffix(".0")
        if value in _YES:
            out.add(label)
        elif value not in _NO:
            raise ValueError(f"unit {row['id']}, {label}: '{value}'")
    return frozenset(out)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoderAgreement:
    """Agreement on a label: α over all coders, share of equal decisions, mean pairwise F1."""

    label: str
    alpha: float | None
    percent: float
    f1: float | None
    marked: int


def agree(coders: Sequence[dict[str, frozenset[str]]]) -> list[CoderAgreement]:
    """Return the agreement on each label over the units that two coders or more have coded.

    α is Krippendorff's for nominal data (library ``krippendorff``), None where nobody or
    everybody gave the label.
    """
    try:
        import krippendorff
        import numpy as np
    except ImportError as e:
        raise MissingExtraError.of("workshop", Message("nqpf agree ", "nqpf agree")) from e
    ids = sorted({i for c in coders for i in c if sum(i in d for d in coders) > 1})
    if not ids:
        raise UsageError(Message("各表没有共同的单元", "the sheets share no unit"))
    out = []
    for label in LABELS:
        table = np.array(
            [[float(label in c[i]) if i in c else np.nan for i in ids] for c in coders]
        )
        values = set(table[~np.isnan(table)])
        alpha = (
            round(
                float(
                    krippendorff.alpha(
                        table, level_of_measurement="nominal", value_domain=[0.0, 1.0]
                    )
                ),
                4,
            )
            if len(values) > 1
            else None
        )
        pairs = [(a, b) for n, a in enumerate(coders) for b in coders[n + 1 :]]
        equal = total = 0
        f1s = []
        for a, b in pairs:
            shared = [i for i in ids if i in a and i in b]
            equal += sum((label in a[i]) == (label in b[i]) for i in shared)
            total += len(shared)
            units = [Unit(id=i, gold=a[i], predicted=b[i]) for i in shared]
            f1 = agreement(units).labels[label].f1
            if f1 == f1:
                f1s.append(f1)
        out.append(
            CoderAgreement(
                label=label,
                alpha=alpha,
                percent=round(equal / total, 4) if total else 0.0,
                f1=round(sum(f1s) / len(f1s), 4) if f1s else None,
                marked=int(np.nansum(table)),
            )
        )
    return out
