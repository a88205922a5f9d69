"""What changes between two lexicons: entries, and the labels of a corpus's sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from nqpf_cli.model import Coding, Lexicon

if TYPE_CHECKING:
    from nqpf_cli.analysis.coder import Coder

_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryChange:
    """An entry that only one lexicon has (``removed`` or ``added``)."""

    change: str
    target: str
    term: str
    stance: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelChange:
    """A sentence whose labels differ; the terms are those that only one side matched."""

    path: str
    page: int | None
    text: str
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    terms: tuple[str, ...]


def entry_changes(old: Lexicon, new: Lexicon) -> list[EntryChange]:
    """Return the entries that differ, removed ones first."""
    a, b = ({(e.target, e.term, e.stance or "") for e in x.entries} for x in (old, new))
    return [
        EntryChange(change=change, target=target, term=term, stance=stance or None)
        for change, keys in (("removed", a - b), ("added", b - a))
        for target, term, stance in sorted(keys)
    ]


def label_changes(
    sentences: Iterable[tuple[str, int | None, str]], old: Coder, new: Coder
) -> Iterator[LabelChange]:
    """Yield the sentences (path, page, text) that the two code differently."""
    asked = iter(sentences)
    while some := list(islice(asked, _AT_ONCE)):
        texts = [text for _, _, text in some]
        yield from _changes(some, old.code_all(texts), new.code_all(texts))


def _changes(
    sentences: Iterable[tuple[str, int | None, str]],
    old: Iterable[Coding],
    new: Iterable[Coding],
) -> Iterator[LabelChange]:
    for (path, page, text), a, b in zip(sentences, old, new, strict=True):
        if a.labels == b.labels:
            continue
        ours = {m.entry.term for m in a.matches}
        theirs = {m.entry.term for m in b.matches}
        yield LabelChange(
            path=path,
            page=page,
            text=text,
            lost=tuple(x for x in a.labels if x not in b.labels),
            gained=tuple(x for x in b.labels if x not in a.labels),
            terms=tuple(sorted(ours ^ theirs)),
        )
