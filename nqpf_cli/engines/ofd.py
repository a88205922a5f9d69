"""OFD (GB/T 33190-2016), the national fixed-layout format: a zip of XML pages in millimetres.

The way a file takes: OFD.xml → Document.xml → pages, with their templates and annotations →
glyphs with places (``_glyphs``) → lines by baseline (``_lines``).

An own reader, since easyofd (Apache-2.0, looked at in 20260427) draws pages rather than reads
them: it needs PyMuPDF (AGPL, 116 MB) and reportlab, unpacks the archive into the working folder,
and knows elements by the prefix ``ofd:`` only. Element names are read without their namespace,
which differs between writers. Attachments, signatures and composite objects are not read.
"""

from __future__ import annotations

import io
import lzma
import math
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nqpf_cli.engines.base import ReadOptions, too_much_text
from nqpf_cli.engines.docx_ import check_zip
from nqpf_cli.errors import CorruptError, EncryptedError, TooLargeError
from nqpf_cli.i18n import Message
from nqpf_cli.model import Line, Page, RawDocument

_POINTS = 72 / 25.4
_A4 = (210.0, 297.0)
_FAR = 1e5  # mm: no place on a page is farther
_MAX_READ = 600 * 1024 * 1024  # a page may be named many times, each time to be unpacked anew

# In shares of the character's height (em).
_ASCENT = 0.88
_NARROW = 0.5
_SAME_LINE = 0.4
_SAME_PLACE = 0.2
_WORD_GAP = 0.6
_CELL_GAP = 3.0

_EDGE_BREAKS = re.compile(r"\A\s*[\r\n]\s*|\s*[\r\n]\s*\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\x85\ufffe\uffff]")


class OfdEngine:
    """Reads .ofd: its text objects, in lines with boxes; pictures are counted."""

    name = "ofd"

    def read(self, data: bytes, name: str, options: ReadOptions) -> RawDocument:
        """Return all pages; raises ``EncryptedError``, ``CorruptError``, ``TooLargeError``."""
        from lxml import etree

        try:
            check_zip(data, name)
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return _read(_Package(archive, name, options.max_chars), options)
        except (
            zipfile.BadZipFile,
            zlib.error,
            lzma.LZMAError,
            struct.error,
            etree.LxmlError,
            EOFError,
            LookupError,
            NotImplementedError,
            OSError,
            OverflowError,
            RecursionError,
            ValueError,
        ) as e:
            raise _broken(name) from e
        except RuntimeError as e:  # zipfile's word for a member with a password
            raise _encrypted(name) from e


def _broken(name: str) -> CorruptError:
    return CorruptError(
        Message(f"{name} 不是完好的 OFD", f"{name} is not a sound OFD"),
        Message(
            "用 OFD 阅读器打开检查，或另存为 PDF", "open it in an OFD viewer, or save it as PDF"
        ),
    )


def _encrypted(name: str) -> EncryptedError:
    return EncryptedError(
        Message(f"{name} 已加密", f"{name} is encrypted"),
        Message("在 OFD 阅读器中解密后另存", "decrypt it in an OFD viewer and save it anew"),
    )


class _Package:
    """The members of the archive, by normalised name; nothing is written anywhere."""

    def __init__(self, archive: zipfile.ZipFile, name: str, max_chars: int) -> None:
        self._archive = archive
        self._members = {_normal(m.filename): m for m in archive.infolist() if not m.is_dir()}
        self._read = 0
        self._chars_left = max_chars
        self.name = name

    def __contains__(self, path: str) -> bool:
        return _normal(path) in self._members

    def xml(self, path: str) -> Any:
        """Return the root of a member; raises ``KeyError`` or what a broken member provokes."""
        from lxml import etree

        member = self._members[_normal(path)]
        self._read += member.file_size
        if self._read > _MAX_READ:
            raise TooLargeError(
                Message(f"{self.name} 解压后过大", f"{self.name} unpacks to too much"),
            )
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )
        return etree.fromstring(self._archive.read(member), parser)

    def spend(self, chars: int) -> None:
        """Count characters; raises ``TooLargeError`` where the document has too many."""
        self._chars_left -= chars
        if self._chars_left < 0:
            raise too_much_text(self.name)


def _normal(path: str) -> str:
    return posixpath.normpath("/" + path.strip().replace("\\", "/")).lstrip("/").casefold()


def _beside(path: str, location: str) -> str:
    """Return the place that ``location``, written in the member ``path``, points to."""
    location = location.strip().replace("\\", "/")
    if location.startswith("/"):
        return location
    return posixpath.join(posixpath.dirname(path), location)


# Documents


@dataclass(slots=True)
class _Document:
    """A document of the package: what its pages share."""

    path: str
    size: tuple[float, float]
    pages: list[tuple[str, str]]
    templates: dict[str, str]
    annotations: dict[str, str]
    parsed: dict[str, _Content] = field(default_factory=dict)


@dataclass(slots=True)
class _Content:
    """What stands on a page or a template."""

    glyphs: list[_Glyph] = field(default_factory=list)
    images: int = 0


def _read(package: _Package, options: ReadOptions) -> RawDocument:
    root = package.xml("OFD.xml")
    if _local(root) != "OFD":
        raise _broken(package.name)
    if "Encryptions.xml" in package or next(_all(root, "Encryptions"), None) is not None:
        raise _encrypted(package.name)
    roots = [loc.text for loc in _all(root, "DocRoot") if loc.text]
    documents = [_document(package, _beside("OFD.xml", loc)) for loc in roots]
    if not documents:
        raise _broken(package.name)
    count = sum(len(d.pages) for d in documents)
    if count > options.max_pages:
        raise TooLargeError(
            Message(
                f"{package.name} 有 {count} 页，超过上限 {options.max_pages}",
                f"{package.name} has {count} pages, over the limit of {options.max_pages}",
            ),
            Message("用 --max-pages 放宽上限", "raise the limit with --max-pages"),
        )
    title = next((t.text.strip() for t in _all(root, "Title") if t.text), None)
    return RawDocument(pages=tuple(_pages(package, documents)), title=title or None)


def _document(package: _Package, path: str) -> _Document:
    root = package.xml(path)
    box = next((_box(b.text) for b in _all(root, "PhysicalBox")), None)
    annotations: dict[str, str] = {}
    for reference in _children(root, "Annotations"):
        where = _beside(path, reference.text or "")
        if where in package:
            for page in _children(package.xml(where), "Page"):
                file = next((f.text for f in _children(page, "FileLoc") if f.text), "")
                annotations[page.get("PageID", "")] = _beside(where, file)
    return _Document(
        path=path,
        size=_size(box, _A4),
        pages=[
            (p.get("ID", ""), _beside(path, p.get("BaseLoc", "")))
            for pages in _children(root, "Pages")
            for p in _children(pages, "Page")
        ],
        templates={
            t.get("ID", ""): _beside(path, t.get("BaseLoc", "")) for t in _all(root, "TemplatePage")
        },
        annotations=annotations,
    )


def _pages(package: _Package, documents: list[_Document]) -> Iterator[Page]:
    number = 0
    for document in documents:
        for id_, path in document.pages:
            number += 1
            yield _page(package, document, id_, path, number)


def _page(package: _Package, document: _Document, id_: str, path: str, number: int) -> Page:
    if path not in package:
        # A page that is named but missing is an empty page; the quality report names it.
        return Page(number=number, text="", lines=(), engine=OfdEngine.name, reason="unreadable")
    root = package.xml(path)
    own = _content(package, root)
    parts = [_template(package, document, t.get("TemplateID", "")) for t in _all(root, "Template")]
    parts += [own, _annotated(package, document, id_)]
    box = next((_box(b.text) for b in _all(root, "PhysicalBox")), None)
    width, height = _size(box, document.size)
    package.spend(sum(len(part.glyphs) for part in parts[:-2]))
    text, lines = _lines([g for part in parts for g in part.glyphs])
    return Page(
        number=number,
        text=text,
        lines=lines,
        engine=OfdEngine.name,
        width=width * _POINTS,
        height=height * _POINTS,
        images=sum(part.images for part in parts),
    )


def _template(package: _Package, document: _Document, id_: str) -> _Content:
    path = document.templates.get(id_, "")
    if id_ not in document.parsed:
        found = path in package
        document.parsed[id_] = _content(package, package.xml(path)) if found else _Content()
    return document.parsed[id_]


def _annotated(package: _Package, document: _Document, id_: str) -> _Content:
    out = _Content()
    path = document.annotations.get(id_, "")
    if path in package:
        for annotation in _children(package.xml(path), "Annot"):
            if annotation.get("Visible", "true") == "false":
                continue
            for appearance in _children(annotation, "Appearance"):
                left, top, *_ = _box(appearance.get("Boundary"))
                _gather(package, appearance, left, top, out)
    return out


def _content(package: _Package, root: Any) -> _Content:
    out = _Content()
    for content in _children(root, "Content"):
        for layer in _children(content, "Layer"):
            _gather(package, layer, 0.0, 0.0, out)
    return out


def _gather(package: _Package, block: Any, left: float, top: float, out: _Content) -> None:
    """Add the text and pictures of a layer, block or appearance whose corner is left, top."""
    todo = [block]
    while todo:
        # Patterns and clips hold objects too, which are no text of the page.
        for el in todo.pop():
            if el.get("Visible", "true") == "false":
                continue
            match _local(el):
                case "TextObject":
                    package.spend(sum(len(t) for t in el.itertext()))
                    out.glyphs.extend(_glyphs(el, left, top))
                case "ImageObject":
                    out.images += 1
                case "PageBlock":
                    todo.append(el)


# Glyphs


@dataclass(frozen=True, slots=True)
class _Glyph:
    """A character at its place: left end of its baseline, size and advance in millimetres.

    ``run`` tells text codes apart. Turned and vertical text is one "character", ``alone`` on its
    line.
    """

    text: str
    x: float
    y: float
    size: float
    advance: float
    run: object
    alone: bool = False


def _glyphs(el: Any, left: float, top: float) -> Iterator[_Glyph]:
    """Yield the characters of a text object."""
    x0, y0, *_ = _box(el.get("Boundary"))
    a, b, c, d, e, f = _matrix(el.get("CTM"))
    size = abs(_number(el.get("Size"))) or 1.0
    stretch = _number(el.get("HScale")) or 1.0
    height = size * (math.hypot(c, d) or 1.0)
    width = size * stretch * (math.hypot(a, b) or 1.0)
    turned = abs(b) > 0.2 * abs(a) or _number(el.get("ReadDirection")) % 180 == 90
    x = y = 0.0
    for code in _children(el, "TextCode"):
        text = _CONTROL.sub(" ", _EDGE_BREAKS.sub("", "".join(code.itertext())))
        # A code without a place begins where the last one of its object did (11.3).
        x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
        across = _deltas(code.get("DeltaX"), len(text))
        down = _deltas(code.get("DeltaY"), len(text))
        points = [
            (
                _near(left + x0 + a * (x + dx) + c * (y + dy) + e),
                _near(top + y0 + b * (x + dx) + d * (y + dy) + f),
            )
            for dx, dy in _offsets(text, across, down, size * stretch)
        ]
        run = object()
        if text.strip() and (turned or (any(down) and not any(across))):
            xs, ys = [p[0] for p in points], [p[1] for p in points]
            yield _Glyph(text, min(xs), max(ys), height, max(xs) - min(xs) + width, run, True)
            continue
        for char, (px, py) in zip(text, points, strict=True):
            yield _Glyph(char, px, py, height, _near(width * _em(char)), run)


def _offsets(
    text: str, across: list[float], down: list[float], size: float
) -> Iterator[tuple[float, float]]:
    """Yield how far each character stands from the first; what DeltaX leaves out is estimated."""
    dx = dy = 0.0
    for n, char in enumerate(text):
        yield dx, dy
        dy += down[n] if n < len(down) else 0.0
        if n < len(across):
            dx += across[n]
        elif across or not down:
            dx += size * _em(char)


def _em(char: str) -> float:
    """Return how wide a character is likely to be: its font is not read."""
    return _NARROW if char < "\u2000" else 1.0


def _deltas(text: str | None, limit: int) -> list[float]:
    """Return offsets; ``g 3 1.5`` stands for 1.5 1.5 1.5. No more than ``limit`` are needed."""
    out: list[float] = []
    tokens = iter((text or "").split())
    for token in tokens:
        if len(out) >= limit:
            break
        if token == "g":
            count = int(max(0.0, min(_number(next(tokens, None)), limit - len(out))))
            out += [_number(next(tokens, None))] * count
        else:
            out.append(_number(token))
    return out


# Lines


def _lines(glyphs: list[_Glyph]) -> tuple[str, tuple[Line, ...]]:
    """Return the text of a page and its lines, from top to bottom."""
    groups: list[list[_Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: g.y):
        # The last few are looked at, since a stamp's baseline may lie between those of a line.
        near = (g for g in reversed(groups[-3:]) if _same_line(g[0], glyph))
        group = next(near, None)
        if group is None:
            groups.append([glyph])
        else:
            group.append(glyph)
    texts: list[str] = []
    lines: list[Line] = []
    at = 0
    for group in groups:
        row = _row(group)
        text = _joined(row)
        if not text.strip():
            continue
        lines.append(_line(row, at, at + len(text)))
        texts.append(text)
        at += len(text) + 1
    return "\n".join(texts), tuple(lines)


def _same_line(a: _Glyph, b: _Glyph) -> bool:
    # Notes are raised by a third of the text's height; a heading beside them is not their line.
    height = min(max(a.size, b.size), 2 * min(a.size, b.size))
    return not (a.alone or b.alone) and abs(a.y - b.y) < _SAME_LINE * height


def _row(group: list[_Glyph]) -> list[_Glyph]:
    """Return the characters of a line from left to right, those printed over others dropped."""
    out: list[_Glyph] = []
    for glyph in sorted(group, key=lambda g: g.x):
        over = any(
            g.text == glyph.text
            and g.run is not glyph.run
            and abs(g.x - glyph.x) < _SAME_PLACE * g.size
            for g in out[-3:]
        )
        if not over:
            out.append(glyph)
    while out and out[0].text.isspace():
        out.pop(0)
    while out and out[-1].text.isspace():
        out.pop()
    return out


def _joined(row: list[_Glyph]) -> str:
    parts: list[str] = []
    for n, glyph in enumerate(row):
        if n and _is_gap(row[n - 1], glyph):
            parts.append(" ")
        parts.append(glyph.text)
    return "".join(parts)


def _is_gap(left: _Glyph, right: _Glyph) -> bool:
    """Return whether there is a space: between Latin words, and between cells of a table.

    Chinese is set wide in titles and justified lines; only a gap of three characters parts it.
    """
    gap = (right.x - left.x - left.advance) / max(left.size, right.size)
    words = left.text.isascii() and right.text.isascii()
    blank = left.text.isspace() or right.text.isspace()
    return not blank and gap > (_WORD_GAP if words else _CELL_GAP)


def _line(row: list[_Glyph], start: int, end: int) -> Line:
    tallest = max(row, key=lambda g: g.size)
    size = tallest.size
    top = tallest.y - _ASCENT * size
    right = max(g.x + g.advance for g in row)
    box = (row[0].x, top, right, top + size)
    return Line(
        start=start,
        end=end,
        box=(box[0] * _POINTS, box[1] * _POINTS, box[2] * _POINTS, box[3] * _POINTS),
        size=size * _POINTS,
    )


# XML


def _local(el: Any) -> str:
    tag = el.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _children(el: Any, name: str) -> Iterator[Any]:
    return (c for c in el if _local(c) == name)


def _all(el: Any, name: str) -> Iterator[Any]:
    return (c for c in el.iter() if _local(c) == name)


def _number(text: str | None, default: float = 0.0) -> float:
    """Return a number of the file, within reason: a broken one counts as absent."""
    try:
        value = float(text) if text else default
    except ValueError:
        return default
    return _near(value) if math.isfinite(value) else default


def _near(value: float) -> float:
    return max(-_FAR, min(_FAR, value)) if math.isfinite(value) else 0.0


def _numbers(text: str | None) -> list[float]:
    return [_number(t) for t in (text or "").split()[:6]]


def _box(text: str | None) -> tuple[float, float, float, float]:
    n = _numbers(text)
    return (n[0], n[1], n[2], n[3]) if len(n) >= 4 else (0.0, 0.0, 0.0, 0.0)


def _size(
    box: tuple[float, float, float, float] | None, default: tuple[float, float]
) -> tuple[float, float]:
    return (box[2], box[3]) if box and box[2] > 0 and box[3] > 0 else default


def _matrix(text: str | None) -> tuple[float, float, float, float, float, float]:
    n = _numbers(text)
    return (n[0], n[1], n[2], n[3], n[4], n[5]) if len(n) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
