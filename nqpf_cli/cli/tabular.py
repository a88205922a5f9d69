"""What the commands that make tables of a scan share: its files, its labels, the output."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nqpf_cli.cli.console import say, write_bytes
from nqpf_cli.cli.shared import Shared
from nqpf_cli.errors import UsageError
from nqpf_cli.i18n import Message, tr

if TYPE_CHECKING:
    from nqpf_cli.corpus.wide import Documents
    from nqpf_cli.formats.frames import About, Variable

Scans = Annotated[
    list[str],
    typer.Argument(
        metavar="SCAN.jsonl",
        help=tr("nqpf scan 的结果；- 为标准输入", "outputs of nqpf scan; - is stdin"),
    ),
]
Bom = Annotated[
    bool | None,
    typer.Option(
        "--bom/--no-bom",
        help=tr(
            "csv 前加 UTF-8 标记，Excel 靠它识别（默认：写入文件时加）",
            "a UTF-8 mark before csv, by which Excel knows it (default: in files)",
        ),
        show_default=False,
    ),
]
Labels = Annotated[
    str, typer.Option(help=tr(".dta 中标签的语言：", "language of labels in .dta: ") + "zh | en")
]
Measures = Annotated[
    list[str] | None,
    typer.Option(
        "--measure",
        help="hits | density | sentences | sentence_share | ci_low | ci_high | breadth | "
        "percentile | percentile_block | all" + tr("，可重复", "; may be repeated"),
    ),
]


def open_scans(shared: Shared, paths: Sequence[str]) -> Documents:
    """Return the documents of scans, in order; says so if their labels are another lexicon's."""
    from nqpf_cli.corpus.records import read_records
    from nqpf_cli.corpus.wide import documents
    from nqpf_cli.lexicon.load import load

    lexicon = load(shared.lexicons)
    found = documents(chain.from_iterable(map(read_records, paths)), lexicon)
    if found.foreign:
        made = found.lexicon or {}
        say(
            shared,
            tr(
                f"扫描用的是词典 {made.get('name')} {made.get('version')}，标签取自 {lexicon.name} "
                f"{lexicon.version}；用 --lexicon 给出扫描所用的词典",
                f"the scan was made with the lexicon {made.get('name')} {made.get('version')}, "
                f"labels are those of {lexicon.name} {lexicon.version}; name it with --lexicon",
            ),
        )
    return found


def measured(
    variables: Iterable[Variable], asked: Sequence[str], *, default: Sequence[str]
) -> Iterator[Variable]:
    """Yield the variables of the measures asked for, and all that are no measure."""
    from nqpf_cli.corpus.variables import FIGURES

    known = [f.id for f in FIGURES]
    wanted = set(asked or default)
    if unknown := sorted(wanted - {*known, "all"}):
        raise UsageError(
            Message(f"--measure 不能是 {unknown[0]}", f"--measure cannot be '{unknown[0]}'"),
            Message("可用：" + "、".join([*known, "all"]), "one of: " + ", ".join([*known, "all"])),
        )
    for v in variables:
        if v.measure is None or "all" in wanted or v.measure in wanted:
            yield v


def check_table_options(shared: Shared, labels: str, example: str) -> None:
    """Raise ``UsageError`` for labels in no language, and for a binary table without a file."""
    from nqpf_cli.formats.frames import BINARY

    if labels not in ("zh", "en"):
        raise UsageError(
            Message("--labels 只能是 zh 或 en", "--labels is zh or en"),
            Message("例：--labels zh", "e.g. --labels en"),
        )
    if shared.format in BINARY and shared.output is None:
        raise UsageError(
            Message(f"{shared.format} 需要 -o 文件", f"{shared.format} needs a file"),
            Message(f"加上 -o {example}.{shared.format}", f"add -o {example}.{shared.format}"),
        )


def write_rows(
    shared: Shared,
    rows: Iterable[dict[str, Any]],
    variables: Sequence[Variable],
    about: About,
    bom: bool | None = None,
) -> None:
    """Write a table in the format asked for; raises what ``write_table`` raises."""
    from nqpf_cli.formats.frames import write_table

    to_file = shared.output is not None and str(shared.output) != "-"
    marked = (shared.format == "csv" and to_file) if bom is None else bom
    write_bytes(shared, write_table(shared.format, rows, variables, about, bom=marked))


@dataclass(slots=True)
class Made:
    """How many documents a table has, how many of them failed, and its columns."""

    variables: int
    rows: int = 0
    failed: int = 0

    def count(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Pass rows on, counted."""
        for row in rows:
            self.rows += 1
            self.failed += row["error"] is not None
            yield row


def write_documents(
    shared: Shared,
    scans: Sequence[str],
    measures: Sequence[str] = (),
    labels: str = "zh",
    bom: bool | None = None,
) -> Made:
    """Write scans as a table, a document a row."""
    from nqpf_cli.formats.frames import About

    found = open_scans(shared, scans)
    variables = tuple(measured(found.variables, measures, default=["all"]))
    made = Made(len(variables))
    about = About(title=title(found), notes=found.notes, labels="zh" if labels == "zh" else "en")
    write_rows(shared, made.count(found.rows(variables)), variables, about, bom)
    return made


def title(found: Documents, what: str = "nqpf") -> str:
    """Return a table's title, which names the lexicon."""
    made = found.lexicon
    return f"{what} · {made.get('name')} {made.get('version')}" if made else what
