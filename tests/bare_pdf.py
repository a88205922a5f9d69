"""PDFs made by hand, whose only font is a name and an encoding: any machine can read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Placed = tuple[float, float, str]


def bare_pdf(
    pages: Sequence[Iterable[Placed]],
    *,
    encoding: str = "UniGB-UCS2-H",
    ordering: str = "GB1",
    size: float = 12,
    matrix: str = "1 0 0 1",
    drawn: str = "",
) -> bytes:
    """Return a PDF of A4 pages with text at places in points from the lower left corner.

    ``matrix`` turns every text where it stands, ``drawn`` is put on every page besides.
    """
    count = len(pages)
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(count))
    font = 5 + 2 * count
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {count}/Kids[{kids}]>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/DW 1000/CIDSystemInfo"
        f"<</Registry(Adobe)/Ordering({ordering})/Supplement 2>>/FontDescriptor 4 0 R>>",
        "<</Type/FontDescriptor/FontName/SimSun/Flags 6/FontBBox[0 -141 1000 859]/Ascent 859"
        "/Descent -141/CapHeight 700/ItalicAngle 0/StemV 80>>",
    ]
    for n, placed in enumerate(pages):
        shown = "\n".join(
            f"{matrix} {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj" for x, y, text in placed
        )
        content = f"{drawn}\nBT /F {size} Tf\n{shown}\nET"
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {6 + 2 * n} 0 R"
            f"/Resources<</Font<</F {font} 0 R>>>>>>",
            f"<</Length {len(content)}>>stream\n{content}\nendstream",
        ]
    objects.append(
        f"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/{encoding}/DescendantFonts[3 0 R]>>"
    )
    return assembled(objects)


def assembled(objects: Iterable[str]) -> bytes:
    """Return the file that holds these objects, numbered from 1; the first is its catalogue."""
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj{body}endobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{at:010d} 00000 n \n".encode() for at in places)
    out += f"trailer<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)
