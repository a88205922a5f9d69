"""Mutations of texts: plain, Markdown, HTML, and the tables and lists that users write."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from fuzz.generic import Mutator, substituted

_ENCODINGS = ("gb18030", "big5hkscs", "utf-16", "utf-16-le", "utf-32", "utf-7", "utf-8-sig")
_CONTROLS = (
    "\0", "\x07", "\x1b]0;x\x07", "\x1b[2J", "\x9b31m", "\x85", "\u2028", "\u200b", "\ufeff",
    "\u202e", "\ud800", "\ufffe", "\f", "\v", "\r", "\x7f", "\U000e0041", "\x1a",
)  # fmt: skip
_STARTS = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "＝1", "＋1", "－1", "＠1")
_CHARACTER = re.compile(r"(?s).")
_WORD = re.compile(rb"[^\s<>{}\[\]\",:=]+")
_VALUE = re.compile(rb'(?<==)\s*"[^"]*"|"[^"]*"|\[[^\]]*\]|\b\d+\b|true|false|null')


def _as_text(data: bytes, rng: Random, change: Callable[[str, Random], str]) -> bytes:
    return change(data.decode("utf-8", "surrogateescape"), rng).encode("utf-8", "surrogatepass")


def recode(data: bytes, rng: Random) -> bytes:
    """Save the text in another encoding."""
    return data.decode("utf-8", "replace").encode(rng.choice(_ENCODINGS), "replace")


def control(data: bytes, rng: Random) -> bytes:
    """Insert control characters, marks and lone surrogates, once or everywhere."""

    def change(text: str, rng: Random) -> str:
        new = rng.choice(_CONTROLS)
        if rng.random() < 0.2:
            return _CHARACTER.sub(lambda m: m[0] + new, text[:5000])
        at = rng.randint(0, len(text))
        return text[:at] + new * rng.choice((1, 1, 50)) + text[at:]

    return _as_text(data, rng, change)


def formula(data: bytes, rng: Random) -> bytes:
    """Let lines begin as a spreadsheet's formulas do."""
    start = rng.choice(_STARTS)
    return _as_text(data, rng, lambda text, _: text.replace("\n", "\n" + start))


def stretch(data: bytes, rng: Random) -> bytes:
    """Take out line ends, spaces or stops, or repeat a word very often."""

    def change(text: str, rng: Random) -> str:
        what = rng.choice(("\n", "。", "，", " "))
        if rng.random() < 0.5:
            return text.replace(what, "")
        unit = rng.choice((what, "新质生产力", "不", "、", "(", "“", "1.", "—", "…", "A", "\u0301"))
        return text + unit * rng.choice((100, 10_000, 100_000))

    return _as_text(data, rng, change)


def dictionary(data: bytes, rng: Random) -> bytes:
    """Exchange a word for another of the text."""
    words = _WORD.findall(data[:100_000])
    return substituted(_WORD, data, rng, rng.choice(words)) if words else data


def _nested(units: Sequence[tuple[bytes, bytes]]) -> Mutator:
    def nest(data: bytes, rng: Random) -> bytes:
        """Open something very often, and close it as often or never."""
        opened, closed = rng.choice(units)
        depth = rng.choice((3, 100, 2000, 20_000))
        at = rng.choice((0, len(data), data.find(b"\n") + 1))
        middle, rest = (data[at:], b"") if rng.random() < 0.5 else (b"", data[at:])
        return data[:at] + opened * depth + middle + closed * depth + rest

    return nest


_MARKDOWN = (
    (b"> ", b""), (b"- ", b""), (b"1. ", b""), (b"*", b"*"), (b"**a ", b"**"), (b"[", b"](x)"),
    (b"![", b"]()"), (b"`", b""), (b"`a``", b""), (b"|a", b"|\n|-|\n"), (b"<", b">"), (b"# ", b""),
    (b"_a*", b""), (b"[^1]: ", b""), (b"\\", b""), (b"  \n> - ", b""), (b"~~~\n", b""),
    (b"&#", b";"), (b"<!--", b""), (b"a\n===\n", b""), (b"[a](<b", b""), (b"***", b"_"),
)  # fmt: skip
_HTML = (
    (b"<div>", b"</div>"), (b"<table><tr><td>", b"</td></tr></table>"), (b"<p>", b""),
    (b"<font>", b""), (b"<a href=x>", b"</a>"), (b"<script>", b"</script>"), (b"<!--", b"-->"),
    (b"<ul><li>", b""), (b"<select><option>", b""), (b"<svg><math>", b""), (b"<h1>", b"</h2>"),
    (b'<p class="share', b'">'), (b"&amp;", b""), (b"<br>", b""), (b"<pre>\n", b"</pre>"),
    (b"<td>", b""), (b"<b><i>", b"</b></i>"), (b'<meta charset="big5">', b""), (b"<![CDATA[", b""),
    (b'<p style="display:none">', b"</p>"), (b"<tr><td>1</td>", b"</tr>"), (b"<frameset>", b""),
)  # fmt: skip
_VALUES = (
    b"1e400", b"-1e400", b"9" * 5000, b"inf", b"nan", b"-0", b'""', b'"\\u0000"', b'"\\ud800"',
    b"[]", b"[[]]", b"{}", b"null", b"true", b"1979-05-27", b"07:32:00", b"1.5", b"0x10",
    b'["(a+)+$"]', b'["(x|x|x){1000}{1000}"]', b'["((((((((a{99}){99}){99}){99}))))))"]',
    b'["\\\\p{Han}*\\\\1"]', b'["(?=a)b"]', '["产业…锁定"]'.encode(), '["(a|b)…(c|d)…"]'.encode(),
    b'["..."]', b'["' + b"(a|b)" * 30 + b'"]', b'["' + b"a" * 5000 + b'"]', b'"../../evil.toml"',
    b'["../../evil.toml", "/etc/passwd", "\\u0000"]', b'{zh = "", en = 1}', b'"\\u001b[31m"',
    b'[1, "a", [2.5]]', b'{"a": {"b": 1}}', b'"=1+1"',
    b"[" * 300 + b"]" * 300, b"[" * 5000 + b"]" * 5000, b'{"a":' * 3000 + b"1" + b"}" * 3000,
)  # fmt: skip


def odd_value(data: bytes, rng: Random) -> bytes:
    """Give a key a value of another type, of another size, or one that explodes."""
    return substituted(_VALUE, data, rng, rng.choice(_VALUES))


def double_line(data: bytes, rng: Random) -> bytes:
    """Write a line again elsewhere, or leave it out."""
    rows = data.split(b"\n")
    row = rng.choice(rows)
    at = rng.randrange(len(rows))
    rows[at : at + rng.randrange(2)] = [row] * rng.choice((0, 1, 1, 200))
    return b"\n".join(rows)


TEXT: Sequence[Mutator] = (recode, control, formula, stretch, dictionary, double_line)
MARKDOWN: Sequence[Mutator] = (*TEXT, *[_nested(_MARKDOWN)] * 6)
HTML: Sequence[Mutator] = (*TEXT, *[_nested(_HTML)] * 6)
VALUES: Sequence[Mutator] = (*[odd_value] * 8, control, dictionary, double_line, recode, formula)
