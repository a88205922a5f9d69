"""The time limit over Python code of this very process: no process of its own, no cost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from nqpf_cli.engines.base import Limits

_LONGEST_S = 1e8  # no alarm can be set farther


@contextmanager
def in_time(limits: Limits | None, name: str) -> Iterator[None]:
    """Raise ``DocumentTimeoutError`` where the block takes longer than the limit.

    For what is done with a document's text once it is read: that cannot crash, and only takes
    longer the longer the text is. Where there are no alarms (Windows, threads) there is no limit.
    """
    alarms = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if limits is None or not alarms or not 0 < limits.timeout_s < _LONGEST_S:
        yield
        return

    def end(number: int, frame: object) -> NoReturn:
        from nqpf_cli.engines.isolated import timeout_error

        raise timeout_error(name, limits)

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, limits.timeout_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
