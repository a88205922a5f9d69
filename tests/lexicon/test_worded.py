"""The wording model is kept as arrays, and what is kept is never wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from nqpf_cli.analysis import wording
from nqpf_cli.analysis.codings import label_rows
from nqpf_cli.analysis.skeletons import Skeletons
from nqpf_cli.analysis.wording import Compiled
from nqpf_cli.lexicon import worded
from nqpf_cli.resources import table

MODEL = table("wording.tsv")


@pytest.fixture(scope="module")
def shipped_model() -> Compiled:
    return wording.compiled(wording.read(MODEL))


@pytest.fixture
def cache(caches: Path) -> Path:
    return caches / "wording"


def assert_same(found: Compiled, wanted: Compiled) -> None:
    for part, other in ((found, wanted), (found.ngrams, wanted.ngrams)):
        for f in fields(part):
            if f.name != "ngrams":
                for a, b in zip(getattr(part, f.name), getattr(other, f.name), strict=True):
                    np.testing.assert_array_equal(a, b)


def test_what_is_kept_is_what_was_read(shipped_model: Compiled, cache: Path) -> None:
    assert_same(worded.load(MODEL), shipped_model)
    assert len(list(cache.iterdir())) == 1
    kept = worded.load(MODEL)
    assert_same(kept, shipped_model)
    texts = Skeletons(["加快发展新质生产力。", "人才不足", ""])
    rules = label_rows([["factor"], [], []])
    scores = [wording.Wording(m).scores(texts, rules) for m in (kept, wording.read(MODEL))]
    np.testing.assert_array_equal(*scores)


def test_the_second_time_no_table_is_read(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worded.load(MODEL)

    def never(path: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(wording, "read", never)
    worded.load(MODEL)


def whole(body: bytes) -> bytes:
    """Return a file that holds ``body``, with the right hash."""
    return hashlib.sha256(body).digest() + body


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[:5000] + bytes([data[5000] ^ 1]) + data[5001:],
        lambda data: b"\x00" * 100,
        lambda data: whole(b""),
        lambda data: whole(b"\x00" * 7),
        lambda data: whole(b"\x00" * 400),
        lambda data: whole(data[32:-4]),
        lambda data: whole(data[32:36] + b"\xff" * 4 + data[40:]),
    ],
    ids=["empty", "torn", "changed", "zeros", "none", "odd", "other", "short", "negative"],
)
def test_a_spoilt_file_is_made_anew(
    shipped_model: Compiled, cache: Path, spoil: Callable[[bytes], bytes]
) -> None:
    worded.load(MODEL)
    (file,) = cache.iterdir()
    sound = file.read_bytes()
    file.write_bytes(spoil(sound))
    assert_same(worded.load(MODEL), shipped_model)
    assert file.read_bytes() == sound


def test_another_table_is_another_model(cache: Path, tmp_path: Path) -> None:
    before = worded.load(MODEL)
    rows = MODEL.read_text(encoding="utf-8").split("\n")
    other = tmp_path / "wording.tsv"
    other.write_text("\n".join([*rows[:6], *rows[7:]]), encoding="utf-8")
    assert len(worded.load(other).idf) == len(before.idf) - 1
    assert_same(worded.load(MODEL), before)


def test_another_program_reads_for_itself(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worded.load(MODEL)
    program = tmp_path / "wording.py"
    program.write_text("another release", encoding="utf-8")
    monkeypatch.setattr(wording, "__file__", str(program))
    worded.load(MODEL)
    assert len(list(cache.iterdir())) == 2
    program.unlink()  # a program that cannot be read keeps nothing
    worded.load(MODEL)
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize("obstacle", ["a file for the folder", "a folder for the file"])
def test_a_cache_that_cannot_be_written_does_no_harm(
    shipped_model: Compiled, cache: Path, obstacle: str
) -> None:
    if obstacle == "a file for the folder":
        cache.parent.mkdir(parents=True)
        cache.write_text("in the way", encoding="utf-8")
    else:
        worded.load(MODEL)
        (file,) = cache.iterdir()
        file.unlink()
        (file / "in the way").mkdir(parents=True)
    assert_same(worded.load(MODEL), shipped_model)


def test_old_models_are_dropped(cache: Path, tmp_path: Path) -> None:
    rows = MODEL.read_text(encoding="utf-8").split("\n")
    for n in range(3):
        other = tmp_path / f"{n}.tsv"
        other.write_text("\n".join([*rows[: 6 + n], *rows[8 + n :]]), encoding="utf-8")
        worded.load(other)
    assert len(list(cache.iterdir())) == worded.KEPT
