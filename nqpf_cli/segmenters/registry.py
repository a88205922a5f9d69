"""Segmenters by name."""

from __future__ import annotations

import importlib
from typing import cast

from nqpf_cli.errors import UsageError
from nqpf_cli.i18n import Message
from nqpf_cli.segmenters.base import Segmenter

SEGMENTERS = {"jieba": "nqpf_cli.segmenters.jieba_:JiebaSegmenter"}


def resolve(name: str) -> Segmenter:
    """Return the segmenter of a registered name; raises ``UsageError`` for another."""
    if name not in SEGMENTERS:
        raise UsageError(
            Message(f"没有名为 {name} 的分词器", f"there is no segmenter '{name}'"),
            Message("可用：" + "、".join(SEGMENTERS), "one of: " + ", ".join(SEGMENTERS)),
        )
    module, attribute = SEGMENTERS[name].split(":")
    return cast("Segmenter", getattr(importlib.import_module(module), attribute)())
