"""``nqpf validate``: agreement with coded units, label by label."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from nqpf_cli import defaults
from nqpf_cli.cli import options as o
from nqpf_cli.cli.code import read_units
from nqpf_cli.cli.console import render, write_text
from nqpf_cli.cli.shared import Shared, shared_options
from nqpf_cli.errors import EmptyError, UsageError
from nqpf_cli.i18n import Message, tr

_FOLD = re.compile(r"^([1-9]\d?)/([1-9]\d?)$")


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=tr(
            "与人工编码对照：精确率、召回率、F1、α 与立场准确率。",
            "Compare with coded units: precision, recall, F1, α and stance accuracy.",
        ),
        epilog=tr(
            "例：nqpf validate 编码.jsonl --baseline tokens --errors 20",
            "Example: nqpf validate gold.jsonl --baseline tokens --errors 20",
        ),
    )
    @shared_options("table", "json")
    def validate(
        shared: Shared,
        gold: o.OneFile,
        by: Annotated[str | None, typer.Option(help="stratum | doc | province | fold")] = None,
        errors: Annotated[
            int, typer.Option(min=0, help=tr("列出几个判错的单元", "list so many wrong units"))
        ] = 0,
        baseline: Annotated[
            str | None,
            typer.Option(
                help=tr(
                    "同时给出基线：tokens（同样的词，按分词计数）",
                    "also run a baseline: tokens (the same terms, counted as tokens)",
                )
            ),
        ] = None,
        against: Annotated[
            str | None,
            typer.Option(
                help=tr(
                    "与另一次标注比较（nqpf code 的输出；McNemar）",
                    "compare with another run's labels (McNemar)",
                )
            ),
        ] = None,
        fold: Annotated[
            str | None,
            typer.Option(
                help=tr("只看第 I/K 折的省份，如 1/5", "only the provinces of fold I/K, e.g. 1/5")
            ),
        ] = None,
        folds: Annotated[
            int, typer.Option(min=2, max=20, help=tr("--by fold 的折数", "folds of --by fold"))
        ] = 5,
        resamples: o.Resamples = 300,
        seed: o.Seed = defaults.SEED,
        *,
        coding: o.Coding,
    ) -> None:
        from nqpf_cli import validity as v
        from nqpf_cli.analysis.agreement import agreement

        if baseline not in (None, "tokens"):
            raise UsageError(
                Message(f"没有基线 {baseline}", f"there is no baseline '{baseline}'"),
                Message("可用：tokens", "one of: tokens"),
            )
        o.check_choice("by", by, "stratum", "doc", "province", "fold")
        analyzer = o.analyzer(shared, coding=coding)
        rows = _in_fold(list(read_units(gold, labelled=True)), fold)
        if not rows:
            raise EmptyError(Message(f"{gold} 没有可用的单元", f"{gold} has no unit to use"))
        labelled = v.predict(rows, analyzer.code_all)
        units = [u.unit for u in labelled]
        result = agreement(units)
        ci = v.intervals(units, resamples=resamples, seed=seed)
        view: dict[str, Any] = {
            "lexicon": analyzer.lexicon.id.to_dict(),
            "coder": analyzer.settings.coder,
            **v.as_json(result, ci),
        }
        if baseline:
            base = v.predict(rows, v.token_baseline(analyzer.lexicon, analyzer.segmenter))
            plain = agreement([u.unit for u in base])
            view["baseline"] = {"name": baseline, **v.as_json(plain, {})}
            other = {u.unit.id: u.unit.predicted for u in base}
            view["baseline"]["mcnemar"] = _comparison(v.compare(units, other))
        if against:
            other = v.read_predictions(_predictions(against))
            view["against"] = {"path": against, **_comparison(v.compare(units, other))}
        if by:
            keys = {
                "stratum": lambda u: u.stratum or "?",
                "doc": lambda u: u.doc or "?",
                "province": lambda u: v.group_of(u.doc),
                "fold": lambda u: f"{v.fold_of(u.doc, folds)}/{folds}",
            }
            view["by"] = {
                "key": by,
                "groups": {n: v.as_json(a, {}) for n, a in v.by_group(labelled, keys[by])},
            }
        if errors:
            view["errors"] = [_error(u) for u in v.errors_of(labelled)[:errors]]
        if shared.format == "json":
            from nqpf_cli.formats.json_ import dumps

            write_text(shared, dumps(view))
        else:
            from nqpf_cli.formats.validity import draw_validity

            render(shared, lambda console: draw_validity(console, view))


def _in_fold(rows: list[dict[str, Any]], fold: str | None) -> list[dict[str, Any]]:
    from nqpf_cli.validity import fold_of

    if fold is None:
        return rows
    m = _FOLD.match(fold)
    if m is None or int(m[1]) > int(m[2]):
        raise UsageError(
            Message(f"看不懂 --fold {fold}", f"cannot read --fold '{fold}'"),
            Message("写成 1/5", "write it as 1/5"),
        )
    return [r for r in rows if fold_of(r.get("doc"), int(m[2])) == int(m[1])]


def _predictions(path: str) -> list[dict[str, Any]]:
    import json

    from nqpf_cli.errors import CorruptError
    from nqpf_cli.files import read_bytes

    try:
        rows = [json.loads(r) for r in read_bytes(path).decode().split("\n") if r.strip()]
        if not all(isinstance(x, str) for r in rows for x in r["labels"]):
            raise TypeError("a label that is no text")
        return [{"id": r["id"], "labels": r["labels"]} for r in rows]
    except (ValueError, KeyError, TypeError, RecursionError) as e:
        raise CorruptError(
            Message(f"{path} 不是 nqpf code 的输出", f"{path} is no output of nqpf code")
        ) from e


def _comparison(c: Any) -> dict[str, Any]:
    return {
        "decisions": c.n,
        "only_this_right": c.only_this,
        "only_other_right": c.only_other,
        "p": round(c.p, 6),
    }


def _error(u: Any) -> dict[str, Any]:
    from nqpf_cli.model import LABELS

    return {
        "id": u.unit.id,
        "doc": u.unit.doc,
        "text": u.text,
        "missed": [x for x in LABELS if x in u.unit.gold - u.unit.predicted],
        "wrong": [x for x in LABELS if x in u.unit.predicted - u.unit.gold],
        "fired": [
            {
                "indicator": m.entry.target,
                "entry": m.entry.term,
                "stance": m.stance,
                "rule": m.rule,
                "cue": m.cue,
            }
            for m in u.coding.matches
            if not m.entry.prescription
        ],
    }
