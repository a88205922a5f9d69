"""Many files: found in a fixed order, scored one after another, a record each."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from nqpf_cli.engines.registry import SUFFIXES
from nqpf_cli.errors import CorruptError, NotFoundError, NqpfError
from nqpf_cli.i18n import Message
from nqpf_cli.pipeline import Analyzer

_TEMPORARY = ("~$*", ".*", "*.tmp", "*.part", "*.crdownload")


def find_files(
    paths: Iterable[str], glob: Iterable[str] = (), exclude: Iterable[str] = ()
) -> list[str]:
    """Return the documents below folders (and files as given), sorted, each once.

    Hidden and temporary files are passed over; so are links to folders, which may be loops.
    ``glob`` and ``exclude`` are patterns on the file's name. Raises ``NotFoundError``.
    """
    patterns, without = list(glob), list(exclude)
    found: dict[str, None] = {}
    for path in paths:
        if os.path.isdir(path):
            found.update(dict.fromkeys(_walk(path, patterns, without)))
        elif os.path.exists(path):
            found[path] = None
        else:
            raise NotFoundError(
                Message(f"找不到 {path}", f"there is no {path}"),
                Message("检查路径", "check the path"),
            )
    return list(found)


def _walk(folder: str, glob: list[str], exclude: list[str]) -> Iterator[str]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            if any(fnmatch.fnmatch(name, p) for p in (*_TEMPORARY, *exclude)):
                continue
            wanted = (
                any(fnmatch.fnmatch(name, p) for p in glob)
                if glob
                else Path(name).suffix.lower() in SUFFIXES
            )
            if wanted:
                yield os.path.join(root, name)


def scan(paths: Iterable[str], analyzer: Analyzer) -> Iterator[dict[str, Any]]:
    """Yield a record for every file: its report, or its error. Never raises for a document."""
    for path in paths:
        try:
            yield analyzer.score(analyzer.read(path)).to_dict()
        except NqpfError as e:
            yield e.record(path)
        except Exception as e:  # one bad document must not cost the run
            error = CorruptError(
                Message(f"分析失败：{type(e).__name__}: {e}", f"failed: {type(e).__name__}: {e}"),
                Message("请报告这个文件", "please report this file"),
            )
            yield error.record(path)
