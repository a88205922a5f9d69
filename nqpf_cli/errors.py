"""Every failure a user can meet: a stable word, an exit code, what happened and what to do next."""

from __future__ import annotations

from typing import ClassVar

from nqpf_cli.i18n import Language, Message


class NqpfError(Exception):
    """A failure with a message for the user.

    ``exit_code`` is the process's exit code and ``code`` the stable word of error records; both
    are part of the contract with other programs.
    """

    exit_code: ClassVar[int] = 1
    code: ClassVar[str] = "error"

    def __init__(self, message: Message, hint: Message | None = None) -> None:
        super().__init__(message.en)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[type[NqpfError], tuple[Message, Message | None]]:
        # Errors travel between worker processes; Exception's own pickling would lose the hint.
        return (type(self), (self.message, self.hint))

    def record(self, path: str, lang: Language = "en") -> dict[str, object]:
        """Return the error object of the contract for the document ``path``."""
        return {
            "schema_version": "1.0",
            "source": {"path": path},
            "error": {
                "code": self.code,
                "message": self.message.in_(lang),
                "hint": self.hint.in_(lang) if self.hint else None,
            },
        }


class NothingFoundError(NqpfError):
    """A check did not hold, or a search found nothing."""

    code = "nothing_found"


class UsageError(NqpfError):
    """The command line or a call asks for something that does not exist."""

    exit_code = 2
    code = "usage"


class InputError(NqpfError):
    """An input cannot be read."""

    exit_code = 3
    code = "unreadable"

    @classmethod
    def of(cls, where: str, e: OSError) -> InputError:
        """Return the error for a file that the system does not let read."""
        return cls(
            Message(f"读不了 {where}：{e.strerror}", f"cannot read {where}: {e.strerror}"),
            Message("检查权限", "check its permissions"),
        )


class NotFoundError(InputError):
    """The file does not exist, or is not a file."""

    code = "not_found"


class EncryptedError(InputError):
    """The document needs a password."""

    code = "encrypted"


class CorruptError(InputError):
    """The bytes are not what their type promises."""

    code = "corrupt"


class NoTextLayerError(InputError):
    """The pages are pictures."""

    code = "no_text_layer"


class EmptyError(InputError):
    """There is no text in the document."""

    code = "empty"


class TooLargeError(InputError):
    """The document is over a limit of bytes, pages or memory."""

    code = "too_large"


class DocumentTimeoutError(InputError):
    """Reading took longer than the limit."""

    code = "timeout"


class UnsupportedTypeError(InputError):
    """No engine reads this type."""

    code = "unsupported_type"


class LexiconError(NqpfError):
    """A lexicon is invalid; the message lists all problems at once."""

    exit_code = 4
    code = "lexicon"


class MissingExtraError(NqpfError):
    """An optional part is not installed."""

    exit_code = 5
    code = "missing_extra"

    @classmethod
    def of(cls, extra: str, what: Message) -> MissingExtraError:
        """Return the error for an absent extra, with its install command."""
        return cls(
            Message(f"{what.zh}需要可选组件 {extra}", f"{what.en} needs the extra '{extra}'"),
            Message(f"请运行：pip install 'nqpf[{extra}]'", f"run: pip install 'nqpf[{extra}]'"),
        )


class OutputError(NqpfError):
    """The output cannot be written."""

    exit_code = 6
    code = "output"

    @classmethod
    def of(cls, where: str, e: OSError) -> OutputError:
        """Return the error for an output that the system refuses."""
        reason = e.strerror or str(e)
        return cls(
            Message(f"无法写入 {where}：{reason}", f"cannot write {where}: {reason}"),
            Message(
                "检查文件夹是否存在、可写、磁盘有空间",
                "check that the folder exists, is writable, has room",
            ),
        )
