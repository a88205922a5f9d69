"""A short run of ``make fuzz``, always the same inputs, and the harness itself."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from pathlib import Path
from random import Random

import pytest

from fuzz import oracle, packages, pdf
from fuzz.inputs import make
from fuzz.run import run
from fuzz.sandbox import Outcome
from fuzz.seeds import KINDS, Seed, seeds, small_pdf

SEED = 7
INPUTS = 120


@pytest.fixture(scope="module")
def pool() -> list[Seed]:
    pytest.importorskip("xlsxwriter", reason="needs pip install 'nqpf[workshop]'")
    return seeds(None)


def test_mutated_inputs_break_no_promise(pool: list[Seed]) -> None:
    result = run(
        lambda n: make(pool, SEED, n), range(INPUTS), timeout_s=20.0, alone=60, size=INPUTS
    )
    assert result.findings == []
    assert set(result.inputs) == set(KINDS)
    assert result.inputs.total() == INPUTS
    # Some are read and some refused: neither the seeds nor the mutations are idle.
    assert result.words["report"] > 10
    assert result.words["corrupt"] > 10


def test_an_input_is_the_same_whenever_it_is_made(pool: list[Seed]) -> None:
    for number in range(60):
        assert make(pool, SEED, number) == make(pool, SEED, number)
    assert make(pool, SEED, 0) != make(pool, SEED + 1, 0)


@pytest.mark.parametrize("mutator", sorted(set(pdf.PDF), key=lambda m: m.__name__))
def test_mutators_of_pdf_change_something(mutator: pdf.Mutator) -> None:
    packed = small_pdf().replace(b"/Length", b"/Filter/FlateDecode/Length")
    inner = b"BT (x) Tj ET"
    packed += b"7 0 obj\n<</Length 9>>\nstream\n" + zlib.compress(inner) + b"\nendstream\nendobj\n"
    assert any(mutator(packed, Random(n)) != packed for n in range(20))


@pytest.mark.parametrize("mutator", sorted(set(packages.PACKAGE), key=lambda m: m.__name__))
def test_mutators_of_packages_change_something(mutator: packages.Mutator) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", '<a b="1"><c>text</c></a>')
    assert any(mutator(out.getvalue(), Random(n)) != out.getvalue() for n in range(20))


# --- what the oracle sees ---------------------------------------------------------------------


def outcome(code: int | None, out: str = "", err: str = "", seconds: float = 1.0) -> Outcome:
    return Outcome(command=("score",), code=code, out=out, err=err, seconds=seconds)


@pytest.mark.parametrize(
    ("seen", "fault"),
    [
        (outcome(None, seconds=99), "took 99 s"),
        (outcome(0, seconds=99), "took 99 s"),
        (outcome(1, err="error: x"), "exit 1"),
        (outcome(-11), "exit -11"),
        (outcome(3), "without a word"),
        (outcome(0, err="Traceback (most recent call last)"), "loud"),
        (outcome(0, err="internal error: KeyError"), "loud"),
        (outcome(3, err="error: \x1b[31m"), "stderr holds"),
    ],
)
def test_an_end_that_breaks_a_promise_is_seen(seen: Outcome, fault: str) -> None:
    assert any(fault in f for f in oracle.ended(seen, (0, 3), 10.0))


def test_an_end_that_keeps_its_promises_is_none(tmp_path: Path) -> None:
    assert not list(oracle.ended(outcome(3, err="error: corrupt"), (0, 3), 10.0))
    assert not list(oracle.same_files({"a": (1, 1)}, {"a": (1, 1), "out": (1, 1)}, ("out",)))


@pytest.mark.parametrize("after", [{}, {"a": (2, 1)}, {"a": (1, 1), "evil": (1, 1)}])
def test_a_file_that_nobody_asked_for_is_seen(after: dict[str, tuple[int, int]]) -> None:
    assert list(oracle.same_files({"a": (1, 1)}, after, ("out",)))


ERROR = {
    "schema_version": "1.0",
    "source": {"path": "a"},
    "error": {"code": "corrupt", "message": "m", "hint": "h"},
}


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([json.dumps(ERROR)], "2 files"),
        ([json.dumps(ERROR), "{"], "no JSON"),
        ([json.dumps(ERROR)] * 2, "another path"),
        ([json.dumps(ERROR), "{}"], "schema"),
        ([json.dumps({**ERROR, "error": {**ERROR["error"], "code": "odd"}})], "unknown word"),  # type: ignore[dict-item]
        ([json.dumps({**ERROR, "error": {**ERROR["error"], "message": "failed: x"}})], "of ours"),  # type: ignore[dict-item]
    ],
)
def test_a_record_that_breaks_the_contract_is_seen(rows: list[str], fault: str) -> None:
    text = "".join(f"{row}\n" for row in rows)
    assert any(fault in found for _, found in oracle.lines(text, ["a", "b"]))
    assert (-1, "the last line is not whole") in oracle.lines(text[:-1], ["a", "b"])


@pytest.mark.parametrize("text", ["a,b\n1\n", "a\n=1\n", "a\n＋1\n", 'a\n"\t1"\n'])
def test_a_table_that_a_spreadsheet_would_compute_is_seen(text: str) -> None:
    assert list(oracle.is_table(text))
    assert not list(oracle.is_table("a,b\n-1.5,'=1\n"))
