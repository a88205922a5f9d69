"""Options of the commands that read or score documents, in groups that a command takes whole."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from nqpf_cli import defaults
from nqpf_cli.cli.shared import Shared
from nqpf_cli.errors import EncryptedError, UsageError
from nqpf_cli.formats.safe import printable
from nqpf_cli.i18n import Message, tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from nqpf_cli.engines.base import ReadOptions
    from nqpf_cli.model import Document, Settings
    from nqpf_cli.pipeline import Analyzer

PASSWORD_VARIABLE = "NQPF_PASSWORD"
_READERS = 4  # processes that share the pages of a document at most: each takes memory
_READING = tr("读取文档", "Reading")
_SCORING = tr("计分", "Scoring")

Files = Annotated[list[str], typer.Argument(help=tr("文件；- 为标准输入", "files; - is stdin"))]
OneFile = Annotated[str, typer.Argument(help=tr("文件；- 为标准输入", "a file; - is stdin"))]
StdinName = Annotated[
    str, typer.Option("--stdin-filename", help=tr("标准输入的文件名", "the name of stdin"))
]
Nested = Annotated[
    str | None,
    typer.Option(
        help=tr("嵌套词条（默认随词典）： ", "nested entries (default: the lexicon's): ")
        + "category | longest | all",
        rich_help_panel=_SCORING,
    ),
]
Coder = Annotated[
    str,
    typer.Option(
        help=tr("编码方式：", "coder: ")
        + tr(
            "model（词典＋措辞模型）| rules（只用词典）",
            "model (lexicon and wording) | rules (lexicon alone)",
        ),
        rich_help_panel=_SCORING,
    ),
]
Resamples = Annotated[
    int,
    typer.Option(
        min=10,
        max=100_000,
        help=tr("自助抽样次数", "bootstrap resamples"),
        rich_help_panel=_SCORING,
    ),
]
Seed = Annotated[
    int, typer.Option(min=0, help=tr("随机种子", "random seed"), rich_help_panel=_SCORING)
]

_CHOICES = {
    "engine": ("auto", "pdfium", "pdfplumber"),
    "nested": ("category", "longest", "all"),
    "tables": ("include", "exclude"),
    "coder": ("model", "rules"),
    "ocr-engine": ("auto", "rapidocr", "tesseract"),
}


def check_choices(**asked: str | None) -> None:
    """Raise ``UsageError`` where a shared option has a value that is none of its words."""
    for key, value in asked.items():
        name = key.replace("_", "-")
        check_choice(name, value, *_CHOICES[name])


def check_choice(name: str, value: str | None, *words: str) -> None:
    """Raise ``UsageError`` unless the option ``--name`` is one of its words, or not given."""
    if value is not None and value not in words:
        choices = " | ".join(words)
        raise UsageError(
            Message(f"--{name} 不能是 {value}", f"--{name} cannot be '{value}'"),
            Message(f"可用：{choices}", f"one of: {choices}"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How documents are read, and the limits of one; a group of options."""

    engine: Annotated[
        str,
        typer.Option(
            help=tr("PDF 引擎：", "PDF engine: ") + "auto | pdfium | pdfplumber",
            rich_help_panel=_READING,
        ),
    ] = "auto"
    tables: Annotated[
        str,
        typer.Option(
            help=tr("表格是否计分：", "score tables: ") + "include | exclude",
            rich_help_panel=_READING,
        ),
    ] = "include"
    ocr: Annotated[
        bool,
        typer.Option(
            "--ocr",
            help=tr(
                "识别没有文字层的页（可选组件 ocr）", "recognise pages without text (extra 'ocr')"
            ),
            rich_help_panel=_READING,
        ),
    ] = False
    ocr_engine: Annotated[
        str | None,
        typer.Option(
            help=tr("识别引擎（即用 --ocr）：", "recognizer (implies --ocr): ")
            + "auto | rapidocr | tesseract",
            rich_help_panel=_READING,
        ),
    ] = None
    traditional: Annotated[
        bool,
        typer.Option(
            "--traditional",
            help=tr(
                "先把繁体字转成简体（可选组件 traditional）",
                "turn traditional characters into simplified ones first (extra 'traditional')",
            ),
            rich_help_panel=_READING,
        ),
    ] = False
    password: Annotated[
        str | None,
        typer.Option(
            help=tr(
                f"文档密码（或环境变量 {PASSWORD_VARIABLE}）",
                f"password (or the variable {PASSWORD_VARIABLE})",
            ),
            show_default=False,
            rich_help_panel=_READING,
        ),
    ] = None
    max_pages: Annotated[
        int, typer.Option(min=1, help=tr("页数上限", "most pages"), rich_help_panel=_READING)
    ] = defaults.MAX_PAGES
    max_bytes: Annotated[
        int, typer.Option(min=1, help=tr("字节上限", "most bytes"), rich_help_panel=_READING)
    ] = defaults.MAX_BYTES
    timeout: Annotated[
        float,
        typer.Option(
            min=0.1,
            max=604_800,
            help=tr("读一个文档的时限（秒）", "seconds to read one document"),
            rich_help_panel=_READING,
        ),
    ] = defaults.TIMEOUT_S

    def __post_init__(self) -> None:
        """Refuse unknown words; raises ``UsageError``."""
        check_choices(engine=self.engine, tables=self.tables, ocr_engine=self.ocr_engine)

    @property
    def recognizer(self) -> str:
        """Return the recognizer for pictures of pages, or ``off``."""
        return self.ocr_engine or ("auto" if self.ocr else "off")

    @property
    def script(self) -> str:
        """Return what happens to traditional characters."""
        return "simplify" if self.traditional else "as_is"

    def options(self) -> ReadOptions:
        """Return how documents are to be read."""
        from nqpf_cli.engines.base import Limits, ReadOptions, Script
        from nqpf_cli.engines.processes import processors

        return ReadOptions(
            engine=self.engine,
            password=self.password or password_from_environment(),
            max_pages=self.max_pages,
            max_bytes=self.max_bytes,
            limits=Limits(timeout_s=self.timeout),
            processes=min(processors(), _READERS),
            script=cast("Script", self.script),
            ocr=self.recognizer,
        )

    def require_extras(self) -> None:
        """Raise ``MissingExtraError`` now rather than once a document."""
        if self.traditional:
            from nqpf_cli.engines.script import simplify

            simplify("")
        if self.recognizer != "off":
            from nqpf_cli.ocr.registry import resolve

            resolve(self.recognizer)

    def input(self, path: str, stdin_filename: str) -> tuple[bytes, str]:
        """Return the bytes of a file or of standard input, and the name reports give it."""
        from nqpf_cli.files import read_bytes, read_stdin

        if path == "-":
            return read_stdin(self.max_bytes), stdin_filename
        return read_bytes(path, self.max_bytes), path


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """How sentences are coded; a group of options."""

    nested: Nested = None
    coder: Coder = defaults.CODER

    def __post_init__(self) -> None:
        """Refuse unknown words; raises ``UsageError``."""
        check_choices(nested=self.nested, coder=self.coder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """How intervals are estimated; a group of options."""

    confidence: Annotated[
        float,
        typer.Option(
            min=0.5,
            max=0.999,
            help=tr("区间的置信度", "confidence of intervals"),
            rich_help_panel=_SCORING,
        ),
    ] = defaults.CONFIDENCE
    resamples: Resamples = defaults.RESAMPLES
    seed: Seed = defaults.SEED


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparing:
    """What a document is compared with; a group of options."""

    reference: Annotated[
        str,
        typer.Option(
            metavar="FILE|none",
            help=tr(
                "百分位的参照集（nqpf reference build），或 none",
                "reference set of the percentiles (nqpf reference build), or none",
            ),
            rich_help_panel=_SCORING,
        ),
    ] = defaults.REFERENCE
    comparable: Annotated[
        str,
        typer.Option(
            metavar="auto|all|kind,level,year,…",
            help=tr(
                "参照集里与哪些文档比：这些都相同（kind、level、year、block；years 为相差至多 "
                "2 年）",
                "which documents of the set are ranked among: those that share all of kind, level, "
                "year (years: 2 apart at most), block",
            ),
            rich_help_panel=_SCORING,
        ),
    ] = defaults.COMPARABLE

    @property
    def basis(self) -> str:
        """Return the criteria in their order, joined by ``+``; raises ``UsageError``."""
        from nqpf_cli.model import CRITERIA, EVERYTHING

        if self.comparable in (defaults.COMPARABLE, EVERYTHING):
            return self.comparable
        asked = [word.strip() for word in self.comparable.replace("，", ",").split(",")]
        for word in asked:
            check_choice("comparable", word, defaults.COMPARABLE, EVERYTHING, *CRITERIA)
        if {defaults.COMPARABLE, EVERYTHING} & {*asked} or {"year", "years"} <= {*asked}:
            raise UsageError(
                Message(
                    f"--comparable 不能是 {self.comparable}",
                    f"--comparable cannot be '{self.comparable}'",
                ),
                Message(
                    "auto 与 all 单独用；year 与 years 取其一",
                    "auto and all stand alone; year or years, not both",
                ),
            )
        return "+".join(c for c in CRITERIA if c in asked)


def settings_of(
    reading: Reading | None = None,
    coding: Coding | None = None,
    estimates: Estimates | None = None,
    comparing: Comparing | None = None,
) -> Settings:
    """Return the settings that the options say."""
    from nqpf_cli.model import Nesting, Settings

    reading, coding = reading or Reading(), coding or Coding()
    estimates, comparing = estimates or Estimates(), comparing or Comparing()
    return Settings(
        engine=reading.engine,
        nested=cast("Nesting | None", coding.nested),
        tables=reading.tables,
        coder=coding.coder,
        script=reading.script,
        ocr=reading.recognizer,
        confidence=estimates.confidence,
        resamples=estimates.resamples,
        seed=estimates.seed,
        reference=comparing.reference,
        comparable=comparing.basis,
    )


def analyzer(
    shared: Shared,
    reading: Reading | None = None,
    coding: Coding | None = None,
    estimates: Estimates | None = None,
    comparing: Comparing | None = None,
) -> Analyzer:
    """Return an analyzer as the options want it.

    Raises ``LexiconError``, and ``InputError`` where the reference set cannot be read: once, and
    not for every document.
    """
    from nqpf_cli.pipeline import Analyzer

    settings = settings_of(reading, coding, estimates, comparing)
    options = (reading or Reading()).options()
    found = Analyzer.of([Path(p) for p in shared.lexicons], settings, options)
    if settings.reference != defaults.REFERENCE:
        _ = found.reference
    return found


def read(
    data: bytes,
    name: str,
    options: ReadOptions,
    tables: str,
    meanwhile: Callable[[], object] | None = None,
) -> Document:
    """Read bytes into a document; on a terminal the password of a locked one is asked for once.

    ``meanwhile`` is called while another process reads. Raises ``InputError``.
    """
    from nqpf_cli.documents import read_document

    try:
        return read_document(data, name, options, tables, meanwhile)
    except EncryptedError as locked:
        on_terminal = sys.stdin.isatty() and sys.stderr.isatty()
        if options.password is not None or not on_terminal:
            raise
        try:
            asked = getpass(tr(f"{printable(name)} 的密码：", f"Password of {printable(name)}: "))
        except EOFError:  # Ctrl-D
            print(file=sys.stderr)
            raise locked from None
    return read_document(data, name, replace(options, password=asked), tables)


def password_from_environment() -> str | None:
    """Return the password of the environment, if one is set."""
    return os.environ.get(PASSWORD_VARIABLE) or None
