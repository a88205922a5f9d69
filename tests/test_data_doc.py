"""What docs/data.md shows works: its Python and its SQL are run on a made scan."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nqpf_cli.corpus.panel import Choice, panel
from nqpf_cli.corpus.panel_rows import long_rows, long_variables, wide_rows, wide_variables
from nqpf_cli.corpus.records import read_records
from nqpf_cli.corpus.variables import codebook
from nqpf_cli.corpus.wide import documents
from nqpf_cli.formats.frames import write_table
from nqpf_cli.model import Document, Lexicon
from nqpf_cli.pipeline import Analyzer

TEXT = Path("docs/data.md").read_text(encoding="utf-8")
PLACES = (("北京市", "110000", "east"), ("河南省", "410000", "central"))


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture
def folder(
    rules: Analyzer,
    read: Callable[..., Document],
    shipped: Lexicon,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Work in a folder with the files that the document names."""
    pytest.importorskip("pyarrow", reason="needs pip install 'nqpf[tables]'")
    text = "大力发展新质生产力，加快关键核心技术攻关。\n产能过剩问题仍然突出。\n"
    report = rules.score(read(text)).to_dict()
    lines = []
    for name, code, block in PLACES:
        for year in (2024, 2025):
            one: dict[str, Any] = copy.deepcopy(report)
            place = {"name": name, "code": code, "level": "province", "block": block}
            one["source"] |= {"year": year, "jurisdiction": {**place, "found_in": "title"}}
            lines.append(json.dumps(one, ensure_ascii=False) + "\n")
    monkeypatch.chdir(tmp_path)
    Path("scan.jsonl").write_text("".join(lines[:-1]), encoding="utf-8")
    found = documents(read_records("scan.jsonl"), shipped)
    made = panel(found.rows(), Choice())
    for suffix in ("parquet", "dta"):
        data = write_table(suffix, wide_rows(made), wide_variables(made, found.variables))
        Path(f"panel.{suffix}").write_bytes(data)
    rows = long_rows(made, found.variables, "zh")
    columns = long_variables(made, found.variables)
    Path("long.parquet").write_bytes(write_table("parquet", rows, columns))
    return tmp_path


def test_python_runs(folder: Path) -> None:
    pytest.importorskip("pandas", reason="needs pip install 'nqpf[tables]'")
    (source,) = blocks("python")
    names: dict[str, Any] = {}
    exec(source, names)
    assert list(names["by_block"].columns) == [2024, 2025]
    assert names["by_block"].loc["east", 2025] == 0.5
    assert names["label"] == names["labels"]["factor_share"] == "要素：句占比"


def test_sql_runs(folder: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        found = [connection.execute(query).fetchall() for query in blocks("sql")]
    assert found[0] == [("central", 2024, 0.5, 1), ("east", 2024, 0.5, 1), ("east", 2025, 0.5, 1)]
    assert found[1] == [("北京市", 0.5, 0.5), ("河南省", 0.5, None)]
    assert [share for _, share in found[2]] == [0.5] * 3


def test_the_variables_it_names_are_in_the_codebook(shipped: Lexicon) -> None:
    names = {v.name for v in codebook(shipped)}
    shown = set(re.findall(r"`((?:factor|lockin|strategy|rx|lexicon)_[a-z0-9_]+)`", TEXT))
    assert len(shown) > 8
    assert shown <= names
