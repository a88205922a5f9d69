"""The README shows what the program prints."""

from __future__ import annotations

import re
from pathlib import Path

from tools.refresh import README, VALIDITY, block, demo_block


def test_the_picture_of_the_output_is_what_the_program_prints() -> None:
    text = README.read_text(encoding="utf-8")
    assert block(text, "demo") == demo_block(), "renew it with: make docs"


def test_figures_of_validity_stand_in_both_documents() -> None:
    text = README.read_text(encoding="utf-8")
    assert block(text, "validity") == block(VALIDITY.read_text(encoding="utf-8"), "overview")


def test_every_link_between_documents_leads_somewhere() -> None:
    for document in (README, README.parent / "ARCHITECTURE.md", VALIDITY):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text("utf-8")):
            assert (Path(document.parent) / target).exists(), f"{document.name}: {target}"
