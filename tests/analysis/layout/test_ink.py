"""Type 3 fonts tell no height: what PDFium gives then is the box of a character's ink."""

from __future__ import annotations

from collections.abc import Callable

from nqpf_cli.model import Document
from tests.bare_pdf import assembled

Read = Callable[..., Document]
# The ink of each character, in thousandths of its size: left, bottom, right, top.
INK = {
    "一": (40, 350, 950, 470),
    "二": (50, 60, 950, 700),
    "工": (50, 0, 950, 760),
    "国": (20, -110, 980, 870),
    "，": (80, -110, 300, 120),
}
WIDTH = 28


def type3(lines: list[str]) -> bytes:
    """A page of lines in a Type 3 font, from 72 points on, 12 points high, 24 apart."""
    codes = {char: 65 + n for n, char in enumerate(INK)}
    names = " ".join(f"/g{code}" for code in codes.values())
    procedures = " ".join(f"/g{code} {10 + n} 0 R" for n, code in enumerate(codes.values()))
    shown = "\n".join(
        f"1 0 0 1 72 {740 - 24 * n} Tm ({''.join(chr(codes[c]) for c in text)}) Tj"
        for n, text in enumerate(lines)
    )
    maps = "\n".join(f"<{code:02x}> <{ord(char):04x}>" for char, code in codes.items())
    streams = [
        f"BT /F 12 Tf\n{shown}\nET",
        "begincmap\n1 begincodespacerange\n<00> <ff>\nendcodespacerange\n"
        f"{len(codes)} beginbfchar\n{maps}\nendbfchar\nendcmap",
        *(
            f"1000 0 {a} {b} {c} {d} d1\n{a} {b} {c - a} {d - b} re f"
            for a, b, c, d in INK.values()
        ),
    ]
    made = [f"<</Length {len(s)}>>stream\n{s}\nendstream" for s in streams]
    return assembled(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 8 0 R"
            "/Resources<</Font<</F 4 0 R>>>>>>",
            "<</Type/Font/Subtype/Type3/FontBBox[0 -120 1000 880]/FontMatrix[.001 0 0 .001 0 0]"
            f"/FirstChar 65/LastChar {64 + len(codes)}/Widths 5 0 R/Encoding 6 0 R"
            "/CharProcs 7 0 R/ToUnicode 9 0 R/Resources<<>>>>",
            f"[{'1000 ' * len(codes)}]",
            f"<</Type/Encoding/Differences[65 {names}]>>",
            f"<<{procedures}>>",
            *made,
        ]
    )


def test_lines_that_begin_with_flat_characters_begin_no_paragraph(read: Read) -> None:
    starts = "一国二工国一二国工一国国二一"
    lines = [(start + "国" * WIDTH)[: WIDTH - 1] + "，" for start in starts]
    document = read(type3(lines), "a.pdf")
    assert [b.text for b in document.blocks if b.kind == "paragraph"] == ["".join(lines)]
