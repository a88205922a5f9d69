"""Many files: in a fixed order, and whatever one of them breaks costs its own record only."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nqpf_cli.cache.files import Seen, state_of
from nqpf_cli.engines.base import Limits, ReadOptions
from nqpf_cli.errors import NotFoundError
from nqpf_cli.formats.json_ import dumps_line
from nqpf_cli.model import Settings
from nqpf_cli.pipeline import Analyzer
from nqpf_cli.scan import Job, find, find_files, scan, worker
from nqpf_cli.scan.queue import automatic, useful
from nqpf_cli.scan.worker import Worker

SENTENCE = "引进人才，培育人才。\n"
# Takes the place of the engine for plain text in the workers: does what the text says.
FAULTY = """
import os, signal

from nqpf_cli.engines import registry
from nqpf_cli.engines.plain import PlainEngine

from nqpf_cli.scan import worker

honest = worker.start

def start(job):
    honest(job)
    registry.ENGINES["text"] = f"{__name__}:FaultyEngine"

class FaultyEngine(PlainEngine):
    def read(self, data, name, options):
        match data.decode().strip():
            case "memory":
                raise MemoryError
            case "greedy":
                return bytearray(1 << 46)
            case "exit":
                os._exit(3)
            case "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            case "loop":
                while True:
                    pass
            case "wrong":
                raise ValueError("unforeseen")
            case "deep":
                return self.read(data, name, options)
        return super().read(data, name, options)
"""
FAULTS = {
    "memory": "too_large",
    "greedy": "too_large",
    "exit": "corrupt",
    "killed": "corrupt",
    "loop": "timeout",
    "wrong": "corrupt",
    "deep": "corrupt",
}


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lexicon of one word, quick to load in every worker."""
    folder = tmp_path_factory.mktemp("lexicon")
    (folder / "lexicon.toml").write_text(
        'format = 1\nname = "tiny"\nversion = "1"\nlicence = "MIT"\nfiles = ["factor.toml"]\n',
        encoding="utf-8",
    )
    (folder / "factor.toml").write_text(
        'id = "factor"\nkind = "dimension"\nchain = "factor"\n'
        'name = { zh = "要素", en = "Factors" }\ndefinition = "d"\nsource = "s"\n'
        '[[indicator]]\nid = "labour"\nname = { zh = "人", en = "Labour" }\ndefinition = "d"\n'
        'source = "s"\nmatches = []\nmisses = []\n'
        '[[entry]]\nindicator = "labour"\nterms = ["人才"]\nnote = "n"\n',
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def job(lexicon: Path) -> Job:
    settings = Settings(coder="rules", nested="category", resamples=10)
    return Job(lexicons=(lexicon,), settings=settings, options=ReadOptions(limits=Limits()))


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Put the faulty engine into the workers."""
    folder = tmp_path_factory.mktemp("faulty")
    (folder / "nqpf_test_faults.py").write_text(FAULTY, encoding="utf-8")
    with pytest.MonkeyPatch.context() as m:
        m.syspath_prepend(folder)
        import nqpf_test_faults  # type: ignore[import-not-found]

        m.setattr(worker, "start", nqpf_test_faults.start)
        yield
    del sys.modules["nqpf_test_faults"]


def texts(folder: Path, *contents: str) -> list[str]:
    paths = []
    for n, text in enumerate(contents):
        path = folder / f"{n:02d}.txt"
        path.write_text(SENTENCE if text == "sound" else text, encoding="utf-8")
        paths.append(str(path))
    return paths


def lines(paths: list[str], job: Job, jobs: int = 1) -> list[str]:
    return [o.line for o in scan(paths, job, jobs)]


def records(paths: list[str], job: Job, jobs: int = 1) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines(paths, job, jobs)]


# --- faults -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_fault_costs_the_record_of_its_own_document(tmp_path: Path, job: Job, jobs: int) -> None:
    contents = ["sound"]
    for fault in FAULTS:
        contents += [fault, "sound"]
    paths = texts(tmp_path, *contents)
    limits = Limits(timeout_s=0.5)
    found = records(paths, replace(job, options=ReadOptions(limits=limits)), jobs)
    assert [r["source"]["path"] for r in found] == paths
    told = {c: r["error"] for c, r in zip(contents, found, strict=True) if "error" in r}
    assert {fault: error["code"] for fault, error in told.items()} == FAULTS
    for fault, error in told.items():
        assert error["message"], fault
        assert error["hint"], fault
    assert "--timeout" in told["loop"]["hint"]
    assert "unforeseen" in told["wrong"]["message"]
    sound = [r for c, r in zip(contents, found, strict=True) if c == "sound"]
    assert len(sound) == len(FAULTS) + 1
    assert all(r["dimensions"]["factor"]["hits"] == 2 for r in sound)


@pytest.mark.usefixtures("faulty")
def test_fault_after_fault_is_got_over(tmp_path: Path, job: Job) -> None:
    contents = ["exit"] * 6 + ["sound"]
    found = records(texts(tmp_path, *contents), job, 2)
    assert [r.get("error", {}).get("code") for r in found] == ["corrupt"] * 6 + [None]


def test_errors_of_reading_are_records_too(tmp_path: Path, job: Job) -> None:
    paths = [*texts(tmp_path, "sound", "\n", "\0\0\0"), str(tmp_path / "gone.txt"), str(tmp_path)]
    codes = [r.get("error", {}).get("code") for r in records(paths, job)]
    assert codes == [None, "empty", "empty", "not_found", "unsupported_type"]


# --- order and bytes --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Twenty documents: long ones first, so that workers end in another order."""
    folder = tmp_path_factory.mktemp("corpus")
    return texts(folder, *(SENTENCE * (400 if n % 3 == 0 else 1) for n in range(20)))


def test_records_are_those_of_one_document_after_the_other(
    corpus: list[str], job: Job, lexicon: Path
) -> None:
    analyzer = Analyzer.of([lexicon], job.settings)
    alone = [dumps_line(analyzer.score(analyzer.read(p)).to_dict()) for p in corpus]
    for jobs in (1, 2):
        assert lines(corpus, job, jobs) == alone


def test_no_more_is_scheduled_than_can_be_held(corpus: list[str], job: Job) -> None:
    taken = 0

    def paths() -> Iterator[str]:
        nonlocal taken
        for path in corpus:
            taken += 1
            yield path

    outcomes = scan(paths(), job, 1)
    assert taken == 0
    next(outcomes)
    assert taken <= 5
    outcomes.close()  # type: ignore[attr-defined]


def test_a_scan_may_be_left_in_the_middle(corpus: list[str], job: Job) -> None:
    outcomes = scan(corpus, job, 2)
    first = next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]
    assert first.path == corpus[0]


def test_nothing_gives_nothing(job: Job) -> None:
    assert lines([], job) == []


@pytest.mark.parametrize("settled", [True, False])
@pytest.mark.parametrize("touched", [True, False])
def test_a_hash_is_taken_over_while_the_file_stays_as_it_was(
    tmp_path: Path, job: Job, settled: bool, touched: bool
) -> None:
    (path,) = texts(tmp_path, "sound")
    state = state_of(path)
    assert state is not None
    if touched:
        Path(path).write_text(SENTENCE * 2, encoding="utf-8")
    own = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    outcome = Worker(job).score(path, None, Seen(state, "f" * 64, settled))
    told = json.loads(outcome.line)["source"]["sha256"]
    assert told == ("f" * 64 if settled and not touched else own)


def test_no_more_workers_than_can_be_of_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nqpf_cli.scan.queue.processors", lambda: 2)
    assert [automatic(documents) for documents in (0, 1, 15, 16, 1000)] == [1, 1, 1, 2, 2]
    assert [useful(jobs, 1000) for jobs in (1, 2, 8, 256)] == [1, 2, 8, 8]
    assert [useful(8, documents) for documents in (0, 1, 5)] == [1, 1, 5]


# --- which files ------------------------------------------------------------------------------

Tree = Callable[..., Path]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    def make(*names: str) -> Path:
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x", encoding="utf-8")
        return tmp_path

    return make


def names(found: list[str], root: Path) -> list[str]:
    return [str(Path(p).relative_to(root)) for p in found]


def test_a_folder_before_what_is_below_it(tree: Tree) -> None:
    root = tree("b/x.txt", "b.txt", "a/z.txt", "a/b/y.md", "c.PDF")
    assert names(find_files([str(root)]), root) == [
        "b.txt", "c.PDF", "a/z.txt", "a/b/y.md", "b/x.txt",
    ]  # fmt: skip


def test_a_file_that_is_named_twice_comes_once_where_it_was_named_first(tree: Tree) -> None:
    root = tree("a.txt", "b.txt")
    found = find_files([str(root / "b.txt"), str(root), str(root / "b.txt")])
    assert names(found, root) == ["b.txt", "a.txt"]


@pytest.mark.parametrize("again", ["plans", "./plans", "plans/", "sub/../plans", "{root}/plans"])
def test_a_folder_under_another_spelling_gives_nothing_more(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, again: str
) -> None:
    root = tree("plans/a.txt", "plans/deep/b.txt", "sub/c.txt")
    monkeypatch.chdir(root)
    found = find(["plans", again.format(root=root)])
    assert [Path(f) for f in found.files] == [Path("plans/a.txt"), Path("plans/deep/b.txt")]
    assert found.repeated == 2


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_what_is_seen_through_a_link_is_one_document(tree: Tree) -> None:
    root = tree("plans/a.txt", "plans/b.txt")
    (root / "link").symlink_to(root / "plans", target_is_directory=True)
    (root / "plans" / "c.txt").symlink_to(root / "plans" / "a.txt")
    found = find([str(root / "link"), str(root / "plans" / "b.txt")])
    assert names(found.files, root) == ["link/a.txt", "link/b.txt"]
    assert found.repeated == 2


def test_a_missing_path_keeps_its_place_unless_nothing_exists(tree: Tree) -> None:
    root = tree("a.txt", "b.txt")
    gone = str(root / "gone.txt")
    found = find([str(root / "b.txt"), gone, str(root), gone])
    assert names(found.files, root) == ["b.txt", "gone.txt", "a.txt"]
    assert (found.missing, found.repeated) == ([gone], 2)
    with pytest.raises(NotFoundError, match="gone"):
        find([gone, str(root / "gone too")])


def test_patterns_choose_other_suffixes_too(tree: Tree) -> None:
    root = tree("a.txt", "b.csv", "c.csv.tmp", ".d.csv", "e.CSV")
    assert names(find_files([str(root)], ["*.csv"]), root) == ["b.csv"]
    assert names(find_files([str(root)], ["*.csv", "*.txt"], ["a*"]), root) == ["b.csv"]


def test_patterns_do_not_touch_a_file_that_is_named(tree: Tree) -> None:
    root = tree("a.csv")
    assert names(find_files([str(root / "a.csv")], ["*.txt"], ["a*"]), root) == ["a.csv"]


def test_the_first_missing_path_is_told(tree: Tree) -> None:
    root = tree("a.txt")
    with pytest.raises(NotFoundError, match="gone"):
        find_files([str(root), str(root / "gone")])


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_that_leads_nowhere_is_a_document_that_is_missing(tree: Tree, job: Job) -> None:
    root = tree("a.txt")
    (root / "b.txt").symlink_to(root / "gone.txt")
    (root / "c.txt").symlink_to(root / "c.txt")
    found = find_files([str(root)])
    assert names(found, root) == ["a.txt", "b.txt", "c.txt"]
    codes = [r.get("error", {}).get("code") for r in records(found, job)]
    assert codes == [None, "not_found", "unreadable"]
