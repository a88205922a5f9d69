"""The time limit over what is done in this process: it ends, is told, and leaves nothing behind."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

import pytest

from nqpf_cli.analysis.coder import ModelCoder
from nqpf_cli.engines.base import Limits, ReadOptions
from nqpf_cli.engines.deadline import in_time
from nqpf_cli.errors import DocumentTimeoutError
from nqpf_cli.pipeline import Analyzer

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarms here")
SOON = Limits(timeout_s=0.05)


def loop(*_: object) -> None:
    while True:
        pass


def test_what_takes_too_long_ends_and_is_told() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with (
        pytest.raises(DocumentTimeoutError, match=r"a\.txt took more than 0\.05 s") as e,
        in_time(SOON, "a.txt"),
    ):
        loop()
    assert e.value.hint is not None
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.parametrize("timeout_s", [60.0, float("inf"), float("nan"), 1e300])
def test_what_ends_in_time_leaves_nothing_behind(timeout_s: float) -> None:
    before = signal.getsignal(signal.SIGALRM)
    with in_time(Limits(timeout_s=timeout_s), "a.txt"):
        pass
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_thread_has_no_limit() -> None:
    done: list[str] = []

    def work() -> None:
        with in_time(SOON, "a.txt"):
            done.append("done")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == ["done"]


@pytest.mark.parametrize("step", ["score", "evidence"])
def test_coding_ends(analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    document = analyzer.read_data("发展新质生产力。".encode(), "a.txt")
    monkeypatch.setattr(ModelCoder, "code_all", loop)
    hurried = Analyzer(analyzer.lexicon, analyzer.settings, ReadOptions(limits=SOON))
    act: Callable[..., object] = getattr(hurried, step)
    with pytest.raises(DocumentTimeoutError):
        act(document)
