"""Renew the reference sets that ship: ``python -m tools.reference --shared …``.

Scans the work reports of ``shared/corpora`` once with each coder and writes the figures, no text,
to ``corpora/reference``. ``inputs.sha256`` says which of the package's data they were made with.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from pathlib import Path

from nqpf_cli.formats.reference import reference_csv
from nqpf_cli.model import Settings
from nqpf_cli.pipeline import Analyzer
from nqpf_cli.reference.build import build
from nqpf_cli.reference.load import shipped
from nqpf_cli.scan import Job, find_files, scan

ROOT = Path(__file__).resolve().parent.parent
INPUTS = ROOT / "corpora" / "reference" / "inputs.sha256"
REPORTS = "*政府工作报告.txt"
CODERS = ("model", "rules")
NAME = "nqpf-work-reports"
# Figures depend on the package's data beside the lexicon, whose hash every set carries.
DATA = ROOT / "nqpf_cli" / "data"
NO_FIGURES = ("SOURCES.md", "citation.toml", "standin.ttf", "tiles.csv")


def sources(manifest: Path) -> dict[str, str]:
    """Return the address of every file of a manifest: its repository at a commit."""
    with manifest.open(encoding="utf-8", newline="") as f:
        rows = csv.DictReader(f, delimiter="\t")
        return {r["file"]: f"https://github.com/{r['repository']}/tree/{r['commit']}" for r in rows}


def hashes() -> str:
    """Return the hashes of the package's data, a line a file as ``sha256sum`` writes them."""
    paths = sorted(p for p in DATA.iterdir() if p.is_file() and p.name not in NO_FIGURES)
    return "".join(
        f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(ROOT).as_posix()}\n"
        for p in paths
    )


def renew(corpora: Path, coder: str, jobs: int) -> None:
    """Scan the work reports with a coder and write the set of that coder."""
    settings = Settings(coder=coder, reference="none")
    analyzer = Analyzer.of((), settings)
    job = Job(lexicons=(), settings=analyzer.settings, options=analyzer.options)
    files = find_files([str(corpora)], [REPORTS])
    outcomes = list(scan(files, job, jobs))
    for outcome in outcomes:
        if outcome.error:
            raise SystemExit(f"{outcome.path}: {outcome.error['message']}")
    records = [json.loads(outcome.line) for outcome in outcomes]
    built = build(records, f"{NAME}-{coder}", sources(corpora / "manifest.tsv"))
    path = shipped(coder)
    path.write_text(reference_csv(built.reference), encoding="utf-8", newline="\n")
    print(f"{path.relative_to(ROOT)}: {len(built.reference.documents)} documents")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="folder with corpora/")
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    for coder in CODERS:
        renew(asked.shared / "corpora", coder, asked.jobs)
    INPUTS.write_text(hashes(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
