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
from nqpf_cli.analysis.normalize import normalize, squeeze
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
from training.units import Coded, gold_units, placed_units

FEATURES = 20_000
MIN_UNITS = 2  # an n-gram of one unit teaches nothing that generalises
INVERSE_REGULARIZATION = 30.0
# What the lexicon's word weighs against the wording, in log odds. Chosen once, by grouped
# cross-validation on units coded after the lexicon was written, when it had not seen them:
# labels with few units can learn little from wording, so the lexicon weighs more there.
PRIOR = 1.75
PRIOR_OF = {
    "institution.problem": 3.0,
    "lockin.problem": 3.0,
    "services.problem": 3.0,
    "strategy": 3.0,
    "block": 3.0,
    "urbanization": 3.0,
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
    out = []
    for u in units:
        text = squeeze(*normalize(u.text))[0]
        out.append(Prepared(u, features_text(text), text, analyzer.coder.code(text).labels))
    return out


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
        for u in inside:
            for name, labels in (
                ("rules", u.rules),
                ("wording", alone.labels(u.text, ())),
                ("both", wording.labels(u.text, u.rules)),
            ):
                predicted[name].append(
                    Unit(
                        id=u.coded.id,
                        gold=u.coded.labels,
                        predicted=frozenset(labels),
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
    parser.add_argument("--folds", type=int, default=10)
    options = parser.parse_args()
    coded = placed_units(options.reports)
    if options.evaluate:
        if options.gold is None:
            parser.error("--evaluate needs --gold")
        units = prepare([*gold_units(options.gold), *coded])
        print(
            f"{'coder':10s} macro-F1  micro-F1  stance  rank   ({options.folds} folds by province)"
        )
        for name, a in evaluate(units, options.folds).items():
            print(
                f"{name:10s} {a.macro_f1:8.3f}  {a.micro_f1:8.3f}  {a.stance_accuracy:6.3f}  "
                f"{a.doc_spearman:5.3f}   " + " ".join(f"{v.f1:.2f}" for v in a.labels.values())
            )
        return
    note = f"trained on {len(coded)} coded units; the gold units are kept for measuring"
    options.output.write_text(dump(train(prepare(coded), note)), encoding="utf-8")
    print(f"{options.output}: {note}")


if __name__ == "__main__":
    main()
