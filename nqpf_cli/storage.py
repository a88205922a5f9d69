"""Documents in object stores and on shared file systems, by URL (fsspec, extra ``remote``)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

from nqpf_cli.errors import InputError, MissingExtraError, NotFoundError, UsageError
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
    whole = str(system.unstrip_protocol(path))
    return os.path.normcase(os.path.realpath(path)) if whole.startswith("file:") else whole


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


def _open(url: str) -> tuple[Any, Any]:
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
        raise MissingExtraError.of("remote", Message("读取网址", "reading URLs")) from e
    try:
        return fsspec.core.url_to_fs(url)  # type: ignore[no-any-return]
    except ImportError as e:
        scheme = url.split(":", 1)[0]
        raise MissingExtraError(
            Message(f"{scheme}:// 需要另装驱动：{e}", f"{scheme}:// needs a driver: {e}"),
            Message("例：pip install s3fs", "e.g. pip install s3fs"),
        ) from e
    except Exception as e:  # unknown protocols, bad addresses
        raise _unreadable(url, e) from e


def _not_found(url: str) -> NotFoundError:
    return NotFoundError(
        Message(f"找不到 {url}", f"there is no {url}"), Message("检查网址", "check the URL")
    )


def _unreadable(url: str, e: Exception) -> InputError:
    reason = str(e).split("\n", 1)[0] or type(e).__name__
    return InputError(
        Message(f"无法读取 {url}：{reason}", f"cannot read {url}: {reason}"),
        Message("检查网址、网络与权限", "check the URL, the network and the permissions"),
    )
