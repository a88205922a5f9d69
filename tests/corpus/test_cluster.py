from __future__ import annotations

from collections import Counter
from math import asin, sqrt
from typing import Any

import numpy as np
import pytest

from nqpf_cli.corpus.cluster import Clustering, cluster_shares, cluster_texts
from nqpf_cli.model import LABELS

SEA, STEPPE = ("海洋", "港口", "渔业"), ("草原", "畜牧", "风电")


def source(n: int) -> dict[str, Any]:
    path = f"it's {n}.txt"
    empty = dict.fromkeys(("title", "kind", "year", "jurisdiction"))
    return {"path": path, "sha256": str(n), **empty}


def texts(**more: Any) -> Clustering:
    words = [
        Counter({w: 5 + (n + i) % 3 for i, w in enumerate(SEA if n % 2 else STEPPE)} | {"发展": 9})
        for n in range(6)
    ]
    return cluster_texts([source(n) for n in range(6)], words, **more)


def report(n: int, shares: dict[str, float]) -> dict[str, Any]:
    def m(label: str) -> dict[str, Any]:
        return {"hits": 0, "sentence_share": shares.get(label, 0.0), "carriers": {}}

    return {
        "source": source(n),
        "dimensions": {d: m(d) for d in ("factor", "industry", "relations")},
        "obstructions": {
            o: {s: m(f"{o}.{s}") for s in ("problem", "remedy")}
            for o in ("institution", "lockin", "services")
        },
        "paths": {p: m(p) for p in ("strategy", "block", "urbanization")},
        "indicators": {},
        "methods": {},
    }


def test_documents_with_the_same_words_go_together() -> None:
    found = texts()
    assert sorted(sorted(c.members) for c in found.clusters) == [[0, 2, 4], [1, 3, 5]]
    words = {frozenset(c.members): {w.word for w in c.words} for c in found.clusters}
    assert words[frozenset({1, 3, 5})] == set(SEA)
    assert max(found.silhouettes, key=found.silhouettes.__getitem__) == 2
    assert found.asked is None
    assert texts() == found


@pytest.mark.parametrize("count", [3, 6])
def test_documents_that_are_the_same_are_one_group(count: int) -> None:
    words = [Counter(dict.fromkeys(SEA, 5))] * count
    sources = [source(n) for n in range(count)]
    found = cluster_texts(sources, words)
    (only,) = found.clusters
    assert (sorted(only.members), only.silhouette) == (list(range(count)), None)
    view = found.to_dict()
    assert (view["chosen_by"], set(view["silhouettes"].values())) == ("no_split", {0.0})
    assert {d["cluster"] for d in view["documents"]} == {1}
    assert len(cluster_texts(sources, words, clusters=2).clusters) == 2


def test_heights_and_silhouettes_are_those_of_the_formulas() -> None:
    shares = [0.1, 0.12, 0.4, 0.45]
    found = cluster_shares([report(n, {"factor": s}) for n, s in enumerate(shares)])
    h = [2 * asin(sqrt(s)) for s in shares]
    assert [(m.left, m.right) for m in found.merges[:2]] in ([(0, 1), (2, 3)], [(1, 0), (3, 2)])
    assert found.merges[0].height == pytest.approx(h[1] - h[0], abs=1e-6)
    assert found.merges[1].height == pytest.approx(h[3] - h[2], abs=1e-6)
    # Ward: √(2 |A||B| ÷ (|A| + |B|)) times the distance of the centres
    centres = (h[2] + h[3]) / 2 - (h[0] + h[1]) / 2
    assert found.merges[2].height == pytest.approx(sqrt(2) * centres, abs=1e-6)
    each = []
    for i, group, other in ((0, [1], [2, 3]), (1, [0], [2, 3]), (2, [3], [0, 1]), (3, [2], [0, 1])):
        own = np.mean([abs(h[i] - h[j]) for j in group])
        next_to = np.mean([abs(h[i] - h[j]) for j in other])
        each.append((next_to - own) / max(own, next_to))
    assert found.silhouettes[2] == pytest.approx(np.mean(each), abs=1e-6)


def test_clusters_by_shares_tell_their_means() -> None:
    shares = [{"factor": 0.1}, {"factor": 0.2}, {"lockin.problem": 0.5}]
    found = cluster_shares([report(n, s) for n, s in enumerate(shares)], clusters=2)
    (c,) = [c for c in found.clusters if len(c.members) == 2]
    assert c.shares is not None
    assert list(c.shares) == list(LABELS)
    assert (c.shares["factor"], c.shares["lockin.problem"]) == (0.15, 0)


def test_the_number_of_clusters_may_be_asked() -> None:
    found = texts(clusters=3)
    assert len(found.clusters) == 3
    assert sum(len(c.members) for c in found.clusters) == 6
    assert found.to_dict()["chosen_by"] == "asked"


def test_documents_that_are_all_the_same_have_no_structure() -> None:
    found = cluster_shares([report(n, {"factor": 0.1}) for n in range(4)])
    assert set(found.silhouettes.values()) == {0.0}
    assert {m.height for m in found.merges} == {0.0}


def test_newick_is_read_by_others() -> None:
    from scipy.cluster.hierarchy import cophenet

    found = texts()
    newick = found.newick()
    assert newick.endswith(";")
    assert newick.count("(") == newick.count(")") == 5
    assert "'it''s 0.txt':" in newick
    # Two leaves are as far apart along the tree as the height that joins them.
    tree = np.array([[m.left, m.right, m.height, m.size] for m in found.merges], dtype=float)
    heights = iter(cophenet(tree))
    lengths = paths_between(newick)
    for i in range(6):
        for j in range(i + 1, 6):
            expected = next(heights)
            assert lengths[f"it's {i}.txt", f"it's {j}.txt"] == pytest.approx(expected, abs=1e-5)


def paths_between(newick: str) -> dict[tuple[str, str], float]:
    """Return the length of the path between every two leaves, by a small reader of Newick."""
    import re

    tokens = iter(re.findall(r"\(|\)|,|;|:[\d.e-]+|'(?:[^']|'')*'", newick))
    found: dict[tuple[str, str], float] = {}

    def node(token: str) -> dict[str, float]:
        if token != "(":
            return {token[1:-1].replace("''", "'"): 0.0}
        depths: dict[str, float] = {}
        while token != ")":
            child = node(next(tokens))
            length = float(next(tokens)[1:])
            child = {k: v + length for k, v in child.items()}
            for a, x in depths.items():
                for b, y in child.items():
                    found[a, b] = found[b, a] = x + y
            depths |= child
            token = next(tokens)
        return depths

    node(next(tokens))
    return found
