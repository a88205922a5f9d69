"""jieba, precise mode with HMM: the reference segmenter.

An own tokenizer, never the global one, so that nobody's user dictionary changes the figures; its
dictionary cache lies in the user's cache folder, not in the shared temporary one.
"""

from __future__ import annotations

import logging
import warnings
from functools import cached_property
from typing import Any

from nqpf_cli.cachedir import cache_dir


class JiebaSegmenter:
    """Segments with jieba; the dictionary is loaded on first use."""

    name = "jieba"

    @cached_property
    def _tokenizer(self) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # jieba 0.42 imports pkg_resources, deprecated
            import jieba
        jieba.setLogLevel(logging.WARNING)
        tokenizer = jieba.Tokenizer()
        folder = cache_dir() / "jieba"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            tokenizer.tmp_dir = str(folder)
            tokenizer.cache_file = "jieba-0.42.cache"
        except OSError:
            pass  # a read-only home: jieba falls back to its own temporary folder
        return tokenizer

    def cut(self, text: str) -> list[str]:
        """Return the tokens of ``text``."""
        return list(self._tokenizer.lcut(text))
