from __future__ import annotations

from nqpf_cli.analysis.specimen import specimen
from nqpf_cli.pipeline import Analyzer


def test_the_specimen_has_what_scoring_looks_for(analyzer: Analyzer) -> None:
    report = analyzer.score(specimen())
    about = report.profile
    assert (about.kind, about.year) == ("work_report", 2025)
    assert about.jurisdiction is not None
    assert report.prescriptions is not None
    assert report.reference is not None
    assert any(h.counted for h in report.hits)
    assert report.dimensions["factor"].percentile is not None
