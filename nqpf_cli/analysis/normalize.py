"""Characters as a reader means them, with a map back to the source.

Normalising is done once, character by character, and never moves punctuation: full-width letters
and digits become plain ones, radicals and compatibility forms become the unified character,
invisible characters go. NFKC of the whole text is not used, since it turns ，：（） into ASCII.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from array import array
from functools import cache

from nqpf_cli.resources import table

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"
_SPACES = "\u00a0\u2002\u2003\u2007\u2009\u202f\t\v\u3000"
# Forms that punctuation has in vertical lines.
_VERTICAL = dict(
    zip(
        "︐︑︒︓︔︕︖︗︘︰︱︲︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄﹇﹈",
        "，、。：；！？〖〗：—–（）｛｝〔〕【】《》〈〉「」『』［］",
        strict=True,
    )
)
# What may need work at all: one search tells clean text, which is the usual case.
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\u00a0\u00ad\u2000-\u200f\u202f\u2060\ufb00-\ufb06\ufeff\u2e80-\u2fdf"
    "\u3000\u3200-\u33ff\u2460-\u24ff\uf900-\ufaff\ufe10-\ufe18\ufe30-\ufe48\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
    "\t\ud800-\udfff\U0002f800-\U0002fa1f]"
)
HAN_RANGES = [(0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF)]


@cache
def radicals() -> dict[str, str]:
    """Return the table of radicals (U+2E80–2FDF) to the unified characters they stand for."""
    with table("radicals.csv").open(encoding="utf-8", newline="") as f:
        return {row["radical"]: row["unified"] for row in csv.DictReader(f)}


@cache
def _replacement(char: str) -> str:
    if char in _INVISIBLE or (unicodedata.category(char) == "Cc" and char not in "\t\n\v\f"):
        return ""
    if char in _SPACES:
        return " "
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"  # half a character, from a broken file: no encoder would take it
    if char in _VERTICAL:
        return _VERTICAL[char]
    if char in radicals():
        return radicals()[char]
    if "\u2460" <= char <= "\u24ff" or "\u3200" <= char <= "\u33ff":
        return char  # ① and ㎡ are read as they stand: list marks and units
    return unicodedata.normalize("NFKC", char) if _SUSPECT.match(char) else char


def normalize(text: str, start: int = 0) -> tuple[str, array[int]]:
    """Return clean text and, for each of its characters, the offset it came from.

    ``start`` is the offset of ``text[0]`` in the source.
    """
    if not _SUSPECT.search(text):
        return text, array("I", range(start, start + len(text)))
    parts: list[str] = []
    sources: array[int] = array("I")
    for i, char in enumerate(text, start):
        new = _replacement(char)
        parts.append(new)
        sources.extend([i] * len(new))
    return "".join(parts), sources


_GAP = re.compile(" +")
_HANLIKE_SIGNS = frozenset("“”‘’…—·")


def _hanlike(char: str) -> bool:
    """Return whether a character is set like a Han character: with no space beside it."""
    return (
        "\u4e00" <= char <= "\u9fff"
        or "\u3000" <= char <= "\u303f"
        or "\uff00" <= char <= "\uff65"
        or "\u3400" <= char <= "\u4dbf"
        or "\U00020000" <= char <= "\U000323af"
        or char in _HANLIKE_SIGNS
    )


def _is_void(text: str, start: int, end: int) -> bool:
    """Return whether spaces between two other characters carry no meaning.

    They stand between two Han characters, or beside full-width punctuation.
    """
    before, behind = text[start - 1], text[end]
    if before in "。，、；：！？（《“" or behind in "。，、；：！？）》”":
        return True
    if not _hanlike(behind):
        return False
    return _hanlike(before) or (before in ",;:" and start > 1 and _hanlike(text[start - 2]))


def squeeze(text: str, sources: array[int]) -> tuple[str, array[int]]:
    """Drop spaces that stand between Han characters, and those at the ends."""
    lead = len(text) - len(text.lstrip())
    text_ = text.strip()
    if lead or len(text_) != len(text):
        sources = sources[lead : lead + len(text_)]
    if " " not in text_:
        return text_, sources
    keep_text: list[str] = []
    keep: array[int] = array("I")
    last = 0
    for m in _GAP.finditer(text_):
        if not _is_void(text_, m.start(), m.end()):
            continue
        keep_text.append(text_[last : m.start()])
        keep.extend(sources[last : m.start()])
        last = m.end()
    keep_text.append(text_[last:])
    keep.extend(sources[last:])
    return "".join(keep_text), keep


# What stands in a word without being part of it: quotation marks, title marks, spaces.
ORNAMENTS = "“”\"‘’'「」『』《》〈〉 \n"
# str.lower() may change the length (İ); only ASCII matters here. Full-width signs that stand in
# terms (人工智能＋) become plain ones; punctuation stays, clauses are told by it.
FOLDED = {c: c + 32 for c in range(ord("A"), ord("Z") + 1)}
FOLDED |= {ord(wide): ord(plain) for wide, plain in zip("＋－％．／＆", "+-%./&", strict=True)}
_BARE: dict[int, int | None] = {**FOLDED, **dict.fromkeys(map(ord, ORNAMENTS))}


def bare(text: str) -> str:
    """Return what terms are matched on: no quotation marks or spaces, ASCII in lower case."""
    return text.translate(_BARE)


def is_han(char: str) -> bool:
    """Return whether a character, or none, is Han."""
    return any(chr(first) <= char <= chr(last) for first, last in HAN_RANGES)


def han_count(text: str) -> int:
    """Return the number of Han characters."""
    return sum(map(len, _han_run().findall(text)))


@cache
def _han_run() -> re.Pattern[str]:
    # Compiled when wanted: sets of many characters take their time.
    return re.compile(f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last in HAN_RANGES)}]+")
