"""The table of what is measured: contenders of each case, aims between them, series of sizes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.material import Material

Command = tuple[str, ...]
PLAIN = "pdfplumber + jieba + Counter"
LIMIT = "pdftotext + automaton"
READ = "pdftotext"
PLUMBER = "pdfplumber"
ONE_PAGE = ", one page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A ratio of two contenders of a case that is to be kept, in wall-clock time.

    ``apart`` names, for a contender, another that does next to nothing: what that takes to start
    is taken off.
    """

    over: str
    under: str
    apart: Mapping[str, str] = field(default_factory=dict)
    at_least: float | None = None
    at_most: float | None = None

    def holds(self, ratio: float) -> bool:
        """Return whether a ratio is within the aim."""
        above = self.at_least is None or ratio >= self.at_least
        return above and (self.at_most is None or ratio <= self.at_most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One piece of work, done by several contenders in turn; ``nqpf`` is the first."""

    name: str
    title: str
    contenders: dict[str, Command]
    aims: Sequence[Aim] = ()
    rounds: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The same work in several sizes; its exponent is to be at most ``at_most``."""

    name: str
    title: str
    commands: dict[int, Command]
    at_most: float
    rounds: int = 3


@dataclass(slots=True)
class Plan:
    """What will be measured, and what will not, with the reason."""

    cases: list[Case] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def nqpf(*arguments: str | Path) -> Command:
    """Return the command line of nqpf."""
    return (sys.executable, "-m", "nqpf_cli", *map(str, arguments))


def peer(name: str, *arguments: str | Path, python: str = sys.executable) -> Command:
    """Return the command line of a peer."""
    return (python, "-m", f"benchmarks.peers.{name}", *map(str, arguments))


def plan(
    material: Material, *, quick: bool, cntext: Path | None, options: str, only: Sequence[str]
) -> Plan:
    """Return the plan; ``options`` is the help of ``nqpf scan``, ``only`` names of cases."""
    p = Plan()
    for name, add in _PARTS.items():
        if not only or name in only:
            add(p, material, quick, cntext, options)
    return p


def names() -> list[str]:
    """Return the names that ``--only`` knows."""
    return list(_PARTS)


def _start(p: Plan, m: Material, quick: bool, cntext: Path | None, options: str) -> None:
    bare = peer("bare_typer")
    for option, limit in (("--version", None), ("--help", 1.5)):
        against = (*bare, "--help") if limit else (*bare, "command0", "x")
        aims = [Aim(over="nqpf", under="bare Typer", at_most=limit)] if limit else []
        p.cases.append(
            Case(
                name="start",
                title=f"nqpf {option}",
                contenders={"nqpf": nqpf(option), "bare Typer": against},
                aims=aims,
                rounds=3 if quick else 11,
            )
        )
    p.cases.append(
        Case(
            name="start",
            title="score, a text of two sentences",
            contenders={
                "nqpf": nqpf("score", m.short),
                "jieba + Counter": peer("plain", m.short),
                "automaton": peer("automaton", m.short),
            },
            rounds=2 if quick else 7,
        )
    )


def _pdf(p: Plan, m: Material, quick: bool, cntext: Path | None, options: str) -> None:
    for pages in (10,) if quick else (10, 100, 1000):
        path = m.pdf(pages)
        contenders = {"nqpf": nqpf("score", path), PLAIN: peer("plain", path)}
        aims = [Aim(over=PLAIN, under="nqpf", at_least=10)] if pages == 100 else []
        if shutil.which("pdftotext"):
            limit = " ".join(peer("automaton", "-"))
            contenders[LIMIT] = ("sh", "-c", f"pdftotext '{path}' - | {limit}")
            if pages == 100:
                aims.append(Aim(over="nqpf", under=LIMIT, at_most=2))
        p.cases.append(
            Case(
                name="pdf",
                title=f"score, a PDF of {pages} pages",
                contenders=contenders,
                aims=aims,
                rounds=1 if quick or pages == 1000 else 5,
            )
        )
    if not shutil.which("pdftotext"):
        p.left_out.append("pdftotext: not installed (poppler-utils)")


def _text(p: Plan, m: Material, quick: bool, cntext: Path | None, options: str) -> None:
    pages = 10 if quick else 100
    files = {f"text, a PDF of {pages} pages": m.pdf(pages)}
    if m.annual_report is None:
        p.left_out.append(f"a real report with tables: there is none in {m.shared / 'pdfs/real'}")
    elif not quick:
        files["text, a real report of 195 pages, half of them tables"] = m.annual_report
    for title, path in files.items():
        contenders = {
            name + of: command(file)
            for name, command in (("nqpf", _nqpf_text), (PLUMBER, _plumber))
            for of, file in (("", path), (ONE_PAGE, m.pdf(1)))
        }
        apart = {name: name + ONE_PAGE for name in ("nqpf", PLUMBER)}
        aims = [Aim(over=PLUMBER, under="nqpf", apart=apart, at_least=10)]
        if shutil.which("pdftotext"):
            contenders[READ] = ("pdftotext", str(path), "-")
            aims.append(Aim(over="nqpf", under=READ, apart=apart, at_most=1.5))
        rounds = 1 if quick else 5
        p.cases.append(
            Case(name="text", title=title, contenders=contenders, aims=aims, rounds=rounds)
        )


def _nqpf_text(path: Path) -> Command:
    return nqpf("text", path)


def _plumber(path: Path) -> Command:
    return peer("plumber", path)


def _texts(p: Plan, m: Material, quick: bool, cntext: Path | None, options: str) -> None:
    folder = m.reports
    if folder is None:
        p.left_out.append(f"real reports: there is no folder {m.shared / 'corpora'}")
    if folder is None or quick:
        folder = m.texts(4 if quick else 60)
    count = len(list(folder.rglob("*.txt")))
    contenders = {
        "nqpf": nqpf("scan", folder, *_uncached(options)),
        "nqpf, 1 job": nqpf("scan", folder, "--jobs", "1", *_uncached(options)),
        "jieba + Counter": peer("plain", folder),
        "automaton": peer("automaton", folder),
    }
    aims = []
    if cntext is not None:
        contenders["cntext"] = peer("cntext_count", folder, python=str(cntext))
        aims.append(Aim(over="cntext", under="nqpf", at_least=20))
    else:
        p.left_out.append("cntext: name its Python with --cntext (make bench installs it apart)")
    title = f"{count} reports as text"
    rounds = 1 if quick else 2
    p.cases.append(Case(name="texts", title=title, contenders=contenders, aims=aims, rounds=rounds))
    p.cases.append(
        Case(
            name="texts",
            title=f"{title}, segmenting only",
            contenders={"jieba": peer("segment", "jieba", folder),
                        "rjieba": peer("segment", "rjieba", folder)},
            rounds=rounds,
        )
    )  # fmt: skip


def _scan(p: Plan, m: Material, quick: bool, cntext: Path | None, options: str) -> None:
    folder = m.pdfs(4 if quick else 200)
    one, two = "nqpf", "nqpf, 2 jobs"
    contenders = {
        one: nqpf("scan", folder, "--jobs", "1", *_uncached(options)),
        two: nqpf("scan", folder, "--jobs", "2", *_uncached(options)),
    }
    if "--cache-dir" in options:
        cache = m.folder / "scan-cache"
        contenders["nqpf, cached"] = nqpf("scan", folder, "--cache-dir", cache)
    else:
        p.left_out.append("cached rescan: this version's scan has no --cache-dir")
    p.cases.append(
        Case(
            name="scan",
            title=f"scan, {4 if quick else 200} PDFs of 10 pages",
            contenders=contenders,
            aims=[Aim(over=one, under=two, at_least=1.8)],
            rounds=1 if quick else 3,
        )
    )
    count = 4 if quick else 200
    contenders = {
        one: nqpf("scan", folder, *_uncached(options)),
        PLAIN: peer("plain", *sorted(folder.glob("*.pdf"))),
    }
    aims = [Aim(over=PLAIN, under=one, at_least=10)]
    if shutil.which("pdftotext"):
        loop = f"for f in '{folder}'/*.pdf; do pdftotext \"$f\" - > /dev/null; done"
        contenders[READ] = ("sh", "-c", loop)
        aims.append(Aim(over=one, under=READ, at_most=2))
    p.cases.append(
        Case(
            name="scan",
            title=f"{count} PDFs of 10 pages, the whole way",
            contenders=contenders,
            aims=aims,
            rounds=1 if quick else 2,
        )
    )


def _growth(p: Plan, m: Material, quick: bool, cntext: Path | None, options: str) -> None:
    pages = (10, 20, 40) if quick else (50, 100, 200, 400, 800)
    documents = (2, 4, 8) if quick else (25, 50, 100, 200)
    steps = (8, 2, 1) if quick else (16, 8, 4, 2, 1)
    fixed = m.pdf(10 if quick else 100)
    lexicons = dict(sorted((size, path) for path, size in map(m.lexicon, steps)))
    rounds = 1 if quick else 3
    p.series += [
        Series(
            name="growth",
            title="pages of a PDF",
            commands={n: nqpf("score", m.pdf(n)) for n in pages},
            at_most=1.05,
            rounds=rounds,
        ),
        Series(
            name="growth",
            title="documents of a scan",
            commands={
                n: nqpf("scan", m.texts(n), "--jobs", "1", *_uncached(options)) for n in documents
            },
            at_most=1.05,
            rounds=rounds,
        ),
        Series(
            name="growth",
            title="entries of the lexicon",
            commands={n: nqpf("score", fixed, "--lexicon", x) for n, x in lexicons.items()},
            at_most=1.0,
            rounds=rounds,
        ),
    ]


def _uncached(options: str) -> tuple[str, ...]:
    return ("--no-cache",) if "--no-cache" in options else ()


_PARTS: dict[str, Callable[[Plan, Material, bool, Path | None, str], None]] = {
    "start": _start,
    "pdf": _pdf,
    "text": _text,
    "texts": _texts,
    "scan": _scan,
    "growth": _growth,
}
