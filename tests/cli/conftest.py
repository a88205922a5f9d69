"""How tests of the command line run it: as a process, inside this process, on a terminal."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess
from typing import TYPE_CHECKING, Any

import pytest

import nqpf_cli
from nqpf_cli import i18n

if TYPE_CHECKING:
    from nqpf_cli.pipeline import Analyzer

TIMEOUT_S = 120
PLAN = """河南省2025年政府工作报告

一、过去一年工作回顾

科技创新取得新突破，战略性新兴产业增加值增长12%。全社会研发经费投入强度继续提高。

二、存在的问题

产能过剩问题仍然突出，人才短缺制约产业发展。优质教育资源供给不足，城乡公共服务差距较大。

三、2025年工作安排

大力发展新质生产力，加快关键核心技术攻关，布局未来产业。推进新型城镇化，做强郑州都市圈。
深入推动黄河流域生态保护和高质量发展，促进中部地区崛起；深化要素市场化配置改革。
今天天气很好。
"""
TINY_INDEX = """format = 1
name = "tiny"
version = "1"
licence = "MIT"
files = ["factor.toml"]
"""
TINY = """id = "factor"
kind = "dimension"
chain = "factor"
name = { zh = "要素", en = "Factors" }
definition = "what is counted"
source = "a test"

[[indicator]]
id = "labour"
name = { zh = "劳动者", en = "Labour" }
definition = "what is counted"
source = "a test"
matches = ["夔牛来了。"]
misses = ["天气很好。"]

[[entry]]
indicator = "labour"
terms = ["夔牛"]
note = "a word that stands in no report"
"""
FAULTY_ENTRIES = """
[[entry]]
indicator = "labour"
terms = ["(unclosed"]
kind = "regex"
note = "n"

[[entry]]
indicator = "labour"
terms = ["发展…能力"]
note = "n"
"""
FAULTY_STANCE = """
[[entry]]
indicator = "labour"
terms = ["过剩"]
stance = "both"
note = "n"
"""


@pytest.fixture(scope="session")
def environment(own_cache: Path) -> dict[str, str]:
    """Return the environment of processes: English, no colour settings, our package."""
    keep = ("PATH", "HOME", "SYSTEMROOT", "VIRTUAL_ENV", "TMPDIR")
    return {
        **{k: os.environ[k] for k in keep if k in os.environ},
        "XDG_CACHE_HOME": str(own_cache),
        "PYTHONPATH": str(Path(nqpf_cli.__file__).resolve().parents[1]),
        "LC_ALL": "C.UTF-8",
        "NQPF_LANG": "en",
        "TERM": "xterm-256color",
    }


@pytest.fixture(scope="session")
def run(environment: dict[str, str]) -> Callable[..., CompletedProcess[str]]:
    """Run ``nqpf`` as a process: ``run("score", path, stdin=b"", cwd=None, NQPF_LANG="zh")``."""

    def go(
        *args: str | Path,
        stdin: bytes = b"",
        cwd: Path | None = None,
        **variables: str,
    ) -> CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "nqpf_cli", *map(str, args)],
            input=stdin,
            capture_output=True,
            cwd=cwd,
            env={**environment, **variables},
            timeout=TIMEOUT_S,
            check=False,
        )
        return CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return go


@pytest.fixture(scope="session")
def nqpf(own_cache: Path) -> Callable[..., CompletedProcess[str]]:
    """Run ``nqpf`` inside this process, through ``main``: ``nqpf("demo", stdin=b"", lang="zh")``.

    What every process builds at its start is built once for all tests, and documents are read
    here, not in a process of their own.
    """
    from nqpf_cli.__main__ import main
    from nqpf_cli.engines import isolated
    from nqpf_cli.pipeline import Analyzer

    of = Analyzer.of
    shipped = cache(lambda settings, options: of((), settings, options))

    def analyzer_of(lexicons: Any = (), settings: Any = None, options: Any = None) -> Analyzer:
        own = tuple(lexicons)
        return of(own, settings, options) if own else shipped(settings, options)

    foreign = ("NO_COLOR", "FORCE_COLOR", "NQPF_PASSWORD", "NQPF_LANG", "GITHUB_ACTIONS")

    def go(*args: str | Path, stdin: bytes = b"", lang: str = "en") -> CompletedProcess[str]:
        argv = ["nqpf", *map(str, args)]
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in "oe")
        code = 0
        with pytest.MonkeyPatch.context() as m:
            m.setattr(Analyzer, "of", staticmethod(analyzer_of))
            m.setattr(isolated, "run_limited", lambda function, given, *_: function(*given))
            for name in foreign:
                m.delenv(name, raising=False)
            m.setattr(i18n, "_chosen", [lang])
            m.setattr(sys, "argv", argv)
            m.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            m.setattr(sys, "stdout", out)
            m.setattr(sys, "stderr", err)
            try:
                main()
            except SystemExit as e:
                code = int(e.code or 0)
            out.flush()
            err.flush()
        shown = [s.buffer.getvalue().decode() for s in (out, err)]  # type: ignore[attr-defined]
        return CompletedProcess(argv, code, *shown)

    return go


@pytest.fixture(scope="session")
def terminal(environment: dict[str, str]) -> Callable[..., str]:
    """Run ``nqpf`` with stdout and stderr on a pseudo-terminal and return what it shows."""
    if not hasattr(os, "openpty"):
        pytest.skip("this system has no pseudo-terminals")

    def go(*args: str | Path, **variables: str) -> str:
        ours, theirs = os.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "nqpf_cli", *map(str, args)],
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            env={**environment, **variables},
        ) as process:
            os.close(theirs)
            shown = b""
            try:
                while chunk := os.read(ours, 65536):
                    shown += chunk
            except OSError:  # how Linux tells that the other side has closed
                pass
            finally:
                os.close(ours)
            process.wait(TIMEOUT_S)
        return shown.decode("utf-8", "replace")

    return go


@pytest.fixture(scope="session")
def report_pdf(sample: Path) -> Path:
    """Return the PDF that ships with the package."""
    return sample / "report.pdf"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Return a short report in plain text, with hits in all nine categories or nearly so."""
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture
def weather(tmp_path: Path) -> Path:
    """Return a document in which the lexicon finds nothing."""
    path = tmp_path / "weather.txt"
    path.write_text("今天天气很好。\n", encoding="utf-8")
    return path


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """Return a lexicon of one category, one indicator and one term (夔牛)."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    (folder / "lexicon.toml").write_text(TINY_INDEX, encoding="utf-8")
    (folder / "factor.toml").write_text(TINY, encoding="utf-8")
    return folder


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return a lexicon folder with one fault of every kind that a file's form can have."""
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "lexicon.toml").write_text(
        'format = 1\nname = "broken"\nversion = "1"\nlicence = "MIT"\n'
        'files = ["factor.toml", "lockin.toml", "syntax.toml", "gone.toml", "../out.toml"]\n',
        encoding="utf-8",
    )
    (folder / "factor.toml").write_text(TINY + FAULTY_ENTRIES, encoding="utf-8")
    lockin = TINY.replace('"factor"', '"lockin"').replace('"dimension"', '"obstruction"')
    (folder / "lockin.toml").write_text(lockin + FAULTY_STANCE, encoding="utf-8")
    (folder / "syntax.toml").write_text('id = "x"\nkind = "path"\nname = "open\n', encoding="utf-8")
    return folder
