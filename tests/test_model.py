"""The values that travel are had from one place, whichever module has them."""

from __future__ import annotations

import pytest

from nqpf_cli import model


def test_every_name_is_there() -> None:
    assert {name: getattr(model, name) for name in model.__all__}
    assert model.Document.__module__ == "nqpf_cli.model.text"
    assert model.measures.__module__ == "nqpf_cli.model.rows"


def test_no_other_name_is_there() -> None:
    with pytest.raises(AttributeError, match="Docment"):
        _ = model.Docment
