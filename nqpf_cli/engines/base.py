"""Files → pages: what an engine is, and what it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from nqpf_cli import defaults
from nqpf_cli.errors import TooLargeError
from nqpf_cli.i18n import Message

if TYPE_CHECKING:
    from nqpf_cli.model import RawDocument

Script = Literal["as_is", "simplify"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one document may take. ``memory_mib`` is on top of what the process has at start."""

    timeout_s: float = defaults.TIMEOUT_S
    memory_mib: int = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What the user asked of reading; ``password`` is never written anywhere.

    ``script`` ``simplify`` turns traditional characters into simplified ones before matching.
    ``ocr`` names the recognizer for pages without sound text (``auto``, ``rapidocr``,
    ``tesseract``) or is ``off``.
    With ``limits`` a document is read in a process of its own, without them in this one.
    ``processes`` is how many may share its pages; they are forked, where the system can do that.
    ``beside_pages`` is what another process does beside, on the same processors: as much work as
    reading so many pages.
    """

    engine: str = "auto"
    password: str | None = field(default=None, repr=False)
    max_pages: int = defaults.MAX_PAGES
    max_bytes: int = defaults.MAX_BYTES
    max_chars: int = defaults.MAX_CHARS
    limits: Limits | None = None
    processes: int = 1
    beside_pages: int = 0
    script: Script = "as_is"
    ocr: str = "off"


class Engine(Protocol):
    """Reads the bytes of one kind of file. Raises ``InputError`` and nothing else."""

    name: str

    def read(self, data: bytes, name: str, options: ReadOptions) -> RawDocument:
        """Return the pages of ``data``; ``name`` is for messages only."""
        ...


def too_much_text(name: str) -> TooLargeError:
    """Return the error for a document with more text than anyone writes."""
    return TooLargeError(
        Message(f"{name} 的文字超过上限", f"{name} has more text than the limit"),
        Message(
            "文件可能是解压炸弹；若确属正常，请拆分后再试",
            "it may be a bomb; if it is genuine, split it and try again",
        ),
    )
