"""Orders and searches that are made otherwise than numpy makes them give what numpy gives."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nqpf_cli.analysis import occurrences
from nqpf_cli.analysis.occurrences import distinct, lexical_order, searched, stable_order

sizes = st.integers(0, 40)
mosts = st.sampled_from([3, 70_000, 1 << 40])


def columns(count: int) -> st.SearchStrategy[npt.NDArray[np.int64]]:
    def of(shape: tuple[int, int]) -> st.SearchStrategy[Any]:
        return arrays(np.int64, (count, shape[0]), elements=st.integers(0, shape[1]))

    return st.tuples(sizes, mosts).flatmap(of)


@given(columns(3))
def test_rows_are_ordered_by_one_column_after_the_other(rows: npt.NDArray[np.int64]) -> None:
    np.testing.assert_array_equal(lexical_order(*rows), np.lexsort(rows[::-1]))


@given(columns(1))
def test_a_stable_order_keeps_what_is_alike_as_it_stands(rows: npt.NDArray[np.int64]) -> None:
    np.testing.assert_array_equal(stable_order(rows[0]), np.argsort(rows[0], kind="stable"))
    np.testing.assert_array_equal(distinct(rows[0]), np.unique(rows[0]))


@given(columns(2), st.sampled_from(["left", "right"]))
def test_many_are_searched_for_as_few_are(
    rows: npt.NDArray[np.int64], side: Literal["left", "right"]
) -> None:
    keys, wanted = np.sort(rows[0]), rows[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(occurrences, "_MANY", 0)
        np.testing.assert_array_equal(
            searched(keys, wanted, side), np.searchsorted(keys, wanted, side)
        )
