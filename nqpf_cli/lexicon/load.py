"""Folder of TOML files → Lexicon. All problems are found in one go and reported together."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from pathlib import Path
from typing import Any

import jsonschema_rs
import re2

from nqpf_cli.analysis.patterns import fold, is_family_or_gapped, linear, parts_of
from nqpf_cli.errors import LexiconError
from nqpf_cli.i18n import Message
from nqpf_cli.lexicon import schema
from nqpf_cli.lexicon.source import INDEX_NAME, MAX_BYTES, Problem, TomlFile, parse, sources
from nqpf_cli.model import (
    Category,
    Cue,
    Entry,
    Example,
    Indicator,
    Lexicon,
    Marker,
    Prescription,
    Stance,
    StanceLexicon,
)

MAX_TERM = 200
_AT_LINE = re.compile(r"at line (\d+)")  # Python 3.14 has an attribute for it, 3.11 the words


@dataclass(slots=True)
class _Parts:
    """What the files give together, before it is frozen."""

    categories: list[Category] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    prescriptions: list[Prescription] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    cues: list[Cue] = field(default_factory=list)
    governors: list[Marker] = field(default_factory=list)
    voids: list[Marker] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def load(paths: Sequence[Path] = ()) -> Lexicon:
    """Return the lexicon of the given folders or files; without any, the one that ships.

    A folder holds ``lexicon.toml`` and the files it names. A single file adds its entries to
    what came before it (the shipped lexicon when it is the first). Raises ``LexiconError``.
    """
    lexicon, problems = read(paths)
    if lexicon is None or problems:
        raise LexiconError(
            Message(
                f"词典有 {len(problems)} 处问题：\n" + "\n".join(map(str, problems)),
                f"the lexicon has {len(problems)} problem(s):\n" + "\n".join(map(str, problems)),
            ),
            Message("改正后用 nqpf lexicon check 复查", "mend them, then run: nqpf lexicon check"),
        )
    return lexicon


def read(paths: Sequence[Path] = ()) -> tuple[Lexicon | None, list[Problem]]:
    """Read a lexicon and return it with its problems; None when nothing could be made of it."""
    parts = _Parts()
    digest = hashlib.sha256()
    head: dict[str, Any] = {}
    for path in sources(paths):
        files, index = _open(path, parts.problems)
        if index is not None:
            head = head or index.data
        gap = int((index or _EMPTY).data.get("policy", {}).get("gap", 8))
        for file in sorted(files, key=lambda f: f.name):
            digest.update(f"{file.name}\0{file.text}\0".encode())
        for file in files:
            _take(file, parts, gap)
    if not head:
        return None, parts.problems or [Problem(str(paths), 0, "no lexicon.toml")]
    added = [p.stem for p in sources(paths)[1:]]
    lexicon = Lexicon(
        name="+".join([head["name"], *added]),
        version=head["version"],
        licence=head["licence"],
        sha256=digest.hexdigest(),
        nested=head.get("policy", {}).get("nested", "category"),
        categories=tuple(parts.categories),
        entries=tuple(parts.entries),
        prescriptions=tuple(parts.prescriptions),
        stance=StanceLexicon(
            cues=tuple(parts.cues), governors=tuple(parts.governors), voids=tuple(parts.voids)
        ),
        examples=tuple(parts.examples),
    )
    return lexicon, [*parts.problems, *_cross_check(lexicon)]


_EMPTY = TomlFile("", "", {}, {}, ())


def _open(path: Path, problems: list[Problem]) -> tuple[list[TomlFile], TomlFile | None]:
    if path.is_file():
        file = _parse(path, problems)
        return ([file] if file else []), None
    index = _parse(path / INDEX_NAME, problems)
    if index is None or not _valid(index, schema.INDEX, problems):
        return [], None
    files = [index]
    root = path.resolve()
    for name in index.data["files"]:
        if "\0" in name:
            problems.append(Problem(index.name, index.line("files"), f"{name!r} is no file name"))
            continue
        try:
            target = (path / name).resolve()
        except RuntimeError as e:  # Python 3.11's word for a loop of links
            problems.append(Problem(index.name, index.line("files"), str(e)))
            continue
        if root not in target.parents:
            problems.append(
                Problem(index.name, index.line("files"), f"{name} is outside the folder")
            )
            continue
        if file := _parse(target, problems):
            files.append(file)
    return files, index


def _parse(path: Path, problems: list[Problem]) -> TomlFile | None:
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited on for ever
            problems.append(Problem(path.name, 0, "no file"))
            return None
        if path.stat().st_size > MAX_BYTES:
            problems.append(Problem(path.name, 0, f"larger than {MAX_BYTES} bytes"))
            return None
        return parse(path.name, path.read_text(encoding="utf-8-sig"))
    except OSError as e:
        problems.append(Problem(str(path), 0, e.strerror or str(e)))
    except UnicodeDecodeError as e:
        problems.append(Problem(path.name, 0, f"not UTF-8 at byte {e.start}"))
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as e:
        at = _AT_LINE.search(str(e))
        problems.append(Problem(path.name, int(at[1]) if at else 0, f"not TOML: {e}"))
    return None


def _valid(file: TomlFile, shape: dict[str, Any], problems: list[Problem]) -> bool:
    dates = [
        Problem(
            file.name,
            file.line(*path),
            f"{'.'.join(map(str, path))}: a date or time has no place here",
        )
        for path in _dates(file.data)
    ]
    if dates:  # JSON Schema does not know them
        problems += dates
        return False
    try:
        found = list(jsonschema_rs.validator_for(shape).iter_errors(file.data))
    except ValueError as too_deep:  # tables in tables in tables
        problems.append(Problem(file.name, 0, f"nested too deeply: {too_deep}"))
        return False
    errors = sorted(found, key=lambda e: file.line(*e.instance_path))
    for e in errors:
        where = ".".join(map(str, e.instance_path)) or "file"
        message = _told(e)
        message = message if len(message) < 300 else message[:300] + " …"
        problems.append(Problem(file.name, file.line(*e.instance_path), f"{where}: {message}"))
    return not errors


def _told(e: jsonschema_rs.ValidationError) -> str:
    """Return what is wrong; where one shape of several would do, what is wrong with each."""
    shapes = getattr(e.kind, "context", [])
    each = ["; ".join(map(_told, faults)) for faults in shapes]
    return ", or ".join(each) if each and all(each) else e.message


def _dates(value: Any, here: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, date | time):
        yield here
    elif isinstance(value, dict):
        for k, v in value.items():
            yield from _dates(v, (*here, k))
    elif isinstance(value, list):
        for n, v in enumerate(value):
            yield from _dates(v, (*here, n))


def _empty(texts: Iterable[str]) -> Iterator[str]:
    return (f"{t!r} is empty without quotation marks and spaces" for t in texts if not fold(t))


def _take(file: TomlFile, parts: _Parts, gap: int) -> None:
    if file.name == INDEX_NAME:
        return
    if file.data.get("kind") == "stance":
        if _valid(file, schema.STANCE, parts.problems):
            _take_stance(file, parts)
    elif "extends" in file.data:
        if _valid(file, schema.EXTENSION, parts.problems):
            _extend(file, parts, gap)
    elif _valid(file, schema.CATEGORY, parts.problems):
        _take_category(file, parts, gap)


def _take_stance(file: TomlFile, parts: _Parts) -> None:
    for name in ("cue", "governor", "void"):
        for n, group in enumerate(file.data.get(name, ())):
            for key in ("terms", "unless"):
                parts.problems += [
                    Problem(file.name, file.line(name, n, key), f"{name}.{n}.{key}: {fault}")
                    for fault in _empty(group.get(key, ()))
                ]
    for cue in file.data.get("cue", ()):
        parts.cues += [
            Cue(
                term=term,
                stance=cue["stance"],
                side=cue.get("side", "any"),
                scope=cue.get("scope", "clause"),
                clause_end=cue.get("at") == "clause_end",
                unless=tuple(cue.get("unless", ())),
            )
            for term in cue["terms"]
        ]
    for key, markers in (("governor", parts.governors), ("void", parts.voids)):
        for group in file.data.get(key, ()):
            unless = tuple(group.get("unless", ()))
            markers += [Marker(term=term, unless=unless) for term in group["terms"]]


def _take_category(file: TomlFile, parts: _Parts, gap: int) -> None:
    data = file.data
    id_ = data["id"]
    if any(c.id == id_ for c in parts.categories):
        parts.problems.append(
            Problem(
                file.name, file.line("id"), f'{id_} exists; write extends = "{id_}" to add to it'
            )
        )
        return
    parts.categories.append(
        Category(
            id=id_,
            kind=data["kind"],
            chain=data["chain"],
            zh=data["name"]["zh"],
            en=data["name"]["en"],
            definition=data["definition"],
            source=data["source"],
            indicators=tuple(_indicators(file, id_, parts)),
        )
    )
    _take_lists(file, id_, parts, gap)


def _extend(file: TomlFile, parts: _Parts, gap: int) -> None:
    id_ = file.data["extends"]
    at = next((n for n, c in enumerate(parts.categories) if c.id == id_), None)
    if at is None:
        parts.problems.append(
            Problem(file.name, file.line("extends"), f"there is no category {id_} to extend")
        )
        return
    category = parts.categories[at]
    more = tuple(_indicators(file, id_, parts))
    parts.categories[at] = replace(category, indicators=(*category.indicators, *more))
    _take_lists(file, id_, parts, gap)


def _indicators(file: TomlFile, id_: str, parts: _Parts) -> list[Indicator]:
    indicators = []
    for n, item in enumerate(file.data.get("indicator", ())):
        indicators.append(
            Indicator(
                id=f"{id_}.{item['id']}",
                category=id_,
                zh=item["name"]["zh"],
                en=item["name"]["en"],
                definition=item["definition"],
                source=item["source"],
                applies=tuple(item.get("applies", ())),
            )
        )
        parts.examples += _examples(file, n, f"{id_}.{item['id']}", item)
    return indicators


def _take_lists(file: TomlFile, id_: str, parts: _Parts, gap: int) -> None:
    data = file.data
    for n, p in enumerate(data.get("prescription", ())):
        parts.prescriptions.append(
            Prescription(
                id=f"{id_}.{p['carrier']}.{p['id']}",
                carrier=f"{id_}.{p['carrier']}",
                zh=p["name"]["zh"],
                en=p["name"]["en"],
                scope=p.get("scope", "document"),
                source=p["source"],
                file=file.name,
                line=file.line("prescription", n),
            )
        )
    for n, item in enumerate(data.get("entry", ())):
        parts.entries += _entries(file, n, id_, item, gap, parts.problems)


def _examples(file: TomlFile, n: int, target: str, item: dict[str, Any]) -> Iterable[Example]:
    for key, expected in (("matches", True), ("misses", False)):
        value = item[key]
        groups: dict[Stance | None, list[str]] = {None: value} if isinstance(value, list) else value
        for stance, texts in groups.items():
            for text in texts:
                line = file.line_of_text(text, "indicator", n)
                yield Example(
                    text=text,
                    target=target,
                    stance=stance,
                    expected=expected,
                    file=file.name,
                    line=line,
                )


def _entries(
    file: TomlFile, n: int, category: str, item: dict[str, Any], gap: int, problems: list[Problem]
) -> Iterable[Entry]:
    kind = item.get("kind", "fixed")
    is_prescription = "prescription" in item
    for key in ("unless", "unless_sentence", "with"):
        problems += [
            Problem(file.name, file.line("entry", n, key), f"entry.{n}.{key}: {fault}")
            for fault in _empty(item.get(key, ()))
        ]
    for term in item["terms"]:
        line = file.line_of_text(term, "entry", n)
        if fault := term_fault(kind, term):
            problems.append(Problem(file.name, line, fault))
            continue
        yield Entry(
            term=term,
            target=f"{category}.{item['prescription'] if is_prescription else item['indicator']}",
            category=category,
            kind=kind,
            stance=item.get("stance"),
            boundary=item.get("boundary") == "word",
            weight=float(item.get("weight", 1.0)),
            gap=int(item.get("gap", gap)),
            unless=tuple(item.get("unless", ())),
            unless_sentence=tuple(item.get("unless_sentence", ())),
            with_any=tuple(item.get("with", ())),
            prescription=is_prescription,
            source=item.get("source", ""),
            note=item.get("note", ""),
            file=file.name,
            line=line,
        )


def term_fault(kind: str, term: str) -> str | None:
    """Return what is wrong with a term of a kind (``fixed``, ``gap``, ``regex``), or None."""
    if len(term) > MAX_TERM:
        return f"the term is longer than {MAX_TERM} characters: {term[:40]}…"
    try:
        if kind == "gap" and not is_family_or_gapped(parts_of(term)):
            return f"a gap entry has two parts or more with … between, or one of (a|b): {term}"
        if kind == "regex":
            linear(term)
    except (ValueError, re2.error) as e:
        first = e.args[0] if e.args else ""
        reason = first.decode(errors="replace") if isinstance(first, bytes) else first
        return f"{term}: {reason}"
    if kind == "fixed" and not fold(term):
        return f"the term is empty once quotation marks and spaces are gone: {term!r}"
    if kind == "fixed" and "…" in term:
        return f'a term with … wants kind = "gap": {term}'
    return None


def _cross_check(lexicon: Lexicon) -> Iterable[Problem]:
    """What only the whole can tell: unknown targets, stances where there are none."""
    kinds = {c.id: c.kind for c in lexicon.categories}
    targets = {i.id for c in lexicon.categories for i in c.indicators}
    prescriptions = {p.id for p in lexicon.prescriptions}
    for p in lexicon.prescriptions:
        if p.carrier not in targets:
            yield Problem(p.file, p.line, f"prescription {p.id} is for an unknown carrier")
    for e in lexicon.entries:
        known = prescriptions if e.prescription else targets
        if e.target not in known:
            yield Problem(e.file, e.line, f"{e.term}: unknown target {e.target}")
        is_obstruction = kinds[e.category] == "obstruction" and not e.prescription
        if is_obstruction and e.stance is None:
            yield Problem(e.file, e.line, f"{e.term}: an obstruction's entry needs a stance")
        if not is_obstruction and e.stance is not None:
            yield Problem(e.file, e.line, f"{e.term}: only obstructions have a stance")
