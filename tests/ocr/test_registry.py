"""The best recognizer that is installed is found, and what to install is told."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nqpf_cli.errors import MissingExtraError, UsageError
from nqpf_cli.ocr import registry, tesseract
from nqpf_cli.ocr.registry import RECOGNIZERS, resolve


class _Installed:
    name = "installed"

    def __init__(self, threads: int) -> None:
        self.threads = threads


class _Absent:
    def __init__(self, threads: int) -> None:
        raise ImportError("not installed")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    for name in RECOGNIZERS:
        kind = "_Installed" if name in request.param else "_Absent"
        monkeypatch.setitem(registry.RECOGNIZERS, name, f"stand_in:{kind}")
    stand_in = type(sys)("stand_in")
    stand_in._Installed, stand_in._Absent = _Installed, _Absent  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "stand_in", stand_in)


@pytest.mark.parametrize("installed", [("tesseract",)], indirect=True)
def test_auto_takes_what_is_installed(installed: None) -> None:
    assert isinstance(resolve("auto", threads=1), _Installed)


def test_auto_prefers_rapidocr() -> None:
    assert list(RECOGNIZERS) == ["rapidocr", "tesseract"]


@pytest.mark.parametrize("installed", [()], indirect=True)
@pytest.mark.parametrize("name", ["auto", "rapidocr", "tesseract"])
def test_both_remedies_are_named_where_nothing_is_installed(installed: None, name: str) -> None:
    with pytest.raises(MissingExtraError) as caught:
        resolve(name)
    hint = caught.value.hint
    assert hint is not None
    for text in hint:
        assert "pip install 'nqpf[ocr]'" in text
        assert "tesseract-ocr-chi-sim" in text


@pytest.mark.parametrize("installed", [("rapidocr",)], indirect=True)
def test_a_recognizer_asked_for_by_name_is_not_replaced(installed: None) -> None:
    with pytest.raises(MissingExtraError, match="tesseract"):
        resolve("tesseract")


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        resolve("abbyy")
    assert caught.value.hint is not None
    assert "rapidocr" in caught.value.hint.en


def test_a_tesseract_without_chinese_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract.shutil, "which", lambda _: "/usr/bin/tesseract")
    monkeypatch.setattr(tesseract, "_languages", lambda _: frozenset({"eng"}))
    with pytest.raises(MissingExtraError):
        resolve("tesseract")


def test_the_registry_imports_nothing_heavy() -> None:
    code = (
        "import sys, nqpf_cli.ocr.registry, nqpf_cli.ocr.pages;"
        "print(sorted({'cv2', 'onnxruntime', 'rapidocr', 'pypdfium2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
