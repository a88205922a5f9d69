"""Limits hold for every kind of file, and for the layout as for the reading."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from nqpf_cli import reading
from nqpf_cli.engines.base import Limits
from nqpf_cli.errors import DocumentTimeoutError, TooLargeError
from nqpf_cli.model import Document
from tests.material import PLAN

Read = Callable[..., Document]


def docx_of(text: str) -> bytes:
    import docx

    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


FILES: dict[str, bytes] = {
    "a.txt": PLAN.encode(),
    "a.md": PLAN.encode(),
    "a.html": f"<html><body><article>{PLAN}</article></body></html>".encode(),
    "a.docx": docx_of(PLAN),
}


@pytest.mark.parametrize("limits", [None, Limits()], ids=["here", "in a process of its own"])
@pytest.mark.parametrize("name", FILES)
def test_too_many_characters_are_refused(read: Read, name: str, limits: Limits | None) -> None:
    with pytest.raises(TooLargeError, match=name) as e:
        read(FILES[name], name, max_chars=100, limits=limits)
    assert e.value.hint is not None


@pytest.mark.parametrize("name", FILES)
def test_a_process_of_its_own_changes_nothing(read: Read, name: str) -> None:
    assert read(FILES[name], name, limits=Limits()) == read(FILES[name], name)


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_text_of_too_many_bytes_is_not_even_decoded(
    read: Read, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nqpf_cli.engines import plain

    def decode(*_: object) -> str:
        raise AssertionError

    monkeypatch.setattr(plain, "decode", decode)
    with pytest.raises(TooLargeError):
        read("字" * 1000, name, max_chars=100)


def never_ending(*_: object) -> Any:
    while True:
        time.sleep(60)


def greedy(*_: object) -> Any:
    return [bytearray(1 << 24) for _ in range(1000)]


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # fork beside threads
@pytest.mark.skipif(sys.platform != "linux", reason="the change made here is seen only by a fork")
@pytest.mark.parametrize(
    ("layout", "limits", "error"),
    [
        (never_ending, Limits(timeout_s=0.3), DocumentTimeoutError),
        (greedy, Limits(memory_mib=200), TooLargeError),
    ],
)
def test_the_layout_keeps_to_the_limits_too(
    read: Read,
    monkeypatch: pytest.MonkeyPatch,
    layout: Callable[..., Any],
    limits: Limits,
    error: type[Exception],
) -> None:
    from nqpf_cli.engines import children

    monkeypatch.setattr(children, "can_fork", lambda: True)
    monkeypatch.setattr(reading, "build_blocks", layout)
    with pytest.raises(error, match=r"a\.txt"):
        read(PLAN, "a.txt", limits=limits)
