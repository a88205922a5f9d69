"""nqpf: how Chinese policy documents speak of new-quality productive forces.

>>> from nqpf_cli import score
>>> report = score("plan.pdf")            # doctest: +SKIP
>>> report.to_dict()["dimensions"]        # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING

from nqpf_cli.version import __version__

if TYPE_CHECKING:
    from nqpf_cli.model import Report, Settings

__all__ = ["__version__", "score"]


def score(
    path: str | PathLike[str],
    *,
    lexicons: Iterable[str | PathLike[str]] = (),
    settings: Settings | None = None,
) -> Report:
    """Score one document and return its report.

    ``lexicons`` are folders or files as for ``--lexicon``. Raises ``nqpf_cli.errors.InputError``
    when the file cannot be read and ``LexiconError`` when a lexicon is invalid.
    """
    from nqpf_cli.pipeline import Analyzer

    analyzer = Analyzer.of([Path(p) for p in lexicons], settings)
    return analyzer.score(analyzer.read(fspath(path)))
