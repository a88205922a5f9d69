"""``nqpf text``: what would be scored, or the raw text that offsets point into."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nqpf_cli.cli import options as o
from nqpf_cli.cli.console import say, write_text
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import UsageError
from nqpf_cli.i18n import Message, tr

if TYPE_CHECKING:
    from nqpf_cli.engines.base import ReadOptions
    from nqpf_cli.model import Document

_RANGES = re.compile(r"^\d+(-\d+)?(,\d+(-\d+)?)*$")


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=tr(
            "打印将被计分的文本（清洗后），或原始文本。",
            "Print the text that would be scored, cleaned, or the raw text.",
        ),
        epilog=tr("例：nqpf text 规划.pdf --pages 3-5", "Example: nqpf text plan.pdf --pages 3-5"),
    )
    @shared_options("text", "json")
    def text(
        shared: Shared,
        file: o.OneFile,
        raw: Annotated[bool, typer.Option("--raw", help=tr("抽取的原样", "as extracted"))] = False,
        pages: Annotated[
            str | None, typer.Option(help=tr("页，如 3-5,8", "pages, e.g. 3-5,8"))
        ] = None,
        diff_engines: Annotated[
            str | None,
            typer.Option(
                help=tr("比较两个引擎，如 pdfium,pdfplumber", "compare two, e.g. pdfium,pdfplumber")
            ),
        ] = None,
        stdin_filename: o.StdinName = "stdin.txt",
        *,
        reading: o.Reading,
    ) -> None:
        from nqpf_cli.formats.json_ import dumps

        wanted = _pages(pages)
        options = reading.options()
        data, name = reading.input(file, stdin_filename)
        if diff_engines is not None:
            _diff(shared, data, name, options, _two(diff_engines))
            return
        document = o.read(data, name, options, reading.tables)
        if wanted is not None and not wanted & {p.number for p in document.pages}:
            raise UsageError(
                Message(
                    f"{name} 只有 {len(document.pages)} 页",
                    f"{name} has {len(document.pages)} page(s)",
                ),
                Message("改 --pages", "mend --pages"),
            )
        if shared.format == "json":
            write_text(shared, dumps(_as_json(document, wanted)))
        elif raw:
            if wanted is None:
                write_text(shared, document.raw.text)
            else:
                kept = [p.text for p in document.pages if p.number in wanted]
                write_text(shared, "\f".join(kept))
        else:
            write_text(shared, "".join(_scored(document, wanted, reading.tables)))


def _two(text: str) -> tuple[str, str]:
    names = tuple(part.strip() for part in text.split(","))
    if len(names) != 2 or not set(names) <= {"auto", "pdfium", "pdfplumber"}:
        raise UsageError(
            Message(f"--diff-engines 不能是 {text}", f"--diff-engines cannot be '{text}'"),
            Message("例：pdfium,pdfplumber", "e.g. pdfium,pdfplumber"),
        )
    return names[0], names[1]


def _diff(
    shared: Shared, data: bytes, name: str, options: ReadOptions, engines: tuple[str, str]
) -> None:
    from dataclasses import asdict, replace

    from nqpf_cli.analysis.enginediff import differences
    from nqpf_cli.documents import read_document
    from nqpf_cli.formats.json_ import dumps

    first, second = (read_document(data, name, replace(options, engine=e)).pages for e in engines)
    found = list(differences(first, second, engines))
    if shared.format == "json":
        pages = [asdict(d) for d in found]
        write_text(shared, dumps({"engines": engines, "pages": len(first), "differing": pages}))
        return
    rows: list[str] = []
    for d in found:
        head = tr(
            f"第 {d.page} 页：相似度 {d.similarity:.4f}", f"page {d.page}: {d.similarity:.4f}"
        )
        rows += [f"# {head}", *d.lines]
    write_text(shared, "".join(f"{row}\n" for row in rows))
    say(
        shared,
        tr(f"{len(first)} 页中 {len(found)} 页不同", f"{len(found)} of {len(first)} pages differ"),
    )


def _pages(text: str | None) -> set[int] | None:
    if text is None:
        return None
    if not _RANGES.match(text):
        raise UsageError(
            Message(f"看不懂页码 {text}", f"cannot read the pages '{text}'"),
            Message("写成 3、3-5 或 3-5,8", "write 3, 3-5 or 3-5,8"),
        )
    wanted: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        wanted |= set(range(int(first), min(int(last or first), 1_000_000) + 1))
    return wanted


def _scored(document: Document, wanted: set[int] | None, tables: str) -> Iterator[str]:
    from nqpf_cli.analysis.sentences import scored_kinds

    kinds = scored_kinds(tables)
    for b in document.blocks:
        if b.kind in kinds and (wanted is None or b.page in wanted):
            yield b.text + "\n"


def _as_json(document: Document, wanted: set[int] | None) -> dict[str, Any]:
    pages = [p for p in document.pages if wanted is None or p.number in wanted]
    blocks: dict[int | None, list[dict[str, Any]]] = {}
    for b in document.blocks:
        blocks.setdefault(b.page, []).append(
            {
                "kind": b.kind,
                "level": b.level,
                "section": b.section,
                "page": b.page,
                "text": b.text,
                "start": b.sources[0],
                "end": b.sources[-1] + 1,
            }
        )
    return {
        "path": document.source.path,
        "sha256": document.source.sha256,
        "pages": [
            {
                "page": p.number,
                "engine": p.engine,
                "reason": p.reason,
                "ocr_confidence": p.ocr_confidence,
                "blocks": blocks.get(p.number, []),
            }
            for p in pages
        ],
    }
