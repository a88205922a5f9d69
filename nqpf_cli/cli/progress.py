"""How far a scan is: a bar on a terminal, a summary everywhere, on stderr."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from nqpf_cli.cli.console import say
from nqpf_cli.cli.shared import Shared
from nqpf_cli.i18n import tr

if TYPE_CHECKING:
    from nqpf_cli.scan import Outcome


class Progress:
    """Counts outcomes; ``done``, ``failed`` and ``cached`` are numbers of files."""

    def __init__(self, shared: Shared, total: int, done: int, failed: int) -> None:
        self._shared, self.total = shared, total
        self.done, self.failed, self.cached = done, failed, 0
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        """Show the bar where there is a terminal that nothing else is written to."""
        records_on_screen = self._shared.output is None and sys.stdout.isatty()
        if sys.stderr.isatty() and not self._shared.quiet and not records_on_screen:
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                TextColumn,
                TimeRemainingColumn,
            )
            from rich.progress import Progress as Bar

            console = Console(stderr=True, no_color=self._shared.no_color or None, highlight=False)
            self._bar = Bar(
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                TextColumn("{task.fields[failures]}"),
                console=console,
                transient=True,
                redirect_stdout=False,
            )
            self._task = self._bar.add_task(
                "", total=self.total, completed=self.done, rate="", failures=self._failures()
            )
            self._bar.start()
        return self

    def advance(self, outcome: Outcome) -> None:
        """Count an outcome."""
        self.done += 1
        self.failed += outcome.error is not None
        self.cached += outcome.cached
        if self._bar is not None:
            speed = self._bar.tasks[0].speed
            rate = tr(f"{speed:.1f} 个/秒", f"{speed:.1f}/s") if speed else ""
            self._bar.update(self._task, advance=1, rate=rate, failures=self._failures())

    def _failures(self) -> str:
        return tr(f"失败 {self.failed}", f"{self.failed} failed") if self.failed else ""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away and say what was done, however the scan ended."""
        if self._bar is not None:
            self._bar.stop()
        if kind is KeyboardInterrupt:
            say(
                self._shared,
                tr(
                    f"已中断：完成 {self.done}/{self.total} 个；用 --resume 继续",
                    f"interrupted: {self.done} of {self.total} done; go on with --resume",
                ),
            )
        elif kind is None:
            known = tr(f"，{self.cached} 个取自缓存", f", {self.cached} from the cache")
            say(
                self._shared,
                tr(
                    f"{self.total} 个文件，{self.failed} 个失败",
                    f"{self.total} file(s), {self.failed} failed",
                )
                + (known if self.cached else ""),
            )
