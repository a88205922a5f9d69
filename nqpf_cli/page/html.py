"""Everything of a page into one file: no address outside it, no script but those it names.

The Content-Security-Policy names the two scripts and the style by their hashes; it allows
neither inline code nor ``eval``, and no connection at all.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nqpf_cli.corpus.records import Record
from nqpf_cli.formats.citing import cited, works
from nqpf_cli.formats.json_ import dumps_line
from nqpf_cli.formats.safe import one_line
from nqpf_cli.i18n import Language, Message
from nqpf_cli.model import Lexicon
from nqpf_cli.page import scripts
from nqpf_cli.page.charts import CHAIN_COLOURS, CONFIG, charts
from nqpf_cli.page.content import Content, content
from nqpf_cli.page.texts import FOLDER, texts
from nqpf_cli.version import __version__

# What would end a script element or be read otherwise in HTML; in JSON it only stands in strings.
_ESCAPED = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})
_ONE = ("grid", "indicators", "answers", "paths", "measures", "evidence", "quality")
_KEYS = {
    "documents": "documents_list",
    "document": "chosen",
    "grid": "three_by_three",
    "answers": "answers_title",
    "paths": "paths_title",
    "measures": "all_measures",
    "map": "map_and_trend",
    "scatter": "scatter_title",
    "about": "made_with",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOptions:
    """How a page is made. ``title`` None takes the document's; ``evidence`` is None without."""

    lang: Language
    title: str | None
    evidence: int | None


def page(records: Iterable[Record], lexicon: Lexicon, options: PageOptions) -> str:
    """Return the page of some records; the same records give the same text.

    Raises ``MissingExtraError`` without the extra ``page``, ``NothingFoundError`` without any
    document, ``CorruptError`` for a record that is no report.
    """
    try:
        import jinja2
        from markupsafe import Markup
    except ImportError as e:
        raise scripts.missing() from e
    charting = scripts.charting()
    drawn = {lang: charts(lexicon, lang) for lang in ("zh", "en")}
    c = content(records, lexicon, options.lang, options.evidence)
    words = texts()

    def both(key: str) -> Any:
        zh, en = words[key]
        return Markup(
            '<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>'
        ).format(zh, en)

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(both=both, cited=cited, works=[text for _, text in works()])
    own = scripts.own()
    style = (FOLDER / "assets" / "page.css").read_text(encoding="utf-8")
    several = c.documents > 1
    return environment.get_template("page.html.j2").render(
        lang=options.lang,
        title=one_line(options.title or _title(c, options.lang)),
        version=__version__,
        policy=policy((charting, own), style),
        style=style,
        charting=charting,
        own=own,
        data=script_json(c.data),
        charts=script_json({**drawn, "config": CONFIG, "chain_colours": CHAIN_COLOURS}),
        several=several,
        documents=c.documents,
        sections=_sections(several),
        notices=_notices(c, lexicon),
        lexicons=c.lexicons,
        settings=c.settings,
        versions=c.versions,
        libraries=scripts.versions(),
        notice=(FOLDER / "assets" / "notice.txt").read_text(encoding="utf-8"),
    )


def script_json(value: Any) -> str:
    """Return JSON for a script element: nothing in it can end the element or open another."""
    return dumps_line(value).strip().translate(_ESCAPED)


def policy(script_texts: Iterable[str], style: str) -> str:
    """Return the Content-Security-Policy: these scripts, this style, and nothing else."""
    allowed = " ".join(_hash(s) for s in script_texts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _title(c: Content, lang: Language) -> str:
    if c.documents == 1:
        return c.first_title
    return f"{c.documents} 份政策文档" if lang == "zh" else f"{c.documents} policy documents"


def _sections(several: bool) -> list[tuple[str, str]]:
    many = ("overview", "documents", "map", "scatter", "document")
    ids = (*(many if several else ()), *_ONE, "method", "about")
    return [(id_, _KEYS.get(id_, id_)) for id_ in ids]


def _notices(c: Content, lexicon: Lexicon) -> list[Message]:
    found = []
    if len(c.lexicons) > 1 or len(c.settings) > 1 or len(c.versions) > 1:
        found.append(
            Message(
                f"这些文档是用 {len(c.lexicons)} 部词典、{len(c.settings)} 组设置、"
                f"{len(c.versions)} 个版本的程序分析的，数字不能直接相比。",
                f"These documents were scored with {len(c.lexicons)} lexicon(s), "
                f"{len(c.settings)} set(s) of settings and {len(c.versions)} version(s) of the "
                "program: their figures do not compare.",
            )
        )
    if any(x["sha256"] != lexicon.sha256 for x in c.lexicons):
        found.append(
            Message(
                "数字所用的词典不是本页取名称的词典：名称可能不同。",
                "The figures were made with another lexicon than the names on this page.",
            )
        )
    return found
