"""Train and evaluate the wording model: ``python -m training.train --reports … --gold …``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: TID253
from sklearn.feature_selection import chi2  # noqa: TID253
from sklearn.linear_model import LogisticRegression  # noqa: TID253

from nqpf_cli.analysis.agreement import Agreement, Unit, agreement
from nqpf_cli.analysis.coder import with_stance
from nqpf_cli.analysis.codings import label_rows, labels_of
from nqpf_cli.analysis.normalize import normalize, squeeze
from nqpf_cli.analysis.skeletons import Skeletons
from nqpf_cli.analysis.wording import (
    NGRAMS,
    SCALE,
    Wording,
    WordingModel,
    dump,
    features_text,
)
from nqpf_cli.model import LABELS, Settings
from nqpf_cli.pipeline import Analyzer
from nqpf_cli.resources import table
from nqpf_cli.validity import fold_of
from training.units import KEPT_ASIDE, Coded, gold_units, placed_units, two_passes, written_units

FEATURES = 20_000
MIN_UNITS = 2  # an n-gram of one unit teaches nothing that generalises
INVERSE_REGULARIZATION = 30.0
# What the lexicon's word weighs against the wording, in log odds. Chosen once, among five
# settings, by cross-validation grouped by province and on the units kept aside. Labels with few
# units can learn little from wording, so the lexicon weighs more there.
PRIOR = 2.0
PRIOR_OF = {
    "institution.problem": 5.0,
    "lockin.problem": 5.0,
    "services.problem": 5.0,
    "strategy": 4.0,
    "block": 4.0,
    "urbanization": 4.0,
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A unit ready for learning: its n-gram text and the labels of the rules."""

    coded: Coded
    features: str
    text: str
    rules: tuple[str, ...]


def prepare(units: Sequence[Coded]) -> list[Prepared]:
    """Code units with the rules of the shipped lexicon."""
    analyzer = Analyzer.of(settings=Settings(coder="rules"))
    texts = [squeeze(*normalize(u.text))[0] for u in units]
    return [
        Prepared(u, features_text(text), text, coding.labels)
        for u, text, coding in zip(units, texts, analyzer.coder.code_all(texts), strict=True)
    ]


def train(units: Sequence[Prepared], note: str = "") -> WordingModel:
    """Fit a model: the n-grams that tell labels apart best (χ²), then logistic regression."""
    texts = [u.features for u in units]
    gold = np.array([[label in u.coded.labels for label in LABELS] for u in units])
    names = _select(texts, gold)
    vectorizer = _vectorizer(vocabulary=names)
    x = vectorizer.fit_transform(texts)
    weights = np.zeros((len(names), len(LABELS)))
    intercepts = np.zeros(len(LABELS))
    for k in range(len(LABELS)):
        model = LogisticRegression(
            C=INVERSE_REGULARIZATION, class_weight="balanced", max_iter=500, solver="liblinear"
        ).fit(x, gold[:, k])
        weights[:, k] = model.coef_[0]
        intercepts[k] = model.intercept_[0]
    priors = np.array([PRIOR_OF.get(label, PRIOR) for label in LABELS])
    return WordingModel(
        ngrams=tuple(names),
        idf=_thousandths(vectorizer.idf_),
        weights=_thousandths(weights),
        intercepts=_thousandths(intercepts),
        priors=_thousandths(priors),
        note=note,
    )


def _vectorizer(vocabulary: list[str] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char",
        ngram_range=NGRAMS,
        min_df=1 if vocabulary else MIN_UNITS,
        sublinear_tf=True,
        lowercase=False,
        vocabulary=vocabulary,
    )


def _select(texts: list[str], gold: npt.NDArray[np.bool_]) -> list[str]:
    vectorizer = _vectorizer()
    x = vectorizer.fit_transform(texts)
    best = np.max([np.nan_to_num(chi2(x, gold[:, k])[0]) for k in range(len(LABELS))], axis=0)
    kept = np.argsort(-best, kind="stable")[:FEATURES]
    names = vectorizer.get_feature_names_out()
    return sorted(str(names[i]) for i in kept)


def _thousandths(values: npt.NDArray[np.float64]) -> npt.NDArray[np.int32]:
    return np.rint(values * SCALE).astype(np.int32)


def evaluate(units: list[Prepared], folds: int) -> dict[str, Agreement]:
    """Return the agreement of three coders on the gold units, grouped by province.

    Gold units never train; each is coded by a model that saw no unit of its province.
    """
    predicted: dict[str, list[Unit]] = {"rules": [], "wording": [], "both": []}
    for fold in range(1, folds + 1):
        inside = [u for u in units if u.coded.gold and fold_of(u.coded.doc, folds) == fold]
        others = [u for u in units if not u.coded.gold and fold_of(u.coded.doc, folds) != fold]
        model = train(others)
        wording = Wording(model)
        alone = Wording(replace(model, priors=np.zeros_like(model.priors)))
        sentences = Skeletons([u.text for u in inside])
        by_rules = label_rows([u.rules for u in inside])
        given = {
            "rules": by_rules,
            "wording": alone.labels(sentences, by_rules),
            "both": with_stance(wording.labels(sentences, by_rules), by_rules),
        }
        for name, rows in given.items():
            for u, row in zip(inside, rows, strict=True):
                predicted[name].append(
                    Unit(
                        id=u.coded.id,
                        gold=u.coded.labels,
                        predicted=frozenset(labels_of(row)),
                        doc=u.coded.doc,
                    )
                )
    return {name: agreement(found) for name, found in predicted.items()}


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=Path, required=True, help="folder of the reports")
    parser.add_argument("--gold", type=Path, help="gold units (JSON Lines), for --evaluate")
    parser.add_argument("--output", type=Path, default=table("wording.tsv"))
    parser.add_argument("--evaluate", action="store_true", help="cross-validate, write nothing")
    parser.add_argument("--folds", type=int, default=8)
    options = parser.parse_args()
    placed = placed_units(options.reports)
    coded = [u for u in placed if u.stratum != KEPT_ASIDE] + written_units()
    if options.evaluate:
        if options.gold is None:
            parser.error("--evaluate needs --gold")
        aside = [replace(u, gold=True) for u in placed if u.stratum == KEPT_ASIDE]
        for title, measured in (("gold", gold_units(options.gold)), ("kept aside", aside)):
            show(title, evaluate(prepare([*measured, *coded]), options.folds), options.folds)
        show("two passes over those kept aside", {"2nd pass": agreement(two_passes())}, 1)
        return
    note = f"trained on {len(coded)} coded units; gold and units kept aside never train"
    options.output.write_text(dump(train(prepare(coded), note)), encoding="utf-8")
    print(f"{options.output}: {note}")


def show(title: str, results: dict[str, Agreement], folds: int) -> None:
    """Print the agreement of each coder on a line."""

    def figure(value: float | None) -> str:
        return "    –" if value is None or value != value else f"{value:5.3f}"

    n = next(iter(results.values())).n
    print(f"{title}: {n} units, {folds} folds by province")
    print("  coder    macro  micro  stance rank   " + " ".join(LABELS))
    for name, a in results.items():
        head = (a.macro_f1, a.micro_f1, a.stance_accuracy, a.doc_spearman)
        by_label = " ".join(figure(v.f1) for v in a.labels.values())
        print(f"  {name:8s} {'  '.join(map(figure, head))}  {by_label}")


if __name__ == "__main__":
    main()
