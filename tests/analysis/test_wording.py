"""The wording model: what is stored, how a sentence is scored, and its say beside the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.analysis.coder import ModelCoder, RuleCoder, with_stance
from nqpf_cli.analysis.codings import label_rows, labels_of
from nqpf_cli.analysis.skeletons import Skeletons
from nqpf_cli.analysis.wording import (
    FORMAT,
    SCALE,
    Wording,
    WordingModel,
    dump,
    features_text,
    parse,
    read,
)
from nqpf_cli.model import LABELS, OBSTRUCTIONS, Entry
from nqpf_cli.resources import table

FACTOR, INDUSTRY = LABELS.index("factor"), LABELS.index("industry")


def model(
    weights: dict[str, dict[str, float]],
    idf: dict[str, float] | None = None,
    intercept: float = 0.0,
    prior: float = 0.0,
) -> WordingModel:
    """A model of few n-grams: ``model({"人才": {"factor": 2}})``; idf 1 where none is given."""
    names = sorted(weights)
    w = np.zeros((len(names), len(LABELS)))
    for n, name in enumerate(names):
        for label, value in weights[name].items():
            w[n, LABELS.index(label)] = value
    whole = [np.rint(np.asarray(x, dtype=float) * SCALE).astype(np.int32) for x in (
        [(idf or {}).get(name, 1.0) for name in names], w,
        np.full(len(LABELS), intercept), np.full(len(LABELS), prior),
    )]  # fmt: skip
    return WordingModel(
        ngrams=tuple(names), idf=whole[0], weights=whole[1], intercepts=whole[2], priors=whole[3]
    )


def scores(m: WordingModel, text: str, rules: tuple[str, ...] = ()) -> list[float]:
    row: list[float] = Wording(m).scores(Skeletons([text]), label_rows([rules]))[0].tolist()
    return row


def labels(m: WordingModel, text: str, rules: tuple[str, ...] = ()) -> tuple[str, ...]:
    return labels_of(Wording(m).labels(Skeletons([text]), label_rows([rules]))[0])


def factor(m: WordingModel, text: str, rules: tuple[str, ...] = ()) -> float:
    return scores(m, text, rules)[FACTOR]


# --- scores -----------------------------------------------------------------------------------


def test_a_text_without_known_ngrams_has_the_intercept() -> None:
    m = model({"人才": {"factor": 2.0}}, intercept=-0.5)
    for text in ("今天天气很好。", "", "。"):
        assert scores(m, text) == [-0.5] * len(LABELS)
        assert labels(m, text) == ()


def test_a_score_is_the_weight_over_the_norm() -> None:
    m = model({"人才": {"factor": 2.0}, "产业": {"industry": 1.0}}, {"人才": 3.0, "产业": 4.0})
    assert factor(m, "人才。") == 2.0
    row = scores(m, "人才和产业。")
    # tf-idf (3, 4) has the norm 5
    assert (row[FACTOR], row[INDUSTRY]) == (2.0 * 3 / 5, 1.0 * 4 / 5)


def test_repetition_counts_by_its_logarithm() -> None:
    m = model({"人才": {"factor": 1.0}, "产业": {}})
    once, thrice = (factor(m, text) for text in ("人才产业。", "人才人才人才产业。"))
    tf = 1 + np.log(3)
    assert once == pytest.approx(1 / np.sqrt(2), abs=1e-6)
    assert thrice == pytest.approx(tf / np.hypot(tf, 1), abs=1e-6)


def test_ngrams_overlap() -> None:
    m = model({"人才": {"factor": 1.0}, "才市": {"factor": 1.0}, "人才市场": {"factor": 1.0}})
    assert factor(m, "人才市场。") == pytest.approx(3 / np.sqrt(3), abs=1e-6)


@pytest.mark.parametrize("text", ["“人 才”2024年", "人才2019年", "‘人才’ 1949 年"])
def test_marks_spaces_and_figures_do_not_matter(text: str) -> None:
    assert features_text(text) == "人才0000年"


def test_the_rules_weigh_by_the_prior() -> None:
    m = model({"人才": {"factor": 1.0}}, prior=1.5)
    assert factor(m, "人才。") == -0.5
    assert factor(m, "人才。", ("factor",)) == 2.5
    assert labels(m, "人才。", ("factor", "block")) == ("factor", "block")


def test_a_score_of_zero_gives_no_label() -> None:
    assert labels(model({"人才": {}}), "人才。") == ()


def test_labels_come_in_the_order_of_the_codebook() -> None:
    m = model({"人才": dict.fromkeys(reversed(LABELS), 1.0)})
    assert labels(m, "人才。") == LABELS


# --- the file ---------------------------------------------------------------------------------

numbers = st.integers(-(2**31), 2**31 - 1)
ngrams = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=4)


@given(st.lists(st.tuples(ngrams, numbers, numbers), min_size=1, unique_by=lambda r: r[0]), numbers)
def test_what_is_written_is_read_again(rows: list[tuple[str, int, int]], value: int) -> None:
    m = WordingModel(
        ngrams=tuple(r[0] for r in rows),
        idf=np.array([r[1] for r in rows], dtype=np.int32),
        weights=np.array([[r[2]] * len(LABELS) for r in rows], dtype=np.int32),
        intercepts=np.full(len(LABELS), value, dtype=np.int32),
        priors=np.full(len(LABELS), -(value // 2), dtype=np.int32),
        note="a note",
    )
    again = parse(dump(m))
    assert (again.ngrams, again.note) == (m.ngrams, m.note)
    for name in ("idf", "weights", "intercepts", "priors"):
        np.testing.assert_array_equal(getattr(again, name), getattr(m, name))
    assert dump(again) == dump(m)


SOUND = dump(model({"人才": {"factor": 1.0}}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"# {FORMAT}",
        f"# {FORMAT}\n# note\n",
        SOUND.replace(FORMAT, "nqpf-wording 0"),
        SOUND.replace("factor", "faktor"),
        SOUND.replace("\t1000", "\tmany"),
        SOUND.replace("\t1000", ""),
        "\n".join(SOUND.split("\n")[:3]),
        "\n".join(SOUND.split("\n")[:4]),
    ],
)
def test_another_file_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text)


def test_the_model_that_ships_is_whole() -> None:
    path = table("wording.tsv")
    m = read(path)
    assert dump(m) == path.read_text(encoding="utf-8")
    assert len(set(m.ngrams)) == len(m.ngrams)
    assert (m.idf > 0).all()
    assert (m.priors > 0).all()  # what the lexicon says is never held against a label
    assert all(features_text(n) == n for n in m.ngrams)


@given(st.lists(st.text("人才产业3ａ“ \n。", max_size=12), max_size=5))
def test_many_sentences_are_scored_as_each_alone(texts: list[str]) -> None:
    wording = Wording(
        model(
            {n: {"factor": 1.0, "industry": -0.3} for n in ("人", "人才", "才产业", "0a")},
            prior=0.1,
        )
    )
    rules = label_rows([LABELS[n : n + 1] for n in range(len(texts))])
    together = wording.scores(Skeletons(texts), rules)
    for n, text in enumerate(texts):
        assert (together[n] == wording.scores(Skeletons([text]), rules[n : n + 1])[0]).all()


# --- beside the rules -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def says(make_coder: Callable[..., RuleCoder], make_entry: Callable[..., Entry]) -> RuleCoder:
    """A coder by rules that knows 人才, and 服务 as a problem."""
    return make_coder(make_entry("人才"), make_entry("服务", "services.shortage", stance="problem"))


def test_wording_gives_a_label_without_a_hit_and_takes_one_away(says: RuleCoder) -> None:
    m = Wording(model({"产业": {"industry": 1.0}}, intercept=-0.5))
    coding = ModelCoder(says, m).code("人才兴产业。")
    assert says.code("人才兴产业。").labels == ("factor",)
    assert coding.labels == ("industry",)
    assert coding.matches == says.code("人才兴产业。").matches


def test_the_rules_decide_the_stance_they_see(says: RuleCoder) -> None:
    m = Wording(model({"服": {"services.remedy": 1.0}}, intercept=-0.5))
    assert ModelCoder(says, m).code("服务。").labels == ("services.problem",)
    assert ModelCoder(says, m).code("服装。").labels == ("services.remedy",)


def settled(given_: Iterable[str], by_rules: Iterable[str]) -> tuple[str, ...]:
    return labels_of(with_stance(label_rows([given_]), label_rows([by_rules]))[0])


@pytest.mark.parametrize(
    ("given_", "by_rules", "labels"),
    [
        ("lockin.remedy", "lockin.problem", "lockin.problem"),
        ("lockin.problem lockin.remedy", "lockin.problem", "lockin.problem"),
        ("lockin.problem", "lockin.problem lockin.remedy", "lockin.problem lockin.remedy"),
        ("lockin.problem lockin.remedy", "", "lockin.problem lockin.remedy"),
        # where wording says that a sentence is not about it, the rules are not asked
        ("", "lockin.problem", ""),
        ("factor", "industry lockin.problem", "factor"),
        # another obstruction's stance is its own affair
        ("services.remedy", "lockin.problem", "services.remedy"),
        ("block factor services.remedy", "services.problem", "factor services.problem block"),
    ],
)
def test_stances_are_settled_by_the_rules(given_: str, by_rules: str, labels: str) -> None:
    assert " ".join(settled(given_.split(), by_rules.split())) == labels


some_labels = st.lists(st.sampled_from(LABELS), unique=True)


@given(some_labels, some_labels)
def test_only_the_stance_is_settled(given_: list[str], by_rules: list[str]) -> None:
    labels = settled(given_, by_rules)
    assert list(labels) == sorted(set(labels), key=LABELS.index)
    assert {x.split(".")[0] for x in labels} == {x.split(".")[0] for x in given_}
    for o in OBSTRUCTIONS:
        ruled, got, worded = (
            {x for x in xs if x.startswith(o)} for xs in (by_rules, labels, given_)
        )
        assert got == ((ruled or worded) if worded else set())
