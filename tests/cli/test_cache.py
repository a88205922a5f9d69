"""``nqpf scan`` with its cache, and ``nqpf cache``: a second run costs what has changed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from nqpf_cli.cache.store import NAME, Store

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "plans"
    root.mkdir()
    for n in range(4):
        (root / f"{n}.txt").write_text("培育人才，发展新质生产力。\n" * (n + 1), encoding="utf-8")
    return root


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def scan(nqpf: Run, folder: Path, cache: Path) -> Run:
    def go(
        *more: str | Path, paths: tuple[Path, ...] = (folder,), lang: str = "en"
    ) -> CompletedProcess[str]:
        return nqpf("scan", *paths, "--cache-dir", cache, "--resamples", "10", *more, lang=lang)

    return go


def test_the_second_run_is_the_first_out_of_the_cache(scan: Run) -> None:
    first, second = scan(), scan()
    assert first.stdout == second.stdout
    assert "from the cache" not in first.stderr
    assert "4 from the cache" in second.stderr


def test_a_changed_file_costs_one_file(scan: Run, folder: Path, nqpf: Run) -> None:
    scan()
    (folder / "2.txt").write_text("深化要素市场化配置改革。", encoding="utf-8")
    done = scan()
    assert "3 from the cache" in done.stderr
    assert done.stdout == nqpf("scan", folder, "--no-cache", "--resamples", "10").stdout


def test_a_file_is_known_by_its_bytes_whatever_its_times(scan: Run, folder: Path) -> None:
    first = scan()
    for n in range(4):
        os.utime(folder / f"{n}.txt", (n, n))
    for more in ((), ("--verify",)):
        done = scan(*more)
        assert "4 from the cache" in done.stderr
        assert done.stdout == first.stdout


@pytest.mark.parametrize("what", ["lexicon", "reference"])
def test_what_records_are_made_with_may_change_under_the_same_name(
    scan: Run, nqpf: Run, folder: Path, tiny: Path, what: str
) -> None:
    reference = tiny / "reference.csv"
    records = nqpf("scan", folder, "--no-cache", "--resamples", "10", "--lexicon", tiny).stdout
    (tiny / "scan.jsonl").write_text(records, encoding="utf-8")
    assert nqpf("reference", "build", tiny / "scan.jsonl", "-o", reference).returncode == 0
    more = ("--lexicon", tiny, "--reference", reference)
    scan(*more)
    assert "4 from the cache" in scan(*more).stderr
    changed = tiny / "factor.toml" if what == "lexicon" else reference
    text = changed.read_text(encoding="utf-8")
    changed.write_text(
        text.replace("夔牛", "人才").replace('name = "reference"', 'name = "mended"')
    )
    done = scan(*more)
    assert "from the cache" not in done.stderr
    assert ("mended" in done.stdout) == (what == "reference")


@pytest.mark.parametrize(
    "more", [("--seed", "7"), ("--coder", "rules"), ("--tables", "exclude"), ("--nested", "all")]
)
def test_other_settings_are_other_figures(scan: Run, more: tuple[str, ...]) -> None:
    scan()
    assert "from the cache" not in scan(*more).stderr


def test_another_lexicon_takes_the_text_but_not_the_figures(
    scan: Run, tiny: Path, cache: Path
) -> None:
    scan()
    assert "from the cache" not in scan("--lexicon", tiny).stderr
    held = Store.open(cache).info()
    assert (held.reports, held.documents) == (8, 4)


def test_the_same_bytes_elsewhere_are_known(scan: Run, folder: Path, tmp_path: Path) -> None:
    scan()
    moved = tmp_path / "moved"
    folder.rename(moved)
    done = scan(paths=(moved,))
    assert "4 from the cache" in done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [r["source"]["path"] for r in records] == [str(moved / f"{n}.txt") for n in range(4)]


def test_a_document_without_text_is_known_again_and_one_that_is_corrupt_is_read_again(
    scan: Run, folder: Path
) -> None:
    (folder / "bad.pdf").write_text("no PDF", encoding="utf-8")
    (folder / "blank.txt").write_text(" \n", encoding="utf-8")
    first, second = scan(), scan()
    assert (first.returncode, second.returncode) == (7, 7)
    assert first.stdout == second.stdout
    told = [x for x in first.stderr.splitlines() if "blank.txt" in x or "bad.pdf" in x]
    assert [x for x in second.stderr.splitlines() if "blank.txt" in x or "bad.pdf" in x] == told
    assert "6 file(s), 2 failed, 5 from the cache" in second.stderr
    assert "是空文件" in scan(lang="zh").stderr


def test_an_error_names_the_file_as_it_is_called_now(
    scan: Run, folder: Path, tmp_path: Path
) -> None:
    (folder / "blank.txt").write_text(" \n", encoding="utf-8")
    scan()
    moved = folder.rename(tmp_path / "moved")
    done = scan(paths=(moved,))
    assert "4 from the cache" in done.stderr
    assert f"{moved / 'blank.txt'} is empty" in done.stdout


def test_a_broken_cache_costs_time_only(scan: Run, cache: Path) -> None:
    first = scan()
    (cache / NAME).write_bytes(b"\xff" * 5000)
    for end in ("-wal", "-shm"):
        (cache / f"{NAME}{end}").unlink(missing_ok=True)
    second = scan()
    assert (second.returncode, second.stdout) == (0, first.stdout)


def test_what_a_password_opens_is_not_kept(scan: Run, cache: Path) -> None:
    assert scan("--password", "secret").returncode == 0
    assert not Store.exists(cache)


def test_without_a_cache_nothing_is_written(scan: Run, cache: Path) -> None:
    assert scan("--no-cache").returncode == 0
    assert not cache.exists()


def test_info_prune_clear(nqpf: Run, scan: Run, cache: Path) -> None:
    def info() -> dict[str, object]:
        done = nqpf("cache", "info", "--cache-dir", cache, "--format", "json")
        found: dict[str, object] = json.loads(done.stdout)
        return found

    assert info() == {"path": str(cache), "reports": 0, "documents": 0, "size_bytes": 0}
    scan()
    assert (info()["reports"], info()["documents"]) == (4, 4)
    assert "reports: 4" in nqpf("cache", "info", "--cache-dir", cache).stdout
    assert "0 item" in nqpf("cache", "prune", "--cache-dir", cache, "--unused-days", "3").stderr
    assert nqpf("cache", "prune", "--cache-dir", cache, "--max-size", "0").returncode == 0
    assert info()["reports"] == 0
    assert nqpf("cache", "clear", "--cache-dir", cache).returncode == 0
    assert not Store.exists(cache)
    assert nqpf("cache", "prune", "--max-size", "much").returncode == 2


@pytest.mark.parametrize("command", ["info", "prune"])
def test_a_damaged_cache_is_told(nqpf: Run, cache: Path, command: str) -> None:
    store = Store.open(cache)
    for n in range(500):
        store.put("report", f"{n}", os.urandom(500))
    store.close()
    path = cache / NAME
    data = bytearray(path.read_bytes())
    data[8192:] = bytes(len(data) - 8192)
    path.write_bytes(data)
    most = ("--max-size", "0") if command == "prune" else ()
    done = nqpf("cache", command, "--cache-dir", cache, *most)
    assert (done.returncode, done.stdout) == (6, "")
    assert "nqpf cache clear" in done.stderr


# --- stopping early ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "read"), [(("--fail-fast",), 1), (("--max-failures", "2"), 2), ((), 5)]
)
def test_failures_may_stop_a_scan(
    nqpf: Run, tmp_path: Path, options: tuple[str, ...], read: int
) -> None:
    for n in range(5):
        (tmp_path / f"{n}.pdf").write_text("no PDF", encoding="utf-8")
    out = tmp_path / "scan.jsonl"
    done = nqpf("scan", tmp_path, "-o", out, "--glob", "*.pdf", *options)
    assert done.returncode == 7
    assert out.read_bytes().count(b"\n") == read
    assert ("stopped after" in done.stderr) == bool(options)
    rest = nqpf("scan", tmp_path, "-o", out, "--glob", "*.pdf", "--resume")
    assert out.read_bytes().count(b"\n") == 5
    assert "5 file(s), 5 failed" in rest.stderr


@pytest.mark.parametrize("name", ["scan.jsonl", "scan.csv"])
def test_a_scan_stopped_by_a_failure_goes_on_with_the_rest(
    nqpf: Run, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "plans"
    folder.mkdir()
    for n in "134":
        (folder / f"{n}.txt").write_text("推进新型城镇化。", encoding="utf-8")
    (folder / "2.txt").write_bytes(b"")
    out = tmp_path / name
    arguments = ("scan", folder, "-o", out, "--fail-fast", "--no-cache")
    assert "2 file(s) were not read" in nqpf(*arguments).stderr
    rest = nqpf(*arguments, "--resume")
    assert rest.returncode == 7
    assert "stopped" not in rest.stderr
    assert "2.txt: empty" not in rest.stderr  # its record was kept, not made again
    assert [p.name for p in tmp_path.glob("scan*")] == [name]
    text = out.read_text(encoding="utf-8")
    assert [f"{n}.txt" in text for n in range(1, 5)] == [True] * 4
