"""``nqpf kwic``: key words in context."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TEXT = (
    "加快发展新质生产力，推动产业“路径锁定”破除。\n发展新质生产力要因地制宜，第三产业占比提高。\n"
)


def _kwic(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "报告.txt").write_text(TEXT, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "nqpf_cli", "kwic", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "", "NQPF_LANG": "en"},
        check=False,
    )


def test_a_term_is_shown_with_both_sides_and_its_place(tmp_path: Path) -> None:
    done = _kwic(tmp_path, "报告.txt", "新质生产力", "--format", "json", "--width", "4")
    rows = json.loads(done.stdout)
    assert [(r["left"], r["keyword"], r["right"]) for r in rows] == [
        ("加快发展", "新质生产力", "，推动产"),
        ("发展", "新质生产力", "要因地制"),
    ]
    assert all(TEXT[r["start"] : r["end"]] == r["keyword"] for r in rows)


def test_quotation_marks_do_not_hide_a_term(tmp_path: Path) -> None:
    done = _kwic(tmp_path, "报告.txt", "产业路径锁定", "--format", "json")
    assert [r["keyword"] for r in json.loads(done.stdout)] == ["产业“路径锁定"]


@pytest.mark.parametrize(
    ("pattern", "options", "expected"),
    [("第.产业", ["--regex"], "第三产业"), ("lockin", [], "路径锁定")],
)
def test_expressions_and_categories(
    tmp_path: Path, pattern: str, options: list[str], expected: str
) -> None:
    done = _kwic(tmp_path, "报告.txt", pattern, "--format", "json", *options)
    found = [r["keyword"] for r in json.loads(done.stdout)]
    assert any(expected in keyword for keyword in found)


def test_the_context_on_the_right_sorts(tmp_path: Path) -> None:
    done = _kwic(tmp_path, "报告.txt", "新质生产力", "--format", "json", "--sort", "right")
    rights = [r["right"] for r in json.loads(done.stdout)]
    assert rights == sorted(rights)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["报告.txt", "不在文中"], 1),
        (["报告.txt"], 2),
        (["报告.txt", "(", "--regex"], 2),
        (["没有.txt", "新质生产力"], 3),
    ],
)
def test_what_cannot_be_shown_has_its_exit_code(
    tmp_path: Path, arguments: list[str], code: int
) -> None:
    done = _kwic(tmp_path, *arguments)
    assert done.returncode == code
    assert done.stderr.startswith("error: ")
    assert not done.stdout
