"""Two languages for everything a person reads: a leaf that every other module may use."""

from __future__ import annotations

import locale
import os
import sys
from typing import Literal, NamedTuple

Language = Literal["zh", "en"]


class Message(NamedTuple):
    """One message in Chinese and in English."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if language() == "zh" else self.en

    def in_(self, lang: Language) -> str:
        """Return the text in ``lang``."""
        return self.zh if lang == "zh" else self.en


_chosen: list[Language] = []


def choose(lang: Language) -> None:
    """Fix the language for the rest of the process (what ``--lang`` does)."""
    _chosen[:] = [lang]


def language() -> Language:
    """Return the language in force: chosen, ``--lang``, ``NQPF_LANG``, then the locale.

    ``--lang`` is read from the command line itself because help texts are written before any
    option is parsed.
    """
    if not _chosen:
        choose(_detect(sys.argv[1:], os.environ))
    return _chosen[0]


def _detect(argv: list[str], environ: os._Environ[str] | dict[str, str]) -> Language:
    for i, word in enumerate(argv):
        value = argv[i + 1 : i + 2] if word == "--lang" else [word.removeprefix("--lang=")]
        if word.startswith("--lang") and value and value[0] in ("zh", "en"):
            return "zh" if value[0] == "zh" else "en"
    for name in ("NQPF_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return "zh" if environ[name].lower().startswith("zh") else "en"
    # Windows sets none of these; its locale names are "zh_CN" or "Chinese (Simplified)_China".
    system = (locale.getlocale()[0] or "").lower()
    return "zh" if system.startswith(("zh", "chinese")) else "en"


def tr(zh: str, en: str) -> str:
    """Return one of two texts, by the language in force."""
    return zh if language() == "zh" else en
