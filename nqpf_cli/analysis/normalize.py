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
HAN = re.compile(f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last in HAN_RANGES)}]")
_HAN_RUN = re.compile(f"{HAN.pattern}+")


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


_HANLIKE = "\u3400-\u4dbf\u4e00-\u9fff\u3000-\u303f\uff00-\uff65“”‘’…—·〇\U00020000-\U000323af"
# A space between two Han characters, or beside full-width punctuation, carries no meaning.
_GAP = re.compile(
    # Possessive, so that a line of spaces takes linear time.
    f"(?<=[{_HANLIKE}]) ++(?=[{_HANLIKE}])|(?<=[。，、；：！？（《“]) ++"
    f"|(?<! ) ++(?=[。，、；：！？）》”])|(?<=[{_HANLIKE}][,;:]) ++(?=[{_HANLIKE}])"
)


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
        keep_text.append(text_[last : m.start()])
        keep.extend(sources[last : m.start()])
        last = m.end()
    keep_text.append(text_[last:])
    keep.extend(sources[last:])
    return "".join(keep_text), keep


# What stands in a word without being part of it: quotation marks, title marks, spaces.
ORNAMENTS = "“”\"‘’'「」『』《》〈〉 \n"
_ORNAMENT = re.compile(f"[{ORNAMENTS}]")


def bare(text: str) -> str:
    """Return what terms are matched on: no quotation marks or spaces, ASCII in lower case."""
    return _lower(_ORNAMENT.sub("", text))


# str.lower() may change the length (İ); only ASCII matters here. Full-width signs that stand in
# terms (人工智能＋) become plain ones; punctuation stays, clauses are told by it.
FOLDED = {c: c + 32 for c in range(ord("A"), ord("Z") + 1)}
FOLDED |= {ord(wide): ord(plain) for wide, plain in zip("＋－％．／＆", "+-%./&", strict=True)}


_FOLDS = re.compile(f"[{re.escape(''.join(map(chr, FOLDED)))}]")


def _lower(text: str) -> str:
    # Most sentences have nothing to fold, and translating looks up every character.
    return text.translate(FOLDED) if _FOLDS.search(text) else text


def han_count(text: str) -> int:
    """Return the number of Han characters."""
    return sum(map(len, _HAN_RUN.findall(text)))
