"""What a cached value depends on, as one hash: change any of it and the value is not found."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from nqpf_cli.resources import package_dir
from nqpf_cli.version import __version__

if TYPE_CHECKING:
    from nqpf_cli.engines.base import ReadOptions
    from nqpf_cli.model import Profile
    from nqpf_cli.pipeline import Analyzer

# Libraries whose releases may read or segment a document differently.
_READERS = frozenset({
    "pypdfium2", "pdfplumber", "pdfminer-six", "python-docx", "lxml", "markdown-it-py",
    "opencc", "rapidocr", "onnxruntime", "charset-normalizer", "numpy", "jieba",
})  # fmt: skip
_INSTALLED = re.compile(r"(.+?)-([^-]+)(?:-py[^-]*)?\.(?:dist|egg)-info$")


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
        reading = {"program": program(), **reading_of(options)}
        scoring = {
            "reading": reading,
            "lexicon": analyzer.lexicon.sha256,
            "settings": analyzer.settings.to_dict(),
            "reference": analyzer.reference.sha256 if analyzer.reference else None,
        }
        return cls(reading=hash_of(reading), scoring=hash_of(scoring))

    def document(self, sha256: str, path: str) -> str:
        """Return the key of a document as it was read."""
        return hash_of([self.reading, sha256, _name(path)])

    def report(self, sha256: str, path: str, given: Profile | None) -> str:
        """Return the key of a document's report; ``given`` is what the user knows of it."""
        known = asdict(given) if given else None
        return hash_of([self.scoring, sha256, _name(path), known])


def _name(path: str) -> str:
    return os.path.basename(path)  # noqa: PTH119 (once a document of a large archive)


def reading_of(options: ReadOptions) -> dict[str, Any]:
    """Return what of ``options`` a document as it was read depends on."""
    return {
        "engine": options.engine,
        "script": options.script,
        "ocr": options.ocr,
        "max_pages": options.max_pages,
        "max_chars": options.max_chars,
        "max_bytes": options.max_bytes,
    }


def hash_of(value: Any) -> str:
    """Return the hash of a value that JSON can hold."""
    text = json.dumps(value, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def program() -> str:
    """Return a mark of this program: its version, its files as they are, its libraries.

    The files count because a checkout changes without a new version.
    """
    return hash_of([__version__, sorted(_stamps(package_dir())), sorted(set(_libraries()))])


def _stamps(folder: Path) -> list[tuple[str, int, int]]:
    out = []
    for root, _, names in os.walk(folder):
        for name in names:
            if not name.endswith((".pyc", ".pyo")):
                path = os.path.join(root, name)
                state = os.stat(path)  # noqa: PTH116 (a hundred files at every start)
                out.append((os.path.relpath(path, folder), state.st_size, state.st_mtime_ns))
    return out


def _libraries() -> Iterator[str]:
    """Yield name and version of the readers that are installed.

    Read off the names of their folders: ``importlib.metadata`` takes a millisecond for each.
    """
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 (names are all that is wanted)
        except OSError:
            continue  # an archive, or nothing
        for name in names:
            found = _INSTALLED.match(name)
            if found and _plain(found[1]) in _READERS:
                yield f"{_plain(found[1])} {found[2]}"


def _plain(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()
