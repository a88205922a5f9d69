"""What is wrong with a lexicon beyond its form: examples that fail, entries that never fire."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from nqpf_cli.analysis.patterns import fold
from nqpf_cli.lexicon.source import Problem
from nqpf_cli.model import Coding, Entry, Lexicon

CodeAll = Callable[[Sequence[str]], Sequence[Coding]]
DOMINANT = 0.25  # an entry with more than this share of its category's hits dominates it


def check(lexicon: Lexicon, code: CodeAll) -> list[Problem]:
    """Return all problems: duplicates, entries that void themselves, examples that fail."""
    problems = [*_duplicates(lexicon), *_self_voiding(lexicon), *_examples(lexicon, code)]
    targets = [(p.id, p.carrier) for p in lexicon.prescriptions]
    targets += [(i.id, c.id) for c in lexicon.categories for i in c.indicators]
    used = {e.target for e in lexicon.entries}
    problems += [
        Problem(file, 0, f"{id_} has no entry") for id_, file in targets if id_ not in used
    ]
    return sorted(problems, key=lambda p: (p.file, p.line, p.message))


def _duplicates(lexicon: Lexicon) -> Iterator[Problem]:
    seen: dict[tuple[str, str, str], Entry] = {}
    for e in lexicon.entries:
        term = fold(e.term) if e.kind == "fixed" else e.term
        first = seen.setdefault((e.scope, e.kind, term), e)
        if first is not e:
            yield Problem(
                e.file, e.line, f"{e.term}: also in {first.file}:{first.line} ({first.target})"
            )


def _self_voiding(lexicon: Lexicon) -> Iterator[Problem]:
    for e in lexicon.entries:
        if e.kind == "fixed":
            term = fold(e.term)
            for context in (*e.unless, *e.unless_sentence):
                if fold(context) in term:
                    yield Problem(
                        e.file, e.line, f"{e.term}: dead, its unless '{context}' is in it"
                    )


def _examples(lexicon: Lexicon, code: CodeAll) -> Iterator[Problem]:
    codings = code([x.text for x in lexicon.examples])
    for x, coding in zip(lexicon.examples, codings, strict=True):
        got = {(m.entry.target, m.stance) for m in coding.matches if not m.entry.prescription}
        hit = any(t == x.target and x.stance in (None, s) for t, s in got)
        if hit != x.expected:
            verb = "must match" if x.expected else "must not match"
            stance = f" ({x.stance})" if x.stance else ""
            yield Problem(x.file, x.line, f"example {verb} {x.target}{stance}: {x.text}")


# --- against a corpus -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryUse:
    """How an entry fares in a corpus.

    ``documents`` and ``found`` count it wherever it stands; ``hits`` only where no longer entry
    of its category holds it; ``share`` is its part of the category's hits.
    """

    entry: Entry
    documents: int
    found: int
    hits: int
    share: float

    @property
    def verdict(self) -> str:
        """Return ``dead``, ``rare``, ``redundant``, ``dominant`` or ``ok``."""
        if not self.found:
            return "dead"
        if self.documents < 2:
            return "rare"
        if not self.hits:
            return "redundant"
        return "dominant" if self.share > DOMINANT else "ok"


def use_in_corpus(
    lexicon: Lexicon, documents: Iterable[Sequence[str]], code: CodeAll, code_nested: CodeAll
) -> list[EntryUse]:
    """Count every entry over the sentences of documents, in the order of the lexicon.

    ``code`` applies the lexicon's nesting policy, ``code_nested`` counts nested entries too.
    """
    hits: Counter[tuple[str, str]] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    spread: dict[tuple[str, str], int] = defaultdict(int)
    totals: Counter[str] = Counter()
    for sentences in documents:
        own = Counter(
            (m.entry.target, m.entry.term) for c in code_nested(sentences) for m in c.matches
        )
        for coding in code(sentences):
            for m in coding.matches:
                hits[m.entry.target, m.entry.term] += 1
                totals[m.entry.scope] += 1
        found.update(own)
        for key in own:
            spread[key] += 1
    out = []
    for e in lexicon.entries:
        if not e.weight:
            continue
        key = (e.target, e.term)
        total = totals[e.scope]
        use = EntryUse(
            entry=e,
            documents=spread[key],
            found=found[key],
            hits=hits[key],
            share=hits[key] / total if total else 0.0,
        )
        out.append(use)
    return out
