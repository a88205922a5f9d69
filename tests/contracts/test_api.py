"""``from nqpf_cli import score``: the same figures from Python."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from nqpf_cli import score
from nqpf_cli.errors import InputError, LexiconError, MissingExtraError
from nqpf_cli.model import Settings

Run = Callable[..., CompletedProcess[str]]
COLUMNS = [
    "level", "id", "stance", "hits", "density", "sentences", "sentence_share", "ci_low", "ci_high",
    "breadth", "percentile", "percentile_block",
]  # fmt: skip


def test_the_dictionary_is_the_json_of_the_command_line(
    nqpf: Run, documents: dict[str, Path]
) -> None:
    printed = nqpf("score", documents["txt"], "--format", "json").stdout
    for path in (documents["txt"], str(documents["txt"])):
        made = json.dumps(score(path).to_dict(), ensure_ascii=False, indent=2) + "\n"
        assert made == printed


def test_settings_are_in_the_report(documents: dict[str, Path]) -> None:
    report = score(documents["txt"], settings=Settings(seed=1, resamples=50, confidence=0.9))
    settings = report.to_dict()["settings"]
    assert (settings["seed"], settings["resamples"], settings["confidence"]) == (1, 50, 0.9)


def test_the_frame_has_a_row_for_every_figure(documents: dict[str, Path]) -> None:
    pytest.importorskip("pandas")
    report = score(documents["txt"])
    frame = report.to_frame()
    assert list(frame.columns) == COLUMNS
    indicators = frame[frame["level"] == "indicator"]
    assert len(indicators) == 14 + 2 * 10
    factor = frame[(frame["level"] == "dimension") & (frame["id"] == "factor")].iloc[0]
    expected = report.to_dict()["dimensions"]["factor"]
    assert factor["sentences"] == expected["sentences"]
    assert [factor["ci_low"], factor["ci_high"]] == expected["ci"]
    remedy = frame[(frame["id"] == "lockin") & (frame["stance"] == "remedy")].iloc[0]
    assert remedy["hits"] == report.to_dict()["obstructions"]["lockin"]["remedy"]["hits"]


def test_without_pandas_the_install_command_is_named(
    documents: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError) as raised:
        score(documents["txt"]).to_frame()
    assert raised.value.exit_code == 5
    assert raised.value.hint is not None
    assert "pip install 'nqpf[pandas]'" in raised.value.hint.en


def test_errors_are_of_their_kinds(
    documents: dict[str, Path], unreadable: dict[str, Path], tmp_path: Path
) -> None:
    for path in unreadable.values():
        with pytest.raises(InputError):
            score(path)
    with pytest.raises(LexiconError):
        score(documents["txt"], lexicons=[tmp_path])
