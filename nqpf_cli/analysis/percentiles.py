"""Where a document stands among comparable ones: mid-rank percentiles of its shares.

Comparable are reference documents of the same kind. The narrowest of three circles that holds
``LEAST`` of them is taken: same level and a year at most ``YEARS`` away, same level, any level.
A document of another kind never stands in: a regulation is worded otherwise than a work report.
Who asks for other criteria gets these and no wider ones, with a warning where few share them.
Of the documents so found, those of the own block of provinces are ranked among once more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from nqpf_cli import defaults
from nqpf_cli.model import (
    EVERYTHING,
    Comparison,
    Criterion,
    LexiconId,
    Profile,
    QualityWarning,
    Settings,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Counts = npt.NDArray[np.int64]

FORMAT = 1  # of a set's file
LEAST = 20  # among fewer a percentile is rough: one document moves it by more than 5 points
FEWEST = 5  # among fewer there is none
YEARS = 2
_CIRCLES: tuple[tuple[Criterion, ...], ...] = (
    ("kind", "level", "years"),
    ("kind", "level"),
    ("kind",),
)
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

    def __init__(
        self,
        reference: Reference,
        about: Profile,
        sha256: str,
        comparable: str = defaults.COMPARABLE,
    ) -> None:
        self.basis, chosen = _comparable(reference, about, sha256, comparable)
        self.n = len(chosen)
        self._columns = {key: i for i, key in enumerate(reference.keys)}
        self._group = _Group(reference, chosen)
        block = about.jurisdiction.block if about.jurisdiction else None
        self._block = block if self.basis else None
        mates = [i for i in chosen if block and reference.documents[i].block == block]
        self._mates = _Group(reference, mates)
        self._name, self._sha256 = reference.name, reference.sha256

    @property
    def comparison(self) -> Comparison:
        """Return what the report says of the comparison."""
        return Comparison(
            name=self._name,
            sha256=self._sha256,
            n=self.n,
            basis=self.basis,
            block=self._block,
            block_n=self._mates.n if self._block else None,
        )

    def percentile(self, key: str, sentences: int, total: int) -> float | None:
        """Return the percentile (0–100) of the share ``sentences`` ÷ ``total`` of a measure.

        100 (L + E ÷ 2) ÷ n, with L of n documents below and E level with it: the mean of the
        shares below and not above it, in which ties count half (Hazen 1914; Parzen 2004). None
        where too few documents are comparable or the reference does not have the measure.
        """
        return self._rank(self._group, key, sentences, total)

    def percentile_in_block(self, key: str, sentences: int, total: int) -> float | None:
        """Return the same among the comparable documents of the own block of provinces.

        None where the block is not known or fewer than ``FEWEST`` of them are of it.
        """
        if self._block is None or self._mates.n < FEWEST:
            return None
        return self._rank(self._mates, key, sentences, total)

    def _rank(self, group: _Group, key: str, sentences: int, total: int) -> float | None:
        column = self._columns.get(key)
        if self.basis is None or column is None or not total:
            return None
        return group.percentile(column, sentences, total)


class _Group:
    """Some documents of a reference set, to rank among."""

    def __init__(self, reference: Reference, chosen: Sequence[int]) -> None:
        import numpy as np  # not above: a document is read before numbers are wanted

        self.n = len(chosen)
        self._counts = reference.sentences[list(chosen)]
        sizes = [reference.documents[i].sentences for i in chosen]
        self._sizes = np.array(sizes, dtype=np.int64)

    def percentile(self, column: int, sentences: int, total: int) -> float:
        import numpy as np

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
    if reference.lexicon.sha256 != lexicon.sha256:
        return _nowhere(reference, sha256), (_OTHER_LEXICON,)
    if any(reference.settings.get(key) != own[key] for key in SETTINGS):
        return _nowhere(reference, sha256), (_OTHER_SETTINGS,)
    warnings = [] if reference.nqpf_version == version else [_OTHER_VERSION]
    standing = Standing(reference, about, sha256, settings.comparable)
    if settings.comparable != defaults.COMPARABLE and standing.n < LEAST:
        warnings.append(_few(standing.n))
    return standing, tuple(warnings)


def _nowhere(reference: Reference, sha256: str) -> Standing:
    return Standing(reference, Profile(), sha256)


def _few(n: int) -> QualityWarning:
    if n < FEWEST:
        return QualityWarning(
            code="reference_too_few",
            zh=f"参照集里符合 --comparable 的文档只有 {n} 份，至少要 {FEWEST} 份：没有百分位",
            en=f"{n} document(s) of the reference set are comparable as --comparable has it, "
            f"{FEWEST} are needed: no percentiles",
        )
    return QualityWarning(
        code="reference_small",
        zh=f"可比的参照文档只有 {n} 份（不足 {LEAST} 份）：百分位粗略，"
        f"一份之差即 {100 / n:.0f} 个百分点",
        en=f"only {n} reference documents are comparable (fewer than {LEAST}): percentiles are "
        f"rough, one document is {100 / n:.0f} points",
    )


def _comparable(
    reference: Reference, about: Profile, sha256: str, asked: str
) -> tuple[str | None, list[int]]:
    """Return the basis and the numbers of the documents; without a basis, of the widest circle."""
    others = [i for i, d in enumerate(reference.documents) if not _is_same(d, about, sha256)]
    if asked == EVERYTHING:
        return (EVERYTHING if len(others) >= FEWEST else None), others
    least, circles = LEAST, _CIRCLES
    if asked != defaults.COMPARABLE:
        least, circles = FEWEST, (cast("tuple[Criterion, ...]", tuple(asked.split("+"))),)
    chosen: list[int] = []
    for circle in circles:
        chosen = _sharing(circle, reference.documents, others, about)
        if len(chosen) >= least:
            return "+".join(circle), chosen
    return None, chosen


def _sharing(
    criteria: Sequence[Criterion],
    documents: Sequence[ReferenceDocument],
    numbers: Sequence[int],
    about: Profile,
) -> list[int]:
    """Return the numbers of the documents that share all criteria; none where one is not known."""
    place = about.jurisdiction
    own: dict[Criterion, Any] = {
        "kind": about.kind,
        "level": place.level if place else None,
        "years": about.year,
        "year": about.year,
        "block": place.block if place else None,
    }
    if any(own[c] is None for c in criteria):
        return []
    return [n for n in numbers if all(_agrees(c, own[c], documents[n]) for c in criteria)]


def _agrees(criterion: Criterion, own: Any, d: ReferenceDocument) -> bool:
    if criterion == "years":
        return d.year is not None and abs(d.year - own) <= YEARS
    return bool(getattr(d, criterion) == own)


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
