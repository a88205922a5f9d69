"""What the percentiles of a report compare it with, in words."""

from __future__ import annotations

from nqpf_cli.analysis.percentiles import FEWEST, LEAST, YEARS
from nqpf_cli.formats.words import word
from nqpf_cli.i18n import Language
from nqpf_cli.model import EVERYTHING, Comparison, Measure

_SAME = {
    "kind": ("文种", "kind"),
    "level": ("层级", "level"),
    "year": ("年份", "year"),
    "block": ("板块", "block"),
}


def criteria(basis: str, lang: Language) -> str:
    """Return what documents of a basis have in common with the one that is ranked."""
    zh = lang == "zh"
    if basis == EVERYTHING:
        return "参照集的全部文档" if zh else "all documents of the set"
    asked = basis.split("+")
    same = [_SAME[c][0 if zh else 1] for c in asked if c in _SAME]
    parts = []
    if same:
        last = same[-1:] if len(same) == 1 else [", ".join(same[:-1]) + " and " + same[-1]]
        parts.append("、".join(same) + "相同" if zh else f"same {last[0]}")
    if "years" in asked:
        parts.append(f"年份相差至多 {YEARS} 年" if zh else f"at most {YEARS} years apart")
    return ("，" if zh else ", ").join(parts)


def comparison(of: Comparison | None, lang: Language) -> str | None:
    """Return the sentence that says among what a report is ranked; None without a reference."""
    if of is None:
        return None
    zh = lang == "zh"
    if of.basis is None:
        return (
            f"没有百分位：参照集 {of.name} 里可比的文档只有 {of.n} 份（至少要 {LEAST} 份，"
            f"用 --comparable 时 {FEWEST} 份）"
            if zh
            else f"no percentiles: {of.n} comparable document(s) in {of.name}, {LEAST} are needed "
            f"({FEWEST} with --comparable)"
        )
    basis = criteria(of.basis, lang)
    sentence = (
        f"百分位 P：在 {of.name} 的 {of.n} 份文档之中（{basis}{_rough(of.n, lang)}）"
        if zh
        else f"percentiles P: among {of.n} documents of {of.name} ({basis}{_rough(of.n, lang)})"
    )
    return sentence + _in_block(of, lang)


def _in_block(of: Comparison, lang: Language) -> str:
    if of.block is None or of.block_n is None or "block" in (of.basis or "").split("+"):
        return ""
    zh = lang == "zh"
    block = word(of.block, lang)
    if block_heading(of, lang) is None:
        return (
            f"；其中{block}只有 {of.block_n} 份，不另列（至少要 {FEWEST} 份）"
            if zh
            else f"; {of.block_n} of them in the same block ({block}), too few to rank among"
        )
    rough = _rough(of.block_n, lang)
    return (
        f"；{block_heading(of, lang)}：其中{block}的 {of.block_n} 份{rough}"
        if zh
        else f"; {block_heading(of, lang)}: among the {of.block_n} in the same block{rough}"
    )


def _rough(n: int, lang: Language) -> str:
    if n >= LEAST:
        return ""
    return "，份数少，粗略" if lang == "zh" else ", few: rough"


def block_heading(of: Comparison | None, lang: Language) -> str | None:
    """Return the heading of percentiles within the block; None where they are not to be shown.

    They are not where there are none, nor where all documents compared are of the block.
    """
    if of is None or of.block is None or (of.block_n or 0) < FEWEST:
        return None
    if of.basis is None or "block" in of.basis.split("+"):
        return None
    return f"P {word(of.block, lang)}"


def rank_headings(of: Comparison | None, lang: Language) -> list[str]:
    """Return the headings of the columns of percentiles: none, one or two."""
    if of is None or of.basis is None:
        return []
    heading = block_heading(of, lang)
    return ["P"] if heading is None else ["P", heading]


def ranks(measure: Measure, columns: int) -> list[str]:
    """Return the percentiles of a measure for that many columns of ``rank_headings``."""
    return [percentile(p) for p in (measure.percentile, measure.percentile_block)[:columns]]


def percentile(value: float | None) -> str:
    """Return a percentile as a whole number."""
    return "–" if value is None else f"{value:.0f}"
