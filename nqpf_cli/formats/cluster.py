"""Clusters → a tree and tables for the terminal."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath
from typing import Any

from rich import box
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nqpf_cli.formats.bars import percent
from nqpf_cli.formats.dendrogram import draw_tree
from nqpf_cli.formats.documents import called
from nqpf_cli.formats.markdown import captioned_table, escape
from nqpf_cli.formats.safe import one_line
from nqpf_cli.formats.words import label_name
from nqpf_cli.i18n import Language, tr
from nqpf_cli.model import Lexicon

_SHARES = ("各类的平均占比", "Mean shares of the clusters")
COLUMNS = ("path", "title", "kind", "year", "jurisdiction", "cluster")
_COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "red")
_NAME = 34
_METHODS = {
    "text": ("词语 tf-idf 余弦距离，平均联结", "cosine distance of tf-idf words, average linkage"),
    "shares": (
        "12 类占比（反正弦变换）的欧氏距离，Ward 联结",
        "Euclidean distance of the 12 shares (arcsine), Ward's linkage",
    ),
}


def member_rows(view: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a row a document, with the columns ``COLUMNS``, a cluster after the other."""
    return [
        {**d, "jurisdiction": d["jurisdiction"] and d["jurisdiction"]["name"]}
        for d in _in_order(view)
    ]


def _in_order(view: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the documents in the order of the tree, a cluster after the other."""
    by_number = {d["number"]: d for d in view["documents"]}
    return [by_number[n] for n in view["order"]]


def draw_clusters(
    console: Console,
    view: dict[str, Any],
    lexicon: Lexicon,
    lang: Language,
    *,
    most: int,
    weak: float,
) -> None:
    """Draw the tree with at most ``most`` rows, and what tells the clusters apart.

    ``weak``: the mean silhouette below which clusters are not to be trusted.
    """
    names = [one_line(name) for name in _names(view, lang)]
    console.print()
    console.print(Text(_count(view), style="bold"))
    console.print(Text(tr(*_METHODS[view["by"]]), style="dim"))
    console.print(Text(_how_many(view), style="dim"))
    if warning := _warning(view, weak):
        console.print(Text(warning, style="yellow"))
    console.print()
    _tree(console, view, names, most)
    if len(view["clusters"]) > 1:
        _clusters(console, view, names)
    if view["by"] == "shares":
        _shares(console, view, lexicon, lang)


def _names(view: dict[str, Any], lang: Language) -> list[str]:
    """Return a name for every document: place, year and kind where that is one document only."""
    names = [called(d, lang) for d in view["documents"]]
    count = Counter(names)
    return [
        name if count[name] == 1 else PurePath(d["path"]).name
        for name, d in zip(names, view["documents"], strict=True)
    ]


def _count(view: dict[str, Any]) -> str:
    count, k = len(view["documents"]), len(view["clusters"])
    if k == 1:
        return tr(f"{count} 份文档，一类", f"{count} documents, one group")
    return tr(f"{count} 份文档，{k} 类", f"{count} documents, {k} clusters")


def _how_many(view: dict[str, Any]) -> str:
    """Return how the number of clusters was found."""
    tried = view["silhouettes"]
    if view["chosen_by"] == "asked":
        best = tried[str(len(view["clusters"]))]
        return tr(
            f"类数由 --clusters 指定；平均轮廓系数 {_two(best)}",
            f"number of clusters as asked; mean silhouette {_two(best)}",
        )
    all_tried = " ".join(f"{n}:{_two(v)}" for n, v in tried.items())
    if view["chosen_by"] == "no_split":
        return tr(
            f"平均轮廓系数：{all_tried}", f"mean silhouettes by number of clusters: {all_tried}"
        )
    return tr(
        f"类数取平均轮廓系数最高者：{all_tried}",
        f"number of clusters with the highest mean silhouette: {all_tried}",
    )


def _warning(view: dict[str, Any], weak: float) -> str | None:
    """Return why the clusters are not to be trusted, or why there are none."""
    tried = view["silhouettes"]
    if view["chosen_by"] == "no_split":
        return tr(
            "没有一种分法站得住（平均轮廓系数都不大于 0：文档离自己的类不比离别的类近），所以不分；"
            "硬要分用 --clusters N",
            "no split holds (no mean silhouette is above 0: documents are no nearer to their own "
            "cluster than to another), so none is made; --clusters N forces one",
        )
    best = tried[str(len(view["clusters"]))]
    if best >= weak:
        return None
    return tr(
        f"结构很弱（{_two(best)} < {weak:g}）：树比分类可信",
        f"weak structure ({_two(best)} < {weak:g}): trust the tree, not the clusters",
    )


def _two(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def _colour(cluster: int) -> str:
    return _COLOURS[(cluster - 1) % len(_COLOURS)]


def _tree(console: Console, view: dict[str, Any], names: list[str], most: int) -> None:
    documents = view["documents"]
    name_width = min(_NAME, max(map(cell_len, names)) + 4)
    width = max(12, console.width - name_width - 5)
    tree = draw_tree(view["merges"], view["order"], width=width, most=most)
    for tip in tree.tips:
        clusters = {documents[m]["cluster"] for m in tip.members}
        label = str(min(clusters)) if len(clusters) == 1 else "*"
        more = f" +{len(tip.members) - 1}" if len(tip.members) > 1 else ""
        row = Text(f"{label:>2} ", style=_colour(min(clusters)))
        name = set_cell_size(names[tip.members[0]], name_width - len(more)).rstrip() + more
        row.append(set_cell_size(name, name_width))
        row.append(" " + tip.lines, style="dim" if len(clusters) > 1 else "")
        console.print(row, no_wrap=True, overflow="crop")
    note = tr(
        f"横向是距离：{tree.low:.2f}（左）到 {tree.high:.2f}（右）",
        f"across: distance, {tree.low:.2f} (left) to {tree.high:.2f} (right)",
    )
    if len(tree.tips) < len(names):
        note += tr("；+n：折起的文档，-v 全部展开", "; +n: documents folded, -v unfolds all")
    console.print(Text(note, style="dim"))
    console.print()


def _clusters(console: Console, view: dict[str, Any], names: list[str]) -> None:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(tr("类", "cluster"), justify="right")
    table.add_column(tr("份数", "size"), justify="right")
    table.add_column(tr("轮廓", "silhouette"), justify="right")
    table.add_column(tr("最居中", "most central"))
    by_words = view["by"] == "text"
    if by_words:
        table.add_column(tr("关键词", "key words"))
    for c in view["clusters"]:
        row = [
            Text(str(c["number"]), style=f"bold {_colour(c['number'])}"),
            str(c["size"]),
            _two(c["silhouette"]),
            names[c["central"] - 1],
        ]
        if by_words:
            row.append(one_line(" ".join(w["word"] for w in c["key_words"])))
        table.add_row(*row)
    console.print(table)


def _shares(console: Console, view: dict[str, Any], lexicon: Lexicon, lang: Language) -> None:
    console.print()
    console.print(Text(tr(*_SHARES), style="bold"))
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    clusters = view["clusters"]
    for c in clusters:
        table.add_column(
            Text(str(c["number"]), style=f"bold {_colour(c['number'])}"), justify="right"
        )
    for label in clusters[0]["shares"]:
        shares = [c["shares"][label] for c in clusters]
        table.add_row(
            label_name(label, lexicon, lang),
            *(Text(percent(v), style="bold" if v == max(shares) > 0 else "") for v in shares),
        )
    console.print(table)


# --- Markdown ---------------------------------------------------------------------------------


def clusters_markdown(view: dict[str, Any], lexicon: Lexicon, lang: Language, weak: float) -> str:
    """Return clusters as Markdown: what they are, their documents, their shares, how they came.

    ``weak`` as for ``draw_clusters``.
    """
    names = [escape(name) for name in _names(view, lang)]
    parts = [_cluster_table(view, names), _member_table(view, names)]
    if view["by"] == "shares":
        parts.append(_share_table(view, lexicon, lang))
    reasons = [tr(*_METHODS[view["by"]]), _how_many(view), _warning(view, weak)]
    parts.append(tr("；", "; ").join(escape(r) for r in reasons if r) + tr("。", "."))
    return "\n\n".join(parts) + "\n"


def _cluster_table(view: dict[str, Any], names: list[str]) -> str:
    by_words = view["by"] == "text"
    head = [
        tr("类", "cluster"),
        tr("最居中", "most central"),
        *([tr("关键词", "key words")] if by_words else []),
        tr("份数", "size"),
        tr("轮廓", "silhouette"),
    ]
    rows: list[list[str | int]] = [
        [
            c["number"],
            names[c["central"] - 1],
            *([escape(" ".join(w["word"] for w in c["key_words"]))] if by_words else []),
            c["size"],
            _two(c["silhouette"]),
        ]
        for c in view["clusters"]
    ]
    return captioned_table(_count(view), head, rows, left=3 if by_words else 2)


def _member_table(view: dict[str, Any], names: list[str]) -> str:
    rows = [[d["cluster"], names[d["number"] - 1]] for d in _in_order(view)]
    head = [tr("类", "cluster"), tr("文档", "document")]
    return captioned_table(tr("文档", "Documents"), head, rows, left=2)


def _share_table(view: dict[str, Any], lexicon: Lexicon, lang: Language) -> str:
    clusters = view["clusters"]
    rows = [
        [escape(label_name(label, lexicon, lang)), *(percent(c["shares"][label]) for c in clusters)]
        for label in clusters[0]["shares"]
    ]
    return captioned_table(tr(*_SHARES), ["", *(str(c["number"]) for c in clusters)], rows)
