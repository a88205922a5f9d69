"""The reference sets that ship belong to the lexicon and the program that ship."""

from __future__ import annotations

import csv

import pytest

from nqpf_cli import __version__
from nqpf_cli.analysis.percentiles import LEAST, SETTINGS, Reference
from nqpf_cli.model import Lexicon, Settings
from nqpf_cli.pipeline import Analyzer
from nqpf_cli.reference.load import load, shipped
from tools.reference import CODERS, INPUTS, hashes


@pytest.fixture(params=CODERS)
def coder(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def reference(coder: str) -> Reference:
    return load(shipped(coder))


def test_they_are_not_older_than_lexicon_and_program(
    reference: Reference, lexicon_that_ships: Lexicon
) -> None:
    renew = "renew it with: make reference"
    assert reference.lexicon.sha256 == lexicon_that_ships.sha256, renew
    assert reference.nqpf_version == __version__, renew
    assert INPUTS.read_text(encoding="utf-8") == hashes(), renew


def test_they_are_made_with_the_settings_they_are_for(reference: Reference, coder: str) -> None:
    wanted = {**Settings(nested="category", coder=coder).to_dict()}
    assert {k: reference.settings[k] for k in SETTINGS} == {k: wanted[k] for k in SETTINGS}


def test_they_hold_figures_and_no_text(reference: Reference, coder: str) -> None:
    assert len(reference.documents) > LEAST
    assert all(d.source and d.code and d.year for d in reference.documents)
    assert {d.kind for d in reference.documents} == {"work_report"}
    assert (reference.sentences <= [[d.sentences] for d in reference.documents]).all()
    assert shipped(coder).stat().st_size < 100_000
    with shipped(coder).open(encoding="utf-8", newline="") as f:
        assert max(len(cell) for row in csv.reader(f) for cell in row) < 150


def test_coding_sentences_reads_no_set(lexicon_that_ships: Lexicon) -> None:
    analyzer = Analyzer(lexicon_that_ships, Settings(coder="rules", reference="nosuch.csv"))
    assert analyzer.code("加快发展新质生产力。").matches


@pytest.fixture(scope="module")
def lexicon_that_ships(shipped: Lexicon) -> Lexicon:
    """The fixture of the same name as the function that is tested, under another one."""
    return shipped
