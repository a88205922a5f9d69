"""``python -m fuzz``: mutated inputs for a while; exit 1 where one breaks a promise."""

from __future__ import annotations

import argparse
import sys
import time
from itertools import count
from pathlib import Path

from fuzz.inputs import Input, make
from fuzz.run import Result, run
from fuzz.seeds import KINDS, ROOT, seeds


def main() -> int:
    """Run, tell what was seen, keep the inputs that broke a promise."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long (default: 60)")
    parser.add_argument("--inputs", type=int, help="how many instead")
    parser.add_argument("--seed", type=int, default=20240201)
    parser.add_argument("--only", type=int, help="the input of this number alone")
    parser.add_argument("--kinds", default=",".join(KINDS), help=f"default: {','.join(KINDS)}")
    parser.add_argument("--timeout", type=float, default=10.0, help="seconds a document may take")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--keep", type=Path, default=ROOT / ".fuzz", help="where findings go")
    given = parser.parse_args()
    wanted = given.kinds.split(",")
    pool = [s for s in seeds(given.shared) if s.kind in wanted]
    if given.only is not None:
        numbers, size, alone = iter((given.only,)), 1, 1
    elif given.inputs is not None:
        numbers, size, alone = iter(range(given.inputs)), 100, 29
    else:
        numbers, size, alone = count(), 50, 29
    bounded = given.inputs is None and given.only is None
    result = run(
        lambda number: make(pool, given.seed, number),
        numbers,
        timeout_s=given.timeout,
        alone=alone,
        size=size,
        until=time.monotonic() + given.seconds if bounded else float("inf"),
        tell=_progress,
    )
    print(f"seed {given.seed}: {result.inputs.total()} inputs, {result.commands} checks")
    for name, counts in (("kinds", result.inputs), ("outcomes", result.words)):
        print(f"{name}: " + ", ".join(f"{k} {n}" for k, n in sorted(counts.items())))
    for finding in result.findings:
        print(f"FOUND {finding.number} [{finding.recipe}] {finding.command}\n  {finding.fault}")
        if finding.number is not None:
            _keep(given.keep, make(pool, given.seed, finding.number))
    return 1 if result.findings else 0


def _progress(result: Result) -> None:
    total, found = result.inputs.total(), len(result.findings)
    print(f"{total} inputs, {found} finding(s)", file=sys.stderr, flush=True)


def _keep(folder: Path, item: Input) -> None:
    own = folder / f"{item.number:07d}"
    own.mkdir(parents=True, exist_ok=True)
    for name, data in (*item.beside, (item.name, item.data)):
        (own / name).write_bytes(data)


if __name__ == "__main__":
    sys.exit(main())
