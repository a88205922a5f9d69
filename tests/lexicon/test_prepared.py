"""What a lexicon is coded with is kept as arrays, and what is kept is never another's."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from nqpf_cli import analysis
from nqpf_cli.analysis import coder, packed
from nqpf_cli.analysis.coder import Prepared, prepare
from nqpf_cli.lexicon import kept, prepared
from nqpf_cli.model import Lexicon, Settings
from nqpf_cli.pipeline import Analyzer
from nqpf_cli.resources import data_dir

RULES = Settings(coder="rules")


@pytest.fixture
def cache(caches: Path) -> Path:
    return caches / "prepared"


@pytest.fixture
def loaded(cache: Path) -> Lexicon:
    return kept.load()


def arrays_of(some: Prepared) -> list[npt.NDArray[Any]]:
    return [array for part in some for array in part]


def assert_same(found: Prepared, wanted: Prepared) -> None:
    for a, b in zip(arrays_of(found), arrays_of(wanted), strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)


def test_what_is_kept_is_what_was_prepared(
    loaded: Lexicon, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_same(prepared.load(loaded), prepare(loaded))
    assert len(list(cache.iterdir())) == 1

    def never(lexicon: Lexicon) -> Prepared:
        raise AssertionError("prepared again")

    again = kept.load()
    wanted = prepare(again)
    monkeypatch.setattr(coder, "prepare", never)
    assert_same(prepared.load(again), wanted)
    assert_same(prepared.load(replace(again, nested="all")), wanted)  # the same entries


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[:9000] + bytes([data[9000] ^ 1]) + data[9001:],
        lambda data: hashlib.sha256(b"").digest(),
        lambda data: (odd := packed.pack([np.arange(9)])) and hashlib.sha256(odd).digest() + odd,
    ],
    ids=["empty", "torn", "changed", "none", "other"],
)
def test_a_spoilt_file_is_made_anew(
    loaded: Lexicon, cache: Path, spoil: Callable[[bytes], bytes]
) -> None:
    prepared.load(loaded)
    (file,) = cache.iterdir()
    sound = file.read_bytes()
    file.write_bytes(spoil(sound))
    assert_same(prepared.load(loaded), prepare(loaded))
    assert file.read_bytes() == sound


def test_a_changed_lexicon_is_never_taken_for_the_one_that_was_loaded(
    loaded: Lexicon, cache: Path
) -> None:
    text = "人才很多，产业结构存在短板。"
    whole = Analyzer(loaded, RULES).code(text)
    assert {m.stance for m in whole.matches} == {None, "problem"}
    for other in (
        replace(loaded, entries=tuple(e for e in loaded.entries if e.term != "人才")),
        replace(loaded, stance=replace(loaded.stance, cues=())),
        replace(loaded, entries=()),
    ):
        assert Analyzer(other, RULES).code(text) != whole
    assert Analyzer(kept.load(), RULES).code(text) == whole
    assert len(list(cache.iterdir())) == 1


def test_a_users_own_lexicon_is_kept_too(cache: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(data_dir("lexicons"), tmp_path / "own"))
    before = Analyzer.of([folder], RULES).code("本地夔牛人才不足。")
    file = folder / "factor.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"人才"', '"夔牛"', 1), encoding="utf-8")
    for _ in range(2):
        after = Analyzer.of([folder], RULES).code("本地夔牛人才不足。")
        assert "夔牛" in {m.entry.term for m in after.matches}
    assert "夔牛" not in {m.entry.term for m in before.matches}
    assert len(list(cache.iterdir())) == 2


def test_another_program_loads_and_prepares_for_itself(
    loaded: Lexicon, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared.load(loaded)
    folder = tmp_path / "analysis"
    folder.mkdir()
    (folder / "patterns.py").write_text("another release", encoding="utf-8")
    monkeypatch.setattr(analysis, "__file__", str(folder / "__init__.py"))
    prepared.load(kept.load())
    monkeypatch.setattr(kept, "__version__", "9.9")
    prepared.load(kept.load())
    assert len(list(cache.iterdir())) == 3
    assert len(list((cache.parent / "lexicons").iterdir())) == 3


def test_a_cache_that_cannot_be_written_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    lexicon = kept.load()
    assert_same(prepared.load(lexicon), prepare(lexicon))
