"""Options of the commands that read or score documents."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from nqpf_cli.cli.shared import Shared
from nqpf_cli.errors import UsageError
from nqpf_cli.i18n import Message, tr

if TYPE_CHECKING:
    from nqpf_cli.engines.base import ReadOptions
    from nqpf_cli.pipeline import Analyzer

PASSWORD_VARIABLE = "NQPF_PASSWORD"
DEFAULT_CODER = "model"
TIMEOUT_S = 120.0

Files = Annotated[list[str], typer.Argument(help=tr("文件；- 为标准输入", "files; - is stdin"))]
OneFile = Annotated[str, typer.Argument(help=tr("文件；- 为标准输入", "a file; - is stdin"))]
StdinName = Annotated[
    str, typer.Option("--stdin-filename", help=tr("标准输入的文件名", "the name of stdin"))
]
Engine = Annotated[
    str, typer.Option(help=tr("PDF 引擎：", "PDF engine: ") + "auto | pdfium | pdfplumber")
]
Nested = Annotated[
    str | None,
    typer.Option(
        help=tr("嵌套词条（默认随词典）：", "nested entries (default: the lexicon's): ")
        + "category | longest | all",
    ),
]
Tables = Annotated[
    str, typer.Option(help=tr("表格是否计分：", "score tables: ") + "include | exclude")
]
Coder = Annotated[
    str,
    typer.Option(
        help=tr("编码方式：", "coder: ")
        + tr(
            "model（词典＋措辞模型）| rules（只用词典）",
            "model (lexicon and wording) | rules (lexicon alone)",
        )
    ),
]
Ocr = Annotated[
    bool,
    typer.Option(
        "--ocr",
        help=tr("识别没有文字层的页（可选组件 ocr）", "recognise pages without text (extra 'ocr')"),
    ),
]
OcrEngine = Annotated[
    str, typer.Option(help=tr("识别引擎：", "recognizer: ") + "auto | rapidocr | tesseract")
]
Traditional = Annotated[
    bool,
    typer.Option(
        "--traditional",
        help=tr(
            "先把繁体字转成简体（可选组件 traditional）",
            "turn traditional characters into simplified ones first (extra 'traditional')",
        ),
    ),
]
Password = Annotated[
    str | None,
    typer.Option(
        help=tr(
            f"文档密码（或环境变量 {PASSWORD_VARIABLE}）",
            f"password (or the variable {PASSWORD_VARIABLE})",
        ),
        show_default=False,
    ),
]
MaxPages = Annotated[int, typer.Option(min=1, help=tr("页数上限", "most pages"))]
Timeout = Annotated[
    float,
    typer.Option(min=0.1, help=tr("读一个文档的时限（秒）", "seconds to read one document")),
]
MaxBytes = Annotated[int, typer.Option(min=1, help=tr("字节上限", "most bytes"))]
Resamples = Annotated[
    int, typer.Option(min=10, max=100_000, help=tr("自助抽样次数", "bootstrap resamples"))
]
Seed = Annotated[int, typer.Option(min=0, help=tr("随机种子", "random seed"))]
Confidence = Annotated[
    float, typer.Option(min=0.5, max=0.999, help=tr("区间的置信度", "confidence of intervals"))
]

_CHOICES = {
    "engine": ("auto", "pdfium", "pdfplumber"),
    "nested": ("category", "longest", "all"),
    "tables": ("include", "exclude"),
    "coder": ("model", "rules"),
    "ocr-engine": ("auto", "rapidocr", "tesseract"),
}


def analyzer(
    shared: Shared,
    *,
    engine: str = "auto",
    nested: str | None = None,
    tables: str = "include",
    coder: str = DEFAULT_CODER,
    password: str | None = None,
    max_pages: int = 3000,
    timeout: float = TIMEOUT_S,
    traditional: bool = False,
    ocr: bool = False,
    ocr_engine: str = "auto",
    confidence: float = 0.95,
    resamples: int = 1000,
    seed: int = 20240201,
) -> Analyzer:
    """Return an analyzer as the options want it; raises ``UsageError`` or ``LexiconError``."""
    asked = {
        "engine": engine,
        "nested": nested,
        "tables": tables,
        "coder": coder,
        "ocr-engine": ocr_engine,
    }
    for name, value in asked.items():
        if value is not None and value not in _CHOICES[name]:
            words = " | ".join(_CHOICES[name])
            raise UsageError(
                Message(f"--{name} 不能是 {value}", f"--{name} cannot be '{value}'"),
                Message(f"可用：{words}", f"one of: {words}"),
            )
    from nqpf_cli.model import Nesting, Settings
    from nqpf_cli.pipeline import Analyzer

    options = read_options(
        engine,
        password,
        max_pages,
        timeout,
        traditional=traditional,
        ocr=ocr_engine if ocr else "off",
    )
    settings = Settings(
        engine=engine,
        nested=cast("Nesting | None", nested),
        tables=tables,
        coder=coder,
        script="simplify" if traditional else "as_is",
        ocr=options.ocr,
        confidence=confidence,
        resamples=resamples,
        seed=seed,
    )
    return Analyzer.of([Path(p) for p in shared.lexicons], settings, options)


def read_options(
    engine: str,
    password: str | None,
    max_pages: int,
    timeout: float,
    *,
    traditional: bool = False,
    ocr: str = "off",
) -> ReadOptions:
    """Return how documents are to be read, with limits; raises ``UsageError``."""
    from nqpf_cli.engines.base import Limits, ReadOptions

    if engine not in _CHOICES["engine"]:
        words = " | ".join(_CHOICES["engine"])
        raise UsageError(
            Message(f"--engine 不能是 {engine}", f"--engine cannot be '{engine}'"),
            Message(f"可用：{words}", f"one of: {words}"),
        )
    return ReadOptions(
        engine=engine,
        password=password or password_from_environment(),
        max_pages=max_pages,
        limits=Limits(timeout_s=timeout),
        script="simplify" if traditional else "as_is",
        ocr=ocr,
    )


def password_from_environment() -> str | None:
    """Return the password of the environment, if one is set."""
    return os.environ.get(PASSWORD_VARIABLE) or None


def read_input(path: str, stdin_filename: str, max_bytes: int) -> tuple[bytes, str]:
    """Return the bytes of a file or of standard input, and the name reports give it."""
    from nqpf_cli.documents import read_bytes, read_stdin

    if path == "-":
        return read_stdin(max_bytes), stdin_filename
    return read_bytes(path, max_bytes), path
