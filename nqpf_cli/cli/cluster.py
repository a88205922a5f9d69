"""``nqpf cluster``: which documents of a set go together."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nqpf_cli.cli import options as o
from nqpf_cli.cli.console import render, say, write_text
from nqpf_cli.cli.corpus import documents
from nqpf_cli.cli.records import is_scan, records
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import NothingFoundError, UsageError
from nqpf_cli.i18n import Message, language, tr

if TYPE_CHECKING:
    from nqpf_cli.corpus.cluster import Clustering
    from nqpf_cli.model import Lexicon
    from nqpf_cli.pipeline import Analyzer

LEAST = 3
ROWS = 60


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=tr(
            "一批文档的聚类与树状图：按用词，或按各类占比。",
            "Clusters and a dendrogram of many documents: by their words or by their shares.",
        ),
        epilog=tr("例：nqpf cluster 规划/", "Example: nqpf cluster plans/"),
    )
    @shared_options("table", "json", "csv", "tsv", "md", "newick")
    def cluster(
        shared: Shared,
        inputs: Annotated[
            list[str],
            typer.Argument(
                help=tr(
                    "文件夹、文档，或 nqpf scan 的结果（.jsonl；- 为标准输入）",
                    "folders, documents, or what nqpf scan wrote (.jsonl; - is stdin)",
                )
            ),
        ],
        by: Annotated[
            str | None,
            typer.Option(
                help=tr(
                    "依据：text（用词；文档的默认）| shares（占比；扫描结果的默认）",
                    "by: text (words; default of documents) | shares (default of a scan)",
                )
            ),
        ] = None,
        clusters: Annotated[
            int | None,
            typer.Option(
                min=2,
                help=tr("类数（默认取轮廓系数最高者）", "how many (default: by the silhouette)"),
            ),
        ] = None,
        jobs: Annotated[
            int,
            typer.Option(
                min=1, max=256, help=tr("计分时并行的进程数", "worker processes for scoring")
            ),
        ] = 1,
        *,
        reading: o.Reading,
        coding: o.Coding,
        estimates: o.Estimates,
    ) -> None:
        from nqpf_cli.corpus.cluster import cluster_shares

        scans = [path for path in inputs if is_scan(path)]
        by = by or ("shares" if scans else "text")
        o.check_choice("by", by, "text", "shares")
        if by == "text" and scans:
            raise UsageError(
                Message(f"{scans[0]} 里没有文字", f"there is no text in {scans[0]}"),
                Message("给出文档或文件夹，或用 --by shares", "name documents, or --by shares"),
            )
        analyzer = o.analyzer(shared, reading, coding, estimates)
        if by == "text":
            result = _by_text(analyzer, inputs, clusters)
        else:
            reports = []
            for record in records(shared, inputs, reading, coding, estimates, jobs):
                if record.report is None:
                    code = (record.error or {}).get("code", "error")
                    say(shared, f"{tr('未用', 'left out')}: {record.path}: {code}")
                else:
                    reports.append(record.report)
            _check_count(len(reports), clusters)
            result = cluster_shares(reports, clusters=clusters)
        _write(shared, result.to_dict(), analyzer.lexicon)


def _by_text(analyzer: Analyzer, paths: list[str], clusters: int | None) -> Clustering:
    from nqpf_cli.analysis.profile import profile
    from nqpf_cli.corpus.cluster import cluster_texts
    from nqpf_cli.corpus.words import words_of

    sources: list[dict[str, Any]] = []
    words = []
    for document in documents(analyzer, paths):
        name = PurePath(document.source.path).name
        about = profile(name, document.title, document.blocks)
        place = about.jurisdiction
        sources.append(
            {
                "path": document.source.path,
                "sha256": document.source.sha256,
                "title": about.title,
                "kind": about.kind,
                "year": about.year,
                "jurisdiction": place.to_dict() if place else None,
            }
        )
        words.append(words_of(document.sentences, analyzer.segmenter))
    _check_count(len(sources), clusters)
    return cluster_texts(sources, words, clusters=clusters)


def _check_count(count: int, clusters: int | None) -> None:
    if count < LEAST:
        raise NothingFoundError(
            Message(
                f"聚类至少要 {LEAST} 份文档，这里有 {count} 份",
                f"clusters need {LEAST} documents at least, here are {count}",
            ),
            Message("比较两份用 nqpf compare", "to compare two: nqpf compare"),
        )
    if clusters is not None and clusters >= count:
        raise UsageError(
            Message(
                f"{count} 份文档分不成 {clusters} 类",
                f"{count} documents do not make {clusters} clusters",
            ),
            Message(f"--clusters 至多 {count - 1}", f"--clusters is {count - 1} at most"),
        )


def _write(shared: Shared, view: dict[str, Any], lexicon: Lexicon) -> None:
    match shared.format:
        case "json":
            from nqpf_cli.formats.json_ import dumps

            write_text(shared, dumps(view))
        case "newick":
            write_text(shared, view["newick"] + "\n")
        case "md":
            from nqpf_cli.corpus.cluster import WEAK
            from nqpf_cli.formats.cluster import clusters_markdown

            write_text(shared, clusters_markdown(view, lexicon, language(), WEAK))
        case "csv" | "tsv":
            from nqpf_cli.formats.cluster import COLUMNS, member_rows
            from nqpf_cli.formats.delimited import delimited

            delimiter = "\t" if shared.format == "tsv" else ","
            text = delimited(member_rows(view), COLUMNS, delimiter=delimiter)
            write_text(shared, text, bom=shared.format == "csv")
        case _:
            from nqpf_cli.corpus.cluster import WEAK
            from nqpf_cli.formats.cluster import draw_clusters

            lang, most = language(), len(view["documents"]) if shared.verbose else ROWS
            render(
                shared,
                lambda c: draw_clusters(c, view, lexicon, lang, most=most, weak=WEAK),
            )
