"""Lexicons are kept in the cache folder, and what is kept is never wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nqpf_cli.errors import LexiconError
from nqpf_cli.lexicon import kept
from nqpf_cli.lexicon.load import load
from nqpf_cli.model import Lexicon
from nqpf_cli.resources import data_dir


@pytest.fixture
def cache(caches: Path) -> Path:
    return caches / "lexicons"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_dir("lexicons"), tmp_path / "own"))


def test_what_is_kept_is_what_was_loaded(shipped: Lexicon, cache: Path) -> None:
    assert kept.load() == shipped
    assert len(list(cache.iterdir())) == 1
    assert kept.load() == shipped


def test_the_second_time_no_toml_is_parsed(
    shipped: Lexicon, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.load()

    def never(paths: object) -> Lexicon:
        raise AssertionError("loaded again")

    monkeypatch.setattr("nqpf_cli.lexicon.load.load", never)
    assert kept.load() == shipped


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data.replace("人才".encode(), "天才".encode(), 1),
        lambda data: b"\x00" * 100,
    ],
    ids=["empty", "torn", "changed", "zeros"],
)
def test_a_spoilt_file_is_made_anew(
    shipped: Lexicon, cache: Path, spoil: Callable[[bytes], bytes]
) -> None:
    kept.load()
    (file,) = cache.iterdir()
    whole = file.read_bytes()
    file.write_bytes(spoil(whole))
    assert kept.load() == shipped
    assert file.read_bytes() == whole


def test_a_change_of_a_file_is_seen(cache: Path, folder: Path) -> None:
    before = kept.load([folder])
    file = folder / "method.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\n# note\n", encoding="utf-8")
    after = kept.load([folder])
    assert after.sha256 != before.sha256
    assert after == load([folder])


def test_one_that_is_edited_while_it_is_read_is_not_kept(
    cache: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def edit_and_load(paths: tuple[Path, ...]) -> Lexicon:
        path = folder / "block.toml"
        path.write_text(path.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
        return load(paths)

    monkeypatch.setattr("nqpf_cli.lexicon.load.load", edit_and_load)
    lexicon = kept.load((folder,))
    assert not cache.exists()
    assert kept.key_of(lexicon) is None


def test_a_wrong_lexicon_is_told_every_time(cache: Path, folder: Path) -> None:
    file = folder / "method.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\nodd = 1\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(LexiconError):
            kept.load([folder])
    assert not cache.exists()


def test_a_cache_that_cannot_be_written_does_no_harm(
    shipped: Lexicon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert kept.load() == shipped


def test_old_lexicons_are_dropped(
    cache: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "KEPT", 2)
    file = folder / "method.toml"
    for n in range(4):
        file.write_text(file.read_text(encoding="utf-8") + f"# {n}\n", encoding="utf-8")
        kept.load([folder])
    assert len(list(cache.iterdir())) == 2
