"""A stand-in for the Chinese fonts that a PDF names and does not carry.

PDFium leaves out characters for which it finds no glyph: on a machine without Chinese fonts, such a
PDF would keep its commas and lose every word. The stand-in has one glyph, a box, for all
characters. So a file gives the same text on every machine, and none of their fonts, which are
large, is opened. (Places come from the widths that the file tells, not from the glyphs.)

Who draws pages, to recognise their text, gets the machine's own fonts.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from nqpf_cli.engines.native import raw
from nqpf_cli.resources import table

# Windows' numbers of Japanese, Korean (two), simplified and traditional Chinese.
_HAN_CHARSETS = frozenset({128, 129, 130, 134, 136})
_WHOLE_FILE = 0  # as a table's name


@contextmanager
def stand_in() -> Iterator[None]:
    """Read with the stand-in; outside, PDFium has the fonts of the machine."""
    fonts = _fonts()
    fonts.reading = True
    try:
        yield
    finally:
        fonts.reading = False


@cache
def _fonts() -> _Fonts:
    return _Fonts(table("standin.ttf").read_bytes())


class _Fonts:
    """What PDFium asks for fonts. It must live as long as PDFium: both as long as the process."""

    def __init__(self, font: bytes) -> None:
        self.reading = False
        self._font = ctypes.create_string_buffer(font, len(font))
        self._handle = ctypes.addressof(self._font)
        self._mapper: Any = None
        self._system = raw.FPDF_GetDefaultSystemFontInfo()
        kinds = dict(raw.FPDF_SYSFONTINFO._fields_)
        answers = {
            "EnumFonts": self._enumerate,
            "MapFont": self._map,
            "GetFont": self._by_name,
            "GetFontData": self._data,
            "GetFaceName": self._face,
            "GetFontCharset": self._charset,
            "DeleteFont": self._delete,
        }
        calls = {name: kinds[name](answer) for name, answer in answers.items()}
        self._info = raw.FPDF_SYSFONTINFO(version=1, **calls)
        raw.FPDF_SetSystemFontInfo(self._info)

    def _ask(self, name: str, *args: Any) -> Any:
        return getattr(self._system.contents, name)(self._system, *args) if self._system else 0

    def _enumerate(self, _: Any, mapper: Any) -> None:
        # Comes once, and looks through all of the machine's fonts: only when one is wanted.
        self._mapper = mapper

    def _map(self, _: Any, weight: int, italic: int, charset: int, *more: Any) -> Any:
        if self.reading:
            return self._handle if charset in _HAN_CHARSETS else None
        if self._mapper is not None:
            mapper, self._mapper = self._mapper, None
            self._ask("EnumFonts", mapper)
        return self._ask("MapFont", weight, italic, charset, *more)

    def _by_name(self, _: Any, name: Any) -> Any:
        return None if self.reading else self._ask("GetFont", name)

    def _data(self, _: Any, font: Any, name: int, buffer: Any, size: int) -> int:
        if font != self._handle:
            return int(self._ask("GetFontData", font, name, buffer, size))
        if name != _WHOLE_FILE:
            return 0
        if buffer and size >= len(self._font):
            ctypes.memmove(buffer, self._font, len(self._font))
        return len(self._font)

    def _face(self, _: Any, font: Any, buffer: Any, size: int) -> int:
        return 0 if font == self._handle else int(self._ask("GetFaceName", font, buffer, size))

    def _charset(self, _: Any, font: Any) -> int:
        return 0 if font == self._handle else int(self._ask("GetFontCharset", font))

    def _delete(self, _: Any, font: Any) -> None:
        if font != self._handle:
            self._ask("DeleteFont", font)
