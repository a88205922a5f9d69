"""``--format md`` of the commands for corpora and evidence: tables that hold what JSON tells."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from markdown_it import MarkdownIt

Run = Callable[..., CompletedProcess[str]]
# What a document may hold that Markdown or HTML would read: beside a hit, and over it.
HOSTILE = "<b>x</b>|`y`*z*_w_[v](u)人才短缺|制约产业**发展**。"


def read(text: str) -> tuple[list[list[list[str]]], set[str]]:
    """Return the cells of every table, and the kinds of all inline tokens."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    found: list[list[list[str]]] = []
    for token, inner in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type in ("th_open", "td_open"):
            parts = (inner.children if inner else None) or []
            found[-1][-1].append("".join(c.content for c in parts))
    assert all(len({len(row) for row in rows}) == 1 for rows in found)
    return found, {c.type for t in tokens for c in t.children or ()}


@pytest.fixture
def hostile(tmp_path: Path) -> list[Path]:
    paths = []
    for year in (2023, 2024, 2025):
        path = tmp_path / f"a|b_{year}_*c*.txt"
        text = (
            f"河南省{year}年政府工作报告\n\n{HOSTILE}\n发展战略性新兴产业。\n" + "天气很好。\n" * 9
        )
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def both(nqpf: Run, *arguments: str | Path, lang: str) -> tuple[Any, list[list[list[str]]]]:
    made = [nqpf(*arguments, "--format", f, lang=lang) for f in ("json", "md")]
    assert {done.returncode for done in made} == {0}
    found, kinds = read(made[1].stdout)
    assert kinds <= {"text", "text_special", "strong_open", "strong_close", "softbreak"}
    return json.loads(made[0].stdout), found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_evidence(nqpf: Run, hostile: list[Path], lang: str) -> None:
    hits, (rows,) = both(nqpf, "explain", hostile[0], lang=lang)
    assert len(rows) - 1 == len({h["sentence_start"] for h in hits})
    assert HOSTILE in [row[0] for row in rows]
    assert sum(row[1].count(" → ") for row in rows[1:]) == len(hits)
    shown = nqpf("explain", hostile[0], "--format", "md", "--why", lang=lang).stdout
    assert "战略性新兴产业**" in shown
    assert ("词条" if lang == "zh" else "entry") in shown


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_concordance(nqpf: Run, hostile: list[Path], lang: str) -> None:
    lines, (rows,) = both(nqpf, "kwic", *hostile, "人才", lang=lang)
    assert [row[1:] for row in rows[1:]] == [
        [x[k] for k in ("left", "keyword", "right")] for x in lines
    ]
    assert [row[0] for row in rows[1:]] == [p.stem for p in hostile]
    _, (alone,) = both(nqpf, "kwic", hostile[0], "人才", lang=lang)
    assert len(alone[0]) == 3  # text has no pages, and there is one document


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_trend(nqpf: Run, hostile: list[Path], lang: str) -> None:
    few = ("--resamples", "10", "--permutations", "99", "--measure", "industry")
    view, (overview, years) = both(nqpf, "trend", *hostile, *few, lang=lang)
    (series,) = view["series"]
    share = f"{100 * series['points'][-1]['share']:.1f}%"
    assert overview[0][1:3] == ["2023", "2025"]
    assert overview[1][2].startswith(share)
    assert [row[0] for row in years[1:]] == ["2023", "2024", "2025"]
    assert years[3][2].startswith(share)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("by", ["text", "shares"])
def test_clusters(nqpf: Run, hostile: list[Path], by: str, lang: str) -> None:
    hostile[0].write_text(
        "河南省2023年政府工作报告\n\n保护草原生态，壮大畜牧业。\n", encoding="utf-8"
    )
    arguments = ("cluster", *hostile, "--by", by, "--resamples", "10", "--clusters", "2")
    view, found = both(nqpf, *arguments, lang=lang)
    clusters, members = found[:2]
    assert [row[-2] for row in clusters[1:]] == [str(c["size"]) for c in view["clusters"]]
    assert len(members) - 1 == len(hostile)
    assert len(found) == (3 if by == "shares" else 2)
    if by == "shares":
        assert len(found[2]) - 1 == 12


def test_a_table_is_picked_by_the_name_of_the_file(nqpf: Run, hostile: list[Path]) -> None:
    out = hostile[0].parent / "kwic.md"
    assert nqpf("kwic", *hostile, "人才", "-o", out).returncode == 0
    assert len(read(out.read_text(encoding="utf-8"))[0][0]) == 4


def test_nothing_found_is_no_table(nqpf: Run, hostile: list[Path]) -> None:
    for command in (("kwic", hostile[0], "不存在"), ("explain", hostile[0], "--category", "block")):
        done = nqpf(*command, "--format", "md")
        assert (done.returncode, done.stdout) == (1, "")
