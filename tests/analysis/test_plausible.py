from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.analysis.plausible import common_share, garbage_share, is_common, odd_count

SOUND = "坚持以人民为中心，加快发展新质生产力，破除体制机制障碍，推动高质量发展。" * 3
TRADITIONAL = (
    "堅持以人民為中心的發展思想，加快發展新質生產力，破除體制機制障礙，推動高質量發展。" * 3
)


@given(st.text())
def test_shares_are_shares(text: str) -> None:
    assert 0 <= garbage_share(text) <= 1
    assert 0 <= common_share(text) <= 1


@pytest.mark.parametrize("text", ["", " \n", SOUND, TRADITIONAL, "Plain English, no Han at all."])
def test_sound_text_is_no_garbage(text: str) -> None:
    assert garbage_share(text) < 0.05


def test_a_rare_name_is_no_garbage() -> None:
    assert garbage_share(SOUND + "主任：邢翀、俞垚。") < 0.05


@pytest.mark.parametrize(
    "text",
    [
        "犐犆犛犌犕犜犗狀犪狋犻狅狀犪犾犛狋犪狀犱犪狉犱" * 3,
        "".join(f"(cid:{n})" for n in range(50)),
        "\ue000\ue001\ue002" * 20,
        "\ufffd" * 30,
        "È«ÊÀ½çÎÞ²úÕßÁªºÏÆðÀ´" * 4,
    ],
    ids=["rare", "cid", "private-use", "replacement", "latin-1"],
)
def test_a_text_layer_without_a_right_map_is_garbage(text: str) -> None:
    assert garbage_share(text) > 0.3


@pytest.mark.parametrize(
    "text",
    ["一、工作回顾" + "·" * 40 + "2", "列夫·托尔斯泰、卡尔·马克思", "长3×宽4×高5，偏差±2，18°C"],
    ids=["leaders", "names", "measures"],
)
def test_the_middle_dot_and_signs_of_measure_are_no_garbage(text: str) -> None:
    assert garbage_share(text * 3) < 0.05


def test_some_garbage_in_sound_text_is_a_small_share() -> None:
    assert 0 < garbage_share(SOUND + "\ue000" * 5) < 0.1


@pytest.mark.parametrize(
    ("char", "common"), [("的", True), ("質", True), ("犐", False), ("a", False)]
)
def test_common_characters(char: str, common: bool) -> None:
    assert is_common(char) is common


def test_what_has_no_odd_character_is_no_garbage() -> None:
    assert odd_count(SOUND) == 0
    assert odd_count(SOUND + "\ue000犐(cid:12)") == 2 + len("(cid:12)")


def test_long_texts_are_not_kept_in_memory() -> None:
    text = "大力发展" * 500_000
    assert odd_count(text) == 0
    tracemalloc.start()
    try:
        for n in range(3):
            assert odd_count(text + str(n)) == 0
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < len(text)
