"""Which files a scan reads: found below folders, in a fixed order, each once."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from nqpf_cli.engines.registry import SUFFIXES
from nqpf_cli.errors import NotFoundError
from nqpf_cli.i18n import Message
from nqpf_cli.storage import identity, is_folder, is_url, walk

_TEMPORARY = ("~$*", ".*", "*.tmp", "*.part", "*.crdownload")
_READ = tuple(sorted(SUFFIXES))

Unreadable = Callable[[OSError], None]


@dataclass(slots=True)
class Found:
    """The documents of a scan, in order, each once under the first of its names.

    ``missing`` are those of ``files`` that were named and do not exist; ``repeated`` is how often
    a document was met again, under whatever spelling.
    """

    files: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    repeated: int = 0
    _known: set[str] = field(default_factory=set)

    def add(self, path: str, real: str) -> bool:
        """Take a document in unless the file ``real`` is there already; return whether it was."""
        if real in self._known:
            self.repeated += 1
            return False
        self._known.add(real)
        self.files.append(path)
        return True


def find(
    paths: Iterable[str],
    glob: Iterable[str] = (),
    exclude: Iterable[str] = (),
    unreadable: Unreadable | None = None,
) -> Found:
    """Return the documents below folders (and files and URLs as given), sorted, each once.

    Hidden and temporary files are passed over; so are links to folders, which may be loops.
    ``glob`` and ``exclude`` are patterns on the file's name. ``unreadable`` is told of folders
    that cannot be listed. A path that does not exist keeps its place: it is a document that cannot
    be read. Raises ``NotFoundError`` where none of the paths exists.
    """
    wanted = _wanted(list(glob), list(exclude))
    found = Found()
    first: NotFoundError | None = None
    exists = False
    for path in paths:
        try:
            for file, real in _documents(path, wanted, unreadable):
                found.add(file, real)
            exists = True
        except NotFoundError as e:
            first = first or e
            if found.add(path, path if is_url(path) else _real(path)):
                found.missing.append(path)
    if first is not None and not exists:
        raise first
    return found


def find_files(
    paths: Iterable[str], glob: Iterable[str] = (), exclude: Iterable[str] = ()
) -> list[str]:
    """Return the documents of ``find``; raises ``NotFoundError`` for any path that is missing."""
    found = find(paths, glob, exclude)
    if found.missing:
        raise _not_found(found.missing[0])
    return found.files


def recorded(files: Sequence[str], records: Collection[str]) -> dict[str, str]:
    """Return those of ``files`` that have a record, with the path that it has for them."""
    found = {f: f for f in files if f in records}
    if len(found) < min(len(files), len(records)):  # some may be spelled in another way by now
        others = {_real(r): r for r in records if r not in found and not is_url(r)}
        for file in files:
            if file not in found and (other := others.get(_real(file))):
                found[file] = other
    return found


def _documents(
    path: str, wanted: Callable[[str], bool], unreadable: Unreadable | None
) -> Iterator[tuple[str, str]]:
    """Yield the documents that a path names, each with what it is known by."""
    if is_url(path):
        urls = (
            (u for u in walk(path) if wanted(u.rsplit("/", 1)[-1])) if is_folder(path) else [path]
        )
        yield from ((u, identity(u)) for u in urls)
    elif os.path.isdir(path):
        yield from _walk(path, wanted, unreadable)
    elif os.path.exists(path):
        yield path, _real(path)
    else:
        raise _not_found(path)


def _walk(
    folder: str, wanted: Callable[[str], bool], unreadable: Unreadable | None
) -> Iterator[tuple[str, str]]:
    waiting = [(folder, _real(folder))]
    while waiting:
        here, real = waiting.pop()
        try:
            with os.scandir(here) as listed:
                entries = sorted(listed, key=lambda e: e.name)
        except OSError as e:
            if unreadable is not None:
                unreadable(e)
            continue
        below: list[tuple[str, str]] = []
        for entry in entries:
            inside = os.path.join(real, os.path.normcase(entry.name))
            kind = _kind(entry)
            if kind == "folder":
                if not entry.name.startswith("."):
                    below.append((entry.path, inside))
            elif kind is not None and wanted(entry.name):
                yield entry.path, inside if kind == "file" else _real(entry.path)
        waiting += reversed(below)


def _kind(entry: os.DirEntry[str]) -> Literal["file", "folder", "link"] | None:
    """Return what an entry of a folder is; None for what is not read.

    A pipe or device that lies in a folder would be waited on for ever; a link to a folder may be a
    loop; a link that leads nowhere is a document that is missing, and told so.
    """
    try:
        if entry.is_symlink():
            leads = not os.path.exists(entry.path) or entry.is_file()
            return "link" if leads else None
        if entry.is_dir(follow_symlinks=False):
            return "folder"
        return "file" if entry.is_file(follow_symlinks=False) else None
    except OSError:
        return None


def _real(path: str) -> str:
    return os.path.normcase(os.path.realpath(path))


def _wanted(glob: list[str], exclude: list[str]) -> Callable[[str], bool]:
    """Return what tells whether a file is wanted by its name."""
    without = _any_of([*_TEMPORARY, *exclude])
    within = _any_of(glob) if glob else None

    def wanted(name: str) -> bool:
        plain = os.path.normcase(name)
        if without(plain):
            return False
        return bool(within(plain)) if within else plain.lower().endswith(_READ)

    return wanted


def _any_of(patterns: list[str]) -> Callable[[str], object]:
    return re.compile("|".join(fnmatch.translate(os.path.normcase(p)) for p in patterns)).match


def _not_found(path: str) -> NotFoundError:
    return NotFoundError(
        Message(f"找不到 {path}", f"there is no {path}"), Message("检查路径", "check the path")
    )
