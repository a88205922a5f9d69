from __future__ import annotations

import copy
import datetime
import json
import os
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_cli.errors import LexiconError
from nqpf_cli.lexicon.load import load
from nqpf_cli.model import Lexicon
from nqpf_cli.pipeline import Analyzer
from nqpf_cli.segmenters.base import Segmenter

INDEX: dict[str, Any] = {
    "format": 1,
    "name": "small",
    "version": "1.0",
    "licence": "CC0-1.0",
    "files": ["factor.toml", "lockin.toml", "stance.toml"],
    "policy": {"nested": "category", "gap": 6},
}
FACTOR: dict[str, Any] = {
    "id": "factor",
    "kind": "dimension",
    "chain": "factor",
    "name": {"zh": "要素", "en": "Factors"},
    "definition": "要素。",
    "source": "test",
    "indicator": [
        {
            "id": "labour",
            "name": {"zh": "劳动者", "en": "Labour"},
            "definition": "人才。",
            "source": "test",
            "matches": ["引进人才。"],
            "misses": ["修建道路。"],
        }
    ],
    "entry": [
        {"indicator": "labour", "terms": ["人才", "劳动者"], "source": "test"},
        {"indicator": "labour", "terms": ["引进…人员"], "kind": "gap", "gap": 4, "note": "x"},
        {
            "indicator": "labour",
            "terms": ["技[能术]工"],
            "kind": "regex",
            "weight": 0.5,
            "note": "x",
            "unless": ["技工学校"],
            "with": ["引进"],
        },
    ],
}
LOCKIN: dict[str, Any] = {
    **{k: v for k, v in FACTOR.items() if k not in ("entry", "indicator")},
    "id": "lockin",
    "kind": "obstruction",
    "indicator": [
        {
            **FACTOR["indicator"][0],
            "id": "legacy",
            "matches": {"problem": ["产能过剩。"], "remedy": ["淘汰产能。"]},
            "misses": {"problem": [], "remedy": []},
        }
    ],
    "entry": [
        {"indicator": "legacy", "terms": ["产能过剩"], "stance": "problem", "source": "test"},
        {"indicator": "legacy", "terms": ["淘汰产能"], "stance": "remedy", "source": "test"},
    ],
}
STANCE: dict[str, Any] = {
    "kind": "stance",
    "cue": [{"stance": "problem", "side": "after", "terms": ["不足"], "note": "x"}],
    "governor": [{"terms": ["破解"], "note": "x", "unless": ["破解版"]}],
    "void": [{"terms": ["不存在"], "note": "x"}],
}
FILES: dict[str, dict[str, Any]] = {
    "lexicon.toml": INDEX,
    "factor.toml": FACTOR,
    "lockin.toml": LOCKIN,
    "stance.toml": STANCE,
}


def key(name: str) -> str:
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else toml(name)


def toml(value: Any) -> str:
    """A value as inline TOML."""
    match value:
        case bool():
            return "true" if value else "false"
        case dict():
            return "{" + ", ".join(f"{key(k)} = {toml(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case datetime.date():
            return value.isoformat()
        case float():
            return str(value)
        case _:
            return repr(value)


def document(data: dict[str, Any]) -> str:
    """A file as TOML: plain keys first, then a table an entry, as people write them."""
    lines = []
    tables = []
    for name, value in data.items():
        if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
            tables += [(name, v) for v in value]
        else:
            lines.append(f"{key(name)} = {toml(value)}")
    for name, table in tables:
        lines += ["", f"[[{key(name)}]]"]
        lines += [f"{key(k)} = {toml(v)}" for k, v in table.items()]
    return "\n".join(lines) + "\n"


def write(folder: Path, files: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        text = data if isinstance(data, str) else document(data)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def changed(**entry: Any) -> dict[str, Any]:
    """The files, with one more entry in ``factor.toml``."""
    files = copy.deepcopy(FILES)
    item = {"indicator": "labour", "terms": ["能人"], "source": "test", **entry}
    files["factor.toml"]["entry"].append({k: v for k, v in item.items() if v is not None})
    return files


@pytest.fixture
def refused(tmp_path: Path) -> Callable[[dict[str, Any]], list[str]]:
    """The problems of a lexicon, a line each."""

    def make(files: dict[str, Any]) -> list[str]:
        with pytest.raises(LexiconError) as e:
            load([write(tmp_path / "lexicon", files)])
        assert e.value.exit_code == 4
        assert e.value.hint is not None
        head, *problems = str(e.value).splitlines()
        assert str(len(problems)) in head
        return problems

    return make


# --- what is good -----------------------------------------------------------------------------


def test_a_folder_is_a_lexicon(tmp_path: Path) -> None:
    lexicon = load([write(tmp_path / "a", FILES)])
    assert (lexicon.name, lexicon.version, lexicon.nested) == ("small", "1.0", "category")
    assert [c.id for c in lexicon.categories] == ["factor", "lockin"]
    assert [(e.term, e.kind, e.weight, e.gap) for e in lexicon.entries[:4]] == [
        ("人才", "fixed", 1.0, 6),
        ("劳动者", "fixed", 1.0, 6),
        ("引进…人员", "gap", 1.0, 4),
        ("技[能术]工", "regex", 0.5, 6),
    ]


def test_every_entry_knows_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", FILES)
    for e in load([folder]).entries:
        line = (folder / e.file).read_text(encoding="utf-8").splitlines()[e.line - 1]
        assert json.dumps(e.term) in line or e.term in line or "terms" in line


def test_the_hash_is_that_of_the_content(tmp_path: Path) -> None:
    first = load([write(tmp_path / "a", FILES)])
    again = load([write(tmp_path / "b", FILES)])
    other = load([write(tmp_path / "c", changed())])
    assert first.sha256 == again.sha256 != other.sha256


def test_a_single_file_adds_to_the_lexicon_that_ships(tmp_path: Path, shipped: Lexicon) -> None:
    entry = {"indicator": "labour", "terms": ["能工巧匠某"], "source": "test"}
    extra = {"extends": "factor", "entry": [entry]}
    path = write(tmp_path, {"mine.toml": extra}) / "mine.toml"
    lexicon = load([path])
    assert len(lexicon.entries) == len(shipped.entries) + 1
    assert lexicon.name == f"{shipped.name}+mine"
    assert lexicon.sha256 != shipped.sha256


def test_a_category_is_defined_once(tmp_path: Path) -> None:
    path = write(tmp_path, {"mine.toml": FACTOR}) / "mine.toml"
    with pytest.raises(LexiconError, match=r'mine.toml:1: .*extends = "factor"'):
        load([path])


def test_only_what_exists_can_be_extended(tmp_path: Path) -> None:
    path = write(tmp_path, {"mine.toml": {"extends": "nothing"}}) / "mine.toml"
    with pytest.raises(LexiconError, match=r"mine.toml:1: .*nothing"):
        load([path])


def test_files_may_begin_with_a_byte_order_mark_and_end_lines_with_crlf(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", FILES)
    plain = load([folder])
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
        path.write_bytes(text.encode("utf-8-sig"))
    assert load([folder]).entries == plain.entries


# --- what is not ------------------------------------------------------------------------------


def test_problems_of_all_files_come_together_with_their_places(
    refused: Callable[[dict[str, Any]], list[str]],
) -> None:
    files = changed(kind="regex", terms=["(人才", "好"])
    files["factor.toml"]["entry"].append(
        {"indicator": "labour", "terms": ["甲…"], "kind": "gap", "source": "test"}
    )
    del files["lockin.toml"]["definition"]
    files["lockin.toml"]["entry"][0]["weight"] = "heavy"
    files["stance.toml"] = "kind = "
    problems = refused(files)
    assert all(re.match(r"[\w.]+:\d+: \S", p) for p in problems)
    text = "\n".join(problems)
    lines = document(files["factor.toml"]).splitlines()
    regex = next(n for n, line in enumerate(lines, 1) if "(" in line)
    assert f"factor.toml:{regex}: (" in text
    assert re.search(r"factor.toml:\d+: 甲…", text)
    assert "definition" in text
    assert re.search(r"lockin.toml:\d+: entry.0.weight", text)
    assert "stance.toml:1: not TOML" in text
    assert len(problems) == 5


def test_problems_of_form_do_not_hide_problems_of_sense(
    refused: Callable[[dict[str, Any]], list[str]],
) -> None:
    files = changed(indicator="labor")
    files["lockin.toml"]["entry"][0]["weight"] = "heavy"
    text = "\n".join(refused(files))
    assert "weight" in text
    assert "unknown target factor.labor" in text


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"indicator": "labor"}, "unknown target factor.labor"),
        ({"indicator": None, "prescription": "jjj.none"}, "unknown target factor.jjj.none"),
        ({"indicator": None}, '"indicator" is a required property, or "prescription" is'),
        ({"prescription": "jjj.none"}, "entry.3"),
        ({"source": None}, '"source" is a required property, or "note" is'),
        ({"terms": []}, "terms"),
        ({"terms": [""]}, "terms"),
        ({"terms": ["“ ”"]}, "empty once quotation marks"),
        ({"terms": ["人" * 300]}, "longer than"),
        ({"terms": ["引进…人"]}, 'kind = "gap"'),
        ({"terms": ["引进"], "kind": "gap"}, "two parts"),
        ({"terms": ["(引进…人"], "kind": "gap"}, "bracket"),
        ({"terms": ["*人"], "kind": "regex"}, "repetition"),
        ({"terms": ["(?=人)"], "kind": "regex"}, "operator"),
        ({"kind": "glob"}, "kind"),
        ({"weight": -1}, "weight"),
        ({"weight": float("nan")}, "weight"),
        ({"gap": 1000}, "gap"),
        ({"stance": "problem"}, "only obstructions"),
        ({"boundary": "token"}, "boundary"),
        ({"wieght": 1}, "wieght"),
        ({"note": datetime.date(2024, 1, 1)}, "note"),
        ({"unless": ["“”"]}, "unless"),
        ({"unless_sentence": [" "]}, "unless_sentence"),
        ({"with": ["《》"]}, "with"),
    ],
)
def test_a_bad_entry_is_told_with_its_place(
    refused: Callable[[dict[str, Any]], list[str]], entry: dict[str, Any], says: str
) -> None:
    files = changed(**entry)
    problems = refused(files)
    lines = document(files["factor.toml"]).splitlines()
    last = max(n for n, line in enumerate(lines, 1) if line == "[[entry]]")
    assert [p for p in problems if says in p]
    places = [int(p.split(":", 2)[1]) for p in problems]
    assert all(last <= place <= len(lines) for place in places)
    assert all(p.startswith("factor.toml:") for p in problems)


@pytest.mark.parametrize("terms", [["“”"], [" "]])
@pytest.mark.parametrize("group", ["cue", "governor", "void"])
def test_a_cue_of_ornaments_is_refused(
    refused: Callable[[dict[str, Any]], list[str]], group: str, terms: list[str]
) -> None:
    files = copy.deepcopy(FILES)
    files["stance.toml"][group][0]["terms"] = terms
    assert all(p.startswith("stance.toml:") for p in refused(files))


def test_an_obstructions_entry_without_stance_is_refused(
    refused: Callable[[dict[str, Any]], list[str]],
) -> None:
    files = copy.deepcopy(FILES)
    del files["lockin.toml"]["entry"][1]["stance"]
    (problem,) = refused(files)
    assert re.match(r"lockin.toml:\d+: 淘汰产能: .*needs a stance", problem)


def test_a_prescription_of_an_unknown_carrier_is_told_with_its_file(
    refused: Callable[[dict[str, Any]], list[str]],
) -> None:
    files = copy.deepcopy(FILES)
    files["factor.toml"]["prescription"] = [
        {"carrier": "none", "id": "p", "name": {"zh": "处方", "en": "P"}, "source": "test"}
    ]
    (problem,) = refused(files)
    assert re.match(r"factor.toml:\d+: ", problem)


@pytest.mark.parametrize(
    "name", ["../outside.toml", "/etc/hostname", "missing.toml", "..", "a\0b", "x" * 5000, "."]
)
def test_an_index_may_name_only_files_of_its_folder(
    refused: Callable[[dict[str, Any]], list[str]], name: str
) -> None:
    files = copy.deepcopy(FILES)
    files["lexicon.toml"]["files"].append(name)
    assert len(refused(files)) == 1


def test_tables_in_tables_in_tables_are_a_problem_of_the_file(
    refused: Callable[[dict[str, Any]], list[str]],
) -> None:
    files = copy.deepcopy(FILES)
    files["factor.toml"] = f"x = {'[' * 300}{']' * 300}\n" + document(FACTOR)
    (problem,) = (p for p in refused(files) if "deep" in p)
    assert problem.startswith("factor.toml:1: ")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("fault", ["pipe", "loop"])
def test_a_file_that_is_a_pipe_or_a_loop_of_links_is_refused(
    tmp_path: Path, refused: Callable[[dict[str, Any]], list[str]], fault: str
) -> None:
    files = copy.deepcopy(FILES)
    path = write(tmp_path / "lexicon", files) / "stance.toml"
    path.unlink()
    del files["stance.toml"]
    if fault == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(path)
    assert len(refused(files)) == 1


def test_a_folder_without_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=re.escape("lexicon.toml:1")):
        load([tmp_path])
    with pytest.raises(LexiconError, match="missing"):
        load([tmp_path / "missing"])


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", FILES)
    (folder / "factor.toml").write_bytes(document(FACTOR).encode() + "# 要素".encode("gbk"))
    with pytest.raises(LexiconError, match=re.escape("factor.toml:1: not UTF-8")):
        load([folder])


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "{a=" * 5000, "\x00", "a = 'x"])
def test_a_file_that_is_no_toml_is_refused(
    refused: Callable[[dict[str, Any]], list[str]], text: str
) -> None:
    (problem,) = refused({**FILES, "factor.toml": text})
    assert re.match(r"factor.toml:\d+: not TOML", problem)


def test_a_gap_written_as_a_float_means_the_same(tmp_path: Path) -> None:
    found = []
    for n, gap in enumerate((4, 4.0)):
        folder = tmp_path / str(n)
        try:
            lexicon = load([write(folder, changed(kind="gap", terms=["吸引…贤达"], gap=gap))])
        except LexiconError:
            continue  # to refuse it is as good
        found.append(len(Analyzer(lexicon).evidence(_document("吸引各方贤达。"))))
    assert set(found) == {1}


def _document(text: str) -> Any:
    from nqpf_cli.documents import read_document
    from nqpf_cli.engines.base import ReadOptions

    return read_document(text.encode(), "a.txt", ReadOptions())


def test_a_bad_expression_makes_no_noise(
    refused: Callable[[dict[str, Any]], list[str]], capfd: pytest.CaptureFixture[str]
) -> None:
    (problem,) = refused(changed(kind="regex", terms=["人才)"]))
    assert capfd.readouterr() == ("", "")
    assert "b'" not in problem
    assert "\\x" not in problem


# --- whatever stands in the files -------------------------------------------------------------

scalars = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    st.sampled_from(["factor", "labour", "人才", "gap", "甲…乙", "(", "“”", " ", "problem"]),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.booleans(),
    st.dates(),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text("abc_.人", min_size=1, max_size=3), inner, max_size=3),
    ),
    max_leaves=6,
)


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All places inside a value."""
    found = [here] if here else []
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            found += paths(inner, (*here, key))
    return found


PLACES = [(name, path) for name, data in FILES.items() for path in paths(data)]


def load_and_use(folder: Path, segmenter: Segmenter) -> None:
    """Load; a lexicon that is accepted must work. ``LexiconError`` is the only way out."""
    try:
        lexicon = load([folder])
    except LexiconError as e:
        for line in str(e).splitlines()[1:]:
            assert line
        return
    Analyzer(lexicon).code("引进人才，破解产能过剩，技能工不足。")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lexicon")


@settings(max_examples=300)
@given(place=st.sampled_from(PLACES), value=values)
def test_a_value_of_any_kind_anywhere_is_taken_or_refused(
    folder: Path, jieba: Segmenter, place: tuple[str, tuple[Any, ...]], value: Any
) -> None:
    files = copy.deepcopy(FILES)
    name, path = place
    target: Any = files[name]
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    text = document(files[name])
    tomllib.loads(text)
    load_and_use(write(folder, {**FILES, name: text}), jieba)


@given(
    name=st.sampled_from(sorted(FILES)),
    data=st.dictionaries(
        st.sampled_from(["id", "kind", "files", "entry", "indicator", "cue", "policy"]),
        values,
    ),
)
def test_any_toml_is_taken_or_refused(
    folder: Path, jieba: Segmenter, name: str, data: dict[str, Any]
) -> None:
    load_and_use(write(folder, {**FILES, name: document(data)}), jieba)


@given(name=st.sampled_from(sorted(FILES)), text=st.text(max_size=60))
def test_any_text_is_taken_or_refused(folder: Path, jieba: Segmenter, name: str, text: str) -> None:
    load_and_use(write(folder, {**FILES, name: text}), jieba)
