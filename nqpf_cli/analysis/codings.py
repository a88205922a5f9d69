"""The codings of a document's sentences, in columns, and what their matches count for.

Arrays here, and a value only for what is looked at: a document has some thousand matches.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, overload

from nqpf_cli.model import (
    LABELS,
    OBSTRUCTIONS,
    PATHS,
    STANCES,
    Coding,
    Entry,
    Lexicon,
    Match,
    Stance,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

NOTHING = -1
RULES = (
    "",
    "governed",
    "void",
    "asserted",
    "cue-after",
    "cue-before",
    "cue-clause",
    "cue-sentence",
    "no-cue",
)
"""The rules that decide a stance; the first is that of matches which take none."""
_STANCES: tuple[Stance | None, ...] = (None, *STANCES)


def column(target: str, stance: Stance | None) -> str:
    """Return the name of a column: ``lockin.legacy:problem``, ``factor.labour``."""
    return f"{target}:{stance}" if stance else target


def label_of(entry: Entry, stance: Stance | None) -> str | None:
    """Return the label a match speaks for, or None (a prescription, a method, no stance)."""
    if entry.prescription:
        return None
    label = entry.category if entry.category not in OBSTRUCTIONS else f"{entry.category}.{stance}"
    return label if label in LABELS else None


def label_rows(labels: Sequence[Iterable[str]]) -> npt.NDArray[np.bool_]:
    """Return labels as flags, of shape (sentences, labels)."""
    import numpy as np  # see statistics

    sets = list(map(frozenset, labels))
    flags = [[label in given for label in LABELS] for given in sets]
    return np.array(flags, dtype=bool).reshape(len(sets), len(LABELS))


def labels_of(row: npt.NDArray[np.bool_]) -> tuple[str, ...]:
    """Return the labels of a row of flags, in the order of ``LABELS``."""
    return tuple([label for label, given in zip(LABELS, row.tolist(), strict=True) if given])


class Counted(NamedTuple):
    """What the matches of a lexicon's entries count for, in arrays; see ``Columns``.

    ``names`` are the bytes of a list in JSON.
    """

    labels: npt.NDArray[np.int64]
    categories: npt.NDArray[np.int64]
    targets: npt.NDArray[np.int64]
    prescription: npt.NDArray[np.bool_]
    path: npt.NDArray[np.bool_]
    names: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Counted:
        """Return what the matches of entries count for."""
        import numpy as np  # see statistics

        names = {label: n for n, label in enumerate(LABELS)}

        def number(name: str) -> int:
            return names.setdefault(name, len(names))

        kinds: dict[tuple[str, str, bool], int] = {}
        rows = []
        for e in entries:
            kind = (e.category, e.target, e.prescription)
            if kind in kinds:
                continue
            kinds[kind] = len(kinds)
            for stance in _STANCES:
                label = label_of(e, stance)
                if e.prescription or (label is None and e.category in OBSTRUCTIONS):
                    rows.append((NOTHING, NOTHING, NOTHING))
                    continue
                rows.append(
                    (
                        number(label) if label else NOTHING,
                        number(label or e.category),
                        number(column(e.target, stance)),
                    )
                )
        own = [kinds[e.category, e.target, e.prescription] for e in entries]
        by_kind = np.array(rows, dtype=np.int64).reshape(-1, len(_STANCES), 3)
        table = by_kind[np.array(own, dtype=np.int64)]
        labels, categories, targets = (table[:, :, n] for n in range(3))
        return cls(
            labels=labels,
            categories=categories,
            targets=targets,
            prescription=np.array([e.prescription for e in entries], dtype=bool),
            path=np.array(
                [e.category in PATHS and not e.prescription for e in entries], dtype=bool
            ),
            names=np.frombuffer(json.dumps(list(names)).encode(), dtype=np.uint8),
        )


class Columns:
    """What the matches of a lexicon's entries count for, by stance: a label, and an indicator.

    ``names`` begins with ``LABELS``. ``labels``, ``categories`` and ``targets`` have the shape
    (entries, 1 + stances), the first column being that of matches without stance; they hold
    numbers of ``names``, or ``NOTHING``. ``prescription`` and ``path`` tell, by entry, whether it
    is one of a prescription, or one of a carrier.
    """

    def __init__(self, lexicon: Lexicon, counted: Counted) -> None:
        self.entries = lexicon.entries
        self.cues = tuple([cue.term for cue in lexicon.stance.cues])
        self.labels, self.categories, self.targets = counted[:3]
        self.prescription = counted.prescription
        self.path = counted.path
        self.names: tuple[str, ...] = tuple(json.loads(counted.names.tobytes()))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decisions:
    """How the stances of matches were decided, all of shape (matches,).

    Numbers of ``STANCES``, of ``RULES`` and of the lexicon's cues; ``NOTHING`` where there is none.
    """

    stances: npt.NDArray[np.int8]
    rules: npt.NDArray[np.int8]
    cues: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Codings(Sequence[Coding]):
    """Labels and matches of sentences; those of each are made a value when it is looked at.

    ``labels`` has the shape (sentences, labels). ``sentences``, ``entries``, ``starts`` and
    ``ends`` have the shape (matches,), in the order of the sentences: which sentence, which entry
    of the lexicon, and where it stands in the sentence.
    """

    columns: Columns
    labels: npt.NDArray[np.bool_]
    sentences: npt.NDArray[np.int64]
    entries: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    decisions: Decisions

    def __len__(self) -> int:
        return len(self.labels)

    @overload
    def __getitem__(self, index: int) -> Coding: ...
    @overload
    def __getitem__(self, index: slice) -> list[Coding]: ...
    def __getitem__(self, index: int | slice) -> Coding | list[Coding]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        return Coding(
            labels=labels_of(self.labels[number]), matches=tuple(self.matches(self.of(number)))
        )

    def of(self, sentence: int) -> slice:
        """Return the numbers of a sentence's matches."""
        return slice(*self.sentences.searchsorted([sentence, sentence + 1]).tolist())

    @property
    def prescribed(self) -> npt.NDArray[np.bool_]:
        """Which matches are of prescriptions; the others are evidence of the figures."""
        return self.columns.prescription[self.entries]

    def matches(self, some: slice | npt.NDArray[np.int64]) -> Iterator[Match]:
        """Yield matches by their numbers."""
        d = self.decisions
        columns = (self.entries, self.starts, self.ends, d.stances, d.rules, d.cues)
        for entry, start, end, stance, rule, cue in zip(
            *(c[some].tolist() for c in columns), strict=True
        ):
            yield Match(
                entry=self.columns.entries[entry],
                start=start,
                end=end,
                stance=_STANCES[1 + stance],
                rule=RULES[rule],
                cue=self.columns.cues[cue] if cue != NOTHING else "",
            )

    def spoken(self, what: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return what each match counts for by a table of ``columns``."""
        numbers: npt.NDArray[np.int64] = what[self.entries, 1 + self.decisions.stances]
        return numbers

    def counting(self) -> npt.NDArray[np.bool_]:
        """Return which matches make their sentences count for their indicators.

        Not those of prescriptions, nor those whose sentence did not get the label they speak for.
        """
        labels, targets = map(self.spoken, (self.columns.labels, self.columns.targets))
        counting: npt.NDArray[np.bool_] = targets != NOTHING
        labelled = labels != NOTHING
        counting[labelled] &= self.labels[self.sentences[labelled], labels[labelled]]
        return counting


def joined(parts: Sequence[Codings]) -> Codings:
    """Return the codings of several runs of sentences as those of one; ``parts`` is not empty."""
    if len(parts) == 1:
        return parts[0]
    import numpy as np  # see statistics

    sizes = np.cumsum([0, *(len(p) for p in parts)])
    return Codings(
        columns=parts[0].columns,
        labels=np.concatenate([p.labels for p in parts]),
        sentences=np.concatenate([p.sentences + n for p, n in zip(parts, sizes, strict=False)]),
        entries=np.concatenate([p.entries for p in parts]),
        starts=np.concatenate([p.starts for p in parts]),
        ends=np.concatenate([p.ends for p in parts]),
        decisions=Decisions(
            stances=np.concatenate([p.decisions.stances for p in parts]),
            rules=np.concatenate([p.decisions.rules for p in parts]),
            cues=np.concatenate([p.decisions.cues for p in parts]),
        ),
    )
