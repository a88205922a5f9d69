"""What all tests share: the folder of real documents, analyzers, small lexicons."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from nqpf_cli.analysis.coder import RuleCoder
from nqpf_cli.documents import read_document
from nqpf_cli.engines.base import ReadOptions
from nqpf_cli.errors import InputError
from nqpf_cli.lexicon.load import load
from nqpf_cli.model import (
    Category,
    CategoryKind,
    Cue,
    Document,
    Entry,
    Indicator,
    Lexicon,
    Marker,
    Settings,
    StanceLexicon,
)
from nqpf_cli.pipeline import Analyzer
from nqpf_cli.segmenters.base import boundaries
from nqpf_cli.segmenters.jieba_ import JiebaSegmenter
from tests.running import environment, nqpf, run, terminal

__all__ = ["environment", "nqpf", "run", "terminal"]  # fixtures

# The same examples on every run; ``--hypothesis-profile=explore`` looks further.
settings.register_profile("steady", deadline=None, derandomize=True, max_examples=100)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("steady")

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("NQPF_SHARED") or REPOSITORY.parent / "shared")
# Bombs and a very long document take their time: they are measured elsewhere.
SLOW_PDFS = ("craft__bomb_", "craft__5000_blank_pages")

KINDS: dict[str, CategoryKind] = {
    "factor": "dimension",
    "industry": "dimension",
    "relations": "dimension",
    "institution": "obstruction",
    "lockin": "obstruction",
    "services": "obstruction",
    "strategy": "path",
    "block": "path",
    "urbanization": "path",
    "method": "method",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each file of ``pdfs/nasty`` to tests that ask for ``nasty_pdf``."""
    if "nasty_pdf" not in metafunc.fixturenames:
        return
    files = sorted(p for p in SHARED.glob("pdfs/nasty/*") if not p.name.startswith(SLOW_PDFS))
    missing = pytest.mark.skip(reason=f"there is no folder {SHARED / 'pdfs/nasty'}")
    parameters = [pytest.param(p, id=p.stem) for p in files] or [pytest.param(None, marks=missing)]
    metafunc.parametrize("nasty_pdf", parameters)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real documents and gold data ($NQPF_SHARED, or beside the repository)."""
    if not SHARED.is_dir():
        pytest.skip(f"there is no folder {SHARED} with shared data; set NQPF_SHARED to its place")
    return SHARED


@pytest.fixture(scope="session")
def sample() -> Path:
    """The folder of the sample document."""
    return REPOSITORY / "corpora" / "sample"


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Take SIGINT back where a shell started the suite in the background, which ignores it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Caches go to a temporary folder, never to the user's; tables are as wide as by default."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        patch.delenv("COLUMNS", raising=False)  # a runner's terminal is not the tests'
        yield folder


@pytest.fixture(scope="session")
def jieba(own_cache: Path) -> JiebaSegmenter:
    """jieba with its dictionary loaded once."""
    return JiebaSegmenter()


@pytest.fixture(scope="session")
def shipped() -> Lexicon:
    """The lexicon that ships with the package."""
    return load()


@pytest.fixture(scope="session")
def analyzer(shipped: Lexicon, own_cache: Path) -> Analyzer:
    """An analyzer with everything at its default."""
    return Analyzer(shipped)


@pytest.fixture(scope="session")
def rules(shipped: Lexicon, own_cache: Path) -> Analyzer:
    """An analyzer that codes by the lexicon alone."""
    return Analyzer(shipped, replace(Settings(), coder="rules"))


@pytest.fixture(scope="session")
def make_entry() -> Callable[..., Entry]:
    """Entries with few words: ``make_entry("人才", "factor.labour", weight=0.5)``."""

    def make(term: str, target: str = "factor.labour", **more: Any) -> Entry:
        return Entry(term=term, target=target, category=target.split(".", 1)[0], **more)

    return make


@pytest.fixture(scope="session")
def make_lexicon() -> Callable[..., Lexicon]:
    """Small lexicons of given entries, with the categories of the framework."""

    def make(
        *entries: Entry,
        nested: Any = "category",
        cues: tuple[Cue, ...] = (),
        governors: tuple[str, ...] = (),
        voids: tuple[str, ...] = (),
        prescriptions: tuple[Any, ...] = (),
        applies: dict[str, tuple[str, ...]] | None = None,
    ) -> Lexicon:
        applies = applies or {}
        targets = sorted({e.target for e in entries if not e.prescription} | set(applies))
        categories = tuple(
            Category(
                id=id_,
                kind=kind,
                chain="none",
                zh=id_,
                en=id_,
                definition="-",
                source="-",
                indicators=tuple(
                    Indicator(
                        id=t,
                        category=id_,
                        zh=t,
                        en=t,
                        definition="-",
                        source="-",
                        applies=applies.get(t, ("*",)),
                    )
                    for t in targets
                    if t.split(".", 1)[0] == id_
                ),
            )
            for id_, kind in KINDS.items()
            if any(t.split(".", 1)[0] == id_ for t in targets)
        )
        return Lexicon(
            name="small",
            version="1",
            licence="-",
            sha256="0" * 64,
            nested=nested,
            categories=categories,
            entries=entries,
            prescriptions=prescriptions,
            stance=StanceLexicon(
                cues=cues,
                governors=tuple(Marker(term=g) for g in governors),
                voids=tuple(Marker(term=v) for v in voids),
            ),
        )

    return make


@pytest.fixture(scope="session")
def make_coder(
    make_lexicon: Callable[..., Lexicon], jieba: JiebaSegmenter
) -> Callable[..., RuleCoder]:
    """Coders by rules for a small lexicon; the arguments are those of ``make_lexicon``."""

    def make(*entries: Entry, **more: Any) -> RuleCoder:
        lexicon = make_lexicon(*entries, **more)
        return RuleCoder(lexicon, lambda text: boundaries(jieba, text))

    return make


@pytest.fixture(scope="session")
def read() -> Callable[..., Document]:
    """Read text or bytes as a document of a given name."""

    def make(
        content: str | bytes, name: str = "report.txt", tables: str = "include", **options: Any
    ) -> Document:
        data = content.encode() if isinstance(content, str) else content
        return read_document(data, name, ReadOptions(**options), tables)

    return make


@pytest.fixture(scope="session")
def attempt(read: Callable[..., Document]) -> Callable[..., Document | InputError]:
    """Read, or return the refusal that a user would see; anything else goes through."""

    def make(content: str | bytes, name: str = "report.txt", **more: Any) -> Document | InputError:
        try:
            return read(content, name, **more)
        except InputError as e:
            return e

    return make


@pytest.fixture(scope="session")
def pdf_of(shared: Path) -> Callable[[str], Document]:
    """Read a PDF of the shared folder, tables left out (``made/a_single``)."""

    def make(name: str) -> Document:
        path = shared / "pdfs" / f"{name}.pdf"
        return read_document(path.read_bytes(), path.name, ReadOptions(), "exclude")

    return make


@pytest.fixture
def docx_bytes() -> Callable[[Any], bytes]:
    """The bytes of a python-docx document."""

    def make(document: Any) -> bytes:
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()

    return make
