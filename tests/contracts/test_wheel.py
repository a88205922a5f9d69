"""A wheel carries all that the program needs."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import nqpf_cli

SOURCE = Path(nqpf_cli.__file__).resolve().parents[1]
pytestmark = pytest.mark.wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a wheel without network."""
    if not (SOURCE / "pyproject.toml").is_file():
        pytest.skip("the package is installed, its source is not here")
    for module in ("build", "hatchling"):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed; building a wheel without network needs it")
    out = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), "."],
        cwd=SOURCE,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    (path,) = out.glob("nqpf-*.whl")
    return path


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the wheel where nothing else lies."""
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_the_wheel_carries_lexicons_sample_tables_and_types(unpacked: Path) -> None:
    package = unpacked / "nqpf_cli"
    assert (package / "py.typed").is_file()
    assert (package / "_data" / "corpora" / "sample" / "report.pdf").is_file()
    for name in ("lexicons", "nqpf_cli/data"):
        inside = package / ("_data/lexicons" if name == "lexicons" else "data")
        sources = {p.name for p in (SOURCE / name).iterdir() if p.is_file()}
        assert sources
        assert {p.name for p in inside.iterdir() if p.is_file()} == sources


def test_the_wheel_carries_nothing_else(unpacked: Path) -> None:
    tops = {p.name for p in unpacked.iterdir()}
    name = f"nqpf-{nqpf_cli.__version__}"
    assert tops == {"nqpf_cli", f"{name}.dist-info", f"{name}.data"}
    outside = [p.relative_to(unpacked).as_posix() for p in (unpacked / f"{name}.data").rglob("*.*")]
    assert outside == [f"{name}.data/data/share/man/man1/nqpf.1"]


def test_the_wheel_names_program_and_licences(unpacked: Path) -> None:
    info = unpacked / f"nqpf-{nqpf_cli.__version__}.dist-info"
    assert "nqpf = nqpf_cli.__main__:run" in (info / "entry_points.txt").read_text("utf-8")
    metadata = (info / "METADATA").read_text("utf-8")
    assert "License-Expression: MIT AND CC-BY-4.0" in metadata
    assert (info / "licenses" / "LICENSE").is_file()


def test_the_program_runs_from_the_wheel(
    unpacked: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nqpf_cli", "demo", "--format", "json"],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": os.fspath(unpacked)},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["dimensions"]["factor"]["sentences"] > 0
