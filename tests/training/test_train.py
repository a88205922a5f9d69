"""Training: the stored numbers score as the fitted model does, and gold never trains."""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path
from random import Random

import numpy as np
import pytest

from nqpf_cli.analysis.codings import label_rows
from nqpf_cli.analysis.skeletons import Skeletons
from nqpf_cli.analysis.wording import Wording, WordingModel, dump, features_text, parse
from nqpf_cli.model import LABELS
from training import train as training
from training.train import Prepared, evaluate, prepare, show, train
from training.units import Coded

WORDS = dict(zip(LABELS, "甲乙丙丁戊己庚辛壬癸子丑", strict=True))
FILLING = ("推进", "工作", "明年", "全省")
PROVINCES = ("北京", "河南", "广东", "吉林", "云南", "山西")
FOLDS = 2


def unit(labels: frozenset[str], doc: str, random: Random, *, gold: bool = False) -> Coded:
    words = [WORDS[x] * 2 for x in LABELS if x in labels] + random.sample(FILLING, 3)
    random.shuffle(words)
    text = "".join(words) + "。"
    return Coded(text=text, labels=labels, doc=doc, stratum="s", gold=gold, id=text)


@pytest.fixture(scope="module")
def units() -> list[Prepared]:
    """Every label has a character of its own; two labels a unit; the rules know nothing."""
    random = Random(1)
    pairs = [frozenset({a, b}) for a, b in product(LABELS, LABELS) if a <= b]
    coded = [unit(p, f"{random.choice(PROVINCES)}-1", random) for p in pairs * 2]
    return [Prepared(u, features_text(u.text), u.text, ()) for u in coded]


@pytest.fixture(scope="module")
def model(units: list[Prepared]) -> WordingModel:
    return train(units, "a note")


def test_what_was_seen_is_learnt(model: WordingModel, units: list[Prepared]) -> None:
    coded = label_rows([u.coded.labels for u in units])
    worded = Wording(model).labels(Skeletons([u.text for u in units]), coded)
    right = (worded == coded).all(axis=1).sum()
    assert right > 0.95 * len(units)


def test_the_stored_numbers_score_as_the_fitted_model(
    units: list[Prepared], model: WordingModel
) -> None:
    """Against scikit-learn's own tf-idf and logistic regression, to thousandths of a weight."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    texts = [u.features for u in units]
    vectorizer = TfidfVectorizer(
        analyzer="char", ngram_range=(1, 4), sublinear_tf=True, lowercase=False,
        vocabulary=list(model.ngrams),
    )  # fmt: skip
    x = vectorizer.fit_transform(texts)
    none = label_rows([()] * len(units))
    scores = Wording(model).scores(Skeletons([u.text for u in units]), none)
    for k, label in enumerate(LABELS[:3]):
        gold = [label in u.coded.labels for u in units]
        fitted = LogisticRegression(
            C=30.0, class_weight="balanced", max_iter=500, solver="liblinear"
        ).fit(x, gold)
        expected = fitted.decision_function(x) - model.priors[k] / 1000
        np.testing.assert_allclose(scores[:, k], expected, atol=0.02)


def test_the_lexicon_weighs_more_where_units_are_few(model: WordingModel) -> None:
    priors = dict(zip(LABELS, model.priors.tolist(), strict=True))
    assert priors["lockin.problem"] > priors["block"] > priors["factor"] > 0


def test_the_same_units_give_the_same_file(units: list[Prepared], model: WordingModel) -> None:
    text = dump(model)
    assert dump(train(units, "a note")) == text
    assert dump(parse(text)) == text
    assert text.split("\n")[1] == "# a note"


def test_an_ngram_of_one_unit_is_not_kept(units: list[Prepared]) -> None:
    odd = Coded(text="麒麟。", labels=frozenset({"factor"}), doc="x-1", stratum="s", gold=False)
    found = train([*units, Prepared(odd, "麒麟。", odd.text, ())]).ngrams
    assert not [n for n in found if "麒" in n]
    assert list(found) == sorted(found)
    assert {len(n) for n in found} == {1, 2, 3, 4}


def test_only_gold_is_measured_and_only_the_rest_of_other_provinces_trains(
    units: list[Prepared], monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(2)
    gold = []
    for n, label in enumerate(LABELS * 2):
        g = unit(frozenset({label}), f"{PROVINCES[n % 6]}-1", random, gold=True)
        gold.append(Prepared(g, features_text(g.text), g.text, (label,)))
    seen: list[set[str]] = []
    honest = training.train

    def watched(others: list[Prepared], note: str = "") -> WordingModel:
        assert not any(u.coded.gold for u in others)
        seen.append({u.coded.doc for u in others})
        return honest(others, note)

    monkeypatch.setattr(training, "train", watched)
    results = evaluate([*gold, *units], FOLDS)
    assert {name: a.n for name, a in results.items()} == dict.fromkeys(
        ("rules", "wording", "both"), len(gold)
    )
    assert results["rules"].macro_f1 == 1
    assert len(seen) == FOLDS
    assert not seen[0] & seen[1]
    assert seen[0] | seen[1] == {f"{p}-1" for p in PROVINCES}


def test_units_are_coded_by_the_lexicon_that_ships() -> None:
    coded = Coded(text="推进 新型城镇化。", labels=frozenset(), doc="x", stratum="s", gold=True)
    (prepared,) = prepare([coded])
    assert prepared.rules == ("urbanization",)
    assert prepared.text == "推进新型城镇化。"
    assert prepared.features == features_text(prepared.text)


# --- the command ------------------------------------------------------------------------------


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, units: list[Prepared]) -> list[str]:
    """Let the command find toy units; returns its arguments, to be added to."""
    coded = [u.coded for u in units]
    monkeypatch.setattr(training, "placed_units", lambda folder: coded)
    monkeypatch.setattr(training, "written_units", list)
    monkeypatch.setattr(
        training, "prepare", lambda us: [Prepared(u, features_text(u.text), u.text, ()) for u in us]
    )
    argv = ["train", "--reports", "."]
    monkeypatch.setattr(sys, "argv", argv)
    return argv


def test_the_command_writes_a_model(
    command: list[str], units: list[Prepared], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "wording.tsv"
    command += ["--output", str(out)]
    training.main()
    assert parse(out.read_text(encoding="utf-8")).note.startswith(f"trained on {len(units)} ")
    assert str(out) in capsys.readouterr().out


def test_to_evaluate_gold_is_needed(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    command.append("--evaluate")
    with pytest.raises(SystemExit) as e:
        training.main()
    assert e.value.code == 2
    assert "--gold" in capsys.readouterr().err


def test_results_are_shown_on_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    from nqpf_cli.analysis.agreement import Unit, agreement

    gold = frozenset({"factor"})
    show("gold", {"rules": agreement([Unit(id="1", gold=gold, predicted=gold)])}, 8)
    first, head, row = capsys.readouterr().out.splitlines()
    assert first == "gold: 1 units, 8 folds by province"
    assert head.split()[-len(LABELS) :] == list(LABELS)
    assert row.split()[:3] == ["rules", "1.000", "1.000"]
    assert row.split().count("–") == len(LABELS) - 1 + 2  # labels, stance and rank unknown
