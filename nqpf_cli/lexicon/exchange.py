"""Lexicons in other programs' formats: quanteda and YAML dictionaries, LIWC ``.dic``.

All three say the same: categories with terms, nested or flat, ``*`` as a wild card at the end of
a term. They know no patterns, contexts or stances, so an export keeps what they can say and
counts what they cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nqpf_cli.errors import LexiconError, MissingExtraError
from nqpf_cli.i18n import Message
from nqpf_cli.model import Lexicon

FORMATS = ("yaml", "dic")
_ID = re.compile(r"[^a-z0-9_]+")
_ID_CHARS = 60
_MOST = 10_000
_DEPTH = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A dictionary as text, and how many entries it could not take."""

    text: str
    kept: int
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictionary:
    """Categories in their order: a path of names and the terms below it."""

    categories: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


def export(lexicon: Lexicon, form: str) -> Exported:
    """Return the fixed entries of a lexicon as a dictionary (``yaml`` or ``dic``)."""
    tree: dict[str, dict[str, list[str]]] = {}
    kept = left_out = 0
    for e in lexicon.entries:
        if e.kind != "fixed" or e.prescription or not e.weight:
            left_out += 1
            continue
        key = e.target.split(".", 1)[1]
        key = f"{key}.{e.stance}" if e.stance in ("problem", "remedy") else key
        tree.setdefault(e.category, {}).setdefault(key, []).append(e.term)
        kept += 1
    text = _yaml(lexicon, tree) if form == "yaml" else _dic(tree)
    return Exported(text=text, kept=kept, left_out=left_out)


def _yaml(lexicon: Lexicon, tree: dict[str, dict[str, list[str]]]) -> str:
    yaml = _pyyaml()
    head = f"# {lexicon.name} {lexicon.version} · {lexicon.licence} · sha256 {lexicon.sha256}\n"
    body: str = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=1000)
    return head + body


def _pyyaml() -> Any:
    try:
        import yaml
    except ImportError as e:
        raise MissingExtraError.of(
            "workshop", Message("YAML 词典", "reading or writing YAML")
        ) from e
    return yaml


def _dic(tree: dict[str, dict[str, list[str]]]) -> str:
    names = [f"{c}.{i}" for c, inner in tree.items() for i in inner]
    numbers = {name: n for n, name in enumerate(names, 1)}
    terms: dict[str, list[int]] = {}
    for c, inner in tree.items():
        for i, words in inner.items():
            for w in words:
                terms.setdefault(w, []).append(numbers[f"{c}.{i}"])
    rows = ["%", *(f"{n}\t{name}" for name, n in numbers.items()), "%"]
    rows += ["\t".join([w, *map(str, sorted(set(ns)))]) for w, ns in sorted(terms.items())]
    return "\n".join(rows) + "\n"


def read_dictionary(text: str, form: str, name: str) -> Dictionary:
    """Read a dictionary; raises ``LexiconError``. ``form`` is ``yaml`` or ``dic``."""
    categories = tuple(_read_yaml(text, name) if form == "yaml" else _read_dic(text, name))
    if not categories:
        raise _unreadable(name, "no category with terms")
    return Dictionary(categories=categories)


def _read_yaml(text: str, name: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    yaml = _pyyaml()
    try:
        data = yaml.safe_load(text)
    except Exception as e:  # PyYAML lets through whatever its constructors raise
        raise _unreadable(name, str(e).split("\n", 1)[0]) from e
    if not isinstance(data, dict):
        raise _unreadable(name, "not a table of categories")
    for n, found in enumerate(_walk(data, (), name)):
        if n == _MOST:  # a file of a few lines can name itself again and again
            raise _unreadable(name, f"more than {_MOST} categories")
        yield found


def _walk(
    node: dict[Any, Any], path: tuple[str, ...], name: str
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    if len(path) > _DEPTH:
        raise _unreadable(name, "nested too deeply")
    for key, value in node.items():
        here = (*path, str(key))
        if isinstance(value, dict):
            yield from _walk(value, here, name)
        elif isinstance(value, (list, tuple)):
            terms = [str(v) for v in value if isinstance(v, (str, int, float))]
            nested = [v for v in value if isinstance(v, dict)]
            if terms:
                yield here, tuple(terms)
            for v in nested:
                yield from _walk(v, here, name)
        elif isinstance(value, str):
            yield here, tuple(value.split())


def _read_dic(text: str, name: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    parts = re.split(r"^%\s*$", text.replace("\r\n", "\n"), flags=re.MULTILINE)
    if len(parts) < 3:
        raise _unreadable(name, "no head between two lines of %")
    names: dict[str, str] = {}
    for row in parts[1].strip().split("\n"):
        number, _, label = row.strip().partition("\t")
        names[number.strip()] = label.strip() or number.strip()
    terms: dict[str, list[str]] = {}
    for row in parts[2].strip().split("\n"):
        cells = row.split("\t")
        for number in cells[1:]:
            if number.strip() in names and cells[0].strip():
                terms.setdefault(number.strip(), []).append(cells[0].strip())
    for number, found in terms.items():
        yield tuple(names[number].split(".")), tuple(found)


def _unreadable(name: str, reason: str) -> LexiconError:
    return LexiconError(
        Message(f"{name} 不是可读的词典：{reason}", f"{name} is no readable dictionary: {reason}"),
        Message("支持 quanteda/YAML 与 LIWC .dic", "quanteda/YAML and LIWC .dic can be read"),
    )


def identifier(text: str, taken: set[str]) -> str:
    """Return an id made from a name: ASCII, unique among ``taken``."""
    base = _ID.sub("_", text.lower()).strip("_")[:_ID_CHARS].strip("_")
    base = base if base and base[0].isalpha() else f"c_{base}".strip("_")
    candidate, n = base, 2
    while candidate in taken:
        candidate, n = f"{base}_{n}", n + 1
    taken.add(candidate)
    return candidate
