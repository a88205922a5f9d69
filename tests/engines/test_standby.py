"""A process that gets ready before it is told what to do."""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nqpf_cli.engines import children as functions_at_work
from nqpf_cli.engines import standby
from nqpf_cli.engines.base import Limits
from nqpf_cli.engines.isolated import run_limited
from nqpf_cli.errors import DocumentTimeoutError, InputError, TooLargeError
from tests.running import children

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
def forks(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[int]]:
    """Fork, though the tests' own process may have threads; give what children it has."""
    for module in (standby, functions_at_work):
        monkeypatch.setattr(module, "can_fork", lambda: True)
    before = children()
    yield before
    standby.dismiss()
    assert children() == before


def run(function: object, limits: Limits | None = None, *args: object) -> object:
    return run_limited(function, args, "a.pdf", limits or Limits())  # type: ignore[arg-type]


def test_the_first_work_is_done_by_the_process_that_is_ready(forks: set[int]) -> None:
    standby.stand_by(get_ready)
    (waiting,) = children() - forks
    assert run(is_ready) == (["ready"], waiting)
    ready, other = run(is_ready)  # type: ignore[misc]
    assert (ready, other == waiting) == ([], False)


def test_one_stands_by_at_the_most(forks: set[int]) -> None:
    standby.stand_by(get_ready)
    standby.stand_by(get_ready)
    assert len(children() - forks) == 1


def test_large_work_comes_whole() -> None:
    standby.stand_by(get_ready)
    data = os.urandom(1 << 23)
    assert run(bytes.__len__, None, data) == 1 << 23


def test_one_that_is_not_needed_goes(forks: set[int]) -> None:
    standby.stand_by(get_ready)
    standby.dismiss()
    assert children() == forks


def test_one_that_was_killed_is_replaced(forks: set[int]) -> None:
    standby.stand_by(get_ready)
    (waiting,) = children() - forks
    os.kill(waiting, signal.SIGKILL)
    os.waitid(os.P_PID, waiting, os.WEXITED | os.WNOWAIT)
    ready, _ = run(is_ready)  # type: ignore[misc]
    assert ready == []


def test_children_may_be_waited_for_by_the_system(forks: set[int]) -> None:
    ignored = signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # as some services start programs
    try:
        assert run(bytes.__len__, None, b"ab") == 2
        standby.stand_by(get_ready)
        assert run(bytes.__len__, None, b"ab") == 2
        standby.stand_by(get_ready)
        standby.dismiss()
        assert children() == forks
    finally:
        signal.signal(signal.SIGCHLD, ignored)


def test_limits_hold_for_it() -> None:
    standby.stand_by(get_ready)
    with pytest.raises(DocumentTimeoutError):
        run(wait, Limits(timeout_s=0.3))
    standby.stand_by(get_ready)
    with pytest.raises(TooLargeError, match="200 MiB"):
        run(greedy, Limits(memory_mib=200))


def test_without_processes_a_run_does_without(
    monkeypatch: pytest.MonkeyPatch, forks: set[int]
) -> None:
    monkeypatch.setattr(standby, "can_fork", lambda: False)
    standby.stand_by(get_ready)
    assert children() == forks
    assert run(is_ready) is not None


def test_where_no_process_is_to_be_had_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(os, "fork", refuse)
    open_files = set(Path("/proc/self/fd").iterdir())
    standby.stand_by(get_ready)
    with pytest.raises(InputError, match=r"a process to read a\.pdf.*unavailable") as e:
        run(is_ready)
    assert e.value.exit_code == 3
    assert set(Path("/proc/self/fd").iterdir()) == open_files


def test_one_that_could_not_get_ready_works_all_the_same() -> None:
    standby.stand_by(_fail)
    assert run(bytes.__len__, None, b"ab") == 2


def _fail() -> None:
    raise KeyError("not ready")
