"""What the user knows of a document takes the place of what was read out of it."""

from __future__ import annotations

from dataclasses import replace

from nqpf_cli.analysis.divisions import Division, divisions, ending
from nqpf_cli.model import Jurisdiction, Profile

META = "meta"  # where such values were found


def division(text: str) -> Division | None:
    """Return the division of a six-digit code or of a name that can mean one only."""
    if text.isdecimal():
        return next((d for d in divisions() if d.code == text), None)
    if text in ("全国", "国家"):
        return divisions()[0]
    whole = [d for d in divisions() if d.name == text]
    return whole[0] if len(whole) == 1 else ending(text, len(text))


def override(read: Profile, given: Profile | None) -> Profile:
    """Return a profile with the given values in place of those that were read."""
    if given is None:
        return read
    own = {
        name: value
        for name in ("title", "kind", "year")
        if (value := getattr(given, name)) is not None
    }
    found_in = {**read.found_in, **dict.fromkeys(own, META)}
    jurisdiction: Jurisdiction | None = given.jurisdiction or read.jurisdiction
    return replace(read, **own, jurisdiction=jurisdiction, found_in=found_in)
