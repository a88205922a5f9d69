"""Pages of a PDF that are pictures → pages with text: rendered, recognised, put in order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from nqpf_cli.errors import CorruptError, EncryptedError, InputError
from nqpf_cli.i18n import Message
from nqpf_cli.model import Line, Page
from nqpf_cli.ocr.base import Image, RecognisedLine, Recognizer
from nqpf_cli.ocr.order import Row, rows_in_order

_POINTS_PER_INCH = 72
_MAX_SIDE = 5000  # pixels: A3 at 300 dpi; a page the size of a wall would fill the memory
_MIN_SIDE = 16  # pixels: less holds no character, and recognizers fail on it
_REASON = "no_text_layer"
_UPRIGHT = 0.6  # of the characters: a page that reads so well (confidence 0.77) lies upright
_CONTRAST = 64  # of 255: a sheet with less between its darkest and its lightest spot is empty


def recognise_pages(
    data: bytes,
    pages: tuple[Page, ...],
    wanted: frozenset[int],
    recognizer: Recognizer,
    dpi: float = 200,
    password: str | None = None,
) -> tuple[Page, ...]:
    """Return ``pages``, those whose numbers are ``wanted`` replaced by what is recognised.

    ``data`` is the PDF that the pages come from. A page without a recognisable character is
    empty; a page that PDFium cannot draw stays as it is. Raises ``InputError``.
    """
    if not any(p.number in wanted for p in pages):
        return pages
    document = _open(data, password)
    try:
        return tuple(
            _recognised(document, p, recognizer, dpi) if p.number in wanted else p for p in pages
        )
    finally:
        document.close()


def _open(data: bytes, password: str | None) -> Any:
    import pypdfium2 as pdfium

    try:
        return pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError as e:
        raise _open_error(str(e)) from e


def _open_error(reason: str) -> InputError:
    if "password" in reason.lower() or "security" in reason.lower():
        return EncryptedError(
            Message("PDF 已加密，需要密码", "the PDF is encrypted and needs a password"),
            Message(
                "用 --password 或环境变量 NQPF_PASSWORD 给出密码",
                "give it with --password or the variable NQPF_PASSWORD",
            ),
        )
    return CorruptError(
        Message("PDF 已损坏，无法识别文字", "the PDF is not sound: its text cannot be recognised"),
        Message("重新下载或另存", "download or save it anew"),
    )


def _recognised(document: Any, page: Page, recognizer: Recognizer, dpi: float) -> Page:
    import pypdfium2 as pdfium

    try:
        image, scale, (width, height) = _render(document, page.number - 1, dpi)
    except (pdfium.PdfiumError, IndexError):
        return page  # the quality report names it: it is empty or unreadable already
    found, quarters = _read(image, recognizer, scale * _POINTS_PER_INCH)
    rows = rows_in_order(found)
    text, lines = _text(rows, scale)
    if quarters % 2:
        width, height = height, width
    return replace(
        page,
        text=text,
        lines=lines,
        engine=f"ocr:{recognizer.name}",
        reason=page.reason or _REASON,
        width=width,
        height=height,
        ocr_confidence=_confidence(rows),
    )


def _render(document: Any, index: int, dpi: float) -> tuple[Image, float, tuple[float, float]]:
    """Return the picture of a page (RGB), pixels per point, and its size in points."""
    page = document[index]
    try:
        width, height = page.get_size()
        scale = min(dpi / _POINTS_PER_INCH, _MAX_SIDE / max(width, height, 1))
        bitmap = page.render(scale=scale, rev_byteorder=True)
        try:
            # The picture must outlive the bitmap, whose memory is PDFium's.
            return np.array(bitmap.to_numpy()[:, :, :3]), scale, (width, height)
        finally:
            bitmap.close()
    finally:
        page.close()


def _read(image: Image, recognizer: Recognizer, dpi: float) -> tuple[list[RecognisedLine], int]:
    """Return the lines of a page, and by how many quarters it was turned left to read them.

    Sheets are scanned upside down or sideways: what reads badly is read the other ways too.
    """
    if min(image.shape[:2]) < _MIN_SIDE:
        return [], 0
    best, turned = recognizer.recognise(image, dpi), 0
    if not best and np.ptp(image) < _CONTRAST:
        return best, turned  # an empty sheet
    for quarters in (2, 1, 3):
        if best and _worth(best) >= _UPRIGHT * sum(len(ln.text) for ln in best):
            break
        lines = recognizer.recognise(np.ascontiguousarray(np.rot90(image, quarters)), dpi)
        if _worth(lines) > _worth(best):
            best, turned = lines, quarters
    return best, turned


def _worth(lines: list[RecognisedLine]) -> float:
    """Return how many characters were read well; lines that stand on end count half."""
    return sum(len(ln.text) * ln.confidence**2 * (0.5 if _on_end(ln) else 1.0) for ln in lines)


def _on_end(ln: RecognisedLine) -> bool:
    x0, top, x1, bottom = ln.box
    return len(ln.text) > 1 and bottom - top > 1.5 * (x1 - x0)


def _text(rows: Iterable[Row], scale: float) -> tuple[str, tuple[Line, ...]]:
    """Return the text of a page and its lines; boxes go from pixels to points."""
    texts: list[str] = []
    lines: list[Line] = []
    at = 0
    for row in rows:
        text = full_width(_BREAKS.sub(" ", row.text))
        if not texts or texts[-1][-1] in _STOPS:
            text = dashed(text)
        x0, top, x1, bottom = (v / scale for v in row.box)
        lines.append(
            Line(start=at, end=at + len(text), box=(x0, top, x1, bottom), size=row.size / scale)
        )
        texts.append(text)
        at += len(text) + 1
    return "\n".join(texts), tuple(lines)


def _confidence(rows: list[Row]) -> float | None:
    """Return the mean confidence weighted by length (0 to 1), None without any text.

    Four digits: more would differ with the number of threads.
    """
    length = sum(len(r.text) for r in rows)
    return round(sum(r.confidence * len(r.text) for r in rows) / length, 4) if length else None


# --- punctuation ------------------------------------------------------------------------------

_BREAKS = re.compile(r"[\n\r\f\v\x00-\x08]")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\u3007\U00020000-\U000323af"
_CHINESE = _HAN + "\u3001-\u3003\u3008-\u3011\u3014-\u301b“”‘’…—，：；（）！？"
_FULL = str.maketrans(",:;()!?", "，：；（）！？")
# The end of a line is no end of the text: one Chinese neighbour is enough there.
_BETWEEN = re.compile(
    f"(?<=[{_CHINESE}])[,:;()!?]+(?=[{_CHINESE}]|$)|(?:^|(?<=[{_CHINESE}]))[,:;()!?]+(?=[{_CHINESE}])"
)
_PAIR = re.compile(rf"[(（]([^()（）]*[{_HAN}][^()（）]*)[)）]|\(([^()（）]*)）|（([^()（）]*)\)")
_QUOTED = re.compile(rf'"([^"“”]*[{_HAN}][^"“”]*)"')
_STOPS = "。！？；：!?;:…”』」）)"
_DASH = re.compile("^[一—]{2}(?![一—])")
_PAGE_NUMBER = re.compile(r"^(?:[-—–一]\s*)?\d{1,4}(?:\s*[-—–一])?$")


def full_width(text: str) -> str:
    """Return a line with ASCII punctuation between Chinese characters made full-width.

    One character for one. Recognizers know the shape of a mark, not its width; the rules for
    sentences, headings and clauses go by ，：；（）！？. Brackets and quotation marks around
    Chinese words are Chinese, whatever stands beside them, and so are both brackets of a pair if
    one is.
    """
    if _PAGE_NUMBER.match(text):
        return text.replace("一", "—")  # - 6一: the dashes beside a page number
    text = _QUOTED.sub(r"“\1”", _PAIR.sub(lambda m: f"（{m[0][1:-1]}）", text))
    return _BETWEEN.sub(lambda m: m[0].translate(_FULL), text)


def dashed(text: str) -> str:
    """Return the first line of a sentence with its leading dash as a dash, not as numerals.

    Reports set off the items of a list with ——, which recognizers read as 一一 or 一—; a sentence
    does not begin so.
    """
    return _DASH.sub("——", text)
