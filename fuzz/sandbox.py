"""A folder in which commands run: what they leave there, and nowhere else, can be seen."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from fuzz.seeds import ROOT

Files = dict[str, tuple[int, int]]
_CACHE = "home/.cache/nqpf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command gave. ``code`` is None where it had to be ended."""

    command: tuple[str, ...]
    code: int | None
    out: str
    err: str
    seconds: float


class Sandbox:
    """A temporary folder with inputs, outputs, a home and a working folder far down."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="nqpf-fuzz-")
        self.root = Path(self._folder.name)
        self.inputs, self.outputs = self.root / "in", self.root / "out"
        # A path with ../.. in an archive must still end where it is seen.
        self.cwd = self.root / "a" / "b" / "c"
        for path in (self.inputs, self.outputs, self.cwd, self.root / "home", self.root / "tmp"):
            path.mkdir(parents=True)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, e: BaseException | None, at: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def environment(self) -> dict[str, str]:
        """Return the variables of commands: English, all folders inside."""
        kept = {k: os.environ[k] for k in ("PATH", "SYSTEMROOT", "VIRTUAL_ENV") if k in os.environ}
        home = self.root / "home"
        return {
            **kept,
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "TMPDIR": str(self.root / "tmp"),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C.UTF-8",
            "NQPF_LANG": "en",
        }

    def run(self, *arguments: str | Path, limit_s: float, stdin: bytes = b"") -> Outcome:
        """Run the program as users do; one that does not end is ended."""
        command = tuple(map(str, arguments))
        begun = time.monotonic()
        code: int | None
        try:
            done = subprocess.run(
                [sys.executable, "-m", "nqpf_cli", *command],
                input=stdin,
                capture_output=True,
                cwd=self.cwd,
                env=self.environment(),
                timeout=limit_s,
                check=False,
            )
            code, out, err = done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired as e:
            code, out, err = None, e.stdout or b"", e.stderr or b""
        return Outcome(
            command=command,
            code=code,
            out=out.decode("utf-8", "surrogateescape"),
            err=err.decode("utf-8", "surrogateescape"),
            seconds=time.monotonic() - begun,
        )

    def files(self) -> Files:
        """Return every file with size and time of change, the program's cache left out."""
        found: Files = {}
        for folder, _, names in os.walk(self.root):
            for name in names:
                path = os.path.join(folder, name)
                short = os.path.relpath(path, self.root)
                if not short.startswith(_CACHE):
                    about = os.lstat(path)
                    found[short] = (about.st_size, about.st_mtime_ns)
        return found

    def clear(self) -> None:
        """Take out inputs and outputs."""
        for folder in (self.inputs, self.outputs):
            for path in sorted(folder.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
