"""Arrays as bytes: what they are in one line, then their numbers, each in as few bytes as fit."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

_ALIGNED = 8  # bytes
_WHOLE = [np.dtype(f"<i{size}") for size in (1, 2, 4, 8)]
_KINDS = {kind.str: kind for kind in (*_WHOLE, *map(np.dtype, ("u1", "<f8", "?")))}


def pack(arrays: Iterable[npt.NDArray[Any]]) -> bytes:
    """Return arrays of whole numbers, floats or flags as bytes."""
    arrays = list(arrays)
    narrow = [_narrowed(a) for a in arrays]
    kinds = [a.dtype.newbyteorder("<").str for a in arrays]
    head = [(n.dtype.str, k, n.shape) for n, k in zip(narrow, kinds, strict=True)]
    line = json.dumps(head, separators=(",", ":")).encode()
    return b"".join(map(_aligned, (line + b"\n", *(n.tobytes() for n in narrow))))


def _narrowed(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if array.dtype.kind != "i":
        return array.astype(array.dtype.newbyteorder("<"))
    least, most = int(array.min(initial=0)), int(array.max(initial=0))
    fitting = (k for k in _WHOLE if np.iinfo(k).min <= least and most <= np.iinfo(k).max)
    return array.astype(next(fitting))


def _aligned(data: bytes) -> bytes:
    return data + bytes(-len(data) % _ALIGNED)


def unpack(data: bytes) -> list[npt.NDArray[Any]]:
    """Return the arrays of ``pack``; raises ``ValueError`` for other bytes."""
    arrays = []
    at = data.index(b"\n") + 1
    try:
        for stored, kind, shape in json.loads(data[:at]):
            at += -at % _ALIGNED
            size = int(np.prod(shape, dtype=np.int64))
            if size < 0:
                raise ValueError("an array of less than nothing")
            narrow = np.frombuffer(data, _KINDS[stored], size, at) if size else np.empty(0, kind)
            arrays.append(narrow.reshape(shape).astype(_KINDS[kind].newbyteorder("="), copy=False))
            at += narrow.nbytes
    except (KeyError, TypeError, RecursionError) as e:
        raise ValueError("not packed arrays") from e
    if at + -at % _ALIGNED != len(data):
        raise ValueError("packed arrays and something else")
    return arrays
