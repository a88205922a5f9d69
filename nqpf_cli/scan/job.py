"""What is to be done with documents, and what became of one: values that processes exchange.

Nothing here needs what reads and scores: a scan that finds everything in its cache loads neither.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nqpf_cli.engines.base import Limits, ReadOptions
from nqpf_cli.errors import NqpfError
from nqpf_cli.formats.json_ import dumps_line
from nqpf_cli.i18n import Message
from nqpf_cli.model import Document, Profile, Settings

if TYPE_CHECKING:
    from nqpf_cli.corpus.meta import Meta
    from nqpf_cli.pipeline import Analyzer

# What a document becomes, given what the user knows of it.
Record = Callable[["Analyzer", Document, Profile | None], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be done: how to read and score, and what is known of the documents.

    ``cache`` is the folder of the cache, which keeps report objects only; ``record`` says what a
    document becomes, None its report object.
    """

    lexicons: tuple[Path, ...]
    settings: Settings
    options: ReadOptions
    cache: Path | None = None
    meta: Meta | None = None
    record: Record | None = None

    @property
    def limits(self) -> Limits:
        """Return the limits of a document; recognising text takes longer and wants more memory."""
        limits = self.options.limits or Limits()
        if self.options.ocr == "off":
            return limits
        from nqpf_cli.documents import OCR_MEMORY_MIB, OCR_SECONDS_A_PAGE

        return Limits(
            timeout_s=limits.timeout_s + 100 * OCR_SECONDS_A_PAGE,
            memory_mib=max(limits.memory_mib, OCR_MEMORY_MIB),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one document: ``line`` is its record, ``error`` the record's error object.

    Records are English; ``message`` says the same to people, in both languages.
    """

    path: str
    line: str
    error: dict[str, Any] | None = None
    message: Message | None = None
    cached: bool = False

    @classmethod
    def failed(cls, path: str, error: NqpfError) -> Outcome:
        """Return the outcome of a document that could not be scored."""
        record = error.record(path)
        told: Any = record["error"]
        return cls(path=path, line=dumps_line(record), error=told, message=error.message)
