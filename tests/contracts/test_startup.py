"""Heavy libraries are not imported where they are not used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("jieba", "sklearn", "pandas", "pdfplumber", "numpy", "scipy", "docx", "pypdfium2", "lxml")
SCRIPT = """
import sys
from nqpf_cli.__main__ import main
try:
    main()
except SystemExit as e:
    assert not e.code, e.code
print("modules:", *sorted(sys.modules), file=sys.stderr)
"""


def loaded(environment: dict[str, str], *arguments: str) -> tuple[set[str], bytes]:
    """Return the modules that a run has loaded at its end, and what it said."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        capture_output=True,
        env=environment,
        timeout=60,
        check=True,
    )
    return set(done.stderr.decode().rpartition("modules:")[2].split()), done.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("score", "--help")])
def test_help_and_version_import_nothing_heavy(
    environment: dict[str, str], arguments: tuple[str, ...]
) -> None:
    modules, _ = loaded(environment, *arguments)
    assert "nqpf_cli.cli.app" in modules
    assert modules.isdisjoint(HEAVY)
    assert "nqpf_cli.cli.scan" not in modules or arguments == ("--help",)


def test_the_api_is_light_until_it_is_used(environment: dict[str, str]) -> None:
    script = "import sys, nqpf_cli; nqpf_cli.score; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, env=environment, check=True, timeout=60
    )
    modules = set(done.stdout.decode().split())
    assert modules.isdisjoint((*HEAVY, "typer", "rich"))


# What is not needed to score a text and to draw its figures.
BESIDE = frozenset(
    (
        "jieba",
        "sklearn",
        "scipy",
        "pandas",
        "pdfplumber",
        "docx",
        "pydantic",
        "markdown_it",
        "pebble",
    )
)


def test_scoring_loads_nothing_that_it_does_not_need(
    environment: dict[str, str], tmp_path: Path
) -> None:
    text = tmp_path / "plan.txt"
    text.write_text("加快发展新质生产力，破解人才不足难题。", encoding="utf-8")
    modules, _ = loaded(environment, "score", str(text), "-o", str(tmp_path / "report.json"))
    assert "nqpf_cli.pipeline" in modules
    assert modules.isdisjoint(BESIDE)


def test_a_process_that_reads_a_pdf_loads_no_more_than_that(environment: dict[str, str]) -> None:
    script = "import sys; from nqpf_cli import reading; reading.get_ready(); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, env=environment, check=True, timeout=60
    )
    modules = set(done.stdout.decode().split())
    assert {"nqpf_cli.engines.pdfium", "nqpf_cli.model.text"} <= modules
    assert modules.isdisjoint({"numpy", "typer", "nqpf_cli.model.lexicon", "nqpf_cli.model.report"})


def test_a_scan_that_the_cache_knows_loads_nothing_that_reads_or_scores(
    environment: dict[str, str], tmp_path: Path
) -> None:
    text = tmp_path / "plan.txt"
    text.write_text("加快发展新质生产力。", encoding="utf-8")
    for _ in "ab":
        modules, said = loaded(environment, "scan", str(text), "--cache-dir", str(tmp_path / "c"))
    assert b"1 from the cache" in said
    assert modules.isdisjoint(HEAVY)
    assert modules.isdisjoint({"nqpf_cli.pipeline", "nqpf_cli.documents", "pebble", "re2"})
