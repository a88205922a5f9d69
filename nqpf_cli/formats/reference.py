"""Reference set → its file, and the figures in it in long form."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np

from nqpf_cli.analysis.percentiles import FORMAT, Reference
from nqpf_cli.analysis.statistics import DIGITS
from nqpf_cli.formats.delimited import delimited


def reference_csv(reference: Reference) -> str:
    """Return the file of a set: a head of TOML in comment lines, then a row a document."""
    rows, columns = [], list(asdict(reference.documents[0]))
    for i, key in enumerate(reference.keys):
        columns += [f"{key}.hits", f"{key}.sentences"]
        if not np.isnan(reference.breadth[:, i]).all():
            columns.append(f"{key}.breadth")
    for n, document in enumerate(reference.documents):
        row: dict[str, Any] = asdict(document)
        for i, key in enumerate(reference.keys):
            row[f"{key}.hits"] = int(reference.hits[n, i])
            row[f"{key}.sentences"] = int(reference.sentences[n, i])
            row[f"{key}.breadth"] = _number(reference.breadth[n, i])
        rows.append(row)
    head = "".join(f"# {line}\n" for line in _head(reference))
    return head + delimited(rows, columns)


def figures(reference: Reference) -> Iterator[dict[str, Any]]:
    """Yield the figures of a set in long form: a row a document and measure."""
    for n, d in enumerate(reference.documents):
        about = {
            k: getattr(d, k) for k in ("name", "sha256", "jurisdiction", "code", "kind", "year")
        }
        for i, key in enumerate(reference.keys):
            hits, sentences = int(reference.hits[n, i]), int(reference.sentences[n, i])
            yield {
                **about,
                "measure": key,
                "hits": hits,
                "density": round(10_000 * hits / d.scored_han_chars, DIGITS)
                if d.scored_han_chars
                else None,
                "sentences": sentences,
                "sentence_share": round(sentences / d.sentences, DIGITS),
                "breadth": _number(reference.breadth[n, i]),
            }


def _head(reference: Reference) -> Iterator[str]:
    yield f"format = {FORMAT}"
    yield f"name = {_toml(reference.name)}"
    yield f"nqpf_version = {_toml(reference.nqpf_version)}"
    for part in ("lexicon", "settings"):
        values = getattr(reference, part)
        yield f"[{part}]"
        yield from (
            f"{key} = {_toml(value)}"
            for key, value in (asdict(values) if part == "lexicon" else dict(values)).items()
            if value is not None
        )


def _toml(value: str | float | bool) -> str:
    # Strings, numbers and truth values are written alike in JSON and TOML, DEL apart.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
