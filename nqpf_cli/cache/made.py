"""What records are made with, known without building what makes them.

To find all documents in the cache takes the hashes of the lexicon, the settings and the reference
set, not the lexicon itself and the arrays made of it. What an analyzer said of itself is kept
under the hash of the files and options it was built from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from nqpf_cli import defaults
from nqpf_cli.cache.keys import Keys, hash_of, program, reading_of
from nqpf_cli.cache.store import Store
from nqpf_cli.lexicon import kept
from nqpf_cli.reference.load import shipped
from nqpf_cli.version import __version__

if TYPE_CHECKING:
    from nqpf_cli.engines.base import ReadOptions
    from nqpf_cli.model import Settings
    from nqpf_cli.pipeline import Analyzer


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What records are made with: objects of a report, the hash of the reference set, keys."""

    lexicon: dict[str, str]
    settings: dict[str, Any]
    reference: str | None
    keys: Keys

    @classmethod
    def of(cls, analyzer: Analyzer) -> Self:
        """Return what an analyzer's records are made with."""
        return cls(
            lexicon=analyzer.lexicon.id.to_dict(),
            settings=analyzer.settings.to_dict(),
            reference=analyzer.reference.sha256 if analyzer.reference else None,
            keys=Keys.of(analyzer),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return what a report must hold to go with these; the reference set by its hash."""
        return {
            "nqpf_version": __version__,
            "lexicon": self.lexicon,
            "settings": self.settings,
            "reference": self.reference,
        }


def made(
    store: Store,
    lexicons: Sequence[Path],
    settings: Settings,
    options: ReadOptions,
    build: Callable[[], Analyzer],
) -> Made:
    """Return what the analyzer of ``build`` makes records with; it is built only where need be.

    Raises what ``build`` raises.
    """
    key = _key(lexicons, settings, options)
    found = _read(store.get("made", key)) if key else None
    if found is None:
        found = Made.of(build())
        if key:
            store.put("made", key, json.dumps(asdict(found)).encode())
    return found


def _read(value: bytes | None) -> Made | None:
    if value is None:
        return None
    try:
        found = json.loads(value)
        return Made(**{**found, "keys": Keys(**found["keys"])})
    except (ValueError, TypeError, KeyError):
        return None


def _key(lexicons: Sequence[Path], settings: Settings, options: ReadOptions) -> str | None:
    """Return the hash of all that an analyzer is built from; None where a file cannot be read."""
    lexicon = kept.key(lexicons)
    try:
        reference = _reference(settings)
    except OSError:
        return None
    if lexicon is None:
        return None
    given = {**asdict(settings), "reference": reference}
    return hash_of([program(), lexicon, given, reading_of(options)])


def _reference(settings: Settings) -> str | None:
    match settings.reference:
        case "none":
            return None
        case defaults.REFERENCE:
            path = shipped(settings.coder)
        case own:
            path = Path(own)
    return hashlib.sha256(path.read_bytes()).hexdigest()
