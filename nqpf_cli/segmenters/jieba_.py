"""jieba, precise mode with HMM: the reference segmenter.

An own tokenizer, never the global one, so that nobody's user dictionary changes the figures. Its
dictionary is kept ready-made in the user's cache folder, by ``stored``; jieba's own cache lies in
the temporary folder that all users share, and jieba believes whatever lies there.
"""

from __future__ import annotations

import logging
import warnings
from functools import cached_property
from typing import Any

from nqpf_cli.cachedir import cache_dir
from nqpf_cli.segmenters.stored import stored


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
        with tokenizer.get_dict_file() as f:
            source = f.read()
        tokenizer.FREQ, tokenizer.total = stored(
            cache_dir() / "jieba",
            jieba.__version__.encode() + source,
            lambda: tokenizer.gen_pfdict(tokenizer.get_dict_file()),
        )
        tokenizer.initialized = True
        return tokenizer

    def cut(self, text: str) -> list[str]:
        """Return the tokens of ``text``."""
        return list(self._tokenizer.lcut(text))
