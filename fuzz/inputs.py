"""Seed and number → input: the same on every machine that has the same seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from fuzz.generic import GENERIC, MAX_BYTES, Mutator, splice
from fuzz.packages import PACKAGE
from fuzz.pdf import PDF
from fuzz.seeds import Seed
from fuzz.text import HTML, MARKDOWN, TEXT, VALUES

MUTATORS: dict[str, Sequence[Mutator]] = {
    "pdf": PDF,
    "docx": PACKAGE,
    "ofd": PACKAGE,
    "html": HTML,
    "markdown": MARKDOWN,
    "text": TEXT,
    "lexicon": VALUES,
    "dictionary": (*VALUES, *MARKDOWN),
    "units": VALUES,
    "sheet": (*TEXT, *VALUES),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A mutated file: ``recipe`` names the seed and the mutations, in order."""

    number: int
    kind: str
    name: str
    data: bytes
    recipe: str
    beside: tuple[tuple[str, bytes], ...] = ()


def make(pool: Sequence[Seed], seed: int, number: int) -> Input:
    """Return input ``number`` of a run: the kinds take turns."""
    rng = Random(f"{seed}:{number}")
    kinds = list(dict.fromkeys(s.kind for s in pool))
    kind = kinds[number % len(kinds)]
    own = [s for s in pool if s.kind == kind]
    chosen = rng.choice(own)
    data, steps = chosen.data, [chosen.name]
    mutators = PACKAGE if chosen.name.endswith(".xlsx") else MUTATORS[kind]
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
        roll = rng.random()
        if roll < 0.05:
            data = splice(data, rng.choice(own).data, rng)
            steps.append("splice")
            continue
        mutator = rng.choice(GENERIC if roll < 0.25 else mutators)
        data = mutator(data, rng)[:MAX_BYTES]
        steps.append(mutator.__name__)
    return Input(
        number=number,
        kind=kind,
        name=chosen.name,
        data=data,
        recipe=" ".join(steps),
        beside=chosen.beside,
    )
