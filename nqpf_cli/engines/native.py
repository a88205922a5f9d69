"""PDFium's functions called with plain addresses: half the time of typed pointers."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any


def plain(function: Any, returned: Any, *arguments: Any) -> Callable[..., Any]:
    """Return a function of PDFium whose first argument is a handle's address."""
    place = ctypes.cast(function, ctypes.c_void_p).value or 0
    return ctypes.CFUNCTYPE(returned, ctypes.c_void_p, *arguments)(place)


def address(handle: Any) -> int | None:
    """Return the address that a typed pointer holds."""
    return ctypes.cast(handle, ctypes.c_void_p).value
