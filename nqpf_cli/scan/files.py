"""Which files a scan reads: found below folders, in a fixed order, each once."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePath

from nqpf_cli.engines.registry import SUFFIXES
from nqpf_cli.errors import NotFoundError
from nqpf_cli.i18n import Message
from nqpf_cli.storage import is_folder, is_url, walk

_TEMPORARY = ("~$*", ".*", "*.tmp", "*.part", "*.crdownload")

Unreadable = Callable[[OSError], None]


def find_files(
    paths: Iterable[str],
    glob: Iterable[str] = (),
    exclude: Iterable[str] = (),
    unreadable: Unreadable | None = None,
) -> list[str]:
    """Return the documents below folders (and files and URLs as given), sorted, each once.

    Hidden and temporary files are passed over; so are links to folders, which may be loops.
    ``glob`` and ``exclude`` are patterns on the file's name. ``unreadable`` is told of folders
    that cannot be listed. Raises ``NotFoundError``.
    """
    patterns, without = list(glob), list(exclude)
    found: dict[str, None] = {}
    for path in paths:
        if is_url(path):
            found.update(dict.fromkeys(_remote(path, patterns, without)))
        elif os.path.isdir(path):
            found.update(dict.fromkeys(_walk(path, patterns, without, unreadable)))
        elif os.path.exists(path):
            found[path] = None
        else:
            raise NotFoundError(
                Message(f"找不到 {path}", f"there is no {path}"),
                Message("检查路径", "check the path"),
            )
    return list(found)


def _walk(
    folder: str, glob: list[str], exclude: list[str], unreadable: Unreadable | None
) -> Iterator[str]:
    for root, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            path = os.path.join(root, name)
            # A pipe or device that lies in the folder would be waited on for ever; a link that
            # leads nowhere is a document that is missing, and told so.
            if _wanted(name, glob, exclude) and (Path(path).is_file() or not os.path.exists(path)):
                yield path


def _remote(url: str, glob: list[str], exclude: list[str]) -> Iterator[str]:
    if not is_folder(url):
        yield url
        return
    yield from (u for u in walk(url) if _wanted(u.rsplit("/", 1)[-1], glob, exclude))


def _wanted(name: str, glob: list[str], exclude: list[str]) -> bool:
    if any(fnmatch.fnmatch(name, p) for p in (*_TEMPORARY, *exclude)):
        return False
    if glob:
        return any(fnmatch.fnmatch(name, p) for p in glob)
    return PurePath(name).suffix.lower() in SUFFIXES
