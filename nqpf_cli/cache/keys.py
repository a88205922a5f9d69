"""What a cached value depends on, as one hash: change any of it and the value is not found."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Self

from nqpf_cli import __version__
from nqpf_cli.resources import package_dir

if TYPE_CHECKING:
    from nqpf_cli.model import Profile
    from nqpf_cli.pipeline import Analyzer

# Libraries whose releases may read or segment a document differently.
_READERS = (
    "pypdfium2", "pdfplumber", "pdfminer.six", "python-docx", "lxml", "markdown-it-py",
    "opencc", "rapidocr", "onnxruntime", "charset-normalizer", "numpy", "jieba",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Keys for documents read with ``reading`` and reports made with ``scoring``.

    A key takes the hash of a file and its name (types, titles and years are read from names), not
    the folder it lies in.
    """

    reading: str
    scoring: str

    @classmethod
    def of(cls, analyzer: Analyzer) -> Self:
        """Return the keys for an analyzer's settings, lexicon and program."""
        options = analyzer.options
        reading = {
            "program": program(),
            "engine": options.engine,
            "script": options.script,
            "ocr": options.ocr,
            "max_pages": options.max_pages,
            "max_chars": options.max_chars,
            "max_bytes": options.max_bytes,
        }
        scoring = {
            "reading": reading,
            "lexicon": analyzer.lexicon.sha256,
            "settings": analyzer.settings.to_dict(),
            "reference": analyzer.reference.sha256 if analyzer.reference else None,
        }
        return cls(reading=_hash(reading), scoring=_hash(scoring))

    def document(self, sha256: str, path: str) -> str:
        """Return the key of a document as it was read."""
        return _hash([self.reading, sha256, PurePath(path).name])

    def report(self, sha256: str, path: str, given: Profile | None) -> str:
        """Return the key of a document's report; ``given`` is what the user knows of it."""
        known = asdict(given) if given else None
        return _hash([self.scoring, sha256, PurePath(path).name, known])


def _hash(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def program() -> str:
    """Return a mark of this program: its version, its files as they are, its libraries.

    The files count because a checkout changes without a new version.
    """
    files = sorted(_stamps(package_dir()))
    libraries = [_version(name) for name in _READERS]
    return _hash([__version__, files, libraries])


def _stamps(folder: Path) -> list[tuple[str, int, int]]:
    out = []
    for root, _, names in os.walk(folder):
        for name in names:
            if not name.endswith((".pyc", ".pyo")):
                path = os.path.join(root, name)
                state = os.stat(path)  # noqa: PTH116 (a hundred files at every start)
                out.append((os.path.relpath(path, folder), state.st_size, state.st_mtime_ns))
    return out


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
