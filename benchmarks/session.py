"""Does a plan: contenders in turn, forth and back, so that a busy minute is everyone's."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from benchmarks.cases import Aim, Case, Plan, Series
from benchmarks.growth import Exponent, exponent
from benchmarks.measure import Figures, Run, run, summary, watched

_PACKAGES = (
    "nqpf", "typer", "numpy", "pypdfium2", "ahocorasick-rs", "pdfplumber", "jieba", "rjieba"
)  # fmt: skip

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """An aim and what was measured: the median of the rounds' ratios, wall and processor time."""

    aim: Aim
    wall: float
    cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """A case with the figures of its contenders, in their order."""

    case: Case
    figures: Sequence[Figures]
    ratios: Sequence[Ratio]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesResult:
    """A series with the processor time of each size, and the exponent of its growth."""

    series: Series
    cpu_s: Mapping[int, float]
    exponent: Exponent


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """All results of one session."""

    machine: Mapping[str, str]
    versions: Mapping[str, str]
    cases: Sequence[CaseResult]
    series: Sequence[SeriesResult]
    left_out: Sequence[str]


def hold(plan: Plan, env: Mapping[str, str], cntext: Path | None, say: Say) -> Session:
    """Measure everything in a plan."""
    return Session(
        machine=machine(),
        versions=versions(cntext),
        cases=[_case(c, env, say) for c in plan.cases],
        series=[_series(s, env, say) for s in plan.series],
        left_out=plan.left_out,
    )


def _case(case: Case, env: Mapping[str, str], say: Say) -> CaseResult:
    say(case.title)
    # The run for memory comes first: it warms the caches that a second use finds warm.
    watched_runs = {name: watched(command, env) for name, command in case.contenders.items()}
    peaks = {name: peak for name, (_, peak) in watched_runs.items()}
    once = case.rounds == 1
    runs = {name: [run_] if once else [] for name, (run_, _) in watched_runs.items()}
    for n in range(0 if once else case.rounds):
        order = list(case.contenders.items())
        for name, command in order if n % 2 else reversed(order):
            runs[name].append(run(command, env))
    figures = [summary(name, runs[name], peaks[name]) for name in case.contenders]
    for f in figures:
        say(f"  {f.name:30} {f.wall_s:8.3f} s {f.cpu_s:8.3f} s CPU {f.peak_mib:7.0f} MiB")
    return CaseResult(case=case, figures=figures, ratios=[_ratio(a, runs) for a in case.aims])


def _ratio(aim: Aim, runs: Mapping[str, Sequence[Run]]) -> Ratio:
    pairs = list(zip(_apart(aim, aim.over, runs), _apart(aim, aim.under, runs), strict=True))
    return Ratio(
        aim=aim,
        wall=median(a.wall_s / b.wall_s for a, b in pairs),
        cpu=median(a.cpu_s / b.cpu_s for a, b in pairs),
    )


def _apart(aim: Aim, name: str, runs: Mapping[str, Sequence[Run]]) -> list[Run]:
    """Return the runs of a contender, without what the same round took to start."""
    start = aim.apart.get(name)
    if start is None:
        return list(runs[name])
    return [
        Run(wall_s=whole.wall_s - less.wall_s, cpu_s=whole.cpu_s - less.cpu_s)
        for whole, less in zip(runs[name], runs[start], strict=True)
    ]


def _series(series: Series, env: Mapping[str, str], say: Say) -> SeriesResult:
    say(series.title)
    runs: dict[int, list[Run]] = {size: [] for size in series.commands}
    for n in range(series.rounds):
        order = list(series.commands.items())
        for size, command in order if n % 2 else reversed(order):
            runs[size].append(run(command, env))
    cpu = {size: median(r.cpu_s for r in found) for size, found in runs.items()}
    fitted = exponent(list(cpu), list(cpu.values()))
    say(f"  {cpu} exponent {fitted.value:.2f} ± {fitted.error:.2f}")
    return SeriesResult(series=series, cpu_s=cpu, exponent=fitted)


def machine() -> dict[str, str]:
    """Return what the figures depend on, names of machines and people apart."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processors": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "python": platform.python_version(),
    }


def versions(cntext: Path | None) -> dict[str, str]:
    """Return the versions of what is compared."""
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    if shutil.which("pdftotext"):
        said = subprocess.run(["pdftotext", "-v"], capture_output=True, check=True).stderr
        found["pdftotext"] = said.decode().split()[2]
    if cntext is not None:
        code = "import importlib.metadata as m; print(m.version('cntext'))"
        said = subprocess.run([cntext, "-c", code], capture_output=True, check=True).stdout
        found["cntext"] = said.decode().strip()
    return found
