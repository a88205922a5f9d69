"""The documents of a corpus, for commands that look at sentences of many documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from nqpf_cli.cli.console import complain
from nqpf_cli.errors import NqpfError

if TYPE_CHECKING:
    from nqpf_cli.model import Document
    from nqpf_cli.pipeline import Analyzer


def documents(analyzer: Analyzer, paths: Iterable[str]) -> Iterator[Document]:
    """Yield the documents of folders and files; one that cannot be read is told and passed over.

    Raises ``NotFoundError`` where a path does not exist.
    """
    from nqpf_cli.scan import find_files

    for path in find_files(paths):
        try:
            document = analyzer.read(path)
        except NqpfError as e:
            complain(e)
            continue
        yield document
