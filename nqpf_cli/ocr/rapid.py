"""RapidOCR: PaddleOCR's models on onnxruntime, all of them inside the installed wheel."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from nqpf_cli.errors import InputError
from nqpf_cli.i18n import Message
from nqpf_cli.ocr.base import Image, RecognisedLine
from nqpf_cli.ocr.upright import slanted, upright

_NAMES = {"Det": "*_det_*.onnx", "Rec": "*_rec_*.onnx"}
# What onnxruntime and OpenCV say, in exceptions of their own.
_OUT_OF_MEMORY = re.compile(r"bad_alloc|insufficient memory|failed to allocate", re.IGNORECASE)
_LOCK = Lock()  # an engine keeps its settings in itself while it runs


class RapidRecognizer:
    """Reads with RapidOCR on ``threads`` threads; raises ``ImportError`` where it is absent."""

    name = "rapidocr"

    def __init__(self, threads: int = 2) -> None:
        self._engine = _engine(min(threads, os.cpu_count() or 1))

    def recognise(self, image: Image, dpi: float) -> list[RecognisedLine]:
        """Return the lines of ``image``, boxes set upright.

        Raises ``InputError``, and ``MemoryError`` where memory is limited: a page of A4 at
        200 dpi wants up to 900 MiB of address space, 600 of them real.
        """
        # OpenCV's order of colours is blue, green, red.
        picture = image if image.ndim == 2 else np.ascontiguousarray(image[:, :, ::-1])
        try:
            with _LOCK:
                result = self._engine(picture)
        except MemoryError:
            raise
        except Exception as e:  # RapidOCR raises classes of its many modules
            if _OUT_OF_MEMORY.search(repr(e)):
                raise MemoryError from e
            raise InputError(
                Message("文字识别（rapidocr）出错", "text recognition (rapidocr) failed"),
                Message("试试 --ocr-engine tesseract", "try --ocr-engine tesseract"),
            ) from e
        if getattr(result, "boxes", None) is None or getattr(result, "txts", None) is None:
            return []
        lines = [slanted([(float(x), float(y)) for x, y in quad]) for quad in result.boxes]
        boxes = upright(lines, image.shape[1], image.shape[0])
        return [
            RecognisedLine(text=text, box=box, confidence=float(score))
            for text, box, score in zip(result.txts, boxes, result.scores, strict=True)
        ]


@cache
def _engine(threads: int) -> Any:
    """Return the process's engine: loading its models takes as long as reading half a page."""
    import cv2
    import rapidocr

    cv2.setNumThreads(threads)
    folder = Path(rapidocr.__file__).parent / "models"
    options: dict[str, Any] = {
        "Global.log_level": "critical",
        # The classifier of upside-down lines turns some upright ones, and a turned line is lost:
        # 2 of 54 on two clean pages. Pages that lie upside down are turned as a whole.
        "Global.use_cls": False,
        # Lines are found in a smaller picture and read in the full one: on A4 at 200 dpi that
        # costs two thirds of the time of the defaults and reads as well, small print included.
        "Global.max_side_len": 5000,
        "Det.limit_type": "max",
        "Det.limit_side_len": 1280,
        "Rec.rec_batch_num": 1,  # a batch is padded to its longest line, which costs more
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    for part, pattern in _NAMES.items():
        # With paths given RapidOCR cannot fall back to downloading.
        options[f"{part}.model_path"] = str(_model(folder, pattern))
    return rapidocr.RapidOCR(params=options)


def _model(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if not found:
        raise ImportError(f"the installed rapidocr has no model {pattern} in it")
    return found[0]


# Threads of onnxruntime do not survive a fork: the child must build its own engine.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_engine.cache_clear)
