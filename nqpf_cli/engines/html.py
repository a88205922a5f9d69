"""Web pages of Chinese authorities: the document on the page, without the page around it.

The way a page takes: bytes → characters (``_decode``) → tree without scripts and hidden elements
(``_parse``) → the element that holds the prose (``_main``) → blocks (``_blocks``) → blocks
without controls, place lines and footers (``_clean``).

Why rules over lxml and no extraction library: measured on the twelve pages of
``tests/engines/test_html.py`` (blocks found of 95, characters too many), trafilatura 2.3 finds 89
(387) and drops titles and headings; readability-lxml 0.9 finds 87 (326) and drops halves of
documents; justext 3.0 finds none, since it counts words by spaces; selectolax 1.0 is a parser
only, and lxml is here already. These rules find 95 (0), but were made on those pages: of eleven
unseen ones three had faults, since mended, and of three seen after that none.

libxml2 stops reading at 2048 nested elements without a word. Its error log tells it, and the page
is refused, so that no text is lost unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from nqpf_cli.analysis import webpage
from nqpf_cli.engines.assemble import Piece, bounded, page_of
from nqpf_cli.engines.base import ReadOptions
from nqpf_cli.engines.plain import decode
from nqpf_cli.errors import CorruptError
from nqpf_cli.i18n import Message
from nqpf_cli.model import BlockKind, RawDocument


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HEADINGS = _names("h1 h2 h3 h4 h5 h6")
_NEVER = _names(
    "script style noscript template iframe frame object embed applet svg canvas math map audio"
    " video select option datalist button textarea head nav footer aside dialog"
)
_BLOCKS = _HEADINGS | _names(
    "address article blockquote body caption center dd details dir div dl dt fieldset figcaption"
    " figure form header hr html legend li main menu ol p pre section summary table tbody td tfoot"
    " th thead tr ul xmp"
)
# A paragraph of its own is never the element that holds the document.
_LEAVES = _HEADINGS | _names("p li tr pre dd dt ul ol tbody table")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_CLASS = _names("hidden hide sr-only visually-hidden d-none")
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|breadcrumbs?|breadcrumbnav|crumbs?|foot|footer|share|bdshare|"
    r"bdsharebuttonbox|toolbar|sidebar|pagination|pager|related|qrcode|ewm|copyright|friendlinks?|"
    r"search|login|topbar|pages_print|dqwz|xgxw|xglj|syndication)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SMALL_SHARE = 0.3  # of the page's prose: an element with more is no furniture, whatever its name
_MOST = 0.9  # of the page's prose: the document's element holds as much

_CHARSETS = {
    **dict.fromkeys(("utf-8", "utf8", "utf-16", "utf-16le", "utf-16be"), "utf-8"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk", "gb_2312-80", "chinese"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5"), "big5hkscs"),
}
_CHARSET = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HEAD_BYTES = 8192
_BAD_SHARE = 0.002  # of characters: a page in its declared charset may have a few broken ones

# lxml refuses characters with a declaration of their encoding.
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,400}>")
_CONTROL_CHARS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPACE = re.compile(r"[ \t\n\r\f\v]+")
_CJK = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’…—"
_SOFT = re.compile(rf"(?<=[{_CJK}]) (?=[{_CJK}])")
_EDGES = " \xa0\u3000\ufeff\u200b\t"
_DATE = re.compile(r"(?:19|20|二[〇○0О]|一九)\S{1,3}\s*年\s*\S{1,3}\s*月\s*\S{1,3}\s*日")

_TURN = re.compile(r"^(?:[\d\W]|[首末尾上下]一?页|[共第转到跳页条]){0,60}$")
_LINKED = 0.8
_PARTLY_LINKED = 0.5  # a link with its date
_TAIL_BLOCKS = 6  # a page's foot: so many lines follow its first
_TITLE_LINES = 4
_TITLE_CHARS = 200


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of the page; ``linked`` is the share of its characters inside links.

    ``owner`` is the element it stands in. ``cells`` are those of a table's row.
    """

    text: str
    owner: Any
    kind: BlockKind | None = None
    level: int = 0
    linked: float = 0.0
    cells: tuple[str, ...] = ()


class HtmlEngine:
    """Reads .html with lxml and a few rules of the genre; fetches nothing."""

    name = "html"

    def read(self, data: bytes, name: str, options: ReadOptions) -> RawDocument:
        """Return one page; raises ``CorruptError`` or ``TooLargeError``."""
        text = _decode(data, name)
        try:
            root = _parse(text, name)
            title, blocks = _document(root)
        except RecursionError as e:
            raise _broken(name) from e
        pieces = bounded((Piece(b.text, b.kind, b.level) for b in blocks), name, options.max_chars)
        return RawDocument(pages=(page_of(pieces, self.name),), title=title, paged=False)


def _broken(name: str) -> CorruptError:
    return CorruptError(
        Message(f"{name} 不是完好的网页", f"{name} is not a sound web page"),
        Message(
            "在浏览器中打开，把正文另存为 txt", "open it in a browser and save its text as txt"
        ),
    )


# Characters


def _decode(data: bytes, name: str) -> str:
    """Return the characters: byte order mark, else what the page declares, else a guess."""
    found = None if data.startswith(_BOMS) else _CHARSET.search(data[:_HEAD_BYTES])
    encoding = _CHARSETS.get(found[1].decode("ascii", "replace").lower()) if found else None
    if encoding:
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") <= len(text) * _BAD_SHARE:
            return text
    return decode(data, name)


# Tree


def _parse(text: str, name: str) -> Any:
    """Return the root of the page without what is never read; raises ``CorruptError``."""
    from lxml import etree

    # Limits on size are the program's own; libxml2's would cut the text off silently.
    parser = etree.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, recover=True
    )
    clean = _CONTROL_CHARS.sub(" ", _DECLARATION.sub("", text))
    try:
        root = etree.fromstring(clean, parser) if clean.strip() else None
    except (etree.LxmlError, ValueError) as e:
        raise _broken(name) from e
    if any("depth" in e.message.lower() or e.level == 3 for e in parser.error_log):
        raise _broken(name)
    if root is None:
        return etree.Element("html")
    return root


def _document(root: Any) -> tuple[str | None, list[_Block]]:
    """Return the title and the blocks of the document on the page."""
    from_head = _head_titles(root)
    left_out = {el for el in root.iter() if _is_never(el)}
    everything = _joined(list(_blocks(root, left_out)), from_head)
    title = _title(from_head, everything)
    weights = _weights(root, everything)
    limit = weights.get(root, 0) * _SMALL_SHARE
    around = {el for el in root.iter() if _is_around(el) and weights.get(el, 0) <= limit}
    blocks = _joined(list(_blocks(root, left_out | around)), from_head) if around else everything
    main = _main(root, blocks)
    inside = set(main.iter())
    kept = _clean([b for b in blocks if b.owner in inside], title)
    kept = _titled(kept, title, [b for b in everything if b.owner not in inside])
    return title, _levelled(kept or [b for b in blocks if not webpage.is_control(b.text)])


def _is_never(el: Any) -> bool:
    if not isinstance(el.tag, str) or el.tag in _NEVER:
        return True
    if "hidden" in el.attrib or el.get("aria-hidden") == "true":
        return True
    if _HIDDEN_STYLE.search(el.get("style") or ""):
        return True
    return not _HIDDEN_CLASS.isdisjoint((el.get("class") or "")[:500].lower().split())


def _is_around(el: Any) -> bool:
    names = f"{(el.get('class') or '')[:500]} {(el.get('id') or '')[:500]}"
    return el.tag not in ("html", "body") and bool(_AROUND.search(names))


# Blocks


class _Walker:
    """Gathers characters while the tree is walked, and gives them out as blocks."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._chars = 0
        self._linked = 0
        self.links = 0
        self.pre = 0
        self.owners: list[Any] = []

    def text(self, text: str | None) -> Iterator[_Block]:
        if not text:
            return
        first, *rest = text.splitlines() or [""] if self.pre else [text]
        self._add(first)
        for line in rest:
            yield from self.flush()
            self._add(line)

    def _add(self, text: str) -> None:
        self._parts.append(text)
        solid = len(text) - sum(map(str.isspace, text))
        self._chars += solid
        self._linked += solid if self.links else 0

    def flush(self) -> Iterator[_Block]:
        text = _squeezed("".join(self._parts))
        linked = self._linked / self._chars if self._chars else 0.0
        self._parts, self._chars, self._linked = [], 0, 0
        if text:
            kind, level = self._kind()
            yield _Block(text, self.owners[-1], kind, level, linked)

    def heading(self) -> bool:
        return self._kind()[0] == "heading"

    def _kind(self) -> tuple[BlockKind | None, int]:
        # A heading or list item holds what its own inner blocks hold; a cell begins anew.
        for el in reversed(self.owners):
            if el.tag in _HEADINGS:
                return "heading", int(el.tag[1])
            if el.tag == "li":
                return "list", 0
            if el.tag in ("p", "div", "span", "center"):
                continue
            break
        return None, 0


def _squeezed(text: str) -> str:
    return _SOFT.sub("", _SPACE.sub(" ", text)).strip(_EDGES)


def _blocks(root: Any, left_out: set[Any]) -> Iterator[_Block]:
    """Yield the blocks below ``root`` in order; the tables that hold data as rows.

    Elements ``left_out`` are not read, but the text behind them is.
    """
    from lxml import etree

    walker = _Walker()
    skipped = None
    context = etree.iterwalk(root, events=("start", "end"))
    for event, el in context:
        if event == "start":
            table = el.tag == "table" and el not in left_out and _holds_data(el)
            if table:
                yield from walker.flush()
                yield from _rows(el, left_out)
            if table or el in left_out:
                context.skip_subtree()
                skipped = el
                continue
            yield from _opened(walker, el)
        else:
            if el is skipped:
                skipped = None
            else:
                yield from _closed(walker, el)
            if el is not root:
                yield from walker.text(el.tail)


def _opened(walker: _Walker, el: Any) -> Iterator[_Block]:
    if el.tag == "br":
        if walker.heading():
            walker._add(" ")
        else:
            yield from walker.flush()
        return
    if el.tag in _BLOCKS:
        yield from walker.flush() if walker.owners else ()
        walker.owners.append(el)
    walker.links += el.tag == "a" and "href" in el.attrib
    walker.pre += el.tag in ("pre", "xmp")
    yield from walker.text(el.text) if walker.owners else ()


def _closed(walker: _Walker, el: Any) -> Iterator[_Block]:
    walker.links -= el.tag == "a" and "href" in el.attrib
    walker.pre -= el.tag in ("pre", "xmp")
    if el.tag in _BLOCKS:
        yield from walker.flush()
        walker.owners.pop()


def _holds_data(table: Any) -> bool:
    """Return whether a table is one of data, not one that lays out the page."""
    if next(table.iterdescendants("table", "form", *_HEADINGS), None) is not None:
        return False
    rows = [[c for c in tr if c.tag in ("td", "th")] for tr in table.iterdescendants("tr")]
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return False
    lengths = [len("".join(c.itertext())) for row in rows for c in row]
    largest = max(lengths)
    return largest < 400 or largest < 0.6 * sum(lengths)


def _rows(table: Any, left_out: set[Any]) -> Iterator[_Block]:
    for el in table.iterdescendants("caption", "tr"):
        if el.tag == "caption":
            if text := _cell(el, left_out):
                yield _Block(text, table, "table")
            continue
        cells = [c for c in el if c.tag in ("td", "th")]
        texts = tuple(_cell(c, left_out) for c in cells)
        if not any(texts):
            continue
        solid = sum(map(len, texts))
        linked = sum(
            len("".join(a.itertext()).strip()) for c in cells for a in c.xpath(".//a[@href]")
        )
        yield _Block(" | ".join(texts), table, "table", linked=linked / solid, cells=texts)


def _cell(cell: Any, left_out: set[Any]) -> str:
    """Return a cell's text: a line end inside a phrase is no space, one between paragraphs is."""
    from lxml import etree

    parts = []
    context = etree.iterwalk(cell, events=("start", "end"))
    for event, el in context:
        if event == "end":
            parts.append((el.tail or "") if el is not cell else "")
        elif el in left_out:
            context.skip_subtree()
        else:
            parts.append("\x01" if el is not cell and el.tag in ("p", "div", "li") else "")
            parts.append(el.text or "")
    paragraphs = "".join(parts).replace("\xa0", " ").split("\x01")
    return " ".join(t for p in paragraphs if (t := _squeezed(p)))


# The document among the blocks


def _weigh(block: _Block) -> int:
    """Return how much a block speaks for being the document: its characters, if it is prose."""
    if block.linked > _LINKED or webpage.is_control(block.text) or webpage.names_owner(block.text):
        return 0
    return len(block.text) if webpage.SENTENCE.search(block.text) else 0


def _is_anchor(block: _Block) -> bool:
    """Return whether a block without prose belongs to a document: a signature's date, an annex."""
    return (
        bool(_DATE.fullmatch(block.text) or webpage.ANNEX.match(block.text))
        and len(block.text) < 100
    )


def _weights(root: Any, blocks: list[_Block]) -> dict[Any, float]:
    """Return the prose below each element that has any, in characters."""
    out: dict[Any, float] = {}
    for block in blocks:
        if weight := _weigh(block):
            out[block.owner] = out.get(block.owner, 0) + weight
    return _summed(root, out)


def _summed(root: Any, own: dict[Any, float]) -> dict[Any, float]:
    for el in reversed(list(root.iter())):
        if el in own and el is not root:
            parent = el.getparent()
            own[parent] = own.get(parent, 0) + own[el]
    return own


def _main(root: Any, blocks: list[_Block]) -> Any:
    """Return the lowest element that holds nearly all prose, and every signature and annex."""
    weights = _weights(root, blocks)
    counts: dict[Any, float] = {}
    for block in blocks:
        if _weigh(block) or _is_anchor(block):
            counts[block.owner] = counts.get(block.owner, 0) + 1 + 1e6 * _is_anchor(block)
    counts = _summed(root, counts)
    total, many = weights.get(root, 0), counts.get(root, 0)
    main = root
    while True:
        heavy = (
            c
            for c in main
            if weights.get(c, 0) >= _MOST * total and counts.get(c, 0) >= _MOST * many
        )
        child = next(heavy, None) if total else None
        if child is None:
            break
        main = child
    while main.tag in _LEAVES and main.getparent() is not None:
        main = main.getparent()
    return main


def _clean(blocks: list[_Block], title: str | None) -> list[_Block]:
    """Return the document's blocks: controls gone, and what stands before and after it."""
    kept = [b for b in _without_related(blocks) if not _is_noise(b)]
    # Among the lines before the first prose stand the publisher's, and the document's own.
    prose = next(
        (n for n, b in enumerate(kept) if _weigh(b) and not webpage.is_meta(b.text)), len(kept)
    )
    kept = [b for n, b in enumerate(kept) if n >= prose or not _before(b, title)]
    return kept[: _end(kept)]


def _end(blocks: list[_Block]) -> int:
    """Return where the document ends: before the page's foot, its links and its editors."""
    end = len(blocks)
    while end:
        if _after(blocks[end - 1]):
            end -= 1
            continue
        # A telephone number or a name among the lines of the foot.
        first = next(
            (n for n in range(max(0, end - _TAIL_BLOCKS), end) if webpage.is_foot(blocks[n].text)),
            end,
        )
        if first == end or any(_weigh(b) or _is_anchor(b) for b in blocks[first:end]):
            break
        end = first
    return end


def _is_noise(b: _Block) -> bool:
    if (webpage.is_control(b.text) and not b.cells) or webpage.is_place(b.text):
        return True
    if webpage.is_neighbour(b.text) or ("页" in b.text and b.linked and _TURN.match(b.text)):
        return True
    if b.cells:
        labels = sum(webpage.is_label(re.sub(r"\s", "", c)) for c in b.cells)
        return labels * 2 >= sum(map(bool, b.cells)) and labels > 0 and ("：" in b.text)
    return False


def _is_link(b: _Block) -> bool:
    linked = b.linked > (_PARTLY_LINKED if b.kind == "list" else _LINKED)
    return linked and not webpage.ANNEX.match(b.text) and not re.search("[。；！？]", b.text)


def _before(b: _Block, title: str | None) -> bool:
    if title and _key(b.text) == _key(title):
        return False
    return _is_link(b) or webpage.heads_document(b.text)


def _after(b: _Block) -> bool:
    return (
        webpage.is_foot(b.text)
        or _is_link(b)
        or (webpage.is_meta(b.text) and not _DATE.search(b.text))
    )


def _without_related(blocks: list[_Block]) -> Iterator[_Block]:
    """Drop a heading such as 相关链接 with the links below it."""
    below = False
    for b in blocks:
        if webpage.is_related(b.text):
            below = True
        elif not (below and b.linked > _PARTLY_LINKED):
            below = False
            yield b


# Title and levels


def _key(text: str) -> str:
    return re.sub(r"\s", "", text)


def _head_titles(root: Any) -> list[str]:
    """Return what the page says its title is: the metadata, then the parts of <title>."""
    named = [
        _squeezed(m.get("content") or "")
        for m in root.iter("meta")
        if (m.get("name") or "").lower() == "articletitle"
    ]
    whole = _squeezed(next(("".join(t.itertext()) for t in root.iter("title")), ""))
    parts = [p.strip(_EDGES) for p in re.split(r"[_|｜]|--|—|－| - |(?<=\S)-(?=\S)", whole)]
    # The last is what to call a page that shows none of them.
    return [
        t
        for t in (*named, whole, *sorted(parts, key=len), *named[:1])
        if 0 < len(t) <= _TITLE_CHARS
    ]


def _joined(blocks: list[_Block], titles: list[str]) -> list[_Block]:
    """Join the lines of a title that is broken over several."""
    wanted = {_key(t) for t in titles}
    longest = max(map(len, wanted), default=0)
    out: list[_Block] = []
    at = 0
    while at < len(blocks):
        text, end = blocks[at].text, at + 1
        while end < min(len(blocks), at + _TITLE_LINES) and len(text) < longest:
            text += blocks[end].text
            end += 1
            if _key(text) in wanted:
                out.append(replace(blocks[at], text=text))
                at = end
                break
        else:
            out.append(blocks[at])
            at += 1
    return out


def _title(from_head: list[str], blocks: list[_Block]) -> str | None:
    """Return the title: one of the head's that stands on the page, else the first h1."""
    short = [b for b in blocks if len(b.text) <= _TITLE_CHARS]
    shown = {_key(b.text): b.text for b in reversed(short) if b.linked < _LINKED}
    for text in sorted(from_head, key=len, reverse=True):
        if _key(text) in shown:
            return shown[_key(text)]
    first = next((b.text for b in short if (b.kind, b.level) == ("heading", 1)), None)
    return first or max(from_head[-1:], default=None)


def _titled(kept: list[_Block], title: str | None, outside: list[_Block]) -> list[_Block]:
    """Return the blocks with the title first, once; one that is only in <head> is not text."""
    if not title or not kept:
        return kept
    same = _key(title)
    at = next((n for n, b in enumerate(kept[:8]) if _key(b.text) == same), None)
    if at is not None:
        rest = [b for b in kept[at + 1 :] if b.kind != "heading" or _key(b.text) != same]
        return [*kept[:at], replace(kept[at], kind="title", level=0), *rest]
    shown = next((b for b in outside if _key(b.text) == same), None)
    return [replace(shown, kind="title", level=0), *kept] if shown else kept


def _levelled(blocks: list[_Block]) -> list[_Block]:
    """Return the blocks with the highest heading used at level 1."""
    used = [b.level for b in blocks if b.kind == "heading"]
    top = min(used, default=1) - 1
    return [replace(b, level=b.level - top) if b.kind == "heading" else b for b in blocks]
