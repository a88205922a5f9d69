"""Mutations of zip files that hold XML (docx, OFD): members, names, sizes, entities."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from fuzz.generic import GENERIC, NUMBERS, Mutator, substituted

_NAMES = (
    "../../evil.xml", "/evil.xml", "C:\\evil.xml", "..\\..\\evil.xml", "a\0b.xml", "", "a/" * 200,
    "word/document.xml/", "WORD/DOCUMENT.XML", "OFD.xml", "ofd.xml", "\ud800.xml", "con", "名.xml",
)  # fmt: skip
_TAG = re.compile(rb"<[A-Za-z][^>]{0,300}>")
_VALUE = re.compile(rb'(?<==")[^"]*(?=")')
_TEXT = re.compile(rb"(?<=>)[^<>]+(?=<)")
_LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
_ENTITIES = (
    b'<!DOCTYPE r [<!ENTITY l0 "ha">' + _LAUGHS + b"]>",
    b'<!DOCTYPE r [<!ENTITY l11 SYSTEM "file:///etc/passwd">]>',
    b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
    b'<!DOCTYPE r SYSTEM "file:///dev/zero">',
    b'<!DOCTYPE r [<!ENTITY l11 "' + b"A" * 100_000 + b'">]>',
)
_CENTRAL = b"PK\x01\x02"
_PAD = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside the archive."""

    name: str
    data: bytes


def _unpack(data: bytes) -> list[Member]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [Member(i.filename, archive.read(i)) for i in archive.infolist()]
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, OSError, EOFError):
        return []
    except (NotImplementedError, struct.error, LookupError):
        return []


def _pack(members: Sequence[Member]) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names that come twice are wanted here
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
            for m in members:
                name = m.name.encode("utf-8", "replace").decode()
                archive.writestr(zipfile.ZipInfo(name or "x"), m.data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _changed(data: bytes, rng: Random, change: Mutator) -> bytes:
    """Mutate one member that holds XML, the document itself most often."""
    members = _unpack(data)
    heavy = [n for n, m in enumerate(members) if m.name.endswith((".xml", ".rels"))]
    if not heavy:
        return rng.choice(GENERIC)(data, rng)
    body = [n for n in heavy if "ocument.xml" in members[n].name or "Content" in members[n].name]
    at = rng.choice(body if body and rng.random() < 0.6 else heavy)
    members[at] = replace(members[at], data=change(members[at].data, rng))
    return _pack(members)


def mutate_member(data: bytes, rng: Random) -> bytes:
    """Mutate the bytes of a member."""
    return _changed(data, rng, rng.choice(GENERIC))


def rename_member(data: bytes, rng: Random) -> bytes:
    """Give a member another name: above the folder, absolute, none."""
    members = _unpack(data)
    if not members:
        return data
    at = rng.randrange(len(members))
    renamed = replace(members[at], name=rng.choice(_NAMES))
    return _pack([*members, renamed] if rng.random() < 0.5 else [*members[:at], renamed])


def double_member(data: bytes, rng: Random) -> bytes:
    """Write a member twice, the second time mutated."""
    members = _unpack(data)
    if not members:
        return data
    m = rng.choice(members)
    return _pack([*members, replace(m, data=rng.choice(GENERIC)(m.data, rng))])


def drop_member(data: bytes, rng: Random) -> bytes:
    """Leave a member out."""
    members = _unpack(data)
    if members:
        del members[rng.randrange(len(members))]
    return _pack(members)


def many_members(data: bytes, rng: Random) -> bytes:
    """Add so many members that reading their list takes long."""
    count = rng.choice((100, 5000, 12_000))
    return _pack([*_unpack(data), *(Member(f"m/{n}.xml", b"") for n in range(count))])


def lie(data: bytes, rng: Random) -> bytes:
    """Lie in the directory: sizes, flags (encrypted), method, checksum, offset of a member."""
    places = [m.start() for m in re.finditer(re.escape(_CENTRAL), data)]
    if not places:
        return data
    out = bytearray(data)
    at = rng.choice(places)
    offset, size = rng.choice(((8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (28, 2), (42, 4)))
    value = rng.choice((0, 1, 8, 9, 12, 14, 99, 0x801, 0x7FFFFFFF, 0xFFFFFFFF))
    out[at + offset : at + offset + size] = (value % 256**size).to_bytes(size, "little")
    return bytes(out)


def entities(data: bytes, rng: Random) -> bytes:
    """Declare entities that explode, or that name files and hosts, and use them."""

    def change(xml: bytes, rng: Random) -> bytes:
        declared = rng.choice(_ENTITIES)
        head = xml.find(b"?>")
        at = head + 2 if head >= 0 else 0
        used = substituted(_TEXT, xml[at:], rng, b"&l11;")
        return xml[:at] + declared + used

    return _changed(data, rng, change)


def nest(data: bytes, rng: Random) -> bytes:
    """Nest an element deeply in itself."""

    def change(xml: bytes, rng: Random) -> bytes:
        found = [m for m in _TAG.finditer(xml) if not m[0].endswith(b"/>")]
        if not found:
            return xml
        m = rng.choice(found)
        name = re.split(rb"[\s/>]", m[0][1:], maxsplit=1)[0]
        depth = rng.choice((10, 255, 300, 5000))
        end = xml.find(b"</" + name, m.end())
        if end < 0:
            return xml
        closed = (b"</" + name + b">") * depth
        return xml[: m.start()] + m[0] * depth + xml[m.start() : end] + closed + xml[end:]

    return _changed(data, rng, change)


def odd_value(data: bytes, rng: Random) -> bytes:
    """Change an attribute's value."""
    values = (*NUMBERS, b"", b"../../evil.xml", b"/etc/passwd", b"http://127.0.0.1:9/", b"g 99 1")
    new = rng.choice((*values, b"1 " * 5000, b"A" * 70_000))
    return _changed(data, rng, lambda xml, rng: substituted(_VALUE, xml, rng, new))


def repeat_element(data: bytes, rng: Random) -> bytes:
    """Repeat or drop an element's tag."""
    times = rng.choice((0, 2, 3, 2000))

    def change(xml: bytes, rng: Random) -> bytes:
        found = _TAG.findall(xml)
        return substituted(_TAG, xml, rng, rng.choice(found) * times) if found else xml

    return _changed(data, rng, change)


def bomb(data: bytes, rng: Random) -> bytes:
    """Let a member unpack to far more than it is."""
    unit = rng.choice((b" ", b"<a/>", b"<w:p/>", "字".encode(), b"<!---->"))
    return _changed(data, rng, lambda xml, _: substituted(_TEXT, xml, rng, unit * (_PAD // 8)))


PACKAGE: Sequence[Mutator] = (
    mutate_member, mutate_member, rename_member, double_member, drop_member, many_members, lie,
    lie, entities, nest, odd_value, odd_value, repeat_element, bomb,
)  # fmt: skip
