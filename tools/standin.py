"""Makes ``nqpf_cli/data/standin.ttf``: one box for every character, in some hundred bytes.

``python -m tools.standin`` (needs fontTools, which comes with the extra ``sample``)
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parent.parent / "nqpf_cli" / "data" / "standin.ttf"
EM, ASCENT, DESCENT, EDGE = 1000, 880, -120, 40
# Everything with a character: not the halves of surrogate pairs.
RANGES = ((0x20, 0xD7FF), (0xE000, 0x3FFFF))
_MANY_TO_ONE = 13  # the format of a character map in which a range has a single glyph


def make() -> bytes:
    """Return the font's bytes, the same at every call."""
    import io

    from fontTools.fontBuilder import FontBuilder
    from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

    font = FontBuilder(EM, isTTF=True)
    font.updateHead(created=0, modified=0)
    font.setupGlyphOrder([".notdef", "box"])
    font.setupCharacterMap({0x4E00: "box"})
    many = CmapSubtable.newSubtable(_MANY_TO_ONE)
    many.platformID, many.platEncID, many.language = 3, 10, 0
    many.reserved = many.length = many.nGroups = 0
    many.cmap = {c: "box" for first, last in RANGES for c in range(first, last + 1)}
    font.font["cmap"].tables = [many]
    font.setupGlyf({name: _box() for name in (".notdef", "box")})
    font.setupHorizontalMetrics(dict.fromkeys((".notdef", "box"), (EM, EDGE)))
    font.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    font.setupNameTable({"familyName": "Stand-in", "styleName": "Regular"})
    font.setupOS2(usWinAscent=ASCENT, usWinDescent=-DESCENT)
    font.setupPost(keepGlyphNames=False)
    font.font.recalcTimestamp = False
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _box() -> Any:
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    low, high = DESCENT + EDGE, ASCENT - EDGE
    pen.moveTo((EDGE, low))
    for corner in ((EDGE, high), (EM - EDGE, high), (EM - EDGE, low)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


if __name__ == "__main__":
    OUT.write_bytes(make())
