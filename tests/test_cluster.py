"""A scan on a real Dask cluster of separate processes gives the bytes of a local one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess, Popen

import pytest

pytest.importorskip("distributed", reason="the extra 'dask' is not installed")

Run = Callable[..., CompletedProcess[str]]
PATIENCE_S = 120.0
QUICK = ("--coder", "rules", "--resamples", "10", "--no-cache")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="this system has no kill -9")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cluster") / "plans"
    root.mkdir()
    for n in range(24):
        (root / f"{n:02d}.txt").write_text("培育人才，发展新质生产力。\n" * (n + 1), "utf-8")
    (root / "bad.pdf").write_text("no PDF", encoding="utf-8")
    return root


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


class Cluster:
    """A scheduler and two workers, each a process (a worker with its nanny)."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self._environment, self._folder = environment, folder
        port = self.address.rsplit(":", 1)[1]
        self.processes = [
            self._start("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"),
            *(self._start("worker", self.address, "--nthreads", "1", "--no-dashboard")
              for _ in range(2)),
        ]  # fmt: skip

    def _start(self, *arguments: str) -> Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]],
            env=self._environment,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def end(self) -> None:
        for process in self.processes:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            process.wait()


@pytest.fixture
def cluster(environment: dict[str, str], tmp_path: Path) -> Iterator[Cluster]:
    from distributed import Client

    made = Cluster(environment, tmp_path)
    try:
        with Client(made.address, timeout=PATIENCE_S, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=PATIENCE_S)
        yield made
    finally:
        made.end()


def test_the_same_bytes_though_a_worker_is_killed(
    nqpf: Run, environment: dict[str, str], folder: Path, cluster: Cluster, tmp_path: Path
) -> None:
    local = nqpf("scan", folder, *QUICK)
    assert local.returncode == 7
    out = tmp_path / "scan.jsonl"
    command = [sys.executable, "-m", "nqpf_cli", "scan", str(folder), "-o", str(out), *QUICK]
    with Popen(
        [*command, "--scheduler", cluster.address], env=environment, stderr=subprocess.PIPE
    ) as scan:
        end = time.monotonic() + PATIENCE_S
        while not (out.exists() and out.stat().st_size):
            assert time.monotonic() < end, "no record came"
            assert scan.poll() is None or out.exists()
            time.sleep(0.005)
        os.killpg(cluster.processes[1].pid, signal.SIGKILL)
        _, told = scan.communicate(timeout=PATIENCE_S)
    assert scan.returncode == 7, told.decode()
    assert out.read_text(encoding="utf-8") == local.stdout


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--backend", "dask"), "--scheduler"),
        (("--backend", "spark"), "--backend"),
        (("--scheduler", "tcp://127.0.0.1:1"), "cannot reach"),
    ],
)
def test_no_cluster_is_told(
    nqpf: Run, folder: Path, options: tuple[str, ...], told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    import distributed

    def refused(*_: object, **__: object) -> None:
        raise OSError("timed out")

    monkeypatch.setattr(distributed, "Client", refused)
    done = nqpf("scan", folder, *QUICK, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
