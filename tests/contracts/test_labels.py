"""``score`` counts the very labels that ``code`` gives to the document's sentences."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from nqpf_cli.pipeline import Analyzer

Run = Callable[..., CompletedProcess[str]]
LABELS = [
    "factor", "industry", "relations", "institution.problem", "institution.remedy",
    "lockin.problem", "lockin.remedy", "services.problem", "services.remedy", "strategy", "block",
    "urbanization",
]  # fmt: skip


def counted_by_score(report: dict[str, Any]) -> dict[str, int]:
    found = {d: report["dimensions"][d]["sentences"] for d in LABELS[:3]}
    for label in LABELS[3:9]:
        category, stance = label.split(".")
        found[label] = report["obstructions"][category][stance]["sentences"]
    return found | {p: report["paths"][p]["sentences"] for p in LABELS[9:]}


def counted_by_code(nqpf: Run, path: Path, *options: str) -> dict[str, int]:
    sentences = Analyzer.of().read(str(path)).sentences
    units = [json.dumps({"id": i, "text": s.text}) for i, s in enumerate(sentences)]
    done = nqpf("code", "-", *options, stdin="\n".join(units).encode())
    coded = [json.loads(line) for line in done.stdout.splitlines()]
    assert [u["id"] for u in coded] == list(range(len(sentences)))
    counts = Counter(label for u in coded for label in u["labels"])
    assert set(counts) <= set(LABELS)
    return {label: counts[label] for label in LABELS}


def agree(nqpf: Run, path: Path, *options: str) -> dict[str, int]:
    report = json.loads(nqpf("score", path, "--format", "json", *options).stdout)
    by_score = counted_by_score(report)
    assert by_score == counted_by_code(nqpf, path, *options)
    return by_score


@pytest.mark.parametrize("kind", ["pdf", "txt", "md", "docx"])
def test_score_and_code_agree(nqpf: Run, documents: dict[str, Path], kind: str) -> None:
    counts = agree(nqpf, documents[kind])
    assert sum(counts.values()) > 5


@pytest.mark.parametrize("options", [("--nested", "all"), ("--nested", "longest")])
def test_they_agree_whatever_the_settings(
    nqpf: Run, documents: dict[str, Path], options: tuple[str, ...]
) -> None:
    agree(nqpf, documents["pdf"], *options)


@pytest.mark.shared
@pytest.mark.parametrize("suffix", ["txt", "pdf"])
def test_they_agree_on_real_documents(nqpf: Run, shared: Path, suffix: str) -> None:
    folder = shared / ("corpora" if suffix == "txt" else "pdfs/made")
    path = sorted(folder.rglob(f"*.{suffix}"))[0]
    assert sum(agree(nqpf, path).values()) > 10
