"""Terms that a lexicon may lack, proposed from a corpus; nothing is ever added by itself.

Three views of a candidate (a token or a pair of neighbouring tokens):

``keyness``
    log-likelihood G² of its frequency in the category's sentences against all others, with the
    log ratio as effect size (Dunning 1993; Hardie 2014).
``collocation``
    logDice with the category's hits within sentences (Rychlý 2008).
``neighbour``
    cosine to the centre of the category's own terms in a space of sentences reduced by
    TruncatedSVD (latent semantic analysis; Deerwester et al. 1990).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2

from nqpf_cli.analysis.keyness import log_likelihood, log_ratio
from nqpf_cli.model import Lexicon
from nqpf_cli.segmenters.base import Segmenter

_WORD = re.compile(r"^[\u4e00-\u9fffA-Za-z0-9]+$")
_HAN = re.compile(r"[\u4e00-\u9fff]")
MIN_COUNT = 5
MIN_DOCUMENTS = 2
DIMENSIONS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A proposed term with its counts, its three scores and a sentence it stands in."""

    term: str
    count: int
    inside: int
    documents: int
    g2: float
    log_ratio: float
    log_dice: float
    cosine: float | None
    example: str


@dataclass(frozen=True, slots=True)
class CorpusSentence:
    """A sentence of the corpus: whether the category holds it, and what it matched there."""

    document: int
    text: str
    inside: bool
    surfaces: tuple[str, ...]


def suggest(
    sentences: Sequence[CorpusSentence], segmenter: Segmenter, lexicon: Lexicon, limit: int
) -> list[Suggestion]:
    """Return the best candidates by G², those that the lexicon already has left out."""
    tokens = [segmenter.cut(s.text) for s in sentences]
    candidates = [_candidates(t) for t in tokens]
    count: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    documents: dict[str, set[int]] = defaultdict(set)
    example: dict[str, str] = {}
    for s, found in zip(sentences, candidates, strict=True):
        for term in found:
            count[term] += 1
            documents[term].add(s.document)
            if s.inside:
                inside[term] += 1
                example.setdefault(term, s.text)
    held = sum(s.inside for s in sentences)
    covered = [e.term for e in lexicon.entries if e.kind == "fixed"]
    known = set(covered)
    rows = []
    for term, n in count.items():
        k = inside[term]
        if n < MIN_COUNT or len(documents[term]) < MIN_DOCUMENTS or not k or term in known:
            continue
        g2 = log_likelihood(k, n - k, held, len(sentences) - held)
        ratio = log_ratio(k, n - k, held, len(sentences) - held)
        if ratio > 0:
            rows.append((g2, ratio, term))
    rows.sort(key=lambda r: (-r[0], r[2]))
    kept = _without_covered(rows, known)[:limit]
    cosines = _cosines([t for _, _, t in kept], candidates, sentences)
    return [
        Suggestion(
            term=term,
            count=count[term],
            inside=inside[term],
            documents=len(documents[term]),
            g2=round(g2, 2),
            log_ratio=round(ratio, 2),
            log_dice=round(14 + log2(2 * inside[term] / (count[term] + held)), 2),
            cosine=cosines.get(term),
            example=example[term],
        )
        for g2, ratio, term in kept
    ]


def _candidates(tokens: Sequence[str]) -> set[str]:
    words = [t for t in tokens if len(t) > 1 and _is_word(t)]
    pairs = {
        a + b for a, b in pairwise(tokens) if _is_word(a) and _is_word(b) and 3 <= len(a + b) <= 8
    }
    return set(words) | pairs


def _is_word(token: str) -> bool:
    return bool(_WORD.match(token) and _HAN.search(token))


def _without_covered(
    rows: Iterable[tuple[float, float, str]], known: set[str]
) -> list[tuple[float, float, str]]:
    """Drop candidates that hold an entry: the lexicon counts them already."""
    longest = max(map(len, known), default=0)

    def covered(term: str) -> bool:
        return any(
            term[i:j] in known
            for i in range(len(term))
            for j in range(i + 2, min(len(term), i + longest) + 1)
        )

    return [r for r in rows if not covered(r[2])]


def _cosines(
    terms: Sequence[str], candidates: Sequence[set[str]], sentences: Sequence[CorpusSentence]
) -> dict[str, float]:
    """Return the cosine of each term to the centre of the category's own surfaces."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.decomposition import TruncatedSVD

    surfaces = {w for s in sentences for w in s.surfaces}
    vocabulary = {t: i for i, t in enumerate([*terms, *sorted(surfaces - set(terms))])}
    rows, columns = [], []
    for n, (found, s) in enumerate(zip(candidates, sentences, strict=True)):
        for term in found | set(s.surfaces):
            if term in vocabulary:
                rows.append(vocabulary[term])
                columns.append(n)
    size = min(DIMENSIONS, len(vocabulary) - 1, len(sentences) - 1)
    if not terms or not surfaces or size < 2:
        return {}
    x = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(vocabulary), len(sentences)))
    with np.errstate(divide="ignore", invalid="ignore"):  # shares of a variance that may be 0
        space = TruncatedSVD(size, random_state=0).fit_transform(x)
    norms = np.linalg.norm(space, axis=1)
    own = [vocabulary[w] for w in surfaces if norms[vocabulary[w]] > 0]
    if not own:
        return {}
    centre = (space[own] / norms[own, None]).mean(axis=0)
    length = float(np.linalg.norm(centre)) or 1.0
    return {
        t: round(float(space[i] @ centre / (norms[i] * length)), 3)
        for t, i in ((t, vocabulary[t]) for t in terms)
        if norms[i] > 0
    }
