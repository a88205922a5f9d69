"""The file a scan writes: whole lines, flushed, and taken up again after whatever stopped it.

Documents that failed may be tried again. Their new records go to a file beside (``.NAME.retried``)
and take the places of the old ones when the trying ends: the file itself is replaced whole, so that
at no moment a record is missing, torn, or there twice. What a killed scan left beside is taken over
by the next one.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from nqpf_cli.corpus.records import Record, parse_record
from nqpf_cli.errors import OutputError, UsageError
from nqpf_cli.i18n import Message

_BEGIN = b'{"schema_version"'  # of every record
_SYNC_S = 1.0  # at most so much work is lost with the power
_NO_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EROFS)  # pipes, devices
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class _Line:
    """A record in a file: the bytes it takes, and whether its document failed."""

    path: str
    start: int
    end: int
    failed: bool


class Journal:
    """Appends records to a file. ``done`` maps the paths it held before to whether they failed."""

    def __init__(self, path: Path, lines: Iterable[_Line] = ()) -> None:
        """Open the file and cut off what follows ``lines``; raises ``OutputError``."""
        self.path = path
        self.done: dict[str, bool] = {}
        self._failed: dict[str, _Line] = {}
        self._whole = 0
        self._synced = time.monotonic()
        try:
            self._file = _open(path)
        except OSError as e:
            raise OutputError.of(str(path), e) from e
        try:
            for line in lines:  # read only now, that no other scan writes any more
                self.done[line.path] = line.failed
                self._whole = line.end
                if line.failed:
                    self._failed[line.path] = line
            if path.is_file():  # a pipe or device has no length
                self._file.truncate(self._whole)
        except OSError as e:
            self._file.close()
            raise OutputError.of(str(path), e) from e
        except BaseException:
            self._file.close()
            raise

    @classmethod
    def begin(cls, path: Path) -> Self:
        """Begin a file anew; raises ``OutputError``."""
        journal = cls(path)
        if path.is_file():
            journal._drop_beside()
        return journal

    @classmethod
    def resume(cls, path: Path, expected: Mapping[str, Any]) -> Self:
        """Go on in a file, without its torn last line.

        Raises ``UsageError`` rather than touch a file that is no scan's output, or that of a scan
        with another lexicon, settings, version or reference set (``expected``: keys of a report
        and their values, of the reference its hash): its figures would not fit together.
        """
        if not path.is_file():
            return cls.begin(path)
        journal = cls(path, _lines(path, expected))
        journal._take_over(expected)
        return journal

    @contextmanager
    def retrying(self) -> Iterator[Journal]:
        """Give a journal whose records take the places of those of the same, failed documents.

        They do so at the end, however that comes; after a kill, at the next ``resume``.
        """
        try:
            with Journal(_beside(self.path)) as journal:
                yield journal
        finally:
            self._take_over({})

    def write(self, line: str) -> None:
        """Append a record, flushed; raises ``OutputError`` and leaves no torn line behind."""
        data = line.encode("utf-8", "surrogateescape")
        try:
            self._file.write(data)
            self._file.flush()
            if time.monotonic() - self._synced > _SYNC_S:
                self._sync()
        except OSError as e:
            self._untear()
            raise OutputError.of(str(self.path), e) from e
        self._whole += len(data)

    def __enter__(self) -> Self:
        """Return the journal."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file; raises ``OutputError`` where that fails and nothing else has."""
        try:
            if kind is None:
                self._sync()
            self._file.close()
        except OSError as e:
            if kind is None:
                raise OutputError.of(str(self.path), e) from e

    def _sync(self) -> None:
        try:
            os.fsync(self._file.fileno())
        except OSError as e:
            if e.errno not in _NO_SYNC:
                raise
        self._synced = time.monotonic()

    def _untear(self) -> None:
        try:
            self._file.truncate(self._whole)
        except (OSError, ValueError):
            return  # --resume drops a torn line as well

    def _take_over(self, expected: Mapping[str, Any]) -> None:
        """Put the records that lie beside in the places of the failed ones."""
        beside = _beside(self.path)
        if not beside.is_file():
            return
        try:
            new = {n.path: n for n in _lines(beside, expected) if n.path in self._failed}
            if new:
                self._replace(beside, new)
        except OSError as e:
            raise OutputError.of(str(self.path), e) from e
        self._drop_beside()

    def _replace(self, beside: Path, new: Mapping[str, _Line]) -> None:
        target = Path(os.path.realpath(self.path))
        merged = target.with_name(f".{target.name}.merged")
        failed: dict[str, _Line] = {}
        try:
            with self.path.open("rb") as old, beside.open("rb") as again, merged.open("wb") as out:
                at = 0
                for line in sorted(self._failed.values(), key=lambda x: x.start):
                    _copy(old, out, at, line.start)
                    at, start = line.end, out.tell()
                    taken = new.get(line.path, line)
                    _copy(old if taken is line else again, out, taken.start, taken.end)
                    if taken.failed:
                        failed[line.path] = _Line(line.path, start, out.tell(), failed=True)
                _copy(old, out, at, self._whole)
                whole = out.tell()
                out.flush()
                os.fsync(out.fileno())
            merged.chmod(stat.S_IMODE(target.stat().st_mode))
            if os.name == "nt":  # replaces no open file, and knows no locks
                self._file.close()
            merged.replace(target)  # under the old file's lock, so that no one writes to it
        except BaseException:
            merged.unlink(missing_ok=True)
            raise
        self._file.close()
        self._file = _open(self.path)
        self._whole, self._failed = whole, failed
        self.done |= {n.path: n.failed for n in new.values()}

    def _drop_beside(self) -> None:
        try:
            _beside(self.path).unlink(missing_ok=True)
        except OSError as e:
            raise OutputError.of(str(self.path), e) from e


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.retried")


def _copy(source: BinaryIO, target: BinaryIO, start: int, end: int) -> None:
    source.seek(start)
    while start < end:
        data = source.read(min(_CHUNK, end - start))
        if not data:
            raise OSError(errno.EIO, "the file became shorter")
        target.write(data)
        start += len(data)


def _lines(path: Path, expected: Mapping[str, Any]) -> Iterator[_Line]:
    """Yield the records of a file but for a torn last one; raises ``UsageError``, ``OSError``."""
    at = 0
    with path.open("rb") as f:
        for number, line in enumerate(f, 1):
            if not line.endswith(b"\n"):
                if not _BEGIN.startswith(line[: len(_BEGIN)]):
                    raise _no_scan(path, number)
                return  # torn when the scan was stopped
            record = parse_record(line)
            if record is None:
                raise _no_scan(path, number)
            _check_same(path, number, record, expected)
            yield _Line(record.path, at, at + len(line), failed=record.error is not None)
            at += len(line)


def _open(path: Path) -> BinaryIO:
    """Open a file at its end, kept for this scan; raises ``OutputError``, ``OSError``."""
    while True:
        file = path.open("ab")
        if not path.is_file():  # a pipe or device: no one to share it with
            return file
        _lock(file, path)
        if os.path.samestat(os.fstat(file.fileno()), path.stat()):
            return file
        file.close()  # another scan has just replaced it


def _lock(file: BinaryIO, path: Path) -> None:
    """Keep the file for this scan till it is closed; raises ``OutputError`` where another has it.

    Where the system or the folder knows no locks, nothing is kept.
    """
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as e:
        file.close()
        raise OutputError(
            Message(f"另一个扫描正在写 {path}", f"another scan is writing {path}"),
            Message(
                "等它结束，或用 -o 给出另一个文件", "wait for it, or name another file with -o"
            ),
        ) from e
    except OSError:
        return


def _no_scan(path: Path, line: int) -> UsageError:
    return UsageError(
        Message(
            f"{path} 第 {line} 行不是扫描结果，没有改动它",
            f"{path}, line {line}, is no output of a scan; it was left as it is",
        ),
        Message("用 -o 给出另一个文件", "name another file with -o"),
    )


def _check_same(path: Path, line: int, record: Record, expected: Mapping[str, Any]) -> None:
    for key, value in expected.items():
        if record.report is not None and _made_with(record.report, key) != value:
            raise UsageError(
                Message(
                    f"{path} 第 {line} 行是用别的 {key} 做的，不能接着写",
                    f"{path}, line {line}, was made with another {key}: no going on",
                ),
                Message("用同样的选项，或另写一个文件", "use the same options, or another file"),
            )


def _made_with(report: Mapping[str, Any], key: str) -> Any:
    found = report.get(key)
    return found.get("sha256") if key == "reference" and isinstance(found, dict) else found
