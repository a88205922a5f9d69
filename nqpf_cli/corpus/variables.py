"""The codebook: every figure of a report object as a variable of a table.

Which figures there are is asked of a report: that of a document without text has every measure,
count and setting. So the codebook cannot fall behind what is reported.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nqpf_cli.analysis.profile import kinds
from nqpf_cli.formats.frames import Variable, VariableType
from nqpf_cli.formats.words import name as name_of
from nqpf_cli.formats.words import word
from nqpf_cli.i18n import Message
from nqpf_cli.model import Document, Lexicon, MeasureRow, RawText, Source, measures
from nqpf_cli.pipeline import Analyzer

MAX_NAME = 32  # characters, of a Stata name
_WITH_BREADTH = ("dimension", "obstruction", "path")

SHARE = Message("比例（0–1）", "share (0–1)")
HAN = Message("汉字", "Han characters")
COUNT = Message("个", "count")
PERCENTILE = Message("百分位（0–100）", "percentile (0–100)")
SENTENCES = Message("句", "sentences")
_PAGES = Message("页", "pages")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of a measure M: its name, the end of variables' names, its place in M.

    The percentile within the block is none of M; ``reference`` of the report has it.
    """

    id: str
    suffix: str
    where: str
    type: VariableType
    label: Message
    unit: Message


FIGURES = (
    Figure(id="hits", suffix="hits", where="hits", type="integer",
           label=Message("命中数", "hits"), unit=Message("次", "hits")),
    Figure(id="density", suffix="density", where="density", type="real",
           label=Message("每万字命中", "hits per 10,000 characters"),
           unit=Message("次/万计分汉字", "hits per 10,000 scored Han characters")),
    Figure(id="sentences", suffix="sents", where="sentences", type="integer",
           label=Message("句数", "sentences"), unit=SENTENCES),
    Figure(id="sentence_share", suffix="share", where="sentence_share", type="real",
           label=Message("句占比", "share of sentences"), unit=SHARE),
    Figure(id="ci_low", suffix="lo", where="ci/0", type="real",
           label=Message("句占比区间下限", "share of sentences, lower bound"), unit=SHARE),
    Figure(id="ci_high", suffix="hi", where="ci/1", type="real",
           label=Message("句占比区间上限", "share of sentences, upper bound"), unit=SHARE),
    Figure(id="breadth", suffix="breadth", where="breadth", type="real",
           label=Message("广度（涉及指标之比例）", "breadth (share of indicators met)"),
           unit=SHARE),
    Figure(id="percentile", suffix="pctl", where="percentile", type="real",
           label=Message("在参照报告中的百分位", "percentile among reference reports"),
           unit=PERCENTILE),
    Figure(id="percentile_block", suffix="pctlb", where="", type="real",
           label=Message("在同板块参照报告中的百分位",
                         "percentile among reference reports of its block"),
           unit=PERCENTILE),
)  # fmt: skip
_IN_BLOCK = "/reference/block/percentiles"
LEVELS = (
    ("national", Message("全国", "national")),
    ("province", Message("省级", "province")),
    ("prefecture", Message("地级", "prefecture")),
    ("county", Message("县级", "county")),
)
BLOCKS = (
    ("east", Message("东部", "East")),
    ("central", Message("中部", "Centre")),
    ("west", Message("西部", "West")),
    ("northeast", Message("东北", "Northeast")),
)


def _both(id_: str) -> Message:
    return Message(word(id_, "zh"), word(id_, "en"))


_VERDICTS = tuple((v, _both(v)) for v in ("silent", "diagnosed", "answered", "unprompted"))


def _fixed(
    name: str,
    type_: VariableType,
    where: str,
    zh: str,
    en: str,
    unit: Message | None = None,
    values: tuple[tuple[str | int, Message], ...] = (),
) -> Variable:
    return Variable(
        name=name, label=Message(zh, en), type=type_, where=where, unit=unit, values=values
    )


_DOCUMENT = (
    _fixed("path", "text", "/source/path", "文件", "file"),
    _fixed("sha256", "text", "/source/sha256", "文件的 SHA-256", "SHA-256 of the file"),
    _fixed("media_type", "text", "/source/media_type", "文件类型", "media type"),
    _fixed("bytes", "integer", "/source/bytes", "文件大小", "size of the file",
           Message("字节", "bytes")),
    _fixed("pages", "integer", "/source/pages", "页数", "pages", _PAGES),
    _fixed("title", "text", "/source/title", "标题", "title"),
    _fixed("kind", "text", "/source/kind", "文件种类", "kind of document",
           values=tuple((k, _both(k)) for k in kinds())),
    _fixed("year", "integer", "/source/year", "年份", "year", Message("年", "year")),
    _fixed("title_found_in", "text", "/source/found_in/title", "标题读自何处",
           "where the title was read"),
    _fixed("kind_found_in", "text", "/source/found_in/kind", "文件种类读自何处",
           "where the kind was read"),
    _fixed("year_found_in", "text", "/source/found_in/year", "年份读自何处",
           "where the year was read"),
)  # fmt: skip
_JURISDICTION = (
    _fixed("jurisdiction", "text", "/source/jurisdiction/name", "辖区", "jurisdiction"),
    _fixed("code", "integer", "/source/jurisdiction/code", "行政区划代码（GB/T 2260）",
           "division code (GB/T 2260)"),
    _fixed("level", "category", "/source/jurisdiction/level", "辖区层级",
           "level of the jurisdiction", values=LEVELS),
    _fixed("block", "category", "/source/jurisdiction/block", "四大板块", "block of regions",
           values=BLOCKS),
    _fixed("found_in", "text", "/source/jurisdiction/found_in", "辖区读自何处",
           "where the jurisdiction was read"),
)  # fmt: skip
_ERROR = (
    _fixed("error", "text", "/error/code", "读取失败：代码", "failure: code"),
    _fixed("error_message", "text", "/error/message", "读取失败：说明", "failure: message"),
)
_QUALITY = (
    _fixed("han_chars", "integer", "/quality/han_chars", "汉字数", "Han characters", HAN),
    _fixed("scored_han_chars", "integer", "/quality/scored_han_chars", "计分汉字数",
           "scored Han characters", HAN),
    _fixed("sentences", "integer", "/quality/sentences", "计分句数", "scored sentences",
           SENTENCES),
    _fixed("han_ratio", "real", "/quality/han_ratio", "汉字占字符之比例",
           "share of Han characters", SHARE),
    _fixed("empty_pages", "integer", "/quality/empty_pages", "空页数", "empty pages", _PAGES),
    _fixed("ocr_pages", "integer", "/quality/ocr_pages", "识别的页数", "pages read by OCR",
           _PAGES),
    _fixed("engines_used", "text", "/quality/engines", "读取所用引擎", "engines that read"),
    _fixed("labels_without_hit", "integer", "/quality/labels_without_hit",
           "无词条命中而得的标签数", "labels without a hit", COUNT),
    _fixed("hits_without_label", "integer", "/quality/hits_without_label",
           "未得标签的命中数", "hits without their label", COUNT),
    _fixed("warnings", "integer", "/quality/warnings", "警告数", "warnings", COUNT),
    _fixed("warning_codes", "text", "/quality/warnings", "警告代码", "codes of the warnings"),
)  # fmt: skip
_EXCLUDED = {
    "toc": Message("未计分：目录", "not scored: contents"),
    "references": Message("未计分：参考文献", "not scored: references"),
    "headers_footers": Message("未计分：页眉页脚", "not scored: headers and footers"),
    "footnotes": Message("未计分：脚注", "not scored: footnotes"),
    "tables": Message("未计分：表格", "not scored: tables"),
}
_SETTINGS = {
    "engine": Message("设置：PDF 引擎", "setting: PDF engine"),
    "segmenter": Message("设置：分词器", "setting: segmenter"),
    "nested": Message("设置：嵌套词条", "setting: nested entries"),
    "coder": Message("设置：编码方式", "setting: coder"),
    "tables": Message("设置：表格是否计分", "setting: tables"),
    "script": Message("设置：繁简转换", "setting: script"),
    "ocr": Message("设置：文字识别", "setting: OCR"),
    "confidence": Message("设置：区间的置信度", "setting: confidence of intervals"),
    "resamples": Message("设置：自助抽样次数", "setting: bootstrap resamples"),
    "seed": Message("设置：随机种子", "setting: random seed"),
    "comparable": Message("设置：与哪些参照文档比", "setting: comparable documents"),
}
_INDICES = {"balance": Message("均衡度（Pielou）", "balance of the dimensions (Pielou)")}
_PRESCRIPTIONS = (
    _fixed("rx_applicable", "integer", "/prescriptions/applicable", "对策：适用的载体数",
           "prescriptions: carriers that apply", COUNT),
    _fixed("rx_covered", "real", "/prescriptions/covered", "对策：落实的比例",
           "prescriptions: share taken up", SHARE),
    _fixed("rx_misfit", "real", "/prescriptions/misfit", "对策：谈及不适用载体的比例",
           "prescriptions: share spent on carriers that do not apply", SHARE),
)  # fmt: skip
_MADE_WITH = (
    _fixed("lexicon_name", "text", "/lexicon/name", "词典", "lexicon"),
    _fixed("lexicon_version", "text", "/lexicon/version", "词典版本", "version of the lexicon"),
    _fixed("lexicon_sha256", "text", "/lexicon/sha256", "词典的 SHA-256", "SHA-256 of the lexicon"),
    _fixed("nqpf_version", "text", "/nqpf_version", "nqpf 版本", "version of nqpf"),
    _fixed("schema_version", "text", "/schema_version", "报告格式版本", "version of the report"),
    _fixed("ref_name", "text", "/reference/name", "百分位的参照集", "reference set of percentiles"),
    _fixed("ref_sha256", "text", "/reference/sha256", "参照集的 SHA-256", "SHA-256 of the set"),
    _fixed("ref_n", "integer", "/reference/n", "百分位：可比的参照文档数",
           "percentiles: comparable documents", COUNT),
    _fixed("ref_basis", "text", "/reference/basis", "百分位：按什么比", "percentiles: basis"),
    _fixed("ref_block", "category", "/reference/block/name", "百分位：同板块的板块",
           "percentiles: the block", values=BLOCKS),
    _fixed("ref_block_n", "integer", "/reference/block/n", "百分位：同板块可比的参照文档数",
           "percentiles: comparable documents of the block", COUNT),
)  # fmt: skip


def codebook(lexicon: Lexicon, report: Mapping[str, Any] | None = None) -> tuple[Variable, ...]:
    """Return every variable of a document, in a fixed order.

    ``report`` is one of the scan's reports where the scan was made with another lexicon: the
    measures are then those that it has, with the words of ``lexicon`` where it knows them.
    """
    shape = _shape(lexicon, report)
    names = _Names()
    parts = (
        ("document", iter(_DOCUMENT)),
        ("jurisdiction", iter(_JURISDICTION)),
        ("error", iter(_ERROR)),
        ("quality", iter(_QUALITY)),
        ("quality", _keyed(shape, "/quality/excluded", "excluded", _EXCLUDED, HAN)),
        ("index", _keyed(shape, "/indices", "", _INDICES, SHARE)),
        ("prescription", iter(_PRESCRIPTIONS)),
        ("settings", _keyed(shape, "/settings", "set", _SETTINGS, None)),
        ("lexicon", iter(_MADE_WITH)),
        (None, _obstruction_indices(shape, lexicon)),
        (None, _measures(shape, lexicon)),
        (None, _carriers(shape, lexicon)),
    )
    named = [
        replace(v, name=names.take(v.name), part=part or v.part)
        for part, variables in parts
        for v in variables
    ]
    order = ("document", "jurisdiction", "error", "quality", "dimension", "obstruction", "path",
             "index", "indicator", "carrier", "method", "prescription", "settings", "lexicon",
             )  # fmt: skip
    return tuple(sorted(named, key=lambda v: order.index(v.part)))


class _Names:
    """Makes names valid in Stata and unique. What is too long or taken ends in a hash of it."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str) -> str:
        name = re.sub(r"[^a-z0-9_]", "_", wanted.lower())
        if len(name) > MAX_NAME or name in self._taken:
            digest = hashlib.sha256(wanted.encode()).hexdigest()[:6]
            name = f"{name[: MAX_NAME - 7]}_{digest}"
        self._taken.add(name)
        return name


def _shape(lexicon: Lexicon, report: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the report of a document without text, of the whole country: all carriers apply."""
    nothing = Document(
        source=Source(path="全国", sha256="", size_bytes=0, media_type=""),
        raw=RawText(text="", page_starts=(), numbers=()),
        pages=(),
        blocks=(),
        sentences=(),
        title=None,
        paged=False,
        warnings=(),
    )
    shape = Analyzer(lexicon).score(nothing).to_dict()
    if report is None:
        return shape
    prescribed = shape["prescriptions"]["carriers"]
    there = report["prescriptions"] or {"carriers": {}}
    return {**report, "prescriptions": {"carriers": {**prescribed, **there["carriers"]}}}


def _keyed(
    shape: Mapping[str, Any],
    where: str,
    prefix: str,
    labels: Mapping[str, Message],
    unit: Message | None,
) -> Iterator[Variable]:
    """Yield a variable for every key of an object; a key without words is its own label."""
    group: Any = shape
    for key in where.split("/")[1:]:
        group = group[key]
    for key, value in group.items():
        yield Variable(
            name=f"{prefix}_{key}" if prefix else key,
            label=labels.get(key) or Message(key, key),
            type=_type(value, unit),
            where=f"{where}/{key}",
            unit=unit,
        )


def _type(value: Any, unit: Message | None) -> VariableType:
    match value:
        case bool():
            return "flag"
        case int():
            return "integer"
        case float():
            return "real"
        case _:
            return "text" if unit is None else "real"


def _measures(shape: Mapping[str, Any], lexicon: Lexicon) -> Iterator[Variable]:
    for row in measures(shape):
        stem = row.id.replace(".", "_") + (f"_{row.stance[0]}" if row.stance else "")
        label = _label(row.id, row.stance, lexicon)
        for figure in FIGURES:
            if figure.id == "breadth" and row.level not in _WITH_BREADTH:
                continue
            yield Variable(
                name=f"{stem}_{figure.suffix}",
                label=_joined(label, figure.label),
                type=figure.type,
                where=f"{_IN_BLOCK}/{row.key}"
                if figure.id == "percentile_block"
                else f"{_place(row)}/{figure.where}",
                part=row.level,
                unit=figure.unit,
                id=row.id,
                stance=row.stance,
                measure=figure.id,
            )


def _place(row: MeasureRow) -> str:
    match row.level:
        case "carrier":
            family, carrier = row.id.split(".", 1)
            return f"/paths/{family}/carriers/{carrier}"
        case level:
            stance = f"/{row.stance}" if row.stance else ""
            return f"/{level}s/{row.id}{stance}"


def _label(id_: str, stance: str | None, lexicon: Lexicon) -> Message:
    label = Message(name_of(id_, lexicon, "zh"), name_of(id_, lexicon, "en"))
    if stance is None:
        return label
    return Message(f"{label.zh}·{word(stance, 'zh')}", f"{label.en}, {word(stance, 'en')}")


def _joined(of: Message, what: Message) -> Message:
    return Message(f"{of.zh}：{what.zh}", f"{of.en}: {what.en}")


def _obstruction_indices(shape: Mapping[str, Any], lexicon: Lexicon) -> Iterator[Variable]:
    for id_ in shape["obstructions"]:
        label = _label(id_, None, lexicon)
        yield Variable(
            name=f"{id_}_gap",
            label=_joined(label, Message("回应差", "response gap")),
            type="real",
            where=f"/obstructions/{id_}/response_gap",
            part="index",
            unit=Message("对数优势比", "log odds"),
            id=id_,
        )
        yield Variable(
            name=f"{id_}_verdict",
            label=_joined(label, Message("判断", "verdict")),
            type="category",
            where=f"/obstructions/{id_}/verdict",
            part="index",
            values=_VERDICTS,
            id=id_,
        )


def _carriers(shape: Mapping[str, Any], lexicon: Lexicon) -> Iterator[Variable]:
    """Yield what is taken up for each carrier; its family is not in the names: they are long."""
    for id_, fit in shape["prescriptions"]["carriers"].items():
        short = id_.split(".", 1)[1]
        label = _label(id_, None, lexicon)
        where = f"/prescriptions/carriers/{id_}"
        yield Variable(
            name=f"rx_{short}_share",
            label=_joined(label, Message("对策落实的比例", "share of prescriptions taken up")),
            type="real",
            where=f"{where}/share",
            part="prescription",
            unit=SHARE,
            id=id_,
        )
        for key in fit["prescriptions"]:
            taken = _joined(label, _label(f"{id_}.{key}", None, lexicon))
            yield Variable(
                name=f"rx_{short}_{key}",
                label=taken,
                type="flag",
                where=f"{where}/prescriptions/{key}",
                part="prescription",
                id=f"{id_}.{key}",
            )
            yield Variable(
                name=f"rx_{short}_{key}_n",
                label=_joined(taken, Message("落实的句数", "sentences")),
                type="integer",
                where=f"{where}/sentences/{key}",
                part="prescription",
                unit=SENTENCES,
                id=f"{id_}.{key}",
            )
