"""The codebook: complete, with names that every statistics package takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from nqpf_cli.corpus.variables import codebook
from nqpf_cli.formats.frames import Variable
from nqpf_cli.model import Entry, Indicator, Lexicon

# Stata's reserved words that are names otherwise.
RESERVED = {"byte", "double", "float", "if", "in", "int", "long", "strl", "using", "with"}


@pytest.fixture(scope="module")
def variables(shipped: Lexicon) -> tuple[Variable, ...]:
    return codebook(shipped)


def leaves(value: Any, where: str = "") -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(inner, f"{where}/{key}")
    elif where.endswith("/ci"):
        yield from (f"{where}/0", f"{where}/1")
    else:
        yield where


def test_every_figure_of_a_report_has_a_variable(
    variables: tuple[Variable, ...], beijing: dict[str, Any]
) -> None:
    known = {v.where for v in variables}
    # The breadth of what has no parts is null, always; engines are told in one variable.
    left = {x for x in leaves(beijing) if not re.search("/quality/engines/", x)} - known
    assert {x for x in left if not x.endswith("/breadth")} == set()


def test_names_are_valid_in_stata_and_unique(variables: tuple[Variable, ...]) -> None:
    names = [v.name for v in variables]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z][a-z0-9_]{0,31}", n) for n in names)
    assert RESERVED.isdisjoint(names)


def test_labels_and_places_are_all_there(variables: tuple[Variable, ...]) -> None:
    assert len({v.label.zh for v in variables}) == len(variables)
    assert all(v.label.en and v.where.startswith("/") for v in variables)
    assert all(len(v.label.zh) <= 80 for v in variables)


def test_names_stay_as_users_know_them(variables: tuple[Variable, ...]) -> None:
    by_name = {v.name: v for v in variables}
    share = by_name["institution_innovation_p_share"]
    assert share.where == "/indicators/institution.innovation/problem/sentence_share"
    assert (share.id, share.stance, share.measure) == (
        "institution.innovation", "problem", "sentence_share",
    )  # fmt: skip
    assert {
        "path", "code", "year", "factor_share", "factor_lo", "lockin_p_hits", "lockin_gap",
        "lockin_verdict", "strategy_jjj_density", "method_relatedness_sents", "balance",
        "rx_covered", "rx_jjj_share", "rx_jjj_parks", "set_coder", "lexicon_sha256", "error",
    } <= set(by_name)  # fmt: skip


def test_names_that_are_long_or_taken_end_in_a_hash(shipped: Lexicon) -> None:
    method = next(c for c in shipped.categories if c.kind == "method")
    extra = [
        Indicator(id=id_, category="method", zh="甲", en="a", definition="-", source="-")
        for id_ in ("method.a_very_long_name_of_an_indicator", "factor_labour.x", "factor.labour_x")
    ]
    mine = replace(method, indicators=tuple(extra))
    own = replace(shipped, categories=(*shipped.categories[:-1], mine))
    assert shipped.categories[-1] == method
    variables = codebook(own)
    names = [v.name for v in variables]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 32
    assert names == [v.name for v in codebook(own)]
    assert "factor_labour_x_hits" in names
    clashing = [v.name for v in variables if v.id == "factor.labour_x" and v.measure == "hits"]
    assert re.fullmatch("factor_labour_x_hits_[0-9a-f]{6}", clashing[0])


def test_a_small_lexicon_has_a_codebook_too(
    make_lexicon: Callable[..., Lexicon], make_entry: Callable[..., Entry]
) -> None:
    names = {v.name for v in codebook(make_lexicon(make_entry("夔牛")))}
    assert {"factor_labour_hits", "industry_future_hits", "relations_share"} <= names
    assert not any(n.startswith("method_") for n in names)


def test_a_report_of_another_lexicon_brings_its_own_measures(
    beijing: dict[str, Any], shipped: Lexicon
) -> None:
    report = {**beijing, "methods": {"method.other": beijing["methods"]["method.advantage"]}}
    by_name = {v.name: v for v in codebook(shipped, report)}
    assert by_name["method_other_hits"].label.zh == "method.other：命中数"
    assert "method_advantage_hits" not in by_name
    assert "rx_gba_talent" in by_name
