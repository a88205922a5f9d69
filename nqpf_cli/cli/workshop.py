"""``nqpf lexicon new|diff|import|export|suggest``: a workshop for one's own lexicon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nqpf_cli.cli import options as o
from nqpf_cli.cli.console import render, say, write_text
from nqpf_cli.cli.corpus import documents
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import NothingFoundError, UsageError
from nqpf_cli.i18n import Message, tr

if TYPE_CHECKING:
    from rich.console import Console

    from nqpf_cli.pipeline import Analyzer

Corpus = Annotated[
    list[str], typer.Option(help=tr("语料：文件夹或文件", "the corpus: folders or files"))
]


def register(group: typer.Typer) -> None:
    """Add the commands to the group ``lexicon``."""
    _register_new(group)
    _register_diff(group)
    _register_import(group)
    _register_export(group)
    _register_suggest(group)


def _register_new(group: typer.Typer) -> None:
    @group.command(
        help=tr(
            "新建词典文件夹，带注释的样板。", "Make a new lexicon folder, a commented skeleton."
        ),
        epilog=tr("例：nqpf lexicon new 我的词典", "Example: nqpf lexicon new mine"),
    )
    @shared_options("text")
    def new(
        shared: Shared, folder: Annotated[Path, typer.Argument(help=tr("文件夹", "the folder"))]
    ) -> None:
        from nqpf_cli.workshop.make import new as make

        make(folder)
        say(
            shared,
            tr(
                f"已写入 {folder}；下一步：nqpf lexicon check {folder}",
                f"wrote {folder}; next: nqpf lexicon check {folder}",
            ),
        )


def _sentences(analyzer: Analyzer, corpus: list[str]) -> Iterator[tuple[str, int | None, str]]:
    for document in documents(analyzer, corpus):
        for s in document.sentences:
            yield document.source.path, s.page if document.paged else None, s.text


def _register_diff(group: typer.Typer) -> None:
    @group.command(
        help=tr(
            "比较两部词典：哪些词条不同，语料中哪些句子的标签改变。",
            "Compare two lexicons: entries, and sentences whose labels change.",
        ),
        epilog=tr(
            "例：nqpf lexicon diff 旧/ 新/ --corpus 报告/",
            "Example: nqpf lexicon diff old/ new/ --corpus reports/",
        ),
    )
    @shared_options("table", "json", "csv")
    def diff(
        shared: Shared,
        old: Annotated[
            Path, typer.Argument(help=tr("旧词典（- 为内置）", "old (- is the shipped one)"))
        ],
        new: Annotated[
            Path, typer.Argument(help=tr("新词典（- 为内置）", "new (- is the shipped one)"))
        ],
        corpus: Corpus = [],  # noqa: B006 (typer copies it)
        limit: Annotated[int, typer.Option(min=1, help=tr("最多几句", "at most so many"))] = 200,
    ) -> None:
        from itertools import islice

        from nqpf_cli.formats.delimited import delimited
        from nqpf_cli.formats.json_ import dumps
        from nqpf_cli.lexicon.load import load
        from nqpf_cli.model import Settings
        from nqpf_cli.pipeline import Analyzer
        from nqpf_cli.workshop.diff import entry_changes, label_changes

        a, b = (load(() if str(p) == "-" else (p,)) for p in (old, new))
        rules = Settings(coder="rules")
        options = o.Reading().options()
        one, two = (Analyzer(x, rules, options) for x in (a, b))
        entries = entry_changes(a, b)
        changes = list(islice(label_changes(_sentences(one, corpus), one.coder, two.coder), limit))
        view = {
            "old": a.id.to_dict(),
            "new": b.id.to_dict(),
            "entries": [asdict(e) for e in entries],
            "sentences": [asdict(c) for c in changes],
        }
        match shared.format:
            case "json":
                write_text(shared, dumps(view))
            case "csv":
                rows = [
                    {
                        **asdict(c),
                        "lost": " ".join(c.lost),
                        "gained": " ".join(c.gained),
                        "terms": " ".join(c.terms),
                        "old_sha256": a.sha256,
                        "new_sha256": b.sha256,
                    }
                    for c in changes
                ]
                columns = (*rows[0],) if rows else ("path", "text", "lost", "gained")
                write_text(shared, delimited(rows, columns), bom=True)
            case _:
                render(shared, lambda c: _draw_diff(c, view))


def _draw_diff(console: Console, view: dict[str, Any]) -> None:
    from rich.text import Text

    from nqpf_cli.formats.evidence import clean

    removed = [e for e in view["entries"] if e["change"] == "removed"]
    added = [e for e in view["entries"] if e["change"] == "added"]
    console.print(
        tr(
            f"词条：去掉 {len(removed)}，新增 {len(added)}",
            f"entries: {len(removed)} removed, {len(added)} added",
        )
    )
    for e in [*removed[:50], *added[:50]]:
        sign, style = ("-", "red") if e["change"] == "removed" else ("+", "green")
        console.print(Text(f"  {sign} {e['target']} {e['term']} {e['stance'] or ''}", style=style))
    count = len(view["sentences"])
    console.print(tr(f"标签改变的句子：{count}", f"sentences whose labels change: {count}"))
    for s in view["sentences"]:
        where = f"{s['path']}" + (f" p.{s['page']}" if s["page"] else "")
        line = Text(f"\n{where}", style="dim")
        for label in s["lost"]:
            line.append(f" -{label}", style="red")
        for label in s["gained"]:
            line.append(f" +{label}", style="green")
        console.print(line)
        console.print(Text("  " + clean(s["text"])))
        console.print(Text("  " + "、".join(s["terms"]), style="dim"))


def _register_import(group: typer.Typer) -> None:
    @group.command(
        "import",
        help=tr(
            "导入 quanteda/YAML 或 LIWC（.dic）词典，写成词典文件夹。",
            "Take over a quanteda/YAML or LIWC (.dic) dictionary as a lexicon folder.",
        ),
        epilog=tr(
            "例：nqpf lexicon import 词典.yml 我的词典/",
            "Example: nqpf lexicon import dictionary.yml mine/",
        ),
    )
    @shared_options("text")
    def import_(
        shared: Shared,
        file: Annotated[str, typer.Argument(help="*.yml | *.yaml | *.dic")],
        folder: Annotated[Path, typer.Argument(help=tr("写入的文件夹", "the folder to write"))],
    ) -> None:
        from nqpf_cli.files import read_bytes
        from nqpf_cli.lexicon.exchange import read_dictionary
        from nqpf_cli.workshop.make import take_over

        forms = {".yml": "yaml", ".yaml": "yaml", ".dic": "dic"}
        form = forms.get(Path(file).suffix.lower())
        if form is None:
            raise UsageError(
                Message(f"看不出 {file} 的格式", f"cannot tell the format of {file}"),
                Message("后缀用 .yml、.yaml 或 .dic", "name it .yml, .yaml or .dic"),
            )
        text = read_bytes(file).decode("utf-8-sig", "replace")
        done = take_over(read_dictionary(text, form, file), folder, Path(file).name)
        say(
            shared,
            tr(
                f"{done.terms} 个词条写入 {folder}；{done.left_out} 个无法表达，未导入",
                f"{done.terms} terms written to {folder}; {done.left_out} cannot be said in a "
                "lexicon and were left out",
            )
            if done.left_out
            else tr(f"{done.terms} 个词条写入 {folder}", f"{done.terms} terms written to {folder}"),
        )


def _register_export(group: typer.Typer) -> None:
    @group.command(
        help=tr(
            "导出为 quanteda/YAML 或 LIWC（.dic）词典。",
            "Export as a quanteda/YAML or LIWC (.dic) dictionary.",
        ),
        epilog=tr(
            "例：nqpf lexicon export -o 词典.yml --form yaml",
            "Example: nqpf lexicon export -o dictionary.yml --form yaml",
        ),
    )
    @shared_options("text")
    def export(
        shared: Shared,
        form: Annotated[
            str | None,
            typer.Option(help=tr("yaml | dic（默认看后缀）", "yaml | dic (or the suffix)")),
        ] = None,
    ) -> None:
        from nqpf_cli.lexicon.exchange import FORMATS
        from nqpf_cli.lexicon.exchange import export as make
        from nqpf_cli.lexicon.load import load

        if form is None:
            dic = shared.output is not None and shared.output.suffix.lower() == ".dic"
            form = "dic" if dic else "yaml"
        o.check_choice("form", form, *FORMATS)
        lexicon = load(shared.lexicons)
        made = make(lexicon, form)
        write_text(shared, made.text)
        say(
            shared,
            tr(
                f"{made.kept} 个词条；{made.left_out} 个（间隔、正则、对策、遮蔽）无法表达，未导出",
                f"{made.kept} entries; {made.left_out} (gaps, patterns, prescriptions, "
                "absorbers) cannot be said in it and were left out",
            ),
        )
        # A .dic has no place for a remark.
        say(shared, f"{lexicon.name} {lexicon.version} sha256 {lexicon.sha256}")


def _register_suggest(group: typer.Typer) -> None:
    @group.command(
        help=tr(
            "从语料中为一个类别提出候选词（关键性、搭配、语义近邻），只建议，不添加。",
            "Propose terms for a category from a corpus (keyness, collocation, neighbours); "
            "nothing is added.",
        ),
        epilog=tr(
            "例：nqpf lexicon suggest lockin --corpus 报告/",
            "Example: nqpf lexicon suggest lockin --corpus reports/",
        ),
    )
    @shared_options("table", "json", "csv")
    def suggest(
        shared: Shared,
        id_: Annotated[str, typer.Argument(metavar="ID", help=tr("类别或指标", "its id"))],
        corpus: Corpus = [],  # noqa: B006 (typer copies it)
        limit: Annotated[int, typer.Option(min=1, help=tr("几个候选", "how many"))] = 40,
    ) -> None:
        from nqpf_cli.formats.delimited import delimited
        from nqpf_cli.formats.json_ import dumps
        from nqpf_cli.workshop.suggest import CorpusSentence
        from nqpf_cli.workshop.suggest import suggest as propose

        analyzer = o.analyzer(shared, coding=o.Coding(coder="rules"))
        lexicon = analyzer.lexicon
        if lexicon.category(id_) is None and lexicon.indicator(id_) is None:
            raise UsageError(
                Message(f"词典里没有 {id_}", f"the lexicon has no '{id_}'"),
                Message("用 nqpf lexicon list 查看", "see nqpf lexicon list"),
            )
        if not corpus:
            raise UsageError(
                Message("需要语料", "a corpus is needed"),
                Message("用 --corpus 给出文件夹", "give a folder with --corpus"),
            )
        numbers: dict[str, int] = {}
        sentences = []
        read = list(_sentences(analyzer, corpus))
        codings = analyzer.coder.code_all([text for _, _, text in read])
        for (path, _, text), coding in zip(read, codings, strict=True):
            own = [
                m
                for m in coding.matches
                if id_ in (m.entry.category, m.entry.target) and not m.entry.prescription
            ]
            sentences.append(
                CorpusSentence(
                    numbers.setdefault(path, len(numbers)),
                    text,
                    bool(own),
                    tuple(text[m.start : m.end] for m in own),
                )
            )
        found = propose(sentences, analyzer.segmenter, lexicon, limit)
        if not found:
            raise NothingFoundError(
                Message("没有候选词", "no candidate was found"),
                Message("换更大的语料", "try a larger corpus"),
            )
        rows = [asdict(s) for s in found]
        match shared.format:
            case "json":
                head = {"lexicon": lexicon.id.to_dict()}
                write_text(shared, dumps({**head, "target": id_, "suggestions": rows}))
            case "csv":
                rows = [{**r, "lexicon_sha256": lexicon.sha256} for r in rows]
                write_text(shared, delimited(rows, list(rows[0])), bom=True)
            case _:
                render(shared, lambda c: _draw_suggestions(c, rows))


def _draw_suggestions(console: Console, rows: list[dict[str, Any]]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from nqpf_cli.formats.evidence import clean

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column(tr("候选词", "term"), no_wrap=True)
    for heading in (
        tr("句数", "count"),
        tr("类内", "inside"),
        tr("文档", "docs"),
        "G²",
        tr("对数比", "log ratio"),
        "logDice",
        tr("余弦", "cosine"),
    ):
        table.add_column(heading, justify="right")
    table.add_column(tr("例句", "example"), ratio=1, max_width=40)
    for r in rows:
        cosine = "–" if r["cosine"] is None else f"{r['cosine']:.2f}"
        example = clean(r["example"])
        at = max(0, example.find(r["term"]) - 8)
        table.add_row(
            r["term"],
            str(r["count"]),
            str(r["inside"]),
            str(r["documents"]),
            f"{r['g2']:.0f}",
            f"{r['log_ratio']:.1f}",
            f"{r['log_dice']:.1f}",
            cosine,
            Text(("…" if at else "") + example[at : at + 28]),
        )
    console.print(table)
