"""A process that gets ready before it is told what to do."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator

import pytest

from nqpf_cli.engines import children, standby
from nqpf_cli.engines.base import Limits
from nqpf_cli.engines.isolated import run_limited
from nqpf_cli.errors import DocumentTimeoutError, TooLargeError

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only"),
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),  # fork beside threads
]

_ready: list[str] = []


def get_ready() -> None:
    _ready.append("ready")


def is_ready() -> tuple[list[str], int]:
    return _ready, os.getpid()


def wait() -> None:
    while True:
        time.sleep(60)


def greedy() -> list[bytearray]:
    return [bytearray(1 << 24) for _ in range(1000)]


@pytest.fixture(autouse=True)
def forks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fork, though the tests' own process may have threads."""
    monkeypatch.setattr(standby, "can_fork", lambda: True)
    monkeypatch.setattr(children, "_context", lambda: multiprocessing.get_context("fork"))
    yield
    standby.dismiss()
    assert not multiprocessing.active_children()


def run(function: object, limits: Limits | None = None, *args: object) -> object:
    return run_limited(function, args, "a.pdf", limits or Limits())  # type: ignore[arg-type]


def test_the_first_work_is_done_by_the_process_that_is_ready() -> None:
    standby.stand_by(get_ready)
    (waiting,) = (c.pid for c in multiprocessing.active_children())
    assert run(is_ready) == (["ready"], waiting)
    ready, other = run(is_ready)  # type: ignore[misc]
    assert (ready, other == waiting) == ([], False)


def test_one_stands_by_at_the_most() -> None:
    standby.stand_by(get_ready)
    standby.stand_by(get_ready)
    assert len(multiprocessing.active_children()) == 1


def test_large_work_comes_whole() -> None:
    standby.stand_by(get_ready)
    data = os.urandom(1 << 23)
    assert run(bytes.__len__, None, data) == 1 << 23


def test_one_that_is_not_needed_goes() -> None:
    standby.stand_by(get_ready)
    standby.dismiss()
    assert not multiprocessing.active_children()


def test_one_that_was_killed_is_replaced() -> None:
    standby.stand_by(get_ready)
    (waiting,) = multiprocessing.active_children()
    os.kill(waiting.pid or 0, signal.SIGKILL)
    waiting.join()
    ready, _ = run(is_ready)  # type: ignore[misc]
    assert ready == []


def test_limits_hold_for_it() -> None:
    standby.stand_by(get_ready)
    with pytest.raises(DocumentTimeoutError):
        run(wait, Limits(timeout_s=0.3))
    standby.stand_by(get_ready)
    with pytest.raises(TooLargeError, match="200 MiB"):
        run(greedy, Limits(memory_mib=200))


def test_without_processes_a_run_does_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standby, "can_fork", lambda: False)
    standby.stand_by(get_ready)
    assert not multiprocessing.active_children()
    assert run(is_ready) is not None


def test_a_fault_in_getting_ready_is_told() -> None:
    standby.stand_by(_fail)
    with pytest.raises(KeyError, match="not ready"):
        run(is_ready)


def _fail() -> None:
    raise KeyError("not ready")
