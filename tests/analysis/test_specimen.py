from __future__ import annotations

from nqpf_cli.analysis.specimen import specimen
from nqpf_cli.engines.base import Limits, ReadOptions
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


def test_to_get_ready_takes_no_time_of_a_document(analyzer: Analyzer) -> None:
    options = ReadOptions(limits=Limits(timeout_s=1e-6))
    Analyzer(analyzer.lexicon, analyzer.settings, options).get_ready()
