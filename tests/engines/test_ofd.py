"""OFD files made here by hand: real ones are rare and seldom free to pass on."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nqpf_cli.analysis.layout.build import build_blocks, raw_text
from nqpf_cli.engines.base import ReadOptions
from nqpf_cli.engines.ofd import OfdEngine
from nqpf_cli.errors import CorruptError, EncryptedError, InputError, TooLargeError
from nqpf_cli.model import Page, RawDocument

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
MM = 72 / 25.4


def code(text: str, x: float = 0, y: float = 4, **more: str) -> str:
    attributes = "".join(f' {k}="{v}"' for k, v in more.items())
    return f'<ofd:TextCode X="{x}" Y="{y}"{attributes}>{text}</ofd:TextCode>'


def words(
    text: str, left: float, top: float, size: float = 5, delta: str | None = None, **more: str
) -> str:
    """A text object: full-width characters set solid unless ``delta`` says otherwise."""
    attributes = "".join(f' {k}="{v}"' for k, v in more.items())
    deltas = {"DeltaX": delta or f"g {len(text) - 1} {size}"} if len(text) > 1 else {}
    return (
        f'<ofd:TextObject ID="9" Boundary="{left} {top} 170 6" Font="1" Size="{size}"{attributes}>'
        f"{code(text, **deltas)}</ofd:TextObject>"
    )


def page(*objects: str, head: str = "") -> str:
    layer = f'<ofd:Layer ID="2">{"".join(objects)}</ofd:Layer>'
    return f"<ofd:Page {NS}>{head}<ofd:Content>{layer}</ofd:Content></ofd:Page>"


def members(*pages: str, common: str = "", after: str = "") -> dict[str, str]:
    names = [f"Pages/Page_{n}/Content.xml" for n in range(len(pages))]
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="{name}"/>' for n, name in enumerate(names))
    return {
        "OFD.xml": f'<ofd:OFD {NS} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
        "<ofd:DocID>0</ofd:DocID><ofd:Title>某省规划</ofd:Title></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea>"
        "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
        f"{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{after}</ofd:Document>",
        **{f"Doc_0/{name}": text for name, text in zip(names, pages, strict=True)},
    }


def packed(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def ofd(*pages: str, common: str = "", after: str = "", **more: str) -> bytes:
    return packed({**members(*pages, common=common, after=after), **more})


def read(data: bytes, options: ReadOptions | None = None) -> RawDocument:
    return OfdEngine().read(data, "a.ofd", options or ReadOptions())


def texts(data: bytes) -> list[str]:
    return [line for p in read(data).pages for line in lines(p)]


def lines(p: Page) -> list[str]:
    return [p.text[ln.start : ln.end] for ln in p.lines]


def test_pages_and_lines_in_order_with_their_places() -> None:
    document = read(
        ofd(
            page(words("数据是要素。", 20, 40), words("人才是资源。", 20, 30)),
            page(words("第二页", 20, 30), head="<ofd:Area><ofd:PhysicalBox>0 0 297 210"
                 "</ofd:PhysicalBox></ofd:Area>"),
        )
    )  # fmt: skip
    first, second = document.pages
    assert document.title == "某省规划"
    assert document.paged
    assert [lines(first), lines(second)] == [["人才是资源。", "数据是要素。"], ["第二页"]]
    assert (first.width, first.height) == pytest.approx((210 * MM, 297 * MM))
    assert (second.width, second.height) == pytest.approx((297 * MM, 210 * MM))
    line = first.lines[0]
    assert line.box == pytest.approx((20 * MM, 29.6 * MM, 50 * MM, 34.6 * MM))
    assert line.size == pytest.approx(5 * MM)


def test_a_line_is_put_together_from_many_objects() -> None:
    pieces = [words(c, 20 + 5 * n, 30) for n, c in enumerate("新质生产力")]
    assert texts(ofd(page(*reversed(pieces)))) == ["新质生产力"]


def test_one_text_code_may_hold_several_lines() -> None:
    text = code("人才资源数据要素", DeltaX="g 3 5 -15 g 3 5", DeltaY="g 3 0 8 g 3 0")
    data = ofd(page(f'<ofd:TextObject Boundary="20 30 40 20" Size="5">{text}</ofd:TextObject>'))
    assert texts(data) == ["人才资源", "数据要素"]


def test_spaces_only_where_words_or_cells_are_parted() -> None:
    wide = words("通知", 20, 20, delta="12")
    latin = words("GDPup", 20, 30, delta="2.5 2.5 7.5 2.5")
    row = [words("指标", 20, 40), words("数值", 60, 40)]
    assert texts(ofd(page(wide, latin, *row))) == ["通知", "GDP up", "指标 数值"]


def test_a_matrix_scales_and_moves() -> None:
    p = read(ofd(page(words("人才", 10, 10, size=1, CTM="5 0 0 5 10 20")))).pages[0]
    assert lines(p) == ["人才"]
    assert p.lines[0].size == pytest.approx(5 * MM)
    assert p.lines[0].box == pytest.approx((20 * MM, 45.6 * MM, 30 * MM, 50.6 * MM))


def test_advances_are_estimated_where_none_are_given() -> None:
    text = f'<ofd:TextObject Boundary="20 30 80 6" Size="5">{code("人才GDP")}</ofd:TextObject>'
    p = read(ofd(page(text, words("第一", 57.5, 30)))).pages[0]
    assert lines(p) == ["人才GDP 第一"]


def test_vertical_and_turned_text_are_lines_of_their_own() -> None:
    down = f'<ofd:TextObject Boundary="5 30 6 50" Size="5">{code("竖排字", DeltaY="5 5")}'
    turned = words("内部资料", 20, 30, CTM="0.7 0.7 -0.7 0.7 0 0")
    found = texts(ofd(page(down + "</ofd:TextObject>", turned, words("正文在此", 20, 33))))
    assert sorted(found) == ["内部资料", "正文在此", "竖排字"]


def test_raised_notes_stay_on_their_line_and_double_print_counts_once() -> None:
    p = page(words("人才", 20, 30), words("①", 30, 28.5, size=3), words("人才", 20.2, 30))
    assert texts(ofd(p)) == ["人才①"]


def test_page_blocks_cdata_and_other_namespaces() -> None:
    block = f"<ofd:PageBlock><ofd:PageBlock>{words('人才', 20, 30)}</ofd:PageBlock></ofd:PageBlock>"
    raw = words("XX", 20, 40).replace(">XX<", "><![CDATA[<甲&乙>]]><")
    content = page(block, raw).replace("ofdspec.org/2016", "ofdspec.org").replace("ofd:", "o:")
    assert texts(ofd(content.replace("xmlns:ofd", "xmlns:o"))) == ["人才", "<甲&乙>"]


def test_templates_are_running_headers() -> None:
    body = [page(words(f"第{c}页正文是资源。", 20, 100),
                 head='<ofd:Template TemplateID="7"/>') for c in "一二三四"]  # fmt: skip
    data = ofd(
        *body,
        common='<ofd:TemplatePage ID="7" BaseLoc="Tpls/Tpl_0/Content.xml"/>',
        **{"Doc_0/Tpls/Tpl_0/Content.xml": page(words("示例省人民政府公报", 20, 10))},
    )
    document = read(data)
    assert [lines(p)[0] for p in document.pages] == ["示例省人民政府公报"] * 4
    blocks = build_blocks(document.pages, raw_text(document.pages))
    assert [b.text for b in blocks if b.kind == "furniture"] == ["示例省人民政府公报"] * 4


def test_annotations_are_read_and_hidden_ones_are_not() -> None:
    annots = {
        "Doc_0/Annots/Annotations.xml": f'<ofd:Annotations {NS}><ofd:Page PageID="0">'
        "<ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>",
        "Doc_0/Annots/Page_0/Annotation.xml": f"<ofd:PageAnnot {NS}>"
        f'<ofd:Annot><ofd:Appearance Boundary="20 50 50 8">{words("批注", 0, 0)}</ofd:Appearance>'
        f'</ofd:Annot><ofd:Annot Visible="false"><ofd:Appearance Boundary="20 60 50 8">'
        f"{words('隐藏', 0, 0)}</ofd:Appearance></ofd:Annot></ofd:PageAnnot>",
    }
    hidden = words("不可见", 20, 80, Visible="false")
    after = "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>"
    data = ofd(page(words("正文", 20, 30), hidden), after=after, **annots)
    assert texts(data) == ["正文", "批注"]


def test_pictures_are_counted_but_not_those_of_patterns() -> None:
    image = '<ofd:ImageObject Boundary="0 0 210 297" ResourceID="3"/>'
    fill = f"<ofd:PathObject><ofd:FillColor><ofd:Pattern>{image}</ofd:Pattern></ofd:FillColor>"
    (p,) = read(ofd(page(image, fill + "</ofd:PathObject>"))).pages
    assert (p.text, p.lines, p.images) == ("", (), 1)


def test_a_missing_page_is_an_unreadable_page() -> None:
    files = members(page(words("人才", 20, 30)), page())
    del files["Doc_0/Pages/Page_1/Content.xml"]
    assert [p.reason for p in read(packed(files)).pages] == [None, "unreadable"]


@pytest.mark.parametrize("base", ["/Doc_0/Pages/Page_0/Content.xml", "./pages\\Page_0/Content.XML"])
def test_places_are_found_however_they_are_written(base: str) -> None:
    files = members(page(words("人才", 20, 30)))
    files["Doc_0/Document.xml"] = files["Doc_0/Document.xml"].replace(
        "Pages/Page_0/Content.xml", base
    )
    assert texts(packed(files)) == ["人才"]


def test_places_outside_the_archive_are_not_reached() -> None:
    files = members(page(words("人才", 20, 30)))
    files["Doc_0/Document.xml"] = files["Doc_0/Document.xml"].replace(
        "Pages/Page_0/Content.xml", "../../../../etc/passwd"
    )
    (p,) = read(packed(files)).pages
    assert p.reason == "unreadable"


def test_entities_are_not_expanded() -> None:
    entity = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "bbbb">]>'
    found = texts(ofd(entity + page(words("人&a;&b;才", 20, 30))))
    assert "root:" not in "".join(found)
    assert "bbbb" not in "".join(found)


def test_encrypted_files_are_refused() -> None:
    with pytest.raises(EncryptedError):
        read(ofd(page(), **{"Encryptions.xml": "<Encryptions/>"}))
    files = members(page())
    files["OFD.xml"] = files["OFD.xml"].replace(
        "</ofd:DocBody>", "<ofd:Encryptions>E.xml</ofd:Encryptions></ofd:DocBody>"
    )
    with pytest.raises(EncryptedError):
        read(packed(files))
    data = bytearray(ofd(page()))
    for magic, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.find(magic)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(magic, at + 4)
    with pytest.raises(EncryptedError):
        read(bytes(data))


def test_limits_hold() -> None:
    data = ofd(*[page(words("人才是资源", 20, 30))] * 3)
    for options in (ReadOptions(max_pages=2), ReadOptions(max_chars=10)):
        with pytest.raises(TooLargeError):
            read(data, options)
    shared = ofd(
        *[page(head='<ofd:Template TemplateID="7"/>')] * 3,
        common='<ofd:TemplatePage ID="7" BaseLoc="T.xml"/>',
        **{"Doc_0/T.xml": page(words("人才是资源", 20, 10))},
    )
    with pytest.raises(TooLargeError):
        read(shared, ReadOptions(max_chars=10))
    many = '<ofd:TextCode DeltaX="g 1000000000 1">人才</ofd:TextCode>'
    assert texts(ofd(page(f"<ofd:TextObject>{many}</ofd:TextObject>"))) == ["人才"]


@pytest.mark.parametrize(
    "change",
    [
        {"OFD.xml": "<OFD/>"},
        {"OFD.xml": "<other/>"},
        {"OFD.xml": ""},
        {"Doc_0/Document.xml": "<broken"},
        {"Doc_0/Pages/Page_0/Content.xml": "<a>" * 5000},
        {"Doc_0/Pages/Page_0/Content.xml": ""},
    ],
)
def test_broken_parts_are_corrupt(change: dict[str, str]) -> None:
    with pytest.raises(CorruptError) as e:
        read(packed({**members(page()), **change}))
    assert e.value.hint is not None


def test_no_archive_is_corrupt() -> None:
    for data in (b"", b"PK\3\4", b"\0" * 100, ofd(page())[:-30]):
        with pytest.raises(CorruptError):
            read(data)


VALID = ofd(
    page(words("人才是资源。", 20, 30), head='<ofd:Template TemplateID="7"/>'),
    common='<ofd:TemplatePage ID="7" BaseLoc="T.xml"/>',
    **{"Doc_0/T.xml": page(words("公报", 20, 10))},
)
STORED = io.BytesIO()
with zipfile.ZipFile(io.BytesIO(VALID)) as _old, zipfile.ZipFile(STORED, "w") as _new:
    for _name in _old.namelist():
        _new.writestr(_name, _old.read(_name))


@pytest.mark.parametrize("data", [VALID, STORED.getvalue()], ids=["deflated", "stored"])
@given(st.data())
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_is_read_or_refused(data: bytes, draws: st.DataObject) -> None:
    changed = bytearray(data)
    changes = st.lists(
        st.tuples(st.integers(0, len(data) - 1), st.integers(0, 255)), min_size=1, max_size=12
    )
    for at, value in draws.draw(changes):
        changed[at] = value
    end = draws.draw(st.just(len(data)) | st.integers(0, len(data)))
    is_read_or_refused(bytes(changed[:end]))


@given(
    st.dictionaries(
        st.sampled_from(["X", "Y", "DeltaX", "DeltaY", "Boundary", "Size", "CTM", "HScale"]),
        st.lists(
            st.sampled_from(["0", "1", "-3.5", "g", "nan", "inf", "1e999", "1e300", "-1e300", "x"])
        ).map(" ".join),
    ),
    st.text(st.sampled_from("人才aB 1\n\u2028𠀀"), max_size=8),
)
def test_any_numbers_are_read(attributes: dict[str, str], text: str) -> None:
    own = " ".join(f'{k}="{v}"' for k, v in attributes.items())
    data = ofd(page(f"<ofd:TextObject {own}><ofd:TextCode {own}>{text}</ofd:TextCode>"
                    "</ofd:TextObject>"))  # fmt: skip
    is_read_or_refused(data)


def is_read_or_refused(data: bytes) -> None:
    try:
        document = read(data)
    except InputError:
        return
    for p in document.pages:
        for ln in p.lines:
            assert p.text[ln.start : ln.end].strip()
            assert "\n" not in p.text[ln.start : ln.end]
        build_blocks((replace(p, number=1),), raw_text((p,)))
