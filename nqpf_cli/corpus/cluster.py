"""Which documents of a set go together: a dendrogram, clusters, and what tells them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from nqpf_cli.analysis.keyness import KeyWord, key_words
from nqpf_cli.analysis.statistics import DIGITS
from nqpf_cli.corpus.words import tfidf
from nqpf_cli.model import LABELS, SCHEMA_VERSION, measures

By = Literal["text", "shares"]
Floats = npt.NDArray[np.float64]
MOST_CLUSTERS = 10
# Below it no structure is found that is worth the name (Kaufman & Rousseeuw 1990, p. 88).
WEAK = 0.25
# Not above it documents are no nearer to their own cluster than to another: no split is made.
NO_SPLIT = 0.0
METHODS: dict[By, tuple[str, str]] = {
    "text": ("tfidf_cosine", "average"),
    "shares": ("arcsine_euclidean", "ward"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Two branches joined at ``height``; numbers below the count of documents are documents.

    The branch that merge ``i`` makes has the number of documents plus ``i``.
    """

    left: int
    right: int
    height: float
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Documents that go together: ``members`` by position, the one nearest to all of them.

    ``silhouette`` is None where it is the only cluster.
    """

    members: tuple[int, ...]
    central: int
    silhouette: float | None
    words: tuple[KeyWord, ...] = ()
    shares: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustering:
    """The tree, the order of its leaves, the clusters in that order, the silhouettes tried.

    ``silhouettes`` holds the mean silhouette by number of clusters. There is one cluster where
    none of them is above ``NO_SPLIT`` and no number was asked for.
    """

    by: By
    sources: tuple[Mapping[str, Any], ...]
    merges: tuple[Merge, ...]
    order: tuple[int, ...]
    clusters: tuple[Cluster, ...]
    silhouettes: Mapping[int, float]
    asked: int | None

    def to_dict(self) -> dict[str, Any]:
        """Return the object that ``--format json`` writes, keys in their fixed order."""
        of = {m: n for n, c in enumerate(self.clusters, 1) for m in c.members}
        distance, linkage = METHODS[self.by]
        return {
            "schema_version": SCHEMA_VERSION,
            "by": self.by,
            "distance": distance,
            "linkage": linkage,
            "chosen_by": self._chosen_by,
            "silhouettes": {str(k): v for k, v in self.silhouettes.items()},
            "documents": [
                {
                    "number": n + 1,
                    **{
                        k: s[k] for k in ("path", "sha256", "title", "kind", "year", "jurisdiction")
                    },
                    "cluster": of[n],
                }
                for n, s in enumerate(self.sources)
            ],
            "clusters": [_cluster(n, c) for n, c in enumerate(self.clusters, 1)],
            "order": [n + 1 for n in self.order],
            "merges": [
                {"left": m.left + 1, "right": m.right + 1, "height": m.height, "size": m.size}
                for m in self.merges
            ],
            "newick": self.newick(),
        }

    @property
    def _chosen_by(self) -> str:
        if self.asked is not None:
            return "asked"
        return "silhouette" if len(self.clusters) > 1 else "no_split"

    def newick(self) -> str:
        """Return the tree in Newick's format (1986); leaves are paths, lengths half the heights."""
        parts = [_quoted(s["path"]) for s in self.sources]
        heights = [0.0] * len(parts)
        for m in self.merges:
            left, right = (
                f"{parts[k]}:{round((m.height - heights[k]) / 2, DIGITS):g}"
                for k in (m.left, m.right)
            )
            parts[m.left] = parts[m.right] = ""  # a long tree must not be held at every branch
            parts.append(f"({left},{right})")
            heights.append(m.height)
        return parts[-1] + ";"


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _cluster(number: int, c: Cluster) -> dict[str, Any]:
    return {
        "number": number,
        "size": len(c.members),
        "central": c.central + 1,
        "silhouette": c.silhouette,
        "key_words": [{"word": w.word, "g2": w.g2, "log_ratio": w.log_ratio} for w in c.words],
        "shares": None if c.shares is None else dict(c.shares),
    }


def cluster_texts(
    sources: Sequence[Mapping[str, Any]],
    words: Sequence[Counter[str]],
    *,
    clusters: int | None = None,
    key_words_each: int = 8,
) -> Clustering:
    """Return the clusters of documents by their words.

    Distance: 1 − cosine of tf-idf vectors; average linkage (Sokal & Michener 1958). A cluster's
    key words are those of its documents against all others.
    """
    vectors = tfidf(words)
    products = np.asarray((vectors @ vectors.T).toarray())
    total: Counter[str] = sum(words, Counter())

    def described(members: tuple[int, ...], central: int, silhouette: float | None) -> Cluster:
        own: Counter[str] = sum((words[m] for m in members), Counter())
        return Cluster(
            members=members,
            central=central,
            silhouette=silhouette,
            words=tuple(key_words(own, total - own, limit=key_words_each)),
        )

    return _clustering("text", sources, np.maximum(0.0, 1 - products), clusters, described)


def cluster_shares(
    reports: Sequence[Mapping[str, Any]], *, clusters: int | None = None
) -> Clustering:
    """Return the clusters of documents by the shares of the twelve labels.

    Distance: Euclidean over 2 arcsin √share, on which scale a step means the same at every share
    (Cohen 1988, ch. 6: h); Ward's linkage (1963). A cluster is described by its mean shares.
    """
    shares = np.array([_shares(r) for r in reports])
    angles = 2 * np.arcsin(np.sqrt(shares))
    squares = (angles**2).sum(axis=1)
    squared = squares[:, None] + squares[None, :] - 2 * angles @ angles.T
    distances = np.sqrt(np.maximum(0.0, squared))

    def described(members: tuple[int, ...], central: int, silhouette: float | None) -> Cluster:
        means = shares[list(members)].mean(axis=0)
        return Cluster(
            members=members,
            central=central,
            silhouette=silhouette,
            shares={k: round(float(v), DIGITS) for k, v in zip(LABELS, means, strict=True)},
        )

    sources = [r["source"] for r in reports]
    return _clustering("shares", sources, distances, clusters, described)


def _shares(report: Mapping[str, Any]) -> list[float]:
    by_key = {r.key: r.measure["sentence_share"] or 0.0 for r in measures(report)}
    return [by_key[label] for label in LABELS]


def _clustering(
    by: By,
    sources: Sequence[Mapping[str, Any]],
    distances: Floats,
    asked: int | None,
    described: Any,
) -> Clustering:
    """Return the tree of ``distances`` (documents, documents), cut into clusters.

    Without ``asked`` the number of clusters, 2 to 10, is that of the highest mean silhouette
    (Rousseeuw 1987), and of several the smallest; one where none is above ``NO_SPLIT``.
    """
    from scipy.cluster.hierarchy import cut_tree, leaves_list, linkage
    from scipy.spatial.distance import squareform
    from sklearn.metrics import silhouette_samples

    # Sums of products differ in their last digits from one machine to the next.
    distances = np.round((distances + distances.T) / 2, 9)
    np.fill_diagonal(distances, 0.0)
    tree = linkage(squareform(distances), method=METHODS[by][1], optimal_ordering=True)
    count = len(sources)
    wanted = range(2, min(MOST_CLUSTERS, count - 1) + 1) if asked is None else [asked]
    tried: dict[int, tuple[float, Floats, Any]] = {}
    for k, labels in zip(wanted, cut_tree(tree, n_clusters=list(wanted)).T, strict=True):
        each = silhouette_samples(distances, labels, metric="precomputed")
        tried[k] = (round(float(each.mean()), DIGITS), each, labels)
    best = max(tried, key=lambda k: (tried[k][0], -k))
    highest, each, labels = tried[best]
    split = asked is not None or highest > NO_SPLIT
    order = tuple(int(n) for n in leaves_list(tree))
    groups: dict[int, list[int]] = {}
    for n in order:
        groups.setdefault(int(labels[n]) if split else 0, []).append(n)
    return Clustering(
        by=by,
        sources=tuple(sources),
        merges=tuple(
            Merge(left=int(a), right=int(b), height=round(float(h), DIGITS), size=int(s))
            for a, b, h, s in tree
        ),
        order=order,
        clusters=tuple(
            described(
                tuple(members),
                _central(distances, members),
                round(float(each[members].mean()), DIGITS) if split else None,
            )
            for members in groups.values()
        ),
        silhouettes={k: tried[k][0] for k in sorted(tried)},
        asked=asked,
    )


def _central(distances: Floats, members: Sequence[int]) -> int:
    """Return the medoid: the member with the least sum of distances to the others."""
    sums = distances[np.ix_(members, members)].sum(axis=0)
    return members[int(sums.argmin())]
