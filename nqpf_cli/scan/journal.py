"""The file a scan writes: whole lines, flushed, and taken up again after whatever stopped it."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from nqpf_cli.corpus.records import Record, parse_record
from nqpf_cli.errors import OutputError, UsageError
from nqpf_cli.i18n import Message

_BEGIN = b'{"schema_version"'  # of every record
_SYNC_S = 1.0  # at most so much work is lost with the power
_NO_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EROFS)  # pipes, devices


class Journal:
    """Appends records to a file. ``done`` maps the paths it held before to whether they failed."""

    def __init__(self, path: Path, done: dict[str, bool], whole: int | None) -> None:
        """Open the file; ``whole`` is the length to go on from, None begins it anew."""
        self.path = path
        self.done = done
        try:
            self._file: BinaryIO = path.open("ab")
            if path.is_file():  # a pipe or device has no length, and no one to share it with
                _lock(self._file, path)
                self._file.truncate(whole or 0)
        except OSError as e:
            raise OutputError.of(str(path), e) from e
        self._whole = whole or 0
        self._synced = time.monotonic()

    @classmethod
    def begin(cls, path: Path) -> Self:
        """Begin a file anew; raises ``OutputError``."""
        return cls(path, {}, None)

    @classmethod
    def resume(cls, path: Path, expected: Mapping[str, Any]) -> Self:
        """Go on in a file, without its torn last line.

        Raises ``UsageError`` rather than touch a file that is no scan's output, or that of a scan
        with another lexicon, settings, version or reference set (``expected``: keys of a report
        and their values, of the reference its hash): its figures would not fit together.
        """
        if not path.exists():
            return cls.begin(path)
        done: dict[str, bool] = {}
        whole = 0
        try:
            with path.open("rb") as f:
                for number, line in enumerate(f, 1):
                    if not line.endswith(b"\n"):
                        if not _BEGIN.startswith(line[: len(_BEGIN)]):
                            raise _no_scan(path, number)
                        break  # torn when the scan was stopped
                    record = parse_record(line)
                    if record is None:
                        raise _no_scan(path, number)
                    _check_same(path, number, record, expected)
                    done[record.path] = record.error is not None
                    whole += len(line)
        except OSError as e:
            raise OutputError.of(str(path), e) from e
        return cls(path, done, whole)

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
