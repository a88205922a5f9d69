"""The shape of lexicon files, as JSON Schemas: what a hand-written TOML file may say."""

from __future__ import annotations

from typing import Any

_NAME = {
    "type": "object",
    "required": ["zh", "en"],
    "additionalProperties": False,
    "properties": {"zh": {"type": "string", "minLength": 1}, "en": {"type": "string"}},
}
_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT}
_ID = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
_STANCED = {"anyOf": [_TEXTS, {"type": "object", "additionalProperties": _TEXTS}]}

INDEX: dict[str, Any] = {
    "type": "object",
    "required": ["format", "name", "version", "licence", "files"],
    "additionalProperties": False,
    "properties": {
        "format": {"const": 1},
        "name": _TEXT,
        "version": _TEXT,
        "licence": _TEXT,
        "source": _TEXT,
        "files": {"type": "array", "items": _TEXT, "minItems": 1},
        "policy": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "nested": {"enum": ["category", "longest", "all"]},
                "gap": {"type": "integer", "minimum": 0, "maximum": 40},
            },
        },
    },
}

_ENTRY: dict[str, Any] = {
    "type": "object",
    "required": ["terms"],
    "additionalProperties": False,
    "oneOf": [{"required": ["indicator"]}, {"required": ["prescription"]}],
    "anyOf": [{"required": ["source"]}, {"required": ["note"]}],
    "properties": {
        "indicator": _ID,
        "prescription": {"type": "string", "pattern": r"^[a-z0-9_]+\.[a-z0-9_]+$"},
        "terms": {**_TEXTS, "minItems": 1},
        "kind": {"enum": ["fixed", "gap", "regex"]},
        "stance": {"enum": ["problem", "remedy", "cue", "problem_cue"]},
        "boundary": {"enum": ["none", "word"]},
        # Weight 0 absorbs: the entry silences shorter ones inside it and counts for nothing.
        "weight": {"type": "number", "minimum": 0, "maximum": 10},
        "gap": {"type": "integer", "minimum": 0, "maximum": 40},
        "unless": _TEXTS,
        "unless_sentence": _TEXTS,
        "with": _TEXTS,
        "source": _TEXT,
        "note": _TEXT,
    },
}

_INDICATOR: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name", "definition", "source", "matches", "misses"],
    "additionalProperties": False,
    "properties": {
        "id": _ID,
        "name": _NAME,
        "definition": _TEXT,
        "source": _TEXT,
        "applies": _TEXTS,
        # Lists of sentences; for obstructions a table {problem = […], remedy = […]}.
        "matches": _STANCED,
        "misses": _STANCED,
    },
}

_PRESCRIPTION: dict[str, Any] = {
    "type": "object",
    "required": ["carrier", "id", "name", "source"],
    "additionalProperties": False,
    "properties": {
        "carrier": _ID,
        "id": _ID,
        "name": _NAME,
        "scope": {"enum": ["document", "paragraph"]},
        "source": _TEXT,
    },
}

CATEGORY: dict[str, Any] = {
    "type": "object",
    "required": ["id", "kind", "chain", "name", "definition", "source", "indicator"],
    "additionalProperties": False,
    "properties": {
        "id": _ID,
        "kind": {"enum": ["dimension", "obstruction", "path", "method", "custom"]},
        "chain": _ID,
        "name": _NAME,
        "definition": _TEXT,
        "source": _TEXT,
        "indicator": {"type": "array", "items": _INDICATOR, "minItems": 1},
        "entry": {"type": "array", "items": _ENTRY},
        "prescription": {"type": "array", "items": _PRESCRIPTION},
    },
}

# Entries (and, if need be, indicators) added to a category that another file defines.
EXTENSION: dict[str, Any] = {
    "type": "object",
    "required": ["extends"],
    "additionalProperties": False,
    "properties": {
        "extends": _ID,
        "source": _TEXT,
        "indicator": {"type": "array", "items": _INDICATOR},
        "entry": {"type": "array", "items": _ENTRY},
        "prescription": {"type": "array", "items": _PRESCRIPTION},
    },
}

_CUE: dict[str, Any] = {
    "type": "object",
    "required": ["stance", "terms", "note"],
    "additionalProperties": False,
    "properties": {
        "stance": {"enum": ["problem", "remedy"]},
        "terms": {**_TEXTS, "minItems": 1},
        "side": {"enum": ["before", "after", "any"]},
        "scope": {"enum": ["clause", "sentence"]},
        # clause_end: the cue must be the clause's last word (弱, 少, 慢 … are no cue elsewhere).
        "at": {"enum": ["anywhere", "clause_end"]},
        "unless": _TEXTS,
        "note": _TEXT,
    },
}
_NOTED: dict[str, Any] = {
    "type": "object",
    "required": ["terms", "note"],
    "additionalProperties": False,
    "properties": {"terms": {**_TEXTS, "minItems": 1}, "unless": _TEXTS, "note": _TEXT},
}

STANCE: dict[str, Any] = {
    "type": "object",
    "required": ["kind"],
    "additionalProperties": False,
    "properties": {
        "kind": {"const": "stance"},
        "cue": {"type": "array", "items": _CUE},
        "governor": {"type": "array", "items": _NOTED},
        "void": {"type": "array", "items": _NOTED},
    },
}
