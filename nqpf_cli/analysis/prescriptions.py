"""Which of the paper's prescriptions a text takes up, and whether its carriers fit its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from nqpf_cli.analysis.codings import Codings
from nqpf_cli.analysis.statistics import DIGITS
from nqpf_cli.model import (
    STANCES,
    CarrierFit,
    Jurisdiction,
    Lexicon,
    Match,
    PrescriptionScore,
)


def applies(carrier_applies: Sequence[str], jurisdiction: Jurisdiction) -> bool:
    """Return whether a carrier is for a jurisdiction; all are for a national text.

    A city's or county's are those of its province.
    """
    if jurisdiction.level == "national" or "*" in carrier_applies:
        return True
    province = jurisdiction.province or jurisdiction.name
    return any(province.startswith(name) for name in carrier_applies)


def takes_up(match: Match, labels: Sequence[str]) -> bool:
    """Return whether a match of a prescription speaks for it; to complain is not to take up.

    It does not where a problem cue stands in its clause (人工智能应用不足), nor where the sentence,
    which has ``labels``, only diagnoses and nothing in the clause acts.
    """
    if match.stance is not None:
        return match.stance == "remedy"
    stances = {s for s in STANCES for label in labels if label.endswith(f".{s}")}
    return stances != {"problem"}


def taken_up(codings: Codings, paragraphs: Sequence[int], lexicon: Lexicon) -> dict[str, list[int]]:
    """Return prescription → the numbers of the sentences that take it up, each once.

    ``paragraphs`` are the numbers of the sentences' paragraphs. A prescription whose scope is the
    paragraph counts only where its paragraph names the carrier.
    """
    found: dict[str, list[int]] = {p.id: [] for p in lexicon.prescriptions}
    named: dict[str, set[int]] = defaultdict(set)
    entries = codings.columns.entries
    prescribed = codings.columns.prescription[codings.entries]
    for number in dict.fromkeys(codings.sentences[prescribed].tolist()):
        coding = codings[number]
        for target in dict.fromkeys(
            m.entry.target
            for m in coding.matches
            if m.entry.prescription and takes_up(m, coding.labels)
        ):
            found[target].append(number)
    on_path = codings.columns.path[codings.entries]
    for number, entry in zip(
        codings.sentences[on_path].tolist(), codings.entries[on_path].tolist(), strict=True
    ):
        named[entries[entry].target].add(paragraphs[number])
    for p in lexicon.prescriptions:
        if p.scope == "paragraph":
            found[p.id] = [n for n in found[p.id] if paragraphs[n] in named[p.carrier]]
    return found


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
