"""Documents in object stores and on shared file systems, by URL (fsspec, extra ``remote``)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nqpf_cli.errors import (
    InputError,
    MissingExtraError,
    NotFoundError,
    NqpfError,
    OutputError,
    UsageError,
)
from nqpf_cli.i18n import Message

_URL = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_SECRET = re.compile(r"^[a-z][a-z0-9+.-]*://[^/]*@", re.IGNORECASE)


def is_url(path: str) -> bool:
    """Tell whether a path names something by URL (``s3://…``, ``memory://…``)."""
    return _URL.match(path) is not None


def read(url: str, max_bytes: int) -> bytes:
    """Return at most ``max_bytes + 1`` bytes; raises ``InputError`` or ``MissingExtraError``."""
    system, path = _open(url)
    try:
        with system.open(path, "rb") as f:
            data: bytes = f.read(max_bytes + 1)
            return data
    except FileNotFoundError as e:
        raise _not_found(url) from e
    except Exception as e:  # every store has errors of its own
        raise _unreadable(url, e) from e


def write(url: str, data: bytes) -> None:
    """Write a file whole, or not at all where the store can do so; raises ``OutputError``."""
    system, path = _open(url, _unwritable)
    try:
        with system.transaction, system.open(path, "wb") as f:
            f.write(data)
    except Exception as e:  # as above
        raise _unwritable(url, e) from e


def local_path(url: str) -> Path | None:
    """Return the path of a file of this machine, None for one elsewhere.

    Raises ``MissingExtraError``, ``UsageError`` or ``OutputError`` where the URL leads nowhere.
    """
    system, path = _open(url, _unwritable)
    return Path(path) if _is_local(system, path) else None


def is_folder(url: str) -> bool:
    """Tell whether a URL is a folder; raises ``NotFoundError`` where there is nothing."""
    system, path = _open(url)
    try:
        if system.isdir(path):
            return True
        if system.exists(path):
            return False
    except Exception as e:  # as above
        raise _unreadable(url, e) from e
    raise _not_found(url)


def identity(url: str) -> str:
    """Return what two spellings of one document have in common; of a local file, its real path."""
    system, path = _open(url)
    if _is_local(system, path):
        return os.path.normcase(os.path.realpath(str(path)))
    return str(system.unstrip_protocol(path))


def walk(url: str) -> Iterator[str]:
    """Yield the URLs of the files below a folder, sorted, hidden ones left out."""
    system, path = _open(url)
    root = str(path).rstrip("/") + "/"
    try:
        found = sorted(system.find(path))
    except Exception as e:  # as above
        raise _unreadable(url, e) from e
    for name in found:
        below = name.removeprefix(root)
        if not any(part.startswith(".") for part in below.split("/")):
            yield str(system.unstrip_protocol(name))


def _is_local(system: Any, path: Any) -> bool:
    return str(system.unstrip_protocol(path)).startswith("file:")


def _open(url: str, failed: Callable[[str, Exception], NqpfError] | None = None) -> tuple[Any, Any]:
    if _SECRET.match(url):
        raise UsageError(
            Message("网址里不要写密码", "a URL must not hold a user or password"),
            Message(
                "用环境变量或 fsspec 配置给出凭据",
                "give credentials by the environment or fsspec's configuration",
            ),
        )
    try:
        import fsspec
    except ImportError as e:
        raise MissingExtraError.of("remote", Message("读写网址", "a URL")) from e
    try:
        return fsspec.core.url_to_fs(url)  # type: ignore[no-any-return]
    except ImportError as e:
        scheme = url.split(":", 1)[0]
        raise MissingExtraError(
            Message(f"{scheme}:// 需要另装驱动：{e}", f"{scheme}:// needs a driver: {e}"),
            Message("例：pip install s3fs", "e.g. pip install s3fs"),
        ) from e
    except Exception as e:  # unknown protocols, bad addresses
        raise (failed or _unreadable)(url, e) from e


def _not_found(url: str) -> NotFoundError:
    return NotFoundError(
        Message(f"找不到 {url}", f"there is no {url}"), Message("检查网址", "check the URL")
    )


_CHECK = Message("检查网址、网络与权限", "check the URL, the network and the permissions")


def _unreadable(url: str, e: Exception) -> InputError:
    reason = _reason(e)
    return InputError(Message(f"无法读取 {url}：{reason}", f"cannot read {url}: {reason}"), _CHECK)


def _unwritable(url: str, e: Exception) -> OutputError:
    reason = _reason(e)
    return OutputError(
        Message(f"无法写入 {url}：{reason}", f"cannot write {url}: {reason}"), _CHECK
    )


def _reason(e: Exception) -> str:
    return str(e).split("\n", 1)[0] or type(e).__name__
