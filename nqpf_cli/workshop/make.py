"""New lexicon folders: a skeleton to fill in, or a dictionary of another program taken over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nqpf_cli.analysis.patterns import GAP
from nqpf_cli.errors import MissingExtraError, OutputError
from nqpf_cli.formats.safe import one_line
from nqpf_cli.i18n import Message
from nqpf_cli.lexicon.exchange import Dictionary, identifier
from nqpf_cli.lexicon.load import term_fault
from nqpf_cli.lexicon.source import INDEX_NAME

SKELETON = """# 一个类别的词条；A category of a lexicon. nqpf lexicon check 检查本文件。
id = "topic"
kind = "custom"            # custom：自己的类别，结果在报告的 methods 下
chain = "none"
name = { zh = "我的主题", en = "My topic" }
definition = "文本谈及……（写清何时给、何时不给）"
source = "（文献或说明）"

[[indicator]]
id = "first"
name = { zh = "第一个指标", en = "First indicator" }
definition = "……"
source = "（文献或说明）"
matches = ["一个应当命中的例句：海绵城市建设取得进展。"]
misses = ["一个不应命中的例句：购买海绵。"]

[[entry]]
indicator = "first"
terms = ["海绵城市"]
note = "为什么收这个词"
# kind = "gap"             # 带间隔：产业…路径锁定；(医疗|教育)…不足
# boundary = "word"        # 首尾须在分词边界上
# unless = ["……"]          # 与命中重叠时作废的语境
# unless_sentence = ["……"] # 句中出现即作废
# with = ["……"]            # 句中须同时出现其一
# weight = 0.5             # 一句中权重之和达到 1 才给标签；0 只遮蔽更短的词
"""


def _write(folder: Path, files: dict[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in files:
            if (folder / name).exists():
                raise OutputError(
                    Message(f"{folder / name} 已存在", f"{folder / name} exists already"),
                    Message("换一个文件夹", "choose another folder"),
                )
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as e:
        reason = e.strerror or str(e)
        raise OutputError(
            Message(f"无法写入 {folder}：{reason}", f"cannot write {folder}: {reason}"),
            Message("检查权限与磁盘空间", "check permissions and room"),
        ) from e


def _index(name: str, files: list[str], licence: str) -> str:
    listed = ", ".join(f'"{f}"' for f in files)
    return (
        f'format = 1\nname = "{name}"\nversion = "0.1.0"\nlicence = "{licence}"\n'
        f'files = [{listed}]\n\n[policy]\nnested = "category"\ngap = 8\n'
    )


def new(folder: Path) -> None:
    """Write a skeleton; raises ``OutputError`` rather than overwrite anything."""
    name = identifier(folder.name, set())
    _write(folder, {INDEX_NAME: _index(name, ["topic.toml"], "CC-BY-4.0"), "topic.toml": SKELETON})


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """How many terms were taken over, and how many no lexicon can say."""

    terms: int
    left_out: int


def take_over(dictionary: Dictionary, folder: Path, source: str) -> TakenOver:
    """Write a dictionary as a lexicon folder that can be used as it is.

    First-level names become categories, what is below becomes their indicators. A ``*`` at the
    end of a term is dropped: matching on characters needs no wild card. A term with ``…`` becomes
    a gap entry.
    """
    try:
        import tomlkit
    except ImportError as e:
        raise MissingExtraError.of("workshop", Message("导入词典", "importing")) from e
    # lexicon.toml is the index; the others are names that Windows keeps for devices.
    taken: set[str] = {"lexicon", "con", "nul", "aux", "prn"}
    ids: dict[str, str] = {}
    files: dict[str, Any] = {}
    inner_ids: dict[tuple[str, str], str] = {}
    used: dict[str, set[str]] = {}
    count = left_out = 0
    source = one_line(source)
    for path, terms in dictionary.categories:
        names = [one_line(name).strip() or "?" for name in path]
        top, rest = names[0], " / ".join(names[1:]) or names[0]
        if top not in ids:
            ids[top] = identifier(top, taken)
            files[top] = _category(tomlkit, ids[top], top, source)
            used[top] = set()
        key = (top, rest)
        document = files[top]
        if key not in inner_ids:
            inner_ids[key] = identifier(rest, used[top])
            document["indicator"].append(_indicator(tomlkit, inner_ids[key], rest, source))
        kinds = _by_kind(terms)
        left_out += len(kinds.pop("none", ()))
        for kind, kept in kinds.items():
            entry = tomlkit.table()
            entry["indicator"] = inner_ids[key]
            entry["terms"] = kept
            if kind == "gap":
                entry["kind"] = kind
            entry["source"] = source
            document["entry"].append(entry)
            count += len(kept)
    texts = {f"{ids[top]}.toml": tomlkit.dumps(d) for top, d in files.items()}
    name = identifier(Path(source).stem, set())
    _write(folder, {INDEX_NAME: _index(name, sorted(texts), "unknown"), **texts})
    return TakenOver(terms=count, left_out=left_out)


def _by_kind(terms: Iterable[str]) -> dict[str, list[str]]:
    """Return the terms, each once, by the kind of entry that can hold them (``none``: neither)."""
    kinds: dict[str, dict[str, None]] = {}
    for written in terms:
        term = one_line(written).strip().rstrip("*").strip().strip(GAP).strip()
        if not term:
            continue
        fits = (kind for kind in ("fixed", "gap") if term_fault(kind, term) is None)
        kinds.setdefault(next(fits, "none"), {})[term] = None
    return {kind: list(found) for kind, found in kinds.items()}


def _category(tomlkit: Any, id_: str, label: str, source: str) -> Any:
    document = tomlkit.document()
    document["id"] = id_
    document["kind"] = "custom"
    document["chain"] = "none"
    document["name"] = {"zh": label, "en": label}
    document["definition"] = label
    document["source"] = source
    document["indicator"] = tomlkit.aot()
    document["entry"] = tomlkit.aot()
    return document


def _indicator(tomlkit: Any, id_: str, label: str, source: str) -> Any:
    table = tomlkit.table()
    table["id"] = id_
    table["name"] = {"zh": label, "en": label}
    table["definition"] = label
    table["source"] = source
    table["matches"] = []
    table["misses"] = []
    return table
