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
from nqpf_cli.errors import DocumentTimeoutError, InputError, TooLargeError
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
    (memory), ``CorruptError`` (the child crashed), ``InputError`` (there can be no child).
    """
    end = monotonic() + limits.timeout_s
    work = (function, args, limits.memory_mib)
    try:
        begun = standby.asked(*work) or child(*work)
    except OSError as e:
        raise no_process_error(name, e) from e
    with begun as reader:
        if meanwhile is not None:
            meanwhile()
        if not reader.has_ended(end):
            raise timeout_error(name, limits)
        try:
            return reader.value(name)
        except MemoryError as e:
            raise memory_error(name, limits) from e


def no_process_error(name: str, e: OSError) -> InputError:
    """Return the error for a document that there can be no process for."""
    return InputError(
        Message(
            f"无法启动读取 {name} 的进程：{e.strerror}",
            f"cannot start a process to read {name}: {e.strerror}",
        ),
        Message(
            "关掉一些程序，或放宽进程数与内存的上限（ulimit）",
            "end other programs, or allow more processes and memory (ulimit)",
        ),
    )


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
