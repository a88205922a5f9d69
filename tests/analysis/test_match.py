from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_cli.analysis.coder import RuleCoder
from nqpf_cli.analysis.patterns import fold, parts_of
from nqpf_cli.model import Entry

MakeEntry = Callable[..., Entry]
MakeCoder = Callable[..., RuleCoder]


def terms(coder: RuleCoder, text: str) -> list[str]:
    return [m.entry.term for m in coder.code(text).matches]


def surfaces(coder: RuleCoder, text: str) -> list[str]:
    return [text[m.start : m.end] for m in coder.code(text).matches]


# --- what is found ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("打破产业路径锁定。", "产业路径锁定"),
        ("打破产业“路径锁定”。", "产业“路径锁定"),
        ("打破“产业路径锁定”。", "产业路径锁定"),
        ("打破产业「路径」锁定。", "产业「路径」锁定"),
        ("打破产业《路径锁定》。", "产业《路径锁定"),
        ("打破产业 路径 锁定。", "产业 路径 锁定"),
    ],
)
def test_quotation_marks_do_not_hide_a_term(
    make_coder: MakeCoder, make_entry: MakeEntry, text: str, surface: str
) -> None:
    coder = make_coder(make_entry("产业路径锁定"))
    assert surfaces(coder, text) == [surface]


@pytest.mark.parametrize("term", ["产业“路径锁定”", "产业路径锁定", " 产业 路径锁定", "产业⻓路"])
def test_a_term_is_found_however_the_lexicon_writes_it(
    make_coder: MakeCoder, make_entry: MakeEntry, term: str
) -> None:
    assert terms(make_coder(make_entry(term)), "产业路径锁定与产业长路") == [term]


@pytest.mark.parametrize("text", ["ai产业", "AI产业", "Ai 产业"])
def test_case_does_not_matter(make_coder: MakeCoder, make_entry: MakeEntry, text: str) -> None:
    assert terms(make_coder(make_entry("AI产业")), text) == ["AI产业"]


def test_every_place_of_a_term_is_found(make_coder: MakeCoder, make_entry: MakeEntry) -> None:
    coder = make_coder(make_entry("人才"))
    assert [(m.start, m.end) for m in coder.code("人才、人才和人才").matches] == [
        (0, 2),
        (3, 5),
        (6, 8),
    ]


def test_hits_stand_in_the_order_of_the_text(make_coder: MakeCoder, make_entry: MakeEntry) -> None:
    coder = make_coder(make_entry("技术"), make_entry("人才"), make_entry("数据"))
    assert terms(coder, "数据、人才、技术") == ["数据", "人才", "技术"]


ENTRIES = ("人才", "人才市场", "市场", "数据", "数据要素", "要素市场", "技术")


@given(st.data())
def test_an_entry_of_another_category_never_changes_what_is_counted(
    make_coder: MakeCoder, make_entry: MakeEntry, data: st.DataObject
) -> None:
    text = "".join(data.draw(st.lists(st.sampled_from([*ENTRIES, "，", "的"]), max_size=8)))
    first = data.draw(st.sampled_from(ENTRIES))
    others = data.draw(st.lists(st.sampled_from(ENTRIES), unique=True))
    entry = make_entry(first, "factor.labour")
    alone = terms(make_coder(entry), text)
    more = make_coder(entry, *(make_entry(t, "industry.chain") for t in others))
    together = [m.entry.term for m in more.code(text).matches if m.entry.category == "factor"]
    assert together == alone


# --- boundaries -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("推动中部地区崛起。", True),
        ("促进中部崛起。", True),
        ("推动“中部”地区崛起。", True),
        ("其中部分地区增长较快。", False),
        ("空中部队", False),
    ],
)
def test_a_guarded_term_begins_and_ends_with_a_word(
    make_coder: MakeCoder, make_entry: MakeEntry, text: str, found: bool
) -> None:
    coder = make_coder(make_entry("中部", "block.central", boundary=True))
    assert terms(coder, text) == (["中部"] if found else [])


def test_a_term_without_guard_is_found_inside_words(
    make_coder: MakeCoder, make_entry: MakeEntry
) -> None:
    coder = make_coder(make_entry("中部", "block.central"))
    assert terms(coder, "其中部分地区") == ["中部"]


def test_a_guard_is_for_its_own_entry_only(make_coder: MakeCoder, make_entry: MakeEntry) -> None:
    coder = make_coder(
        make_entry("中部", "block.central", boundary=True), make_entry("部分", "factor.flow")
    )
    assert terms(coder, "其中部分地区") == ["部分"]


# --- nesting ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nested", "expected"),
    [
        ("category", [("数据要素市场", "factor"), ("要素市场", "institution")]),
        ("longest", [("数据要素市场", "factor")]),
        (
            "all",
            [
                ("数据", "factor"),
                ("数据要素市场", "factor"),
                ("要素市场", "factor"),
                ("要素市场", "institution"),
            ],
        ),
    ],
)
def test_nesting_policies(
    make_coder: MakeCoder, make_entry: MakeEntry, nested: str, expected: list[tuple[str, str]]
) -> None:
    coder = make_coder(
        make_entry("数据"),
        make_entry("数据要素市场"),
        make_entry("要素市场"),
        make_entry("要素市场", "institution.market", stance="remedy"),
        nested=nested,
    )
    found = [(m.entry.term, m.entry.category) for m in coder.code("建设数据要素市场。").matches]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("nested", ["category", "longest", "all"])
def test_terms_that_overlap_without_nesting_all_count(
    make_coder: MakeCoder, make_entry: MakeEntry, nested: str
) -> None:
    coder = make_coder(make_entry("人才市场"), make_entry("市场体系"), nested=nested)
    assert terms(coder, "人才市场体系") == ["人才市场", "市场体系"]


def test_a_nested_term_counts_where_it_stands_alone(
    make_coder: MakeCoder, make_entry: MakeEntry
) -> None:
    coder = make_coder(make_entry("人才"), make_entry("人才市场"))
    assert terms(coder, "人才市场吸引人才") == ["人才市场", "人才"]


def test_a_void_longer_term_does_not_hide_the_shorter(
    make_coder: MakeCoder, make_entry: MakeEntry
) -> None:
    coder = make_coder(make_entry("人才"), make_entry("人才市场", unless=("人才市场部",)))
    assert terms(coder, "人才市场部") == ["人才"]


# --- gaps -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("公共服务不足", "公共服务不足"),
        ("公共服务供给不足", "公共服务供给不足"),
        ("公共服务“供给”仍然不足", "公共服务“供给”仍然不足"),
        ("公共服务，供给不足", "公共服务，供给不足"),
        ("公共服务一二三四五六七八不足", "公共服务一二三四五六七八不足"),
        ("公共服务一二三四五六七八九不足", None),
        ("公共服务。不足", None),
        ("公共服务；不足", None),
        ("公共服务！不足", None),
        ("公共服务？不足", None),
        ("不足的公共服务", None),
    ],
)
def test_a_gap_is_bounded_and_stays_in_the_sentence(
    make_coder: MakeCoder, make_entry: MakeEntry, text: str, surface: str | None
) -> None:
    coder = make_coder(make_entry("公共服务…不足", kind="gap", gap=8))
    assert surfaces(coder, text) == ([surface] if surface else [])


def test_a_gap_takes_as_little_as_it_can(make_coder: MakeCoder, make_entry: MakeEntry) -> None:
    coder = make_coder(make_entry("服务…不足", kind="gap"))
    assert surfaces(coder, "服务不足、投入不足") == ["服务不足"]


@pytest.mark.parametrize("text", ["医疗供给短缺", "教育服务不足", "教育质量不足"])
def test_a_gap_entry_has_alternatives(
    make_coder: MakeCoder, make_entry: MakeEntry, text: str
) -> None:
    coder = make_coder(make_entry("(医疗|教育)…(不足|短缺)", kind="gap"))
    assert surfaces(coder, text) == [text]


@given(
    st.text("公共服务不足。；！？，“” 的", max_size=40),
    st.integers(0, 12),
)
def test_a_gap_never_crosses_the_end_of_a_sentence(
    make_coder: MakeCoder, make_entry: MakeEntry, text: str, gap: int
) -> None:
    coder = make_coder(make_entry("公共…不足", kind="gap", gap=gap))
    for surface in surfaces(coder, text):
        bare = fold(surface)
        assert not set("。；！？\n") & set(bare)
        assert len(bare) <= len("公共不足") + gap
        assert bare.startswith("公共")
        assert bare.endswith("不足")


@given(
    text=st.text("公共服务不足薄弱。 “", max_size=60),
    pattern=st.sampled_from(
        ["公…不足", "(公|公共)…(服|服务)…(不|不足)", "公…公…公", "公共(服务|不足)"]
    ),
    gap=st.integers(0, 6),
)
def test_a_gap_entry_finds_what_an_expression_would(
    make_coder: MakeCoder, make_entry: MakeEntry, text: str, pattern: str, gap: int
) -> None:
    coder = make_coder(make_entry(pattern, kind="gap", gap=gap))
    between = f"[^。！？；\\n]{{0,{gap}}}?"
    expression = between.join(
        f"(?:{'|'.join(sorted(part, key=lambda a: (-len(a), a)))})" for part in parts_of(pattern)
    )
    found = [fold(s) for s in surfaces(coder, text)]
    assert found == [m[0] for m in re.finditer(expression, fold(text))]


@pytest.mark.parametrize("pattern", ["甲…", "…甲", "(甲…乙", "甲)…乙", "()…乙", "“”…乙"])
def test_a_gap_with_an_empty_or_unbalanced_part_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"part|bracket"):
        parts_of(pattern)


# --- regular expressions ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "text", "surface"),
    [
        (r"第[一二三]产业", "发展第三产业。", "第三产业"),
        (r"第[一二三]产业", "发展第“三”产业。", "第“三”产业"),
        (r"\d+G", "建设5G基站", "5G"),
        (r"AI", "发展AI产业", "AI"),
    ],
)
def test_a_regular_expression_is_found(
    make_coder: MakeCoder, make_entry: MakeEntry, pattern: str, text: str, surface: str
) -> None:
    coder = make_coder(make_entry(pattern, kind="regex"), make_entry("发展"), make_entry("建设"))
    found = [m for m in coder.code(text).matches if m.entry.kind == "regex"]
    assert [text[m.start : m.end] for m in found] == [surface]


@pytest.mark.parametrize("text", ["发展第三产业。", "第三产业和人才。"])
def test_a_regular_expression_needs_no_other_term_in_the_sentence(
    make_coder: MakeCoder, make_entry: MakeEntry, text: str
) -> None:
    coder = make_coder(make_entry("第.产业", kind="regex"), make_entry("人才"))
    assert "第.产业" in terms(coder, text)


@pytest.mark.parametrize("pattern", ["x*", "^", "$", r"\b"])
def test_an_empty_match_is_no_hit(
    make_coder: MakeCoder, make_entry: MakeEntry, pattern: str
) -> None:
    coder = make_coder(make_entry(pattern, kind="regex"), make_entry("人才"))
    assert terms(coder, "人才") == ["人才"]


def test_a_regular_expression_takes_linear_time(
    make_coder: MakeCoder, make_entry: MakeEntry
) -> None:
    # With a backtracking engine this test would not end.
    coder = make_coder(make_entry("(甲+)+乙", kind="regex"), make_entry("人才"))
    assert terms(coder, "人才" + "甲" * 5000) == ["人才"]


# --- contexts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"),
    [("人才", 1), ("人才市场", 0), ("人才和人才市场", 1), ("人才“市场”", 0), ("市场人才", 1)],
)
def test_unless_voids_the_match_it_touches(
    make_coder: MakeCoder, make_entry: MakeEntry, text: str, count: int
) -> None:
    coder = make_coder(make_entry("人才", unless=("人才市场",)))
    assert len(terms(coder, text)) == count


@pytest.mark.parametrize(("text", "count"), [("人才，国防", 0), ("国防与人才", 0), ("人才", 1)])
def test_unless_sentence_voids_wherever_it_stands(
    make_coder: MakeCoder, make_entry: MakeEntry, text: str, count: int
) -> None:
    coder = make_coder(make_entry("人才", unless_sentence=("国防",)))
    assert len(terms(coder, text)) == count


@pytest.mark.parametrize(
    ("text", "count"), [("参与权", 0), ("职工的参与权", 1), ("参与权属于员工", 1)]
)
def test_with_asks_for_company(
    make_coder: MakeCoder, make_entry: MakeEntry, text: str, count: int
) -> None:
    coder = make_coder(make_entry("参与权", "relations.people", with_any=("职工", "员工")))
    assert len(terms(coder, text)) == count


# --- weights ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("活力", ()),
        ("活力与动能", ("factor",)),
        ("活力、活力、活力", ()),
        ("人才", ("factor",)),
    ],
)
def test_a_label_needs_hits_that_weigh_1_together(
    make_coder: MakeCoder, make_entry: MakeEntry, text: str, labels: tuple[str, ...]
) -> None:
    coder = make_coder(
        make_entry("活力", weight=0.5), make_entry("动能", weight=0.5), make_entry("人才")
    )
    assert coder.code(text).labels == labels


def test_weights_of_different_labels_do_not_add_up(
    make_coder: MakeCoder, make_entry: MakeEntry
) -> None:
    coder = make_coder(
        make_entry("活力", weight=0.5), make_entry("动能", "industry.upgrade", weight=0.5)
    )
    assert coder.code("活力与动能").labels == ()


def test_tenths_add_up_to_1(make_coder: MakeCoder, make_entry: MakeEntry) -> None:
    words = "甲乙丙丁戊己庚辛壬癸"
    coder = make_coder(*(make_entry(w, weight=0.1) for w in words))
    assert coder.code("、".join(words)).labels == ("factor",)
    assert coder.code("、".join(words[1:])).labels == ()


def test_an_entry_of_weight_0_silences_what_stands_inside(
    make_coder: MakeCoder, make_entry: MakeEntry
) -> None:
    coder = make_coder(make_entry("人才"), make_entry("人才公寓", weight=0.0))
    assert terms(coder, "建设人才公寓") == []
    assert terms(coder, "人才住人才公寓") == ["人才"]
    assert coder.code("建设人才公寓").labels == ()


def test_weight_0_silences_its_own_category_only(
    make_coder: MakeCoder, make_entry: MakeEntry
) -> None:
    coder = make_coder(
        make_entry("人才公寓", weight=0.0), make_entry("公寓", "relations.inclusive")
    )
    assert terms(coder, "建设人才公寓") == ["公寓"]


# --- arbitrary text ---------------------------------------------------------------------------

pieces = st.one_of(
    st.sampled_from([*ENTRIES, "公共服务", "不足", "“", "”", " ", "，", "。", "；", "\n"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
)


@pytest.fixture(scope="module")
def mixed(make_coder: MakeCoder, make_entry: MakeEntry) -> RuleCoder:
    return make_coder(
        *(make_entry(t) for t in ENTRIES),
        make_entry("公共服务…不足", "services.shortage", kind="gap", stance="problem"),
        make_entry("第.{1,3}产业", "industry.chain", kind="regex"),
        make_entry("人", "relations.people", boundary=True),
    )


@given(st.lists(pieces, max_size=20).map("".join))
def test_a_hit_is_the_term_ornaments_apart(mixed: RuleCoder, text: str) -> None:
    for m in mixed.code(text).matches:
        surface = text[m.start : m.end]
        assert surface.strip() == surface
        if m.entry.kind == "fixed":
            assert fold(surface) == fold(m.entry.term)
        elif m.entry.kind == "gap":
            assert fold(surface).startswith("公共服务")
            assert fold(surface).endswith("不足")


@given(st.lists(pieces, max_size=20).map("".join))
def test_the_same_sentence_is_coded_the_same(mixed: RuleCoder, text: str) -> None:
    assert mixed.code(text) == mixed.code(text)
