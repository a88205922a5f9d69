"""Tesseract: the program of that name, when it is installed with simplified Chinese."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import atan
from statistics import median

import numpy as np

from nqpf_cli.errors import DocumentTimeoutError, InputError
from nqpf_cli.i18n import Message
from nqpf_cli.ocr.base import Image, RecognisedLine
from nqpf_cli.ocr.upright import Slanted, upright

LANGUAGE = "chi_sim"
_TIMEOUT_S = 120.0
_LUMINANCE = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # ITU-R BT.601
_APART = 2.0  # em: words farther apart are cells of a table, or lines of two columns
_ON_END = 1.5  # times as high as wide: a line that runs downwards, as on a sideways sheet
_NOISE = 0.4  # confidence below which a line is a speck, a rule or a stamp
_WORD = "5"  # level of a word in the table that Tesseract prints


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    confidence: float


class TesseractRecognizer:
    """Reads with ``tesseract -l chi_sim``; raises ``ImportError`` where it is absent.

    A page is read on one thread whatever ``threads`` says: with two, Tesseract's threads wait for
    each other, and on a busy machine a page takes minutes instead of seconds.
    """

    name = "tesseract"

    def __init__(self, threads: int = 1) -> None:
        program = shutil.which("tesseract")
        if program is None or LANGUAGE not in _languages(program):
            raise ImportError(f"there is no program tesseract with the language {LANGUAGE}")
        self._program = program

    def recognise(self, image: Image, dpi: float) -> list[RecognisedLine]:
        """Return the lines of ``image``, boxes set upright.

        Raises ``InputError`` or ``DocumentTimeoutError``.
        """
        gray = image if image.ndim == 2 else (image @ _LUMINANCE).astype(np.uint8)
        height, width = gray.shape
        words = _words(self._run(b"P5\n%d %d\n255\n" % (width, height) + gray.tobytes(), dpi))
        lines = [part for line in words for part in _parts(line) if _confidence(part) >= _NOISE]
        boxes = upright([_slanted(line) for line in lines], width, height)
        return [
            RecognisedLine(text=_text(line), box=box, confidence=_confidence(line))
            for line, box in zip(lines, boxes, strict=True)
        ]

    def _run(self, picture: bytes, dpi: float) -> str:
        command = [self._program, "stdin", "stdout", "-l", LANGUAGE, "--dpi", f"{dpi:.0f}"]
        try:
            done = subprocess.run(
                [*command, "--psm", "3", "tsv"],
                input=picture,
                capture_output=True,
                check=True,
                timeout=_TIMEOUT_S,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )
        except subprocess.TimeoutExpired as e:
            raise DocumentTimeoutError(
                Message(
                    f"识别一页超过 {_TIMEOUT_S:g} 秒",
                    f"recognising a page took more than {_TIMEOUT_S:g} seconds",
                )
            ) from e
        except (OSError, subprocess.CalledProcessError) as e:
            said = (getattr(e, "stderr", None) or b"").decode("utf-8", "replace").strip()
            reason = said.splitlines()[-1] if said else str(e)
            raise InputError(
                Message(
                    f"文字识别（tesseract）出错：{reason}",
                    f"text recognition (tesseract) failed: {reason}",
                ),
                Message("试试 --ocr-engine rapidocr", "try --ocr-engine rapidocr"),
            ) from e
        return done.stdout.decode("utf-8", "replace")


@cache
def _languages(program: str) -> frozenset[str]:
    try:
        done = subprocess.run(
            [program, "--list-langs"], capture_output=True, check=True, timeout=_TIMEOUT_S
        )
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return frozenset(done.stdout.decode("utf-8", "replace").split())


def _words(table: str) -> list[list[_Word]]:
    """Return the words of each line, from the table that Tesseract prints (12 columns)."""
    lines: defaultdict[tuple[int, ...], list[_Word]] = defaultdict(list)
    for row in table.split("\n"):
        # The text comes last and is never quoted: no CSV reader.
        cells = row.split("\t", 11)
        if len(cells) < 12 or cells[0] != _WORD or not cells[11].strip():
            continue
        x, y, w, h = (float(c) for c in cells[6:10])
        place = tuple(int(c) for c in cells[1:5])
        lines[place].append(
            _Word(cells[11].strip(), x, y, x + w, y + h, max(0.0, float(cells[10]) / 100))
        )
    return list(lines.values())


def _parts(words: list[_Word]) -> list[list[_Word]]:
    """Split a line where its words stand far apart."""
    em = max(median(w.bottom - w.top for w in words), 1.0)
    parts = [[words[0]]]
    for word in words[1:]:
        if word.x0 - parts[-1][-1].x1 > _APART * em:
            parts.append([])
        parts[-1].append(word)
    return parts


def _slanted(words: list[_Word]) -> Slanted:
    x0, x1 = min(w.x0 for w in words), max(w.x1 for w in words)
    top, bottom = min(w.top for w in words), max(w.bottom for w in words)
    if len(words) > 1 and bottom - top > _ON_END * (x1 - x0):
        return Slanted((x0 + x1) / 2, (top + bottom) / 2, x1 - x0, bottom - top, 0.0)
    xs = np.array([(w.x0 + w.x1) / 2 for w in words])
    ys = np.array([(w.top + w.bottom) / 2 for w in words])
    slope = 0.0
    if len(words) > 2 and xs.max() > xs.min():
        slope = float(np.polyfit(xs, ys, 1)[0])
    return Slanted(
        x=(x0 + x1) / 2,
        y=float(np.median(ys + slope * ((x0 + x1) / 2 - xs))),
        width=x1 - x0,
        height=median(w.bottom - w.top for w in words),
        angle=atan(slope),
    )


def _text(words: list[_Word]) -> str:
    """Join words; Tesseract cuts Chinese into words too, so only Latin ones get a space."""
    out = words[0].text
    for left, right in pairwise(words):
        a, b = left.text[-1], right.text[0]
        latin = a.isascii() and b.isascii() and a.isalpha() and b.isalpha()
        out += " " + right.text if latin else right.text
    return out


def _confidence(words: list[_Word]) -> float:
    """Return the mean confidence of the words, weighted by their length."""
    length = sum(len(w.text) for w in words)
    return sum(w.confidence * len(w.text) for w in words) / length
