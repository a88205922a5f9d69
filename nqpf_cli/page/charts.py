"""The charts of a page as Vega-Lite specifications; the page's script adds their rows.

Text and lines take the colour of the page (``currentColor``), so that a change of theme and
printing need no new drawing. The hues of marks are those of Okabe & Ito (2008), which people with
any colour vision tell apart, as light as gives a contrast of 3 on white and on dark paper; what
they tell apart differs in shape or place as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nqpf_cli.formats.words import name, word
from nqpf_cli.i18n import Language
from nqpf_cli.model import DIMENSIONS, OBSTRUCTIONS, STANCES, Lexicon
from nqpf_cli.page.scripts import missing
from nqpf_cli.page.texts import texts

if TYPE_CHECKING:
    import altair

CHAIN_COLOURS = ("#2b8cc4", "#d9661f", "#1a9a75")
STANCE_COLOURS = ("#c77f00", "#3c7fc0")
_SHAPES = ("circle", "square", "triangle-up")
_PAPER = ("#e9f0f7", "#4f94cd")  # dark letters are legible on both ends
_LETTERS = "#10202f"
_PERCENT, _PLAIN = ".1%", ".2f"
_FONT = (
    '"PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", '
    '"Noto Sans SC", "Source Han Sans SC", system-ui, sans-serif'
)

CONFIG: dict[str, Any] = {
    "background": None,
    "font": _FONT,
    "aria": False,  # the page names each chart itself and gives its figures as a table
    "view": {"stroke": None},
    "axis": {
        "labelColor": "currentColor",
        "titleColor": "currentColor",
        "domainColor": "currentColor",
        "tickColor": "currentColor",
        "gridColor": "currentColor",
        "domainOpacity": 0.5,
        "tickOpacity": 0.5,
        "gridOpacity": 0.14,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
    },
    "legend": {
        "labelColor": "currentColor",
        "titleColor": "currentColor",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "orient": "top",
        "symbolOpacity": 1,
    },
    "text": {"color": "currentColor"},
}


def charts(lexicon: Lexicon, lang: Language) -> dict[str, dict[str, Any]]:
    """Return the specification of each chart in a language; raises ``MissingExtraError``.

    Each takes its rows from the data set ``rows``; the scatters draw their diagonal from a
    second one, ``diagonal``.
    """
    try:
        import altair as alt
    except ImportError as e:
        raise missing() from e
    t = {key: pair[0 if lang == "zh" else 1] for key, pair in texts().items()}
    made = {
        "indicators": _indicators(alt, lexicon, lang, t),
        "stances": _stances(alt, lang, t),
        "answers": _answers(alt, lexicon, lang, t),
        "scatter": _scatter(alt, t),
        "map.share": _map(alt, t, _PERCENT),
        "map.number": _map(alt, t, _PLAIN),
        "map.count": _map(alt, t, "d"),
        "trend.share": _trend(alt, t, _PERCENT),
        "trend.number": _trend(alt, t, _PLAIN),
    }
    return {key: _bare(chart) for key, chart in made.items()}


def _bare(chart: Any) -> dict[str, Any]:
    spec: dict[str, Any] = chart.to_dict()
    for key in ("$schema", "config"):  # the page states the kind and its own configuration
        spec.pop(key, None)
    return spec


def _wide(alt: Any) -> dict[str, Any]:
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    return {"width": "container", "autosize": fit}


def _rows(alt: Any) -> Any:
    return alt.NamedData(name="rows")


def _tips(alt: Any, **fields: str) -> list[altair.Tooltip]:
    return [alt.Tooltip(field=f, type="nominal", title=title) for f, title in fields.items()]


def _indicators(alt: Any, lexicon: Lexicon, lang: Language, t: dict[str, str]) -> Any:
    groups = [name(d, lexicon, lang) for d in DIMENSIONS]
    y = alt.Y("name:N", sort=None, title=None)
    tips = _tips(alt, name=t["indicator"], group=t["dimension"], shown=t["share_interval"])
    base = alt.Chart(_rows(alt)).encode(y=y, tooltip=tips)
    bars = base.mark_bar(height={"band": 0.62}).encode(
        x=alt.X("share:Q", title=t["share"], axis=alt.Axis(format="%", tickCount=5)),
        color=alt.Color(
            "group:N", title=None, scale=alt.Scale(domain=groups, range=list(CHAIN_COLOURS))
        ),
    )
    return alt.layer(bars, _interval(alt, base)).properties(**_wide(alt))


def _interval(alt: Any, base: Any) -> Any:
    return base.mark_rule(color="currentColor", strokeWidth=1.5).encode(x="low:Q", x2="high:Q")


def _stances(alt: Any, lang: Language, t: dict[str, str]) -> Any:
    stances = [word(s, lang) for s in STANCES]
    tips = _tips(alt, name=t["indicator"], stance=t["stance"], shown=t["share_interval"])
    base = alt.Chart(_rows(alt)).encode(
        y=alt.Y("name:N", sort=None, title=None),
        yOffset=alt.YOffset("stance:N", sort=stances),
        tooltip=tips,
    )
    bars = base.mark_bar(height={"band": 0.84}).encode(
        x=alt.X("share:Q", title=t["share"], axis=alt.Axis(format="%", tickCount=5)),
        color=alt.Color(
            "stance:N", title=None, scale=alt.Scale(domain=stances, range=list(STANCE_COLOURS))
        ),
    )
    return alt.layer(bars, _interval(alt, base)).properties(**_wide(alt))


def _diagonal(alt: Any) -> Any:
    return (
        alt.Chart(alt.NamedData(name="diagonal"))
        .mark_line(color="currentColor", opacity=0.45, strokeDash=[4, 4], tooltip=None)
        .encode(x="problem:Q", y="remedy:Q")
    )


def _axes(alt: Any, t: dict[str, str]) -> dict[str, Any]:
    def axis(title: str) -> dict[str, Any]:
        return {"title": title, "axis": alt.Axis(format="%", tickCount=5)}

    return {
        "x": alt.X("problem:Q", **axis(t["problem_share"])),
        "y": alt.Y("remedy:Q", **axis(t["remedy_share"])),
    }


def _answers(alt: Any, lexicon: Lexicon, lang: Language, t: dict[str, str]) -> Any:
    names = [name(o, lexicon, lang) for o in OBSTRUCTIONS]
    tips = _tips(
        alt, name=t["obstruction"], shown_problem=t["diagnosed"], shown_remedy=t["answered"]
    )
    base = alt.Chart(_rows(alt)).encode(**_axes(alt, t), tooltip=tips)
    colour = alt.Color(
        "name:N", title=None, scale=alt.Scale(domain=names, range=list(CHAIN_COLOURS))
    )
    across = base.mark_rule(strokeWidth=1.5).encode(
        x="problem_low:Q", x2="problem_high:Q", color=colour
    )
    up = base.mark_rule(strokeWidth=1.5).encode(y="remedy_low:Q", y2="remedy_high:Q", color=colour)
    points = base.mark_point(size=130, filled=True, opacity=1).encode(
        color=colour,
        shape=alt.Shape("name:N", title=None, scale=alt.Scale(domain=names, range=list(_SHAPES))),
    )
    return alt.layer(_diagonal(alt), across, up, points).properties(height=300, **_wide(alt))


def _scatter(alt: Any, t: dict[str, str]) -> Any:
    tips = _tips(alt, name=t["document"], shown_problem=t["diagnosed"], shown_remedy=t["answered"])
    base = alt.Chart(_rows(alt)).encode(**_axes(alt, t), tooltip=tips)
    points = base.mark_circle(cursor="pointer").encode(
        color=alt.Color("colour:N", scale=None),
        opacity=alt.Opacity("opacity:Q", scale=None),
        size=alt.Size("size:Q", scale=None),
    )
    return alt.layer(_diagonal(alt), points).properties(height=230, **_wide(alt))


def _map(alt: Any, t: dict[str, str], number: str) -> Any:
    known = "isValid(datum.value)"
    base = alt.Chart(_rows(alt)).encode(
        x=alt.X("column:O", axis=None, scale=alt.Scale(paddingInner=0.07, paddingOuter=0.02)),
        y=alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.07, paddingOuter=0.02)),
        tooltip=_tips(alt, name=t["province"], shown=t["value"], count=t["counted"]),
    )
    frames = base.mark_rect(cornerRadius=3, fill="transparent", cursor="pointer").encode(
        stroke=alt.value("currentColor"),
        strokeOpacity=alt.condition("datum.chosen", alt.value(1), alt.value(0.28)),
        strokeWidth=alt.condition("datum.chosen", alt.value(2.5), alt.value(1)),
    )
    legend = alt.Legend(format=number, gradientLength=160, tickCount=3, title=None)
    squares = base.mark_rect(cornerRadius=3, cursor="pointer").encode(
        color=alt.Color("value:Q", scale=alt.Scale(range=list(_PAPER)), legend=legend)
    )
    letters = alt.condition(known, alt.value(_LETTERS), alt.value("currentColor"))
    dim = alt.condition(known, alt.value(1), alt.value(0.62))
    names = base.mark_text(dy=-5, fontSize=12).encode(text="letters:N", color=letters, opacity=dim)
    values = base.mark_text(dy=10, fontSize=10).encode(text="shown:N", color=letters, opacity=dim)
    return alt.layer(squares, frames, names, values)


def _trend(alt: Any, t: dict[str, str], number: str) -> Any:
    y = alt.Y("value:Q", title=t["value"], axis=alt.Axis(format=number, tickCount=5))
    base = alt.Chart(_rows(alt)).encode(
        x=alt.X("year:O", title=t["year"], axis=alt.Axis(labelAngle=0, labelOverlap=True)), y=y
    )
    document = base.transform_filter("!datum.mean")
    dots = document.mark_circle(
        color=CHAIN_COLOURS[0], size=36, opacity=0.5, cursor="pointer"
    ).encode(tooltip=_tips(alt, name=t["document"], year=t["year"], shown=t["value"]))
    mean = base.transform_filter("datum.mean").encode(
        tooltip=_tips(alt, year=t["year"], shown=t["mean"], count=t["documents"])
    )
    line = mean.mark_line(color=CHAIN_COLOURS[1], strokeWidth=2)
    points = mean.mark_point(
        color=CHAIN_COLOURS[1], size=80, filled=True, opacity=1, shape="diamond"
    )
    return alt.layer(dots, line, points).properties(height=260, **_wide(alt))
