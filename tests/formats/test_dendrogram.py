from __future__ import annotations

from typing import Any

from nqpf_cli.formats.dendrogram import draw_tree


def merge(left: int, right: int, height: float) -> dict[str, Any]:
    return {"left": left, "right": right, "height": height, "size": 0}


FOUR = [merge(1, 2, 0.1), merge(4, 3, 0.2), merge(5, 6, 0.6)]


def test_a_tree_is_drawn_from_its_leaves_to_its_root() -> None:
    tree = draw_tree(FOUR, [1, 2, 4, 3], width=12, most=9)
    assert [t.lines for t in tree.tips] == ["─┬─────────┐", "─┘         │", "───┬───────┘", "───┘"]
    assert [t.members for t in tree.tips] == [(0,), (1,), (3,), (2,)]
    assert (tree.low, tree.high) == (0.1, 0.6)


def test_low_branches_are_folded_where_there_are_too_many() -> None:
    tree = draw_tree(FOUR, [1, 2, 4, 3], width=8, most=3)
    assert [t.members for t in tree.tips] == [(0, 1), (3,), (2,)]
    assert [t.lines for t in tree.tips] == ["───────┐", "─┬─────┘", "─┘"]


def test_documents_at_no_distance_are_drawn_too() -> None:
    tree = draw_tree([merge(1, 2, 0.0), merge(3, 4, 0.0)], [1, 2, 3], width=4, most=9)
    assert [t.lines for t in tree.tips] == ["───┐", "───┤", "───┘"]
