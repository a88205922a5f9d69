"""A ready-made dictionary is believed only where nobody else can have put it."""

from __future__ import annotations

import hashlib
import marshal
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nqpf_cli.segmenters.jieba_ import JiebaSegmenter
from nqpf_cli.segmenters.stored import stored

MADE = {"人才": 3, "数据": 2}
posix = pytest.mark.skipif(os.name == "nt", reason="this system has no file modes")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "own"


@pytest.fixture
def get(folder: Path) -> Callable[[], tuple[dict[str, int], bool]]:
    """Ask for the value; tell whether it was made anew."""

    def ask() -> tuple[dict[str, int], bool]:
        made: list[int] = []
        return stored(folder, b"key", lambda: made.append(1) or dict(MADE)), bool(made)

    return ask


def only(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_it_is_made_once_and_closed_to_others(
    folder: Path, get: Callable[[], tuple[dict[str, int], bool]]
) -> None:
    assert get() == (MADE, True)
    assert get() == (MADE, False)
    if os.name != "nt":
        assert folder.stat().st_mode & 0o777 == 0o700
        assert only(folder).stat().st_mode & 0o777 == 0o600
    assert stored(folder, b"another key", lambda: 1) == 1


@pytest.mark.parametrize("change", ["cut", "flip", "empty", "foreign"])
def test_a_corrupt_cache_is_made_anew(
    folder: Path, get: Callable[[], tuple[dict[str, int], bool]], change: str
) -> None:
    get()
    path = only(folder)
    data = path.read_bytes()
    flipped = data[:40] + bytes([data[40] ^ 1]) + data[41:]
    contents = {"cut": data[:-3], "flip": flipped, "empty": b"", "foreign": b"notes" * 20}
    path.write_bytes(contents[change])
    assert get() == (MADE, True)
    assert get() == (MADE, False)


@posix
@pytest.mark.parametrize("loose", ["folder", "file"])
def test_a_cache_that_others_may_write_is_not_believed(
    folder: Path, get: Callable[[], tuple[dict[str, int], bool]], loose: str
) -> None:
    get()
    planted = marshal.dumps({"planted": 1})
    path = only(folder)
    path.write_bytes(hashlib.sha256(planted).digest() + planted)
    (folder if loose == "folder" else path).chmod(0o777)
    assert get() == (MADE, True)


@posix
def test_a_cache_of_another_user_is_not_believed(
    folder: Path,
    get: Callable[[], tuple[dict[str, int], bool]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    get()
    monkeypatch.setattr(os, "getuid", lambda: folder.stat().st_uid + 1)
    assert get() == (MADE, True)


@pytest.mark.parametrize("fault", ["no folder", "full disk"])
def test_a_cache_that_cannot_be_written_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], fault: str
) -> None:
    cache = tmp_path / "cache"
    if fault == "no folder":
        cache.write_text("not a folder", encoding="utf-8")
    else:

        def full(path: Path, target: Path) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "replace", full)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    assert JiebaSegmenter().cut("推动中部地区崛起") == ["推动", "中部", "地区", "崛起"]
    assert capfd.readouterr() == ("", "")
    assert not [p for p in tmp_path.rglob("*") if p.is_file() and p != cache]
