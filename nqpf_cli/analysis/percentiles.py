"""Where a document stands among comparable ones: mid-rank percentiles of its shares.

Comparable are reference documents of the same kind. The narrowest of three circles that holds
``LEAST`` of them is taken: same level and a year at most ``YEARS`` away, same level, any level.
A document of another kind never stands in: a regulation is worded otherwise than a work report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nqpf_cli.model import Basis, Comparison, LexiconId, Profile, QualityWarning, Settings

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Counts = npt.NDArray[np.int64]

FORMAT = 1  # of a set's file
LEAST = 20
YEARS = 2
DIGITS = 2
# What the counts depend on, beside text and lexicon.
SETTINGS = ("coder", "nested", "segmenter", "tables")
# A place has one of these a year: a second file of it is the same document in another form.
_YEARLY = frozenset({"work_report", "plan_report"})

_OTHER_LEXICON = QualityWarning(
    code="reference_other_lexicon",
    zh="参照集是用另一部词典做的：没有百分位（用 --reference 给出自己的，或 none）",
    en="the reference set was made with another lexicon: no percentiles (give your own with "
    "--reference, or none)",
)
_OTHER_SETTINGS = QualityWarning(
    code="reference_other_settings",
    zh="参照集是用别的设置做的：没有百分位（用 --reference 给出自己的，或 none）",
    en="the reference set was made with other settings: no percentiles (give your own with "
    "--reference, or none)",
)
_OTHER_VERSION = QualityWarning(
    code="reference_other_version",
    zh="参照集是用另一个版本的 nqpf 做的：百分位可能有偏差，请重新制作",
    en="the reference set was made with another version of nqpf: percentiles may be off, "
    "make it anew",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceDocument:
    """A document of a reference set, without its text; unknown is None, for a source too.

    ``sentences`` and ``scored_han_chars`` are the denominators of its shares and densities.
    """

    name: str
    sha256: str
    source: str | None
    kind: str | None
    year: int | None
    jurisdiction: str | None
    code: str | None
    level: str | None
    block: str | None
    han_chars: int
    scored_han_chars: int
    sentences: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reference:
    """Figures of many documents, made with one lexicon and one set of settings.

    ``hits``, ``sentences`` and ``breadth`` have shape (documents, keys), ``keys`` being those of
    ``MeasureRow``; breadth is NaN where a measure has none. ``sha256`` is the hash of the file
    that the set was read from, empty before it is written.
    """

    name: str
    lexicon: LexiconId
    nqpf_version: str
    settings: Mapping[str, Any]
    documents: tuple[ReferenceDocument, ...]
    keys: tuple[str, ...]
    hits: Counts
    sentences: Counts
    breadth: npt.NDArray[np.float64]
    sha256: str = ""


class Standing:
    """Ranks the shares of one document among the comparable ones of a reference set."""

    def __init__(self, reference: Reference, about: Profile, sha256: str) -> None:
        import numpy as np  # not above: a document is read before numbers are wanted

        self.basis, chosen = _comparable(reference, about, sha256)
        self.n = len(chosen)
        self._columns = {key: i for i, key in enumerate(reference.keys)}
        self._counts = reference.sentences[chosen]
        sizes = [reference.documents[i].sentences for i in chosen]
        self._sizes = np.array(sizes, dtype=np.int64)
        self._name, self._sha256 = reference.name, reference.sha256

    @property
    def comparison(self) -> Comparison:
        """Return what the report says of the comparison."""
        return Comparison(name=self._name, sha256=self._sha256, n=self.n, basis=self.basis)

    def percentile(self, key: str, sentences: int, total: int) -> float | None:
        """Return the percentile (0–100) of the share ``sentences`` ÷ ``total`` of a measure.

        100 (L + E ÷ 2) ÷ n, with L of n documents below and E level with it: the mean of the
        shares below and not above it, in which ties count half (Hazen 1914; Parzen 2004). None
        where too few documents are comparable or the reference does not have the measure.
        """
        import numpy as np

        column = self._columns.get(key)
        if self.basis is None or column is None or not total:
            return None
        # Shares are compared as fractions, in whole numbers: equal ones are level exactly.
        theirs = self._counts[:, column] * total
        own = self._sizes * sentences
        twice = 2 * np.count_nonzero(theirs < own) + np.count_nonzero(theirs == own)
        return round(50 * int(twice) / self.n, DIGITS)


def stand(
    reference: Reference | None,
    made_with: tuple[LexiconId, Settings, str],
    about: Profile,
    sha256: str,
) -> tuple[Standing | None, tuple[QualityWarning, ...]]:
    """Return where a document stands in the set, if there is one, and what to beware of.

    ``made_with`` are lexicon, settings and version of its own figures: those made with another
    lexicon, or with other settings that matter, are compared with none.
    """
    if reference is None:
        return None, ()
    lexicon, settings, version = made_with
    own = settings.to_dict()
    nobody = Standing(reference, Profile(), sha256)
    if reference.lexicon.sha256 != lexicon.sha256:
        return nobody, (_OTHER_LEXICON,)
    if any(reference.settings.get(key) != own[key] for key in SETTINGS):
        return nobody, (_OTHER_SETTINGS,)
    old = reference.nqpf_version != version
    return Standing(reference, about, sha256), (_OTHER_VERSION,) if old else ()


def _comparable(
    reference: Reference, about: Profile, sha256: str
) -> tuple[Basis | None, list[int]]:
    """Return the basis and the numbers of the documents; without a basis, those of the kind."""
    chosen: list[int] = []
    for basis, circle in _circles(about):
        chosen = [
            i
            for i, d in enumerate(reference.documents)
            if circle(d) and not _is_same(d, about, sha256)
        ]
        if len(chosen) >= LEAST:
            return basis, chosen
    return None, chosen


def _circles(about: Profile) -> Iterator[tuple[Basis, Callable[[ReferenceDocument], bool]]]:
    if about.kind is None:
        return
    level = about.jurisdiction.level if about.jurisdiction else None
    year = about.year

    def near(d: ReferenceDocument) -> bool:
        return year is not None and d.year is not None and abs(d.year - year) <= YEARS

    if level is not None:
        yield "kind+level+years", lambda d: d.kind == about.kind and d.level == level and near(d)
        yield "kind+level", lambda d: d.kind == about.kind and d.level == level
    yield "kind", lambda d: d.kind == about.kind


def _is_same(d: ReferenceDocument, about: Profile, sha256: str) -> bool:
    """Return whether a reference document is the document itself, perhaps in another file."""
    if d.sha256 == sha256:
        return True
    place = about.jurisdiction
    return (
        place is not None
        and about.year is not None
        and about.kind in _YEARLY
        and (d.code, d.year, d.kind) == (place.code, about.year, about.kind)
    )
