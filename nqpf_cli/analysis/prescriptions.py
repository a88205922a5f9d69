"""Which of the paper's prescriptions a text takes up, and whether its carriers fit its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from nqpf_cli.analysis.codings import NOTHING, Codings
from nqpf_cli.analysis.statistics import DIGITS
from nqpf_cli.model import (
    LABELS,
    STANCES,
    CarrierFit,
    Jurisdiction,
    Lexicon,
    PrescriptionScore,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def applies(carrier_applies: Sequence[str], jurisdiction: Jurisdiction) -> bool:
    """Return whether a carrier is for a jurisdiction; all are for a national text.

    A city's or county's are those of its province.
    """
    if jurisdiction.level == "national" or "*" in carrier_applies:
        return True
    province = jurisdiction.province or jurisdiction.name
    return any(province.startswith(name) for name in carrier_applies)


def taking_up(codings: Codings) -> npt.NDArray[np.bool_]:
    """Return which matches of prescriptions speak for them; to complain is not to take up.

    Those do not in whose clause a problem cue stands (人工智能应用不足), nor those whose sentence
    only diagnoses while nothing in the clause acts.
    """
    stances = codings.decisions.stances
    problem, remedy = (
        codings.labels[codings.sentences][:, [x.endswith(f".{s}") for x in LABELS]] for s in STANCES
    )
    only_diagnosed = problem.any(axis=1) & ~remedy.any(axis=1)
    acts = stances == STANCES.index("remedy")
    acts |= (stances == NOTHING) & ~only_diagnosed
    taking: npt.NDArray[np.bool_] = codings.prescribed & acts
    return taking


def taken_up(codings: Codings, paragraphs: Sequence[int], lexicon: Lexicon) -> dict[str, list[int]]:
    """Return prescription → the numbers of the sentences that take it up, each once.

    ``paragraphs`` are the numbers of the sentences' paragraphs. A prescription whose scope is the
    paragraph counts only where its paragraph names the carrier.
    """
    entries = codings.columns.entries
    found: dict[str, list[int]] = {p.id: [] for p in lexicon.prescriptions}
    for number, entry in _pairs(codings, taking_up(codings)):
        numbers = found[entries[entry].target]
        if not numbers or numbers[-1] != number:
            numbers.append(number)
    named: dict[str, set[int]] = defaultdict(set)
    for number, entry in _pairs(codings, codings.columns.path[codings.entries]):
        named[entries[entry].target].add(paragraphs[number])
    for p in lexicon.prescriptions:
        if p.scope == "paragraph":
            found[p.id] = [n for n in found[p.id] if paragraphs[n] in named[p.carrier]]
    return found


def _pairs(codings: Codings, some: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield sentence and entry of some matches."""
    yield from zip(codings.sentences[some].tolist(), codings.entries[some].tolist(), strict=True)


def prescriptions(
    codings: Codings,
    paragraphs: Sequence[int],
    lexicon: Lexicon,
    spoken: Mapping[str, int],
    jurisdiction: Jurisdiction | None,
) -> PrescriptionScore | None:
    """Return fit and coverage; ``spoken`` has the sentences of each carrier.

    None where the jurisdiction is not known: nobody can say which carriers are for it.
    """
    if jurisdiction is None:
        return None
    carriers = [i for c in lexicon.categories if c.kind == "path" for i in c.indicators]
    fitting = [c.id for c in carriers if applies(c.applies, jurisdiction)]
    found = taken_up(codings, paragraphs, lexicon)
    fits = {
        carrier: CarrierFit(
            sentences={
                p.id.rsplit(".", 1)[1]: len(found[p.id])
                for p in lexicon.prescriptions
                if p.carrier == carrier
            }
        )
        for carrier in fitting
    }
    total = sum(len(f.taken_up) for f in fits.values())
    covered = sum(sum(f.taken_up.values()) for f in fits.values())
    all_spoken = sum(spoken[c.id] for c in carriers)
    astray = sum(spoken[c.id] for c in carriers if c.id not in fits)
    return PrescriptionScore(
        carriers=fits,
        covered=round(covered / total, DIGITS) if total else None,
        misfit=round(astray / all_spoken, DIGITS) if all_spoken else None,
    )
