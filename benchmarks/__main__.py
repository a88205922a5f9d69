"""Measure nqpf beside its peers: ``python -m benchmarks``, ``--quick``, ``--only pdf``, ``--json``.

A full session writes its tables into benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import ROOT, cases, report
from benchmarks.material import Material
from benchmarks.measure import adopt_orphans
from benchmarks.session import hold


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, once: a smoke run")
    parser.add_argument("--only", action="append", choices=cases.names(), default=[])
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--cntext", type=Path, help="a Python that has cntext")
    options = parser.parse_args()
    adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="nqpf-bench-") as name:
        folder = Path(name)
        env = environment(folder)
        material = Material(folder, options.shared)
        plan = cases.plan(
            material,
            quick=options.quick,
            cntext=options.cntext,
            options=_help_of_scan(env),
            only=options.only,
        )
        session = hold(plan, env, options.cntext, lambda line: print(line, file=sys.stderr))
    print(report.to_json(session) if options.json else report.to_markdown(session))
    if not (options.quick or options.only or options.json):
        report.write(session)


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of all runs: caches and temporary files in ``folder``.

    Modules are compiled in the first run of a case, which is not timed, as those of an installed
    program are; whoever measures may have told Python not to keep that.
    """
    return {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        "PYTHONPATH": str(ROOT),
        "XDG_CACHE_HOME": str(folder),
        "TMPDIR": str(folder),
        "BENCH_COMMANDS": str(_commands()),
        "NO_COLOR": "1",
        "LC_ALL": "C.UTF-8",
    }


def _commands() -> int:
    from nqpf_cli.cli.app import COMMANDS

    return len(COMMANDS)


def _help_of_scan(env: dict[str, str]) -> str:
    done = subprocess.run(
        cases.nqpf("scan", "--help"), env=env, cwd=ROOT, capture_output=True, check=True
    )
    return done.stdout.decode("utf-8")


if __name__ == "__main__":
    main()
