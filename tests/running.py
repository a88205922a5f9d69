"""How tests run the program: as a process, inside this process, on a terminal."""

from __future__ import annotations

import io
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess
from typing import TYPE_CHECKING, Any

import pytest

import nqpf_cli
from nqpf_cli import i18n

if TYPE_CHECKING:
    from nqpf_cli.pipeline import Analyzer

TIMEOUT_S = 120


@pytest.fixture(scope="session")
def environment(own_cache: Path) -> dict[str, str]:
    """Return the environment of processes: English, no colour settings, our package."""
    keep = ("PATH", "HOME", "SYSTEMROOT", "VIRTUAL_ENV", "TMPDIR")
    return {
        **{k: os.environ[k] for k in keep if k in os.environ},
        "XDG_CACHE_HOME": str(own_cache),
        "PYTHONPATH": str(Path(nqpf_cli.__file__).resolve().parents[1]),
        "LC_ALL": "C.UTF-8",
        "NQPF_LANG": "en",
        "TERM": "xterm-256color",
    }


@pytest.fixture(scope="session")
def run(environment: dict[str, str]) -> Callable[..., CompletedProcess[str]]:
    """Run ``nqpf`` as a process: ``run("score", path, stdin=b"", cwd=None, NQPF_LANG="zh")``."""

    def go(
        *args: str | Path,
        stdin: bytes = b"",
        cwd: Path | None = None,
        **variables: str,
    ) -> CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "nqpf_cli", *map(str, args)],
            input=stdin,
            capture_output=True,
            cwd=cwd,
            env={**environment, **variables},
            timeout=TIMEOUT_S,
            check=False,
        )
        return CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return go


def children() -> set[int]:
    """Return the numbers of the processes that this one has made and that are there."""
    if sys.platform != "linux":
        return {c.pid for c in multiprocessing.active_children() if c.pid is not None}
    lists = Path("/proc/self/task").glob("*/children")
    return {int(pid) for found in lists for pid in found.read_text().split()}


@pytest.fixture(scope="session")
def nqpf(own_cache: Path) -> Callable[..., CompletedProcess[str]]:
    """Run ``nqpf`` inside this process, through ``main``: ``nqpf("demo", stdin=b"", lang="zh")``.

    What every process builds at its start is built once for all tests, and documents are read
    here, not in a process of their own.
    """
    from nqpf_cli import __main__
    from nqpf_cli.engines import isolated
    from nqpf_cli.pipeline import Analyzer

    of = Analyzer.of
    shipped = cache(lambda settings, options: of((), settings, options))

    def analyzer_of(lexicons: Any = (), settings: Any = None, options: Any = None) -> Analyzer:
        own = tuple(lexicons)
        return of(own, settings, options) if own else shipped(settings, options)

    foreign = ("NO_COLOR", "FORCE_COLOR", "NQPF_PASSWORD", "NQPF_LANG", "GITHUB_ACTIONS")

    def go(*args: str | Path, stdin: bytes = b"", lang: str = "en") -> CompletedProcess[str]:
        argv = ["nqpf", *map(str, args)]
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in "oe")
        code = 0
        with pytest.MonkeyPatch.context() as m:
            m.setattr(Analyzer, "of", staticmethod(analyzer_of))
            m.setattr(__main__, "_reads_a_pdf", lambda _: False)
            m.setattr(isolated, "run_limited", lambda function, given, *_: function(*given))
            for name in foreign:
                m.delenv(name, raising=False)
            m.setattr(i18n, "_chosen", [lang])
            m.setattr(sys, "argv", argv)
            m.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            m.setattr(sys, "stdout", out)
            m.setattr(sys, "stderr", err)
            try:
                __main__.main()
            except SystemExit as e:
                code = int(e.code or 0)
            out.flush()
            err.flush()
        shown = [s.buffer.getvalue().decode() for s in (out, err)]  # type: ignore[attr-defined]
        return CompletedProcess(argv, code, *shown)

    return go


@pytest.fixture(scope="session")
def terminal(environment: dict[str, str]) -> Callable[..., str]:
    """Run ``nqpf`` with stdout and stderr on a pseudo-terminal and return what it shows."""
    if not hasattr(os, "openpty"):
        pytest.skip("this system has no pseudo-terminals")

    def go(*args: str | Path, **variables: str) -> str:
        ours, theirs = os.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "nqpf_cli", *map(str, args)],
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            env={**environment, **variables},
        ) as process:
            os.close(theirs)
            shown = b""
            try:
                while chunk := os.read(ours, 65536):
                    shown += chunk
            except OSError:  # how Linux tells that the other side has closed
                pass
            finally:
                os.close(ours)
            process.wait(TIMEOUT_S)
        return shown.decode("utf-8", "replace")

    return go
