from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import StringIO

from rich.console import Console

from nqpf_cli.formats.tables import draw_report
from nqpf_cli.model import Document, Report
from nqpf_cli.pipeline import Analyzer


def test_the_strongest_sentences_name_no_label_that_they_did_not_get(
    rules: Analyzer, read: Callable[..., Document]
) -> None:
    def drawn(report: Report) -> str:
        shown = StringIO()
        draw_report(Console(file=shown, width=100), report, rules.lexicon, "en")
        return shown.getvalue().rpartition("strongest")[2]

    report = rules.score(read("破除体制机制障碍，推进人工智能产业发展。", "plan.txt"))
    idle = tuple(replace(h, counted=h.category != "institution") for h in report.hits)
    assert "Rigid institutions·answered" in drawn(report)
    shown = drawn(replace(report, hits=idle))
    assert "Rigid institutions" not in shown
    assert "Industry" in shown
