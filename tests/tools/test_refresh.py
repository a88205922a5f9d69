"""The figures in README and docs: blocks are written anew, the rest is left alone."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tools import refresh
from tools.refresh import block, replace_block, table

TEXT = "# T\n<!-- a:begin -->\nold\nolder\n<!-- a:end -->\nkept\n<!-- b:begin -->\n<!-- b:end -->\n"


def test_a_block_is_replaced_and_nothing_else() -> None:
    changed = replace_block(TEXT, "a", "new\n")
    assert changed == TEXT.replace("old\nolder\n", "new\n")
    assert block(changed, "a") == "new"
    assert replace_block(changed, "a", "new") == changed
    assert block(replace_block(TEXT, "b", "x"), "b") == "x"


@pytest.mark.parametrize("body", [r"\1 \g<2> \n", "| a\\|b |", "$1"])
def test_a_body_is_taken_as_it_is(body: str) -> None:
    assert block(replace_block(TEXT, "a", body), "a") == body


def test_a_block_that_is_not_there_is_told() -> None:
    for attempt in (lambda: block(TEXT, "c"), lambda: replace_block(TEXT, "c", "x")):
        with pytest.raises(ValueError, match="no block c"):
            attempt()


def test_a_table() -> None:
    assert table(("a", "b"), [("x", 0.12345), (None, 7)]) == (
        "| a | b |\n|---|---|\n| x | 0.123 |\n| – | 7 |"
    )


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A README and a page of figures, with programs that give known figures."""
    readme, validity = tmp_path / "README.md", tmp_path / "validity.md"
    readme.write_text(_blocks("demo", "validity"), encoding="utf-8")
    validity.write_text(_blocks("overview", "labels", "folds", "cross"), encoding="utf-8")

    def validate(gold: Path, *arguments: str) -> dict[str, Any]:
        figures = dict.fromkeys(refresh._MEASURES, 0.5 if "rules" in arguments else 0.75)
        label = {"support": 3, "precision": 1.0, "recall": 0.5, "f1": 0.667, "alpha": None,
                 "f1_ci": [0.1, 0.9], "ceiling_f1": 0.9}  # fmt: skip
        baseline = {**dict.fromkeys(refresh._MEASURES, 0.25), "labels": {"factor": {"f1": 0.2}}}
        return {
            "n": 3,
            **figures,
            "labels": {"factor": label},
            "baseline": baseline,
            "by": {"groups": {"1/5": {"n": 3, **figures}}},
        }

    monkeypatch.setattr(refresh, "README", readme)
    monkeypatch.setattr(refresh, "VALIDITY", validity)
    monkeypatch.setattr(refresh, "validate", validate)
    monkeypatch.setattr(refresh, "demo_block", lambda: "```text\nthe demo\n```")
    monkeypatch.setattr(refresh, "cross_validation", lambda shared: "the folds")
    return readme, validity


def _blocks(*names: str) -> str:
    return "head\n" + "".join(f"<!-- {n}:begin -->\nold\n<!-- {n}:end -->\n" for n in names)


def test_without_data_only_the_demo_is_renewed(
    documents: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["refresh"])
    before = documents[1].read_bytes()
    refresh.main()
    text = documents[0].read_text(encoding="utf-8")
    assert text == _blocks("demo", "validity").replace("old", "```text\nthe demo\n```", 1)
    assert documents[1].read_bytes() == before


def test_with_data_all_figures_are_renewed(
    documents: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "argv", ["refresh", "--shared", str(tmp_path)])
    refresh.main()
    readme, validity = (p.read_text(encoding="utf-8") for p in documents)
    assert "old\n" not in readme + validity
    assert block(readme, "validity") == block(validity, "overview")
    model, rules, baseline = block(readme, "validity").splitlines()[2:]
    assert ("0.750" in model, "0.500" in rules, "0.250" in baseline) == (True, True, True)
    assert "0.10–0.90" in block(validity, "labels")
    assert "| 1/5 | 3 |" in block(validity, "folds")
    assert block(validity, "cross") == "the folds"
    refresh.main()
    assert [p.read_text(encoding="utf-8") for p in documents] == [readme, validity]
