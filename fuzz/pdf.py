"""Mutations of PDF files at the level of objects, references, streams and tables."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from random import Random

from fuzz.generic import GENERIC, NUMBERS, Mutator, substituted

_OBJECT = re.compile(rb"\d+ \d+ obj\b.*?\bendobj", re.DOTALL)
_STREAM = re.compile(rb"(?<=stream\n)(.*?)(?=\n?endstream)", re.DOTALL)
_REFERENCE = re.compile(rb"\b\d+ 0 R\b")
_NAME = re.compile(rb"/[A-Za-z][A-Za-z0-9]*")
_LENGTH = re.compile(rb"/Length \d+")
_ENTRY = re.compile(rb"\d{10} \d{5} [nf]")
_START = re.compile(rb"startxref\s+\d+")
_TRAILER = re.compile(rb"/Root \d+ 0 R")
_DICTIONARY = re.compile(rb"<<")
_TOKEN = re.compile(rb"\S+\s*")
_FILTER = re.compile(rb"/Filter ?/FlateDecode")
_NAMES = (
    b"/Kids", b"/Parent", b"/Count", b"/Contents", b"/Resources", b"/Font", b"/XObject", b"/Type",
    b"/Pages", b"/Page", b"/MediaBox", b"/Rotate", b"/ToUnicode", b"/Encoding", b"/Length",
    b"/Filter", b"/DecodeParms", b"/DescendantFonts", b"/Annots", b"/Prev", b"/Encrypt", b"/ObjStm",
    b"/JBIG2Decode", b"/JPXDecode", b"/LZWDecode", b"/ASCII85Decode", b"/CCITTFaxDecode", b"/Type3",
)  # fmt: skip
_EXTRA = (
    b"/Rotate 90", b"/Rotate 45", b"/UserUnit 1e9", b"/MediaBox[0 0 1e9 1e9]",
    b"/MediaBox[nan nan 0 0]", b"/MediaBox[0 0 0 0]", b"/CropBox[5 5 -5 -5]", b"/Count -1",
    b"/Count 2147483647", b"/Type/ObjStm", b"/Extends 1 0 R", b"/Parent 2 0 R",
    b"/Annots[1 0 R 2 0 R 3 0 R]", b"/Contents[4 0 R 4 0 R 4 0 R]", b"/F(/etc/passwd)",
    b"/Filter[" + b"/FlateDecode" * 40 + b"]", b"/OpenAction<</S/URI/URI(http://x.invalid/)>>",
)  # fmt: skip


def _objects(data: bytes, rng: Random) -> list[re.Match[bytes]]:
    found = list(_OBJECT.finditer(data))
    rng.shuffle(found)
    return found


def drop_object(data: bytes, rng: Random) -> bytes:
    """Take an object out; the table still tells of it."""
    return substituted(_OBJECT, data, rng, b"")


def double_object(data: bytes, rng: Random) -> bytes:
    """Write an object twice, the second time mutated."""
    found = _objects(data, rng)
    if not found:
        return data
    m = found[0]
    return data[: m.end()] + b"\n" + rng.choice(GENERIC)(m[0], rng) + data[m.end() :]


def swap_objects(data: bytes, rng: Random) -> bytes:
    """Exchange two objects, which moves all between them."""
    found = sorted(_objects(data, rng)[:2], key=lambda m: m.start())
    if len(found) < 2:
        return data
    a, b = found
    return data[: a.start()] + b[0] + data[a.end() : b.start()] + a[0] + data[b.end() :]


def mutate_object(data: bytes, rng: Random) -> bytes:
    """Mutate the bytes of one object."""
    found = _objects(data, rng)
    if not found:
        return data
    m = found[0]
    return data[: m.start()] + rng.choice(GENERIC)(m[0], rng) + data[m.end() :]


def redirect(data: bytes, rng: Random) -> bytes:
    """Let a reference point elsewhere: to another object, to its own, to none."""
    found = _REFERENCE.findall(data)
    target = rng.choice((*found[:500], b"0 0 R", b"99999999 0 R", b"1 0 R"))
    return substituted(_REFERENCE, data, rng, target)


def rename(data: bytes, rng: Random) -> bytes:
    """Exchange a name for another."""
    return substituted(_NAME, data, rng, rng.choice(_NAMES))


def add_key(data: bytes, rng: Random) -> bytes:
    """Add a key to a dictionary, before the one that it may have already."""
    return substituted(_DICTIONARY, data, rng, b"<<" + rng.choice(_EXTRA))


def wrong_length(data: bytes, rng: Random) -> bytes:
    """Lie about a stream's length."""
    return substituted(_LENGTH, data, rng, b"/Length " + rng.choice(NUMBERS))


def wrong_table(data: bytes, rng: Random) -> bytes:
    """Break the table of objects or where it is said to stand."""
    entry = b"%010d %05d %c" % (rng.randrange(10**10), rng.randrange(10**5), rng.choice(b"nf"))
    changed = substituted(_ENTRY, data, rng, entry)
    if rng.random() < 0.5:
        changed = substituted(_START, changed, rng, b"startxref\n" + rng.choice(NUMBERS))
    return changed


def encrypt(data: bytes, rng: Random) -> bytes:
    """Claim that the file is encrypted."""
    keys = b"<</Filter/Standard/V %d/R %d/P -4/O<%s>/U<%s>/Length %s>>" % (
        rng.randrange(7),
        rng.randrange(8),
        b"5a" * 32,
        b"a5" * 32,
        rng.choice(NUMBERS),
    )
    return substituted(_TRAILER, data, rng, b"/Root 1 0 R/Encrypt " + keys)


def nest(data: bytes, rng: Random) -> bytes:
    """Nest arrays or dictionaries deeply."""
    depth = rng.choice((10, 200, 5000, 100_000))
    opened, closed = rng.choice(((b"[", b"]"), (b"<</A ", b">>"), (b"(", b")")))
    return substituted(_DICTIONARY, data, rng, b"<</N " + opened * depth + closed * depth)


def _recoded(data: bytes, rng: Random, change: Mutator) -> bytes:
    """Mutate what a stream holds, and pack it again as it was packed."""
    found = list(_STREAM.finditer(data))
    if not found:
        return data
    m = rng.choice(found)
    try:
        inner = zlib.decompress(m[0])
    except zlib.error:
        return data[: m.start()] + change(m[0], rng) + data[m.end() :]
    packed = zlib.compress(change(inner, rng))
    head = data[: m.start()]
    # The length stands in the dictionary before the stream, in most files.
    at = head.rfind(b"/Length ", max(0, len(head) - 400))
    if at >= 0:
        head = head[:at] + _LENGTH.sub(b"/Length %d" % len(packed), head[at:], count=1)
    return head + packed + data[m.end() :]


def mutate_stream(data: bytes, rng: Random) -> bytes:
    """Mutate the bytes inside a stream."""
    return _recoded(data, rng, rng.choice(GENERIC))


def mutate_operators(data: bytes, rng: Random) -> bytes:
    """Repeat, drop or exchange the words of a stream: operators and operands."""

    def change(inner: bytes, rng: Random) -> bytes:
        words = _TOKEN.findall(inner[:200_000])
        for _ in range(rng.choice((1, 4, 30))):
            if not words:
                break
            at, other = rng.randrange(len(words)), rng.choice(words)
            match rng.randrange(4):
                case 0:
                    words[at] = other
                case 1:
                    words[at] = words[at] * rng.choice((2, 100, 5000))
                case 2:
                    del words[at]
                case _:
                    words[at] = rng.choice((b"q ", b"Q ", b"BT ", b"ET ", *NUMBERS)) + b" "
        return b"".join(words)

    return _recoded(data, rng, change)


def bomb(data: bytes, rng: Random) -> bytes:
    """Let a stream unpack to far more than it is."""
    unit = rng.choice((b" ", b"q ", b"BT (A) Tj ET ", b"0 0 m 9 9 l S ", b"/F 1 Tf "))
    size = rng.choice((1, 8, 40)) * 1024 * 1024
    return _recoded(data, rng, lambda inner, _: inner + unit * (size // len(unit)))


def chain_filters(data: bytes, rng: Random) -> bytes:
    """Give a stream many filters, or another one."""
    many = b"/Filter[" + b"/FlateDecode" * rng.choice((2, 40, 2000)) + b"]"
    return substituted(_FILTER, data, rng, rng.choice((many, b"/Filter" + rng.choice(_NAMES))))


PDF: Sequence[Mutator] = (
    drop_object, double_object, swap_objects, mutate_object, redirect, redirect, rename, rename,
    add_key, wrong_length, wrong_table, encrypt, nest, mutate_stream, mutate_stream,
    mutate_operators, mutate_operators, bomb, chain_filters,
)  # fmt: skip
