"""Runs inputs through the program and gathers what breaks a promise."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fuzz import oracle
from fuzz.here import Worker
from fuzz.inputs import Input
from fuzz.sandbox import Outcome, Sandbox
from fuzz.seeds import DOCUMENTS

QUICK = ("--resamples", "10")
PLAN = "发展新质生产力，化解过剩产能。\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A promise that an input breaks; ``number`` is None where it is not one input's fault."""

    number: int | None
    command: str
    fault: str
    recipe: str


@dataclass(slots=True)
class Result:
    """What a run has seen: inputs by kind, records by their word, findings."""

    inputs: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    commands: int = 0
    findings: list[Finding] = field(default_factory=list)


class Runner:
    """Runs batches of inputs in one sandbox. ``alone``: every so-manieth document also alone."""

    def __init__(self, sandbox: Sandbox, worker: Worker, timeout_s: float, alone: int) -> None:
        self._box, self._worker = sandbox, worker
        self._timeout_s, self._alone = timeout_s, alone
        self.result = Result()

    def batch(self, inputs: Sequence[Input]) -> None:
        """Run the inputs: documents in one scan, the rest one by one."""
        self.result.inputs.update(i.kind for i in inputs)
        documents = [i for i in inputs if i.kind in DOCUMENTS]
        if documents:
            self._scan(documents)
        for item in inputs:
            if item.kind not in DOCUMENTS:
                self._box.clear()
                self._table(item)
        self._box.clear()

    # --- documents ----------------------------------------------------------------------------

    def _scan(self, inputs: Sequence[Input]) -> None:
        self._box.clear()
        paths = [self._box.inputs / f"{i.number:07d}-{i.name}" for i in inputs]
        for path, item in zip(paths, inputs, strict=True):
            path.write_bytes(item.data)
        out = self._box.outputs / "scan.jsonl"
        before = self._box.files()
        limit = self._timeout_s * len(paths)
        given = ("--timeout", str(self._timeout_s), *QUICK)
        outcome = self._box.run("scan", self._box.inputs, "-o", out, *given, limit_s=limit + 60)
        faults = [*oracle.ended(outcome, (0, 7), limit)]
        faults += oracle.same_files(before, self._box.files(), ("out/scan.jsonl",))
        self._note(None, outcome, faults)
        text = out.read_text(encoding="utf-8", errors="surrogateescape") if out.exists() else ""
        for n, fault in oracle.lines(text, [str(p) for p in paths]):
            self._note(inputs[n] if n >= 0 else None, outcome, [fault])
        words = [_word(row) for row in text.split("\n")[:-1]]
        self.result.words.update(words)
        for n, (item, path) in enumerate(zip(inputs, paths, strict=True)):
            hard = n < len(words) and (words[n] == "timeout" or words[n].startswith("corrupt:"))
            if hard or item.number % self._alone == 0:
                self._one(item, path, hard=hard)

    def _one(self, item: Input, path: Path, *, hard: bool) -> None:
        limit = ("--timeout", str(self._timeout_s))
        name = ("--stdin-filename", item.name)
        commands: Sequence[tuple[tuple[str | Path, ...], Sequence[int], Check]] = (
            (("score", path, "-f", "json", *limit, *QUICK), (0, 3), oracle.is_json),
            (("score", "-", *name, "--lang", "zh", *limit, *QUICK), (0, 3), oracle.is_calm),
            (("text", path, "--format", "json", *limit), (0, 3), _json_or_nothing),
            (("explain", path, "-f", "csv", "--why", *limit), (0, 1, 3), oracle.is_table),
            (("explain", path, *limit), (0, 1, 3), oracle.is_calm),
            (("kwic", path, "新质|发展", "--regex", *limit), (0, 1, 3), oracle.is_calm),
            (("score", path, "-f", "tsv", *limit, *QUICK), (0, 3), _nothing),
        )
        turn = 0 if hard else item.number // self._alone % len(commands)
        arguments, codes, check = commands[turn]
        before = self._box.files()
        # Reading has its limit; what follows is linear in a text that has one too.
        outcome = self._box.run(*arguments, limit_s=4 * self._timeout_s + 60, stdin=item.data)
        faults = [*oracle.ended(outcome, codes, self._timeout_s)]
        faults += oracle.same_files(before, self._box.files(), ())
        if outcome.code is not None:
            faults += check(outcome.out)
        self._note(item, outcome, faults)

    # --- the rest -----------------------------------------------------------------------------

    def _table(self, item: Input) -> None:
        for name, data in item.beside:
            (self._box.inputs / name).write_bytes(data)
        path = self._box.inputs / item.name
        path.write_bytes(item.data)
        (self._box.outputs / "plan.txt").write_text(PLAN, encoding="utf-8")
        for arguments, codes, check, written in self._commands(item, path):
            before = self._box.files()
            outcome = self._worker.run(*arguments, limit_s=self._timeout_s * 3)
            faults = [*oracle.ended(outcome, codes, self._timeout_s)]
            after = {k: v for k, v in self._box.files().items() if not k.startswith(written)}
            faults += oracle.same_files(before, after, ())
            if outcome.code == 0:
                faults += check(outcome.out)
            self._note(item, outcome, faults)
            self.result.words[f"{item.kind}: exit {outcome.code}"] += 1
            if outcome.code:
                break

    def _commands(
        self, item: Input, path: Path
    ) -> Iterator[tuple[tuple[str | Path, ...], Sequence[int], Check, str]]:
        folder, plan = self._box.inputs, self._box.outputs / "plan.txt"
        made = self._box.outputs / "made"
        match item.kind:
            case "lexicon":
                check = ("lexicon", "check", folder, "--format", "json")
                yield check, (0, 4), oracle.is_json, "-"
                yield ("lexicon", "list", "--lexicon", folder), (0,), oracle.is_calm, "-"
                score = ("score", plan, "-f", "json", "--coder", "rules", *QUICK)
                yield (*score, "--lexicon", folder), (0,), oracle.is_json, "-"
            case "dictionary":
                yield ("lexicon", "import", path, made), (0, 4), _nothing, "out/made"
                # What was taken over can be used: other faults are for `check` to tell.
                yield ("lexicon", "list", "--lexicon", made), (0,), oracle.is_calm, "-"
            case "units":
                yield ("code", path), (0, 3), _nothing, "-"
                view = ("validate", path, "--errors", "9", "--by", "doc", *QUICK)
                yield view, (0, 2, 3), oracle.is_calm, "-"
            case _:
                yield ("agree", path, path, "--format", "json"), (0, 2, 3), oracle.is_json, "-"

    def _note(self, item: Input | None, outcome: Outcome, faults: Iterable[str]) -> None:
        self.result.commands += 1
        for fault in faults:
            command = " ".join(outcome.command).replace(str(self._box.root), "")
            self.result.findings.append(
                Finding(
                    number=item.number if item else None,
                    command=command,
                    fault=fault,
                    recipe=item.recipe if item else "",
                )
            )


Check = Callable[[str], Iterable[str]]


def _nothing(text: str) -> Iterable[str]:
    return ()


def _json_or_nothing(text: str) -> Iterable[str]:
    return oracle.is_json(text) if text else ()


def _word(row: str) -> str:
    try:
        error = json.loads(row).get("error")
    except (ValueError, AttributeError):
        return "broken"
    if error is None:
        return "report"
    crashed = "crashed" in error["message"]
    return f"{error['code']}: crash" if crashed else str(error["code"])


def run(
    make: Callable[[int], Input],
    numbers: Iterable[int],
    *,
    timeout_s: float = 10.0,
    alone: int = 29,
    size: int = 100,
    until: float = float("inf"),
    tell: Callable[[Result], None] = lambda _: None,
) -> Result:
    """Run the inputs of the given numbers, ``size`` at a time, until ``until`` (monotonic)."""
    with Sandbox() as sandbox, Worker(sandbox) as worker:
        runner = Runner(sandbox, worker, timeout_s, alone)
        held: list[Input] = []
        for number in numbers:
            if time.monotonic() > until:
                break
            held.append(make(number))
            if len(held) == size:
                runner.batch(held)
                held = []
                tell(runner.result)
        if held:
            runner.batch(held)
        return runner.result
