"""Archives that lie about their members, or whose members' names would lead elsewhere."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from fuzz.seeds import seeds
from nqpf_cli.errors import InputError
from nqpf_cli.model import Document

Attempt = Callable[..., Document | InputError]
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 15))


@pytest.fixture(scope="module", params=["docx", "ofd"])
def sound(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    """Return the name and the bytes of a sound document of a kind."""
    pytest.importorskip("xlsxwriter", reason="needs pip install 'nqpf[workshop]'")
    seed = next(s for s in seeds(None) if s.kind == request.param)
    return seed.name, seed.data


def repacked(data: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)), zipfile.ZIP_DEFLATED)
        for name, content in more.items():
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("field", "declared"), [(20, 0), (20, 100), (24, 0), (24, 100), (24, 0xFFFFFFFE)]
)  # of the directory: bytes 20 tell the packed size, 24 the unpacked one
def test_members_are_no_larger_than_they_say(
    attempt: Attempt, sound: tuple[str, bytes], field: int, declared: int
) -> None:
    name, data = sound
    large = bytearray(repacked(data, lambda n, d: d + b" " * 2_000_000 * ("ontent" in n)))
    for m in re.finditer(b"PK\x01\x02", bytes(large)):
        large[m.start() + field : m.start() + field + 4] = declared.to_bytes(4, "little")
    found = attempt(bytes(large), name)
    assert isinstance(found, InputError)
    assert found.code in ("corrupt", "too_large", "unsupported_type", "empty")


def test_entities_do_not_grow(attempt: Attempt, sound: tuple[str, bytes]) -> None:
    name, data = sound

    def laughing(member: str, xml: bytes) -> bytes:
        declared = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'.encode()
        head, end, rest = xml.partition(b"?>")
        text = rest if end else xml
        return head * bool(end) + end + declared + re.sub(rb">[^<>]+<", b">&l14;<", text, count=1)

    found = attempt(repacked(data, laughing), name)
    assert isinstance(found, InputError) or len(found.raw.text) < 10_000


@pytest.mark.parametrize("member", ["../../evil.xml", "/evil.xml", "C:\\evil.xml", "a\\..\\b"])
def test_a_members_name_is_no_path(
    attempt: Attempt,
    sound: tuple[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    member: str,
) -> None:
    folder = tmp_path / "a" / "b" / "c"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    name, data = sound
    found = attempt(repacked(data, lambda _, d: d, **{member: b"<evil/>"}), name)
    assert isinstance(found, Document)
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]
