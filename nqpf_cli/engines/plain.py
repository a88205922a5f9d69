"""Plain text in whatever encoding a Chinese office saves it."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count

from nqpf_cli.analysis import webpage
from nqpf_cli.analysis.plausible import common_share
from nqpf_cli.engines.base import ReadOptions, too_much_text
from nqpf_cli.errors import CorruptError
from nqpf_cli.i18n import Message
from nqpf_cli.model import Line, Page, RawDocument

_LINE = re.compile(r"[^\n]+")
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE = 200_000
_BYTES_A_CHARACTER = 4  # at most, in all of the encodings


class PlainEngine:
    """Reads .txt; a form feed begins a new page."""

    name = "text"

    def read(self, data: bytes, name: str, options: ReadOptions) -> RawDocument:
        """Return the text as pages; raises ``CorruptError`` if it is no text."""
        text = text_of(data, name, options.max_chars)
        parts = text.split("\f")
        spans = [lines_of(part) for part in parts]
        texts = [
            part[ln.start : ln.end] for part, own in zip(parts, spans, strict=True) for ln in own
        ]
        around = webpage.around(texts)
        place = count()
        pages = tuple(
            Page(
                number=n,
                text=part,
                lines=tuple(
                    replace(ln, role="furniture") if next(place) in around else ln for ln in own
                ),
                engine=self.name,
            )
            for n, (part, own) in enumerate(zip(parts, spans, strict=True), 1)
        )
        return RawDocument(pages=pages, paged=len(parts) > 1)


def lines_of(text: str) -> tuple[Line, ...]:
    """Return the lines of a text that has no positions."""
    return tuple(Line(start=m.start(), end=m.end()) for m in _LINE.finditer(text))


def text_of(data: bytes, name: str, max_chars: int) -> str:
    """Decode bytes, all line ends made alike.

    Raises ``CorruptError`` if it is no text, ``TooLargeError`` if there is too much of it.
    """
    if len(data) > _BYTES_A_CHARACTER * max_chars:
        raise too_much_text(name)
    text = decode(data, name)
    if len(text) > max_chars:
        raise too_much_text(name)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode(data: bytes, name: str) -> str:
    """Decode bytes: a byte order mark, UTF-8, else what reads most like Chinese.

    GB18030 is the honest default; Big5 and UTF-16 without a mark must read clearly better.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _guess(data, name)
    if text.count("\0") > len(text) / 1000:
        text = _guess(data, name)
    return text


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as e:
        raise _not_text(name) from e


def _guess(data: bytes, name: str) -> str:
    best: tuple[float, str] | None = None
    for encoding, handicap in (
        ("gb18030", 0.0),
        ("big5hkscs", 0.05),
        ("utf-16-le", 0.1),
        ("utf-16-be", 0.1),
    ):
        sample = data[:_SAMPLE]
        for cut in range(4):
            try:
                text = sample[: len(sample) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            worth = common_share(text) - handicap - 10 * text.count("\0") / (len(text) + 1)
            if best is None or worth > best[0]:
                best = (worth, encoding)
            break
    if best is None or best[0] < 0.2:
        raise _not_text(name)
    return _strict(data, best[1], name)


def _not_text(name: str) -> CorruptError:
    return CorruptError(
        Message(f"{name} 不是可识别的文本", f"{name} is not text in a known encoding"),
        Message("另存为 UTF-8 再试", "save it as UTF-8 and try again"),
    )
