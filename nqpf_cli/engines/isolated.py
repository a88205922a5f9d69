"""A function in a process of its own, with limits: what a document breaks there, it breaks there.

A bomb, a loop or a crash in native code costs the document, never the run. The child gets the
bytes and gives pages back; it has no password but the one of this document and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

from nqpf_cli.engines import standby
from nqpf_cli.engines.base import Limits
from nqpf_cli.engines.children import child
from nqpf_cli.errors import DocumentTimeoutError, TooLargeError
from nqpf_cli.i18n import Message

T = TypeVar("T")


def run_limited(
    function: Callable[..., T],
    args: tuple[Any, ...],
    name: str,
    limits: Limits,
    meanwhile: Callable[[], object] | None = None,
) -> T:
    """Return ``function(*args)``, run in a child process; both must be picklable.

    ``meanwhile`` is called in this process while the child works.
    Raises what the function raises of ``NqpfError``; ``DocumentTimeoutError``, ``TooLargeError``
    (memory), ``CorruptError`` (the child crashed).
    """
    end = monotonic() + limits.timeout_s
    work = (function, args, limits.memory_mib)
    with standby.asked(*work) or child(*work) as reader:
        if meanwhile is not None:
            meanwhile()
        if not reader.has_ended(end):
            raise timeout_error(name, limits)
        try:
            return reader.value(name)
        except MemoryError as e:
            raise memory_error(name, limits) from e


def timeout_error(name: str, limits: Limits) -> DocumentTimeoutError:
    """Return the error for a document that took too long."""
    return DocumentTimeoutError(
        Message(
            f"读取 {name} 超过 {limits.timeout_s:g} 秒",
            f"reading {name} took more than {limits.timeout_s:g} seconds",
        ),
        Message("用 --timeout 放宽时限", "allow more with --timeout"),
    )


def memory_error(name: str, limits: Limits) -> TooLargeError:
    """Return the error for a document that wants too much memory."""
    return TooLargeError(
        Message(
            f"读取 {name} 需要的内存超过 {limits.memory_mib} MiB",
            f"reading {name} needs more than {limits.memory_mib} MiB of memory",
        ),
        Message("文件可能是解压炸弹；请另存精简后再试", "it may be a bomb; save a leaner copy"),
    )
