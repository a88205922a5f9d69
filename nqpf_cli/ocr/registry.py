"""Which recognizer reads pictures of pages: the best that is installed, or the one asked for."""

from __future__ import annotations

import importlib
from typing import cast

from nqpf_cli.errors import MissingExtraError, UsageError
from nqpf_cli.i18n import Message
from nqpf_cli.ocr.base import Recognizer

RECOGNIZERS = {  # in the order of ``auto``: the more exact one first
    "rapidocr": "nqpf_cli.ocr.rapid:RapidRecognizer",
    "tesseract": "nqpf_cli.ocr.tesseract:TesseractRecognizer",
}
NAMES = ("auto", *RECOGNIZERS)


def resolve(name: str = "auto", threads: int = 2) -> Recognizer:
    """Return the recognizer ``name``; ``auto`` is the first that is installed.

    ``threads`` is how many a page may use: 1 in each of several worker processes. Raises
    ``UsageError`` for an unknown name and ``MissingExtraError`` where nothing is installed.
    """
    if name not in NAMES:
        raise UsageError(
            Message(f"没有名为 {name} 的文字识别引擎", f"there is no OCR engine '{name}'"),
            Message("可用：" + "、".join(NAMES), "one of: " + ", ".join(NAMES)),
        )
    causes = []
    for candidate in RECOGNIZERS if name == "auto" else (name,):
        module, attribute = RECOGNIZERS[candidate].split(":")
        try:
            found = getattr(importlib.import_module(module), attribute)(threads=threads)
        except ImportError as e:
            causes.append(e)
            continue
        return cast("Recognizer", found)
    raise _missing(name) from causes[0]


def _missing(name: str) -> MissingExtraError:
    which = "" if name == "auto" else f"（{name}）"
    which_en = "" if name == "auto" else f" ({name})"
    error = MissingExtraError.of(
        "ocr", Message(f"文字识别{which}", f"recognising text in pictures{which_en}")
    )
    pip = error.hint or Message("", "")
    return MissingExtraError(
        error.message,
        Message(
            f"{pip.zh}；或安装 tesseract 及其简体中文数据，"
            "例如：apt-get install tesseract-ocr tesseract-ocr-chi-sim",
            f"{pip.en}; or install tesseract with its simplified Chinese data, "
            "e.g. apt-get install tesseract-ocr tesseract-ocr-chi-sim",
        ),
    )
