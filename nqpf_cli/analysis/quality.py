"""What a reader of the figures must know about the text they were made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from nqpf_cli.analysis.codings import NOTHING, Codings
from nqpf_cli.analysis.plausible import garbage_share
from nqpf_cli.analysis.sentences import scored_kinds
from nqpf_cli.model import Document, Quality, QualityWarning

_EXCLUDED = {
    "toc": "toc",
    "references": "references",
    "furniture": "headers_footers",
    "footnote": "footnotes",
    "table": "tables",
}
_GARBAGE = 0.05
_UNSURE = 0.8
_LOW_HAN = 0.5
_SHORT = 300
_NAMED_PAGES = 20


def quality(document: Document, scored: Iterable[int], codings: Codings, tables: str) -> Quality:
    """Return counts of what was read and left out (Han characters), and warnings.

    ``scored`` are the numbers of the blocks that have sentences, each once.
    """
    from nqpf_cli.analysis.strings import han_counts  # see statistics

    without_hit, without_label = _apart(codings)
    han = han_counts([b.text for b in document.blocks])
    total, kept = sum(han), sum(han[n] for n in scored)
    dense = sum(len(b.text) - b.text.count(" ") for b in document.blocks)
    left_out: Counter[str] = Counter()
    kinds = scored_kinds(tables)
    for b, count in zip(document.blocks, han, strict=True):
        if b.kind not in kinds:
            left_out[_EXCLUDED[b.kind]] += count
    ratio = round(total / dense, 6) if dense else None
    empty = tuple(p.number for p in document.pages if not p.text.strip())
    return Quality(
        han_chars=total,
        scored_han_chars=kept,
        sentences=len(document.sentences),
        han_ratio=ratio,
        empty_pages=empty if document.paged else (),
        excluded={name: left_out[name] for name in _EXCLUDED.values()},
        ocr_pages=tuple(p.number for p in document.pages if p.engine.startswith("ocr")),
        labels_without_hit=without_hit,
        hits_without_label=without_label,
        engines=dict(sorted(Counter(p.engine for p in document.pages).items())),
        warnings=(*document.warnings, *_warnings(document, ratio, kept, len(codings.entries))),
    )


def _apart(codings: Codings) -> tuple[int, int]:
    """Return how many labels have no hit, and how many hits have not got their label."""
    spoken = codings.spoken(codings.columns.labels)
    speaking = spoken != NOTHING
    cells = codings.sentences[speaking], spoken[speaking]
    given = codings.labels[cells]
    without_hit = codings.labels.copy()
    without_hit[cells] = False
    return int(without_hit.sum()), int((~given).sum())


def _warnings(
    document: Document, ratio: float | None, kept: int, hits: int
) -> Iterable[QualityWarning]:
    for page in document.pages:
        if page.reason == "garbage_text":
            yield QualityWarning(
                code="engine_switched",
                zh=f"第 {page.number} 页 PDFium 读出乱码，改用 {page.engine}",
                en=f"page {page.number}: PDFium read garbage, {page.engine} was used",
                page=page.number,
            )
        if page.ocr_confidence is not None and page.ocr_confidence < _UNSURE:
            yield QualityWarning(
                code="ocr_unsure",
                zh=f"第 {page.number} 页的文字识别把握不大（{page.ocr_confidence:.0%}）",
                en=f"page {page.number}: its text was recognised with {page.ocr_confidence:.0%} "
                "confidence only",
                page=page.number,
            )
        if (share := garbage_share(page.text)) > _GARBAGE:
            yield QualityWarning(
                code="garbage_text",
                zh=f"第 {page.number} 页的文字层有乱码（{share:.0%}），该页数字不可信",
                en=f"page {page.number}: {share:.0%} of its text layer is garbage; do not trust it",
                page=page.number,
            )
    if document.paged:
        blank = [p for p in document.pages if not p.text.strip()]
        for page in blank[:_NAMED_PAGES]:
            code = "image_page" if page.images else "empty_page"
            yield QualityWarning(
                code="unreadable_page" if page.reason == "unreadable" else code,
                zh=f"第 {page.number} 页没有文字" + ("，是图片" if page.images else ""),
                en=f"page {page.number} has no text" + (", it is a picture" if page.images else ""),
                page=page.number,
            )
    if ratio is not None and ratio < _LOW_HAN:
        yield QualityWarning(
            code="low_han_ratio",
            zh=f"汉字只占 {ratio:.0%}：不是中文文档，或抽取有误",
            en=f"only {ratio:.0%} of the characters are Han: not Chinese, or badly extracted",
        )
    if kept < _SHORT:
        yield QualityWarning(
            code="short_text",
            zh=f"计分文本只有 {kept} 个汉字，比例不稳定",
            en=f"only {kept} Han characters are scored: shares are unstable",
        )
    if not hits:
        yield QualityWarning(
            code="no_hits",
            zh="词典没有任何命中：请核对文档类型与抽取结果（nqpf text）",
            en="the lexicon has no hit at all: check the document and its text (nqpf text)",
        )
