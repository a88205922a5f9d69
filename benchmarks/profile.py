"""Where the time goes, stage by stage: ``python -m benchmarks.profile [FILE|FOLDER]…``.

Every stage's own time is counted without the stages inside it; reading takes place in this
process. Without arguments: the sample as a PDF of 100 pages, and a folder of texts.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks import ROOT
from benchmarks.material import Material

# What belongs to a stage, by the name under which it is called.
STAGES = {
    "lexicon": ("nqpf_cli.pipeline.load",),
    "build coder": (
        "nqpf_cli.analysis.coder.RuleCoder.__init__",
        "nqpf_cli.lexicon.prepared.load",
        "nqpf_cli.lexicon.worded.load",
        "nqpf_cli.analysis.wording.Wording.__init__",
    ),
    "read": ("nqpf_cli.reading.read",),
    "layout": ("nqpf_cli.reading.build_blocks",),
    "sentences": ("nqpf_cli.reading.sentences_of",),
    "match": (
        "nqpf_cli.analysis.skeletons.Skeletons.__init__",
        "nqpf_cli.analysis.occurrences.Search.scan",
        "nqpf_cli.analysis.match.Matcher.find",
    ),
    "stance": ("nqpf_cli.analysis.stance.StanceMachine.decide",),
    "wording": ("nqpf_cli.analysis.wording.Wording.labels",),
    "labels": ("nqpf_cli.analysis.coder.ModelCoder.code_all",),
    "evidence": ("nqpf_cli.analysis.evidence.hits",),
    "profile": ("nqpf_cli.pipeline.profile",),
    "quality": ("nqpf_cli.pipeline.quality",),
    "statistics": ("nqpf_cli.pipeline.score",),
}


@dataclass(slots=True)
class Clock:
    """Own time of each stage; a stage that runs inside another stops the other's clock."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    calls: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _running: list[str] = field(default_factory=lambda: ["rest"])
    _since: float = field(default_factory=time.perf_counter)

    def enter(self, stage: str) -> None:
        """Begin a stage."""
        self._turn()
        self.calls[stage] += 1
        self._running.append(stage)

    def leave(self) -> None:
        """End the stage that began last."""
        self._turn()
        self._running.pop()

    def _turn(self) -> None:
        now = time.perf_counter()
        self.seconds[self._running[-1]] += now - self._since
        self._since = now

    def wrap(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with its time counted; what it yields is made at once."""

        def timed(*args: Any, **kwargs: Any) -> Any:
            self.enter(stage)
            try:
                result = function(*args, **kwargs)
                return list(result) if isinstance(result, Iterator) else result
            finally:
                self.leave()

        return timed


@contextmanager
def timed_stages() -> Iterator[Clock]:
    """Count the time of all stages for as long as the block lasts."""
    from pkgutil import resolve_name

    clock = Clock()
    patches = [
        patch(name, clock.wrap(stage, resolve_name(_colon(name))))
        for stage, names in STAGES.items()
        for name in names
    ]
    for p in patches:
        p.start()
    try:
        yield clock
        clock.enter("end")
    finally:
        for p in patches:
            p.stop()


def _colon(name: str) -> str:
    """Return ``package.module.Class.method`` with the colon before what is no module."""
    module = name
    while module not in sys.modules:
        module = module.rpartition(".")[0]
    return f"{module}:{name[len(module) + 1 :]}"


def score_all(paths: list[str]) -> int:
    """Score every document in this process and return the number of sentences."""
    from nqpf_cli.pipeline import Analyzer

    analyzer = Analyzer.of()
    return sum(analyzer.score(analyzer.read(path)).quality.sentences for path in paths)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile", description=__doc__)
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--top", type=int, default=15, help="functions to list")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    options = parser.parse_args()
    from nqpf_cli.scan import find_files

    with tempfile.TemporaryDirectory() as folder:
        material = Material(Path(folder), options.shared)
        asked = options.paths or [
            str(material.pdf(100)),
            str(material.reports or material.texts(50)),
        ]
        for path in asked:
            show(path, find_files([path]), options.top)


def show(path: str, files: list[str], top: int) -> None:
    """Print where the time goes for one document or one folder."""
    import nqpf_cli.analysis.coder
    import nqpf_cli.lexicon.prepared
    import nqpf_cli.lexicon.worded
    import nqpf_cli.pipeline
    import nqpf_cli.reading  # noqa: F401 (what is patched must be loaded)

    with timed_stages() as clock:
        sentences = score_all(files)
    total = sum(clock.seconds.values())
    print(f"{path}: {len(files)} document(s), {sentences} sentences, {total * 1000:.0f} ms")
    for stage in (*STAGES, "rest"):
        own = clock.seconds[stage]
        calls = clock.calls[stage]
        print(f"  {stage:12} {own * 1000:8.1f} ms {own / total:6.1%} {calls:8} call(s)")
    profiler = cProfile.Profile()
    profiler.runcall(score_all, files)
    print(f"  functions by their own time (cProfile slows small ones down), first {top}:")
    stats = pstats.Stats(profiler)
    rows = sorted(stats.stats.items(), key=lambda item: -item[1][2])[:top]  # type: ignore[attr-defined]
    for (file, line, name), (_, calls, own, _, _) in rows:
        where = f"{Path(file).name}:{line} {name}" if line else name
        print(f"    {own * 1000:8.1f} ms {calls:8} {where}")
    print()


if __name__ == "__main__":
    main()
