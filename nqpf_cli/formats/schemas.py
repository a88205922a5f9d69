"""The JSON Schemas (2020-12) of what nqpf writes, for programs that read it."""

from __future__ import annotations

from typing import Any

from nqpf_cli.model import (
    CRITERIA,
    DIMENSIONS,
    EVERYTHING,
    INDICATORS,
    LABELS,
    OBSTRUCTIONS,
    PATHS,
    STANCES,
)

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _object(properties: dict[str, Any], *, extra: Any = False) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": extra,
    }


def _nullable(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": [kind, "null"], **more}


_STRING = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_SHARE = _nullable("number", minimum=0, maximum=1)
_PERCENTILE = _nullable("number", minimum=0, maximum=100)
_PAGES = {"type": "array", "items": {"type": "integer", "minimum": 1}}
_M = {"$ref": "#/$defs/measure"}
_MEASURE = {
    "hits": _COUNT,
    "density": _nullable("number", minimum=0),
    "sentences": _COUNT,
    "sentence_share": _SHARE,
    "ci": {
        "anyOf": [
            {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
            {"type": "null"},
        ]
    },
    "breadth": _SHARE,
    "percentile": _PERCENTILE,
}
_BOTH = _object(dict.fromkeys(STANCES, _M))
_OBSTRUCTION = _object(
    {
        **dict.fromkeys(STANCES, _M),
        "response_gap": {"type": "number"},
        "verdict": {"enum": ["silent", "diagnosed", "answered", "unprompted"]},
    }
)
_PATH = _object({**_MEASURE, "carriers": {"type": "object", "additionalProperties": _M}})
_CARRIER = _object(
    {
        "prescriptions": {"type": "object", "additionalProperties": {"type": "boolean"}},
        "share": _SHARE,
        "sentences": {"type": "object", "additionalProperties": _COUNT},
    }
)
_NULL = {"type": "null"}
_BLOCK = {"enum": ["east", "central", "west", "northeast"]}
_IN_BLOCK = _object(
    {
        "name": _BLOCK,
        "n": _COUNT,
        "percentiles": {"type": ["object", "null"], "additionalProperties": _PERCENTILE},
    }
)
_CRITERION = f"({'|'.join(CRITERIA)})"
_BASIS = rf"^({EVERYTHING}|{_CRITERION}(\+{_CRITERION})*)$"
_JURISDICTION = _object(
    {
        "name": _STRING,
        "code": {"type": "string", "pattern": "^[0-9]{6}$"},
        "level": {"enum": ["national", "province", "prefecture", "county"]},
        "block": {"enum": [*_BLOCK["enum"], None]},
        "found_in": _STRING,
    }
)
_WARNING = _object({"code": _STRING, "message": _STRING, "page": _nullable("integer")})

_REPORT_PROPERTIES: dict[str, Any] = {
    "schema_version": {"const": "1.0"},
    "nqpf_version": _STRING,
    "lexicon": _object(
        {
            "name": _STRING,
            "version": _STRING,
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        }
    ),
    "settings": _object(
        {
            "engine": _STRING,
            "segmenter": _STRING,
            "nested": {"enum": ["category", "longest", "all"]},
            "coder": _STRING,
            "tables": {"enum": ["include", "exclude"]},
            "confidence": {"type": "number"},
            "resamples": _COUNT,
            "seed": _COUNT,
        },
        extra=True,
    ),
    "source": _object(
        {
            "path": _STRING,
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "media_type": _STRING,
            "bytes": _COUNT,
            "pages": _nullable("integer", minimum=1),
            "title": _nullable("string"),
            "kind": _nullable("string"),
            "year": _nullable("integer"),
            "jurisdiction": {"anyOf": [_JURISDICTION, _NULL]},
            "found_in": _object({key: _nullable("string") for key in ("title", "kind", "year")}),
        }
    ),
    "quality": _object(
        {
            "han_chars": _COUNT,
            "scored_han_chars": _COUNT,
            "sentences": _COUNT,
            "han_ratio": _SHARE,
            "empty_pages": _PAGES,
            "excluded": {
                "type": "object",
                "required": ["toc", "references", "headers_footers"],
                "additionalProperties": _COUNT,
            },
            "ocr_pages": _PAGES,
            "engines": {"type": "object", "additionalProperties": _COUNT},
            "labels_without_hit": _COUNT,
            "hits_without_label": _COUNT,
            "warnings": {"type": "array", "items": _WARNING},
        },
        extra=True,
    ),
    "dimensions": _object(dict.fromkeys(DIMENSIONS, _M)),
    "indicators": {
        "type": "object",
        "required": list(INDICATORS),
        "additionalProperties": {"anyOf": [_M, _BOTH]},
    },
    "obstructions": _object(dict.fromkeys(OBSTRUCTIONS, _OBSTRUCTION)),
    "paths": _object(dict.fromkeys(PATHS, _PATH)),
    "prescriptions": {
        "anyOf": [
            _object(
                {
                    "applicable": {"type": "array", "items": _STRING},
                    "covered": _SHARE,
                    "misfit": _SHARE,
                    "carriers": {"type": "object", "additionalProperties": _CARRIER},
                }
            ),
            _NULL,
        ]
    },
    "indices": {
        "type": "object",
        "required": ["balance"],
        "properties": {"balance": _SHARE},
    },
    "methods": {"type": "object", "additionalProperties": _M},
    "reference": {
        "anyOf": [
            _object(
                {
                    "name": _STRING,
                    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                    "n": _COUNT,
                    "basis": _nullable("string", pattern=_BASIS),
                    "block": {"anyOf": [_IN_BLOCK, _NULL]},
                }
            ),
            _NULL,
        ]
    },
}
_ERROR = {
    "type": "object",
    "required": ["schema_version", "source", "error"],
    "properties": {
        "schema_version": {"const": "1.0"},
        "source": {"type": "object", "required": ["path"], "properties": {"path": _STRING}},
        "error": _object({"code": _STRING, "message": _STRING, "hint": _nullable("string")}),
    },
    "additionalProperties": False,
}
_DEFS = {"measure": _object(_MEASURE)}
_REPORT = _object(_REPORT_PROPERTIES)
_HIT = _object(
    {
        "path": _STRING,
        "sha256": _STRING,
        "page": _nullable("integer"),
        "category": _STRING,
        "indicator": _STRING,
        "entry": _STRING,
        "surface": _STRING,
        "stance": {"enum": [*STANCES, None]},
        "start": _COUNT,
        "end": _COUNT,
        "sentence": _STRING,
        "sentence_start": _COUNT,
        "ocr_confidence": _nullable("number", minimum=0, maximum=1),
        "counted": {"type": "boolean"},
        "section": {"enum": ["review", "problems", "outlook", "plan", "annex", "other"]},
    },
    extra=True,
)


def _array(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


_NUMBER = {"type": "integer", "minimum": 1}
_PAIR = _array(_COUNT, minItems=2, maxItems=2)
_P = {"type": "number", "minimum": 0, "maximum": 1}
_SHARED_SENTENCE = _object(
    {
        "page": _nullable("integer", minimum=1),
        "sentence_start": _COUNT,
        "section": _STRING,
        "sentence": _STRING,
    }
)
_COMPARISON = _object(
    {
        "schema_version": {"const": "1.0"},
        "nqpf_version": _STRING,
        "lexicon": _REPORT_PROPERTIES["lexicon"],
        "settings": _object(
            {
                "confidence": {"type": "number"},
                "resamples": _COUNT,
                "seed": _COUNT,
                "against": {"enum": ["first", "rest"]},
                "permutations": _COUNT,
                "min_jaccard": _P,
                "min_chars": _COUNT,
            },
            extra=True,
        ),
        "documents": _array(
            _object(
                {
                    "number": _NUMBER,
                    **_REPORT_PROPERTIES["source"]["properties"],
                    "sentences": _COUNT,
                    "paragraphs": _COUNT,
                    "scored_han_chars": _COUNT,
                    "words": _COUNT,
                    "indices": _REPORT_PROPERTIES["indices"],
                    "obstructions": _object(
                        dict.fromkeys(
                            OBSTRUCTIONS,
                            _object(
                                {
                                    "response_gap": {"type": "number"},
                                    "verdict": _OBSTRUCTION["properties"]["verdict"],
                                }
                            ),
                        )
                    ),
                    "warnings": _array(_WARNING),
                }
            )
        ),
        "measures": _array(
            _object(
                {
                    "level": {
                        "enum": [
                            "dimension", "obstruction", "path", "indicator", "carrier", "method",
                        ]
                    },
                    "id": _STRING,
                    "stance": {"enum": [*STANCES, None]},
                    "measures": _array(_M),
                    "differences": _array(
                        _object(
                            {
                                "document": _NUMBER,
                                "against": _array(_NUMBER),
                                "difference": {"type": "number"},
                                "ci": _array({"type": "number"}, minItems=2, maxItems=2),
                                "p": _P,
                                "q": _P,
                            }
                        )
                    ),
                }
            )
        ),
        "key_words": _array(
            _object(
                {
                    "document": _NUMBER,
                    "against": _array(_NUMBER),
                    "words": _array(
                        _object(
                            {
                                "word": _STRING,
                                "count": _COUNT,
                                "reference_count": _COUNT,
                                "g2": {"type": "number", "minimum": 0},
                                "log_ratio": {"type": "number"},
                            }
                        )
                    ),
                }
            )
        ),
        "similarity": _object(
            {"measure": {"const": "tfidf_cosine"}, "matrix": _array(_array(_P))}
        ),
        "shared_sentences": _array(
            _object(
                {
                    "documents": _array(_NUMBER, minItems=2, maxItems=2),
                    "compared": _PAIR,
                    "shared": _PAIR,
                    "exact": _PAIR,
                    "sentences": _array(
                        _object(
                            {
                                "jaccard": _P,
                                "exact": {"type": "boolean"},
                                "first": _SHARED_SENTENCE,
                                "second": _SHARED_SENTENCE,
                            }
                        )
                    ),
                }
            )
        ),
    }
)  # fmt: skip


def _document(title: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": _DIALECT, "title": title, "$defs": _DEFS, **body}


SCHEMAS: dict[str, dict[str, Any]] = {
    "report": _document("nqpf report", {"anyOf": [_REPORT, _ERROR]}),
    "scan": _document("nqpf scan: one line", {"anyOf": [_REPORT, _ERROR]}),
    "code": _document(
        "nqpf code: one line",
        _object(
            {
                "id": {},
                "labels": {
                    "type": "array",
                    "items": {"enum": list(LABELS)},
                    "uniqueItems": True,
                },
            },
            extra=True,
        ),
    ),
    "hit": _document("nqpf explain: one hit", _HIT),
    "compare": _document("nqpf compare", _COMPARISON),
}
