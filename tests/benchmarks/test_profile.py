"""The profile: every stage is found where it is looked for, and is passed through."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.profile import STAGES, show

NOT_IN_A_SCORE = {"evidence"}  # made when somebody looks at it


def test_every_stage_takes_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.md"
    path.write_text("# 规划\n\n培育人才，破解公共服务不足。", encoding="utf-8")
    show(str(path), [str(path)], top=3)
    lines = capsys.readouterr().out.splitlines()
    counted = {line[:14].strip(): int(line.split()[-2]) for line in lines if " call(s)" in line}
    assert counted.keys() == {*STAGES, "rest"}
    assert {name for name in STAGES if not counted[name]} == NOT_IN_A_SCORE
