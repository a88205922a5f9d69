"""Mutations of bytes that know nothing of the format."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

Mutator = Callable[[bytes, Random], bytes]

MAX_BYTES = 4 * 1024 * 1024
NUMBERS = (
    b"0", b"-1", b"1", b"2", b"255", b"256", b"65535", b"65536", b"-32769", b"2147483647",
    b"2147483648", b"-2147483649", b"4294967296", b"9223372036854775808", b"9" * 20, b"9" * 400,
    b"1e308", b"-1e308", b"1e400", b"0.000000000001", b"-0.0", b"nan", b"inf", b"0x7f",
)  # fmt: skip
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")


def place(data: bytes, rng: Random) -> int:
    """Return an offset into ``data``; its ends are as likely as all between them."""
    return rng.choice((0, len(data), rng.randint(0, len(data)), rng.randint(0, len(data))))


def span(data: bytes, rng: Random) -> tuple[int, int]:
    """Return the ends of a slice, most often a short one."""
    start = rng.randint(0, len(data))
    return start, min(len(data), start + rng.choice((1, 2, 4, 16, 64, 1024, len(data))))


def substituted(pattern: re.Pattern[bytes], data: bytes, rng: Random, new: bytes) -> bytes:
    """Return ``data`` with one of the matches of ``pattern`` replaced."""
    found = list(pattern.finditer(data))
    if not found:
        return data
    m = rng.choice(found)
    return data[: m.start()] + new + data[m.end() :]


def flip(data: bytes, rng: Random) -> bytes:
    """Flip a few bits."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        if out:
            out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def insert(data: bytes, rng: Random) -> bytes:
    """Insert bytes of chance, or one byte many times."""
    at = place(data, rng)
    size = rng.choice((1, 2, 4, 32, 500))
    new = rng.choice((rng.randbytes(size), bytes([rng.randrange(256)]) * size))
    return data[:at] + new + data[at:]


def delete(data: bytes, rng: Random) -> bytes:
    """Take out a slice."""
    start, end = span(data, rng)
    return data[:start] + data[end:]


def repeat(data: bytes, rng: Random) -> bytes:
    """Write a slice many times."""
    start, end = span(data, rng)
    times = rng.choice((2, 3, 10, 1000))
    piece = data[start:end]
    return data[:start] + piece * min(times, 1 + MAX_BYTES // (len(piece) + 1)) + data[end:]


def truncate(data: bytes, rng: Random) -> bytes:
    """Cut the end, or the beginning."""
    at = rng.randint(0, len(data))
    return data[:at] if rng.random() < 0.8 else data[at:]


def blank(data: bytes, rng: Random) -> bytes:
    """Overwrite a slice with one byte."""
    start, end = span(data, rng)
    return data[:start] + rng.choice((b"\0", b" ", b"\xff", b"A")) * (end - start) + data[end:]


def renumber(data: bytes, rng: Random) -> bytes:
    """Change a number to one that programs do not expect."""
    return substituted(_NUMBER, data, rng, rng.choice(NUMBERS))


def splice(data: bytes, other: bytes, rng: Random) -> bytes:
    """Put a slice of another file of the kind in."""
    start, end = span(data, rng)
    first, last = span(other, rng)
    return data[:start] + other[first:last] + data[end:]


GENERIC: Sequence[Mutator] = (flip, insert, delete, repeat, truncate, blank, renumber)
