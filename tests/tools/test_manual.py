"""The reference and the man page say what the program does."""

from __future__ import annotations

import pytest

from tools import manual


@pytest.fixture(scope="module")
def english() -> list[dict[str, object]]:
    return manual.read("en")


def test_the_reference_is_fresh(english: list[dict[str, object]]) -> None:
    made = manual.markdown(manual.read("zh"), english)
    assert manual.COMMANDS.read_text(encoding="utf-8") == made, "renew it with: make docs"


def test_the_man_page_is_fresh(english: list[dict[str, object]]) -> None:
    assert manual.MAN.read_text(encoding="utf-8") == manual.man_page(english), "make docs"


def test_exit_codes_are_those_of_the_errors() -> None:
    from nqpf_cli import errors

    classes = [c for c in vars(errors).values() if isinstance(c, type)]
    raised = {c.exit_code for c in classes if issubclass(c, errors.NqpfError)}
    assert raised < {code for code, _ in manual.EXIT_CODES}
