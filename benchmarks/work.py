"""Work in function calls, not in seconds: the same on every run, however busy the machine is.

``tests/benchmarks`` holds every stage to what it takes now and to linear growth.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.material import SAMPLE
from nqpf_cli.analysis.coder import ModelCoder, RuleCoder
from nqpf_cli.analysis.score import score
from nqpf_cli.analysis.skeletons import Skeletons
from nqpf_cli.lexicon.load import load
from nqpf_cli.model import Lexicon
from nqpf_cli.pipeline import Analyzer, paragraphs

Work = Callable[[], object]


def calls(work: Work) -> int:
    """Return how many functions, of Python and of C, a piece of work calls.

    It is done once before, so that what is kept for later uses is kept already.
    """
    work()
    count = 0

    def hook(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        if event in ("call", "c_call"):
            count += 1

    collecting = gc.isenabled()
    gc.disable()
    before = sys.getprofile()
    sys.setprofile(hook)
    try:
        work()
    finally:
        sys.setprofile(before)
        if collecting:
            gc.enable()
    return count


@dataclass(frozen=True)
class Bench:
    """Each stage as a piece of work on a fixed input, ``times`` as long."""

    analyzer: Analyzer
    sentences: Sequence[str]
    paragraphs: Sequence[int]
    markdown: str

    @classmethod
    def of(cls) -> Bench:
        """Return the bench with the sample that ships."""
        analyzer = Analyzer.of()
        text = (SAMPLE / "report.md").read_text(encoding="utf-8")
        document = analyzer.read_data(text.encode(), "report.md")
        sentences = [s.text for s in document.sentences]
        return cls(analyzer, sentences, paragraphs(document), text)

    @property
    def rules(self) -> RuleCoder:
        """The coder by rules inside the model's."""
        coder = self.analyzer.coder
        assert isinstance(coder, ModelCoder)
        assert isinstance(coder.rules, RuleCoder)
        return coder.rules

    def stages(self, times: int = 1) -> dict[str, Work]:
        """Return the stages that take a document, by name."""
        analyzer = self.analyzer
        coder = analyzer.coder
        assert isinstance(coder, ModelCoder)
        sentences = list(self.sentences) * times
        skeletons = Skeletons(sentences)
        codings = coder.code_all(sentences)
        last = max(self.paragraphs) + 1
        places = [p + n * last for n in range(times) for p in self.paragraphs]
        data = (self.markdown * times).encode()
        clause = "".join(self.sentences).translate({ord(c): None for c in "，。；：！？\n"})
        return {
            "rules": lambda: self.rules.code_all(sentences),
            "rules, one clause": lambda: self.rules.code(clause * times),
            "wording": lambda: coder.wording.labels(skeletons, codings.labels),
            "figures": lambda: score(
                codings, places, analyzer.lexicon, 1000, analyzer.settings, None
            ),
            "document": lambda: analyzer.score(analyzer.read_data(data, "report.md")),
        }

    def with_lexicon(self, step: int) -> Work:
        """Return coding by rules with one of ``step`` entries."""
        lexicon = self.analyzer.lexicon
        coder = rule_coder(replace(lexicon, entries=lexicon.entries[::step]))
        return lambda: coder.code_all(self.sentences)

    def building(self) -> dict[str, Work]:
        """Return what is done once a process, by name."""
        return {
            "load the lexicon": load,
            "build the coder": lambda: rule_coder(self.analyzer.lexicon),
        }


def rule_coder(lexicon: Lexicon) -> RuleCoder:
    """Return a coder by rules that is never asked for tokens."""
    return RuleCoder(lexicon, lambda text: frozenset((0, len(text))))
