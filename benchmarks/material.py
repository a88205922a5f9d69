"""What is measured on: PDFs and folders made from the sample that ships, and real reports."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks import ROOT

SAMPLE = ROOT / "corpora" / "sample"
_TABLE = re.compile(r"(?m)^(?=\[\[)")


@dataclass(frozen=True)
class Material:
    """Files in ``folder``, each made when first asked for; ``shared`` may not exist."""

    folder: Path
    shared: Path

    @property
    def reports(self) -> Path | None:
        """The folder of real reports as text, if it is there."""
        reports = self.shared / "corpora"
        return reports if reports.is_dir() else None

    @property
    def annual_report(self) -> Path | None:
        """A real report of 195 pages, if it is there."""
        path = self.shared / "pdfs" / "real" / "finglm-annual-report-2020.pdf"
        return path if path.is_file() else None

    @cached_property
    def short(self) -> Path:
        """A text of a few sentences."""
        path = self.folder / "short.txt"
        path.write_text(
            "加快发展新质生产力。破解人才不足难题，推进区域协调发展。\n", encoding="utf-8"
        )
        return path

    def pdf(self, pages: int, shift: int = 0) -> Path:
        """Return a PDF with the sample's pages repeated, beginning with page ``shift``."""
        path = self.folder / f"{pages}-pages-{shift}.pdf"
        if not path.exists():
            import pypdfium2

            with pypdfium2.PdfDocument(SAMPLE / "report.pdf") as source:
                wanted = [(shift + n) % len(source) for n in range(pages)]
                with pypdfium2.PdfDocument.new() as made:
                    for n in range(0, pages, len(source)):
                        made.import_pages(source, wanted[n : n + len(source)])
                    made.save(path)
        return path

    def pdfs(self, count: int, pages: int = 10) -> Path:
        """Return a folder of PDFs; no two have the same bytes."""
        folder = self.folder / f"{count}-pdfs"
        folder.mkdir(exist_ok=True)
        for n in range(count):
            target = folder / f"{n:04}.pdf"
            if not target.exists():
                # What follows the end mark is no part of the document, but of its hash.
                data = self.pdf(pages, n % 10).read_bytes()
                target.write_bytes(data + f"\n% {n}\n".encode())
        return folder

    def texts(self, count: int) -> Path:
        """Return a folder with the sample's text so many times."""
        folder = self.folder / f"{count}-texts"
        folder.mkdir(exist_ok=True)
        text = (SAMPLE / "report.md").read_text(encoding="utf-8")
        for n in range(count):
            (folder / f"{n:04}.txt").write_text(f"{text}\n{n}\n", encoding="utf-8")
        return folder

    def lexicon(self, step: int) -> tuple[Path, int]:
        """Return a lexicon with one of ``step`` groups of entries, and how many entries it has."""
        folder = self.folder / f"lexicon-{step}"
        folder.mkdir(exist_ok=True)
        for path in (ROOT / "lexicons").glob("*.toml"):
            tables = _TABLE.split(path.read_text(encoding="utf-8"))
            entries = [n for n, t in enumerate(tables) if t.startswith("[[entry]]")]
            dropped = set(entries) - set(entries[::step])
            kept = "".join(t for n, t in enumerate(tables) if n not in dropped)
            (folder / path.name).write_text(kept, encoding="utf-8")
        from nqpf_cli.lexicon.load import load

        return folder, len(load([folder]).entries)
