"""Traditional characters → simplified ones, one for one, so that offsets stay."""

from __future__ import annotations

from functools import cache
from typing import Any

from nqpf_cli.errors import MissingExtraError
from nqpf_cli.i18n import Message


@cache
def _converter() -> Any:
    try:
        import opencc
    except ImportError as e:
        raise MissingExtraError.of(
            "traditional", Message("转换繁体字", "converting traditional characters")
        ) from e
    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """Return text of the same length in simplified characters; raises ``MissingExtraError``.

    OpenCC looks at whole phrases (後 and 后, 髮 and 發). Where a phrase would change the length,
    what is around it is converted in smaller and smaller parts.
    """
    converted: str = _converter().convert(text)
    if len(converted) == len(text):
        return converted
    half = len(text) // 2
    return simplify(text[:half]) + simplify(text[half:]) if half else text
