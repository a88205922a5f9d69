"""Renew the figures in README.md and docs/validity.md: ``python -m tools.refresh --shared …``.

Blocks between ``<!-- name:begin -->`` and ``<!-- name:end -->`` are written anew; nothing else is
touched. The demo block needs no data; the figures need the gold units and the reports.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
VALIDITY = ROOT / "docs" / "validity.md"


def nqpf(*arguments: str, columns: int = 80) -> str:
    """Return what a command prints."""
    env = {**os.environ, "COLUMNS": str(columns), "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "nqpf_cli", *arguments],
        check=True,
        capture_output=True,
        env=env,
        cwd=ROOT,
    )
    return done.stdout.decode("utf-8")


def demo_block() -> str:
    """Return the first part of what ``nqpf demo --lang zh`` prints, as a code block."""
    rows = nqpf("demo", "--lang", "zh").split("\n")
    last = next(n for n, row in enumerate(rows) if row.startswith("╰"))
    return "```text\n" + "\n".join(r.rstrip() for r in rows[: last + 1]).strip("\n") + "\n```"


def replace_block(text: str, name: str, body: str) -> str:
    """Return ``text`` with the block ``name`` written anew; ``ValueError`` without one."""
    pattern = re.compile(f"(<!-- {name}:begin -->\n).*?(<!-- {name}:end -->)", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"there is no block {name}")
    return pattern.sub(lambda m: f"{m[1]}{body.strip()}\n{m[2]}", text)


def block(text: str, name: str) -> str:
    """Return the body of a block."""
    m = re.search(f"<!-- {name}:begin -->\n(.*?)<!-- {name}:end -->", text, re.DOTALL)
    if m is None:
        raise ValueError(f"there is no block {name}")
    return m[1].strip()


def table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Return a Markdown table."""
    cells = [list(head), *([_cell(c) for c in row] for row in rows)]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    lines.insert(1, "|" + "---|" * len(cells[0]))
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def validate(gold: Path, *arguments: str) -> dict[str, Any]:
    """Return the JSON of ``nqpf validate``."""
    view: dict[str, Any] = json.loads(nqpf("validate", str(gold), "--format", "json", *arguments))
    return view


_MEASURES = ("macro_f1", "micro_f1", "stance_accuracy", "doc_spearman")
_HEAD = ("宏 F1", "微 F1", "立场准确率", "文档占比的秩相关")


def overview(shared: Path) -> str:
    """Return the README's table: both coders and the baseline on the gold units."""
    gold = shared / "gold" / "dev.jsonl"
    model = validate(gold, "--baseline", "tokens")
    rules = validate(gold, "--coder", "rules")
    rows = [
        ("词典＋措辞模型（`--coder model`，默认）", *(model[m] for m in _MEASURES)),
        ("只用词典（`--coder rules`）", *(rules[m] for m in _MEASURES)),
        ("基线：同样的词按 jieba 词元计数", *(model["baseline"][m] for m in _MEASURES)),
    ]
    return table((f"{model['n']} 个编码单元", *_HEAD), rows)


def by_label(shared: Path) -> str:
    """Return the table of each label: support, precision, recall, F1 with interval, α, ceiling."""
    view = validate(shared / "gold" / "dev.jsonl", "--baseline", "tokens")
    rows = []
    for label, a in view["labels"].items():
        low, high = a["f1_ci"]
        rows.append(
            (
                f"`{label}`", a["support"], a["precision"], a["recall"], a["f1"],
                f"{low:.2f}–{high:.2f}", a["alpha"], a["ceiling_f1"],
                view["baseline"]["labels"][label]["f1"],
            )
        )  # fmt: skip
    return table(
        ("标签", "支持数", "精确", "召回", "F1", "95% 区间", "α", "两遍编码", "基线 F1"), rows
    )


def by_fold(shared: Path) -> str:
    """Return the table of folds of provinces."""
    view = validate(shared / "gold" / "dev.jsonl", "--by", "fold")
    rows = [
        (name, a["n"], a["macro_f1"], a["micro_f1"], a["stance_accuracy"])
        for name, a in view["by"]["groups"].items()
    ]
    return table(("折", "单元", "宏 F1", "微 F1", "立场"), rows)


def cross_validation(shared: Path) -> str:
    """Return what ``training.train --evaluate`` prints, as a code block."""
    done = subprocess.run(
        [sys.executable, "-m", "training.train", "--evaluate",
         "--reports", str(shared / "corpora"), "--gold", str(shared / "gold" / "dev.jsonl")],
        check=True, capture_output=True, cwd=ROOT,
    )  # fmt: skip
    return "```text\n" + done.stdout.decode("utf-8").strip() + "\n```"


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, help="folder with gold/ and corpora/")
    shared: Path | None = parser.parse_args().shared
    readme = replace_block(README.read_text(encoding="utf-8"), "demo", demo_block())
    if shared is not None:
        readme = replace_block(readme, "validity", overview(shared))
        text = VALIDITY.read_text(encoding="utf-8")
        for name, make in (
            ("overview", overview),
            ("labels", by_label),
            ("folds", by_fold),
            ("cross", cross_validation),
        ):
            text = replace_block(text, name, make(shared))
        VALIDITY.write_text(text, encoding="utf-8")
    README.write_text(readme, encoding="utf-8")


if __name__ == "__main__":
    main()
