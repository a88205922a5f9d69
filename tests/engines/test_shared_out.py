"""Pages shared out among processes: all of them, once, and nothing of it lost or left behind."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from nqpf_cli.engines import children as functions_at_work
from nqpf_cli.engines import pdfium, shared_out
from nqpf_cli.engines.base import ReadOptions
from nqpf_cli.engines.pdfium import PdfiumEngine
from nqpf_cli.errors import TooLargeError
from tests.running import children

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only"),
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),  # fork beside threads
]


@pytest.fixture(autouse=True)
def forks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fork, though the tests' own process may have threads; no child is left."""
    for module in (shared_out, functions_at_work):
        monkeypatch.setattr(module, "can_fork", lambda: True)
    before = children()
    yield
    assert children() == before


@pytest.mark.parametrize("count", [0, 1, 100, 5000, 100_000])
def test_every_number_comes_once(count: int) -> None:
    done = shared_out.shared_out(list, count, 3, "a.pdf")
    assert sorted(done) == list(range(count))


def test_others_take_what_one_leaves() -> None:
    mine = os.getpid()

    def work(numbers: Iterable[int]) -> list[int]:
        return list(numbers) if os.getpid() != mine else []

    assert sorted(shared_out.shared_out(work, 20, 2, "a.pdf")) == list(range(20))


def test_one_process_needs_no_other() -> None:
    mine = os.getpid()
    assert shared_out.shared_out(lambda some: [os.getpid() for _ in some], 2, 1, "a") == [mine] * 2


def test_an_error_elsewhere_is_raised_here() -> None:
    mine = os.getpid()

    def work(numbers: Iterable[int]) -> list[int]:
        if os.getpid() != mine:
            raise pdfium.too_much_text("a.pdf")
        return []

    with pytest.raises(TooLargeError, match=r"a\.pdf"):
        shared_out.shared_out(work, 20, 2, "a.pdf")


def be_killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def be_greedy() -> None:
    held = []
    while True:
        held.append(bytearray(1 << 24))


@pytest.mark.parametrize("breaks", [be_killed, be_greedy])
def test_what_another_process_broke_on_is_done_here(breaks: Callable[[], None]) -> None:
    mine = os.getpid()

    def work(numbers: Iterable[int]) -> list[int]:
        if os.getpid() == mine:
            return numbers if isinstance(numbers, list) else []
        for n in numbers:
            if n == 7:
                breaks()
        return []

    assert shared_out.shared_out(work, 20, 2, "a.pdf") == list(range(20))


def test_a_fault_here_ends_the_others() -> None:
    mine = os.getpid()

    def work(numbers: Iterable[int]) -> list[int]:
        if os.getpid() != mine:
            signal.pause()
        raise KeyError("here")

    with pytest.raises(KeyError, match="here"):
        shared_out.shared_out(work, 20, 3, "a.pdf")


@pytest.mark.parametrize(
    ("pages", "processors", "beside", "expected"),
    [
        (5, 4, 0, 1),  # too short to be shared
        (25, 4, 0, 2),
        (1000, 4, 0, 4),
        (100, 2, 120, 1),  # the other processor has as much to do
        (200, 2, 120, 2),
        (100, 4, 120, 3),
        (1000, 4, 120, 4),
        (1000, 1, 120, 1),
    ],
)
def test_long_documents_have_many_readers(
    pages: int, processors: int, beside: int, expected: int
) -> None:
    options = ReadOptions(processes=processors, beside_pages=beside)
    assert pdfium.readers(pages, options) == expected


def test_pages_are_the_same_however_many_read(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdfium, "_WORTH_A_PROCESS", 1)
    data = (sample / "report.pdf").read_bytes()
    one, three = (PdfiumEngine().read(data, "report.pdf", ReadOptions(processes=n)) for n in (1, 3))
    assert one == three
    with pytest.raises(TooLargeError):
        PdfiumEngine().read(data, "report.pdf", ReadOptions(processes=3, max_chars=500))
