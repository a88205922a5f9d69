"""The scripts inside a page: Vega, Vega-Lite and Vega-Embed with its expression interpreter."""

from __future__ import annotations

from functools import cache

from nqpf_cli.errors import MissingExtraError
from nqpf_cli.i18n import Message
from nqpf_cli.page.texts import FOLDER

_OWN = ("dom", "format", "charts", "table", "overview", "document", "evidence", "main")


@cache
def charting() -> str:
    """Return the charting libraries as one script; raises ``MissingExtraError``.

    vl-convert carries them, so their versions are those of the installed vl-convert, and nothing
    is fetched.
    """
    try:
        import vl_convert
    except ImportError as e:
        raise missing() from e
    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return bundle


def versions() -> dict[str, str]:
    """Return the versions of the libraries in ``charting``."""
    import vl_convert

    return {
        "Vega": vl_convert.get_vega_version(),
        "Vega-Lite": vl_convert.get_vegalite_versions()[-1],
        "Vega-Embed": vl_convert.get_vega_embed_version(),
    }


def own() -> str:
    """Return the page's own script: its parts, in one scope."""
    parts = ((FOLDER / "assets" / f"{p}.js").read_text(encoding="utf-8") for p in _OWN)
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "\n})();\n"


def missing() -> MissingExtraError:
    """Return the error for an absent part of the extra ``page``."""
    return MissingExtraError.of("page", Message("nqpf report ", "nqpf report"))
