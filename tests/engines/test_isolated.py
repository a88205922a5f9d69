"""A function in a process of its own: what it gives, what it raises, what it breaks."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from nqpf_cli.engines.base import Limits
from nqpf_cli.engines.isolated import run_limited
from nqpf_cli.errors import (
    CorruptError,
    DocumentTimeoutError,
    EncryptedError,
    InputError,
    NqpfError,
    TooLargeError,
)
from tests.running import children

# The child imports this by its name, as it imports an engine.
FUNCTIONS = """
import ctypes, faulthandler, os, signal
from nqpf_cli.engines.shared_out import shared_out
from nqpf_cli.errors import EncryptedError, MissingExtraError
from nqpf_cli.i18n import Message

def add(a, b):
    return a + b

def process():
    return os.getpid()

def many(n):
    return "字" * n

def encrypted():
    raise EncryptedError(Message("加密", "locked"), Message("给密码", "give the password"))

def missing():
    raise MissingExtraError.of("ocr", Message("文字识别", "recognising text"))

def wrong():
    raise ValueError("unforeseen")

def loop():
    while True:
        pass

def told_loop(path):
    open(path, "w").close()
    loop()

def told_shared_loop(path):
    mine = os.getpid()
    shared_out(lambda _: told_loop(path) if os.getpid() != mine else loop(), 2, 2, "a.pdf")

def leave():
    os._exit(3)

def killed():
    os.kill(os.getpid(), signal.SIGKILL)

def abort():
    faulthandler.disable()  # pytest's, which would tell of it
    os.abort()

def segfault():
    faulthandler.disable()
    ctypes.string_at(0)

def greedy():
    return len(bytearray(1 << 46))

def grows():
    held = []
    while True:
        held.append(bytearray(1 << 24))

def unsendable():
    return lambda: None

def raises_memory_error():
    raise MemoryError
"""


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("functions")
    (folder / "nqpf_test_functions.py").write_text(FUNCTIONS, encoding="utf-8")
    sys.path.insert(0, str(folder))
    try:
        import nqpf_test_functions  # type: ignore[import-not-found]

        yield nqpf_test_functions
    finally:
        sys.path.remove(str(folder))
        sys.modules.pop("nqpf_test_functions", None)


def test_a_value_comes_back_from_another_process(functions: ModuleType) -> None:
    assert run_limited(functions.add, (2, 3), "a.pdf", Limits()) == 5
    assert run_limited(functions.process, (), "a.pdf", Limits()) != os.getpid()


def test_a_large_value_comes_back_whole(functions: ModuleType) -> None:
    assert run_limited(functions.many, (5_000_000,), "a.pdf", Limits()) == "字" * 5_000_000


def test_an_error_for_the_user_keeps_message_and_hint(functions: ModuleType) -> None:
    with pytest.raises(EncryptedError) as e:
        run_limited(functions.encrypted, (), "a.pdf", Limits())
    assert (e.value.message.zh, e.value.message.en) == ("加密", "locked")
    assert e.value.hint is not None
    assert e.value.hint.en == "give the password"
    with pytest.raises(NqpfError) as other:
        run_limited(functions.missing, (), "a.pdf", Limits())
    assert other.value.exit_code == 5


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("leave", CorruptError, "corrupt"),
        ("killed", CorruptError, "corrupt"),
        ("abort", CorruptError, "corrupt"),
        ("segfault", CorruptError, "corrupt"),
        ("raises_memory_error", TooLargeError, "too_large"),
        ("greedy", TooLargeError, "too_large"),
    ],
)
def test_what_breaks_there_is_told_here(
    functions: ModuleType, name: str, kind: type[InputError], code: str
) -> None:
    with pytest.raises(kind, match=r"a\.pdf") as e:
        run_limited(getattr(functions, name), (), "a.pdf", Limits())
    assert e.value.code == code
    assert e.value.exit_code == 3
    assert e.value.hint is not None


def test_a_loop_ends_at_its_limit(functions: ModuleType) -> None:
    with pytest.raises(DocumentTimeoutError, match=r"0\.2 seconds") as e:
        run_limited(functions.loop, (), "a.pdf", Limits(timeout_s=0.2))
    assert e.value.hint is not None
    assert "--timeout" in e.value.hint.en


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_memory_ends_at_its_limit(functions: ModuleType) -> None:
    with pytest.raises(TooLargeError, match="200 MiB"):
        run_limited(functions.grows, (), "a.pdf", Limits(memory_mib=200))


def test_a_fault_of_ours_is_not_hidden(functions: ModuleType) -> None:
    with pytest.raises(ValueError, match="unforeseen"):
        run_limited(functions.wrong, (), "a.pdf", Limits())


def test_where_it_went_wrong_is_kept_with_the_fault(functions: ModuleType) -> None:
    with pytest.raises(ValueError, match="unforeseen") as e:
        run_limited(functions.wrong, (), "a.pdf", Limits())
    assert "in wrong" in "".join(e.value.__notes__)


def test_a_value_that_cannot_travel_is_a_fault_and_no_crash(functions: ModuleType) -> None:
    with pytest.raises(TypeError, match="cannot be sent"):
        run_limited(functions.unsendable, (), "a.pdf", Limits())


def test_what_is_done_meanwhile_is_done_once(functions: ModuleType) -> None:
    done: list[int] = []
    given = run_limited(functions.add, (2, 3), "a.pdf", Limits(), lambda: done.append(1))
    assert (given, done) == (5, [1])


def test_a_fault_meanwhile_ends_the_child(functions: ModuleType, tmp_path: Path) -> None:
    begun = tmp_path / "begun"

    def fail() -> None:
        wait_until(begun.exists)
        raise KeyError("meanwhile")

    before = children()
    with pytest.raises(KeyError, match="meanwhile"):
        run_limited(functions.told_loop, (str(begun),), "a.pdf", Limits(), fail)
    assert children() == before


def test_one_that_broke_does_not_harm_the_next(functions: ModuleType) -> None:
    for _ in range(3):
        with pytest.raises(CorruptError):
            run_limited(functions.leave, (), "a.pdf", Limits())
    assert run_limited(functions.add, ("a", "b"), "a.pdf", Limits()) == "ab"


SCRIPT = """
import os, sys
import nqpf_test_functions as functions
from nqpf_cli.engines.base import Limits
from nqpf_cli.engines.isolated import run_limited
run_limited(getattr(functions, sys.argv[1]), (sys.argv[2],), "a.pdf", Limits())
"""


@pytest.mark.skipif(os.name == "nt", reason="this system has no process groups")
@pytest.mark.parametrize(
    "name",
    [
        "told_loop",
        pytest.param(
            "told_shared_loop",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="forks are Linux's only"),
        ),
    ],
)
def test_a_loop_does_not_outlive_the_program_that_was_killed(
    functions: ModuleType, tmp_path: Path, name: str
) -> None:
    begun = tmp_path / "begun"
    path = os.pathsep.join([str(Path(functions.__file__ or "").parent), *sys.path])
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, name, str(begun)],
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    ) as program:
        wait_until(begun.exists)
        program.kill()
    wait_until(lambda: gone(program.pid))


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for something that must come; only how long it may take at the most is fixed."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.005)


def gone(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False
