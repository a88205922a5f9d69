"""Arrays come back as they were, and bytes that are none are told."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nqpf_cli.analysis.packed import pack, unpack

KINDS = ("i1", "i4", "i8", "u1", "f8", "?")
SOUND = pack([np.arange(3)])
any_array = arrays(st.sampled_from(KINDS), array_shapes(min_dims=1, max_dims=3, min_side=0))


@given(st.lists(any_array, max_size=4))
def test_arrays_come_back_as_they_were(given_arrays: list[npt.NDArray[Any]]) -> None:
    back = unpack(pack(given_arrays))
    assert [a.dtype for a in back] == [a.dtype for a in given_arrays]
    for a, b in zip(back, given_arrays, strict=True):
        np.testing.assert_array_equal(a, b)


def test_small_numbers_take_few_bytes() -> None:
    assert len(pack([np.arange(100).astype(np.int64)])) < 150


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 64,
        b"\n",
        b"1\n",
        b"[1]\n",
        b'[["<i2","<i8"]]\n',
        b'[["O","O",[1]]]\n' + bytes(16),
        b'[["|i1","<i8",[-1,8]]]\n' + bytes(16),
        b'[["|i1","<i8",["8"]]]\n' + bytes(16),
        b'[["|i1","<i8",[99]]]\n' + bytes(16),
        b"[" * 100_000 + b"\n",
        SOUND[:-8],
        SOUND + bytes(8),
    ],
)
def test_other_bytes_are_told(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        unpack(data)
