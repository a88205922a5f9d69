"""The picture in the README is what the program draws."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tools import pictures


@pytest.fixture(scope="module")
def svg() -> str:
    return pictures.demo_svg()


def test_the_picture_is_fresh(svg: str) -> None:
    assert pictures.DEMO.read_text(encoding="utf-8") == svg, "renew it with: make docs"


def test_it_is_whole_and_loads_nothing(svg: str) -> None:
    ElementTree.fromstring(svg)
    assert re.findall(r"(?:href|src|url)\s*[=(]\s*[\"']?(?!#)(\w+:)", svg) == []


def test_the_picture_of_the_page_is_of_what_it_says_now() -> None:
    pytest.importorskip("altair", reason="needs pip install 'nqpf[page]'")
    kept = pictures.PAGE_HASH.read_text(encoding="utf-8").strip()
    assert kept == pictures.said(pictures.sample_page()), "renew it with: make docs"
    assert pictures.PAGE.read_bytes().startswith(b"\x89PNG")


def test_another_release_of_the_charting_library_does_not_age_the_picture() -> None:
    words = "<h1>要素 26.0%</h1>"
    one = f'<meta a="1"><script>v1</script>{words}<p class="libraries">vega 6</p>'
    other = f'<meta a="2"><script>v2 > v1</script>{words}<p class="libraries">vega 7</p>'
    assert pictures.said(one) == pictures.said(other) == pictures.said(words)
    assert pictures.said(one) != pictures.said(one.replace("26", "27"))
