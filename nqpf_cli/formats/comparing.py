"""What the percentiles of a report compare it with, in words."""

from __future__ import annotations

from nqpf_cli.analysis.percentiles import LEAST, YEARS
from nqpf_cli.i18n import Language
from nqpf_cli.model import Comparison

_BASES = {
    "kind+level+years": (
        f"文种、层级相同，年份相差至多 {YEARS} 年",
        f"same kind and level, at most {YEARS} years apart",
    ),
    "kind+level": ("文种、层级相同", "same kind and level"),
    "kind": ("文种相同", "same kind"),
}


def comparison(of: Comparison | None, lang: Language) -> str | None:
    """Return the sentence that says among what a report is ranked; None without a reference."""
    if of is None:
        return None
    zh = lang == "zh"
    if of.basis is None:
        return (
            f"没有百分位：参照集 {of.name} 里可比的文档只有 {of.n} 份（至少要 {LEAST} 份）"
            if zh
            else f"no percentiles: {of.n} comparable document(s) in {of.name}, {LEAST} are needed"
        )
    basis = _BASES[of.basis][0 if zh else 1]
    return (
        f"百分位 P：在 {of.name} 的 {of.n} 份文档之中（{basis}）"
        if zh
        else f"percentiles P: among {of.n} documents of {of.name} ({basis})"
    )


def percentile(value: float | None) -> str:
    """Return a percentile as a whole number."""
    return "–" if value is None else f"{value:.0f}"
