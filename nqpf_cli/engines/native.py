"""PDFium's own functions, and ways to call them with plain addresses: half the time of pointers.

The bindings alone: to import the helpers around them takes as long as to read ten pages.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2_raw.bindings as raw

__all__ = ["address", "plain", "raw"]

raw.FPDF_InitLibraryWithConfig(raw.FPDF_LIBRARY_CONFIG(version=2))  # nothing, the second time


def plain(function: Any, returned: Any, *arguments: Any) -> Callable[..., Any]:
    """Return a function of PDFium whose first argument is a handle's address."""
    place = ctypes.cast(function, ctypes.c_void_p).value or 0
    return ctypes.CFUNCTYPE(returned, ctypes.c_void_p, *arguments)(place)


def address(handle: Any) -> int | None:
    """Return the address that a typed pointer holds."""
    return ctypes.cast(handle, ctypes.c_void_p).value
