"""``nqpf explain``: every hit, and the place where it stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Run = Callable[..., CompletedProcess[str]]


def hits(done: CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_formats_say_the_same(nqpf: Run, plan: Path) -> None:
    lines = hits(nqpf("explain", plan, "--format", "jsonl"))
    assert lines
    assert json.loads(nqpf("explain", plan, "--format", "json").stdout) == lines
    rows = nqpf("explain", plan, "--format", "csv").stdout.splitlines()
    assert rows[0].split(",") == list(lines[0])
    assert len(rows) == len(lines) + 1
    shown = nqpf("explain", plan).stdout
    for h in lines:
        assert f"[{h['start']}–{h['end']}]" in shown


def test_a_category_or_an_indicator_can_be_chosen(nqpf: Run, plan: Path) -> None:
    every = hits(nqpf("explain", plan, "--format", "jsonl"))
    for key in ("category", "indicator"):
        for id_ in sorted({h[key] for h in every})[:3]:
            chosen = hits(nqpf("explain", plan, "--format", "jsonl", "--category", id_))
            assert chosen == [h for h in every if h[key] == id_]


@pytest.mark.parametrize("stance", ["problem", "remedy"])
def test_a_stance_can_be_chosen(nqpf: Run, report_pdf: Path, stance: str) -> None:
    every = hits(nqpf("explain", report_pdf, "--format", "jsonl"))
    chosen = hits(nqpf("explain", report_pdf, "--format", "jsonl", "--stance", stance))
    assert chosen
    assert chosen == [h for h in every if h["stance"] == stance]


def test_only_obstructions_have_a_stance(nqpf: Run, report_pdf: Path) -> None:
    for h in hits(nqpf("explain", report_pdf, "--format", "jsonl")):
        if h["category"] not in ("institution", "lockin", "services"):
            assert h["stance"] is None


def test_why_names_the_rule(nqpf: Run, plan: Path) -> None:
    plain = hits(nqpf("explain", plan, "--format", "jsonl"))
    told = hits(nqpf("explain", plan, "--format", "jsonl", "--why"))
    assert [{k: v for k, v in h.items() if k not in ("rule", "cue")} for h in told] == plain
    assert all({"rule", "cue"} <= h.keys() for h in told)


@pytest.mark.parametrize(
    ("form", "stdout"), [("text", ""), ("json", "[]\n"), ("jsonl", ""), ("csv", "path,sha256,page")]
)
def test_no_hit_is_told_by_the_exit_code(nqpf: Run, weather: Path, form: str, stdout: str) -> None:
    done = nqpf("explain", weather, "--format", form)
    assert done.returncode == 1
    assert done.stdout[: len("path,sha256,page")] == stdout
    assert "nqpf lexicon list" in done.stderr


@pytest.mark.parametrize(
    ("option", "word", "told"),
    [
        ("--category", "lockin.legcy", "lockin.legacy"),
        ("--category", "nosuch", "urbanization"),
        ("--category", "nosuch", "nqpf lexicon list"),
        ("--stance", "nosuch", "remedy"),
    ],
)
def test_an_unknown_choice_is_wrong_usage_and_names_known_ones(
    nqpf: Run, plan: Path, option: str, word: str, told: str
) -> None:
    done = nqpf("explain", plan, option, word)
    assert done.returncode == 2
    assert told in done.stderr


def test_a_lexicon_of_ones_own_is_used(nqpf: Run, tiny: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("夔牛来了。发展新质生产力。\n", encoding="utf-8")
    (hit,) = hits(nqpf("explain", path, "--lexicon", tiny, "--format", "jsonl"))
    assert (hit["indicator"], hit["entry"], hit["surface"]) == ("factor.labour", "夔牛", "夔牛")
    assert (hit["start"], hit["end"], hit["sentence"]) == (0, 2, "夔牛来了。")


def test_a_file_adds_to_the_lexicon_that_ships(nqpf: Run, tiny: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("夔牛来了。发展新质生产力。\n", encoding="utf-8")
    own = tiny / "factor.toml"
    entries = own.read_text(encoding="utf-8").partition("[[entry]]")[2]
    own.write_text(f'extends = "factor"\n[[entry]]{entries}', encoding="utf-8")
    shipped = hits(nqpf("explain", path, "--format", "jsonl"))
    both = hits(nqpf("explain", path, "--lexicon", own, "--format", "jsonl"))
    assert [h for h in both if h["entry"] != "夔牛"] == shipped
    assert [h["entry"] for h in both if h not in shipped] == ["夔牛"]


def test_the_evidence_of_a_prescription_is_what_score_counts(nqpf: Run, tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(
        "江苏省2025年政府工作报告\n\n推进人工智能应用，壮大人工智能产业。人工智能发展不足。\n\n"
        "大力发展新能源汽车。长三角一体化深入实施，完善市场机制。\n\n完善市场机制。\n",
        encoding="utf-8",
    )
    carriers = json.loads(nqpf("score", path, "--format", "json").stdout)["prescriptions"][
        "carriers"
    ]
    assert carriers["block.east"]["sentences"]["ai"] == 1
    assert carriers["block.east"]["prescriptions"] == {
        p: n > 0 for p, n in carriers["block.east"]["sentences"].items()
    }
    for carrier, fit in carriers.items():
        for prescription, count in fit["sentences"].items():
            done = nqpf(
                "explain", path, "--category", f"{carrier}.{prescription}", "--format", "jsonl"
            )
            starts = {json.loads(line)["sentence_start"] for line in done.stdout.splitlines()}
            assert len(starts) == count, (carrier, prescription)
            assert done.returncode == (0 if count else 1)


def test_counted_hits_are_the_sentences_of_the_score(nqpf: Run, plan: Path) -> None:
    every = hits(nqpf("explain", plan, "--format", "jsonl"))
    report = json.loads(nqpf("score", plan, "--format", "json").stdout)
    counted: dict[tuple[str, str | None], set[int]] = {}
    for h in every:
        if h["counted"]:
            counted.setdefault((h["indicator"], h["stance"]), set()).add(h["sentence_start"])
    for id_, m in report["indicators"].items():
        by_stance = {None: m} if "hits" in m else m
        for stance, value in by_stance.items():
            assert len(counted.get((id_, stance), ())) == value["sentences"], (id_, stance)
