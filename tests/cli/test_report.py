"""``nqpf report``: what goes in, what comes out, and what is refused."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]


def data(page: str) -> dict[str, list[dict[str, object]]]:
    """Return the data inside a page."""
    found: dict[str, list[dict[str, object]]] = json.loads(
        page.partition('id="data">')[2].partition("</script>")[0]
    )
    return found


def test_a_document_becomes_a_page_with_evidence(nqpf: Run, plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.html"
    done = nqpf("report", plan, "-o", out, "--evidence", "1", "--title", "A & B")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    page = out.read_text(encoding="utf-8")
    assert "<title>A &amp; B</title>" in page
    (document,) = data(page)["documents"]
    assert document["path"] == str(plan)
    assert document["evidence"]


def test_a_scan_from_standard_input_is_the_same_as_from_a_file(
    nqpf: Run, plan: Path, weather: Path, tmp_path: Path
) -> None:
    scan = tmp_path / "scan.jsonl"
    scan.write_text(
        "".join(nqpf("score", p, "--format", "jsonl").stdout for p in (plan, weather)),
        encoding="utf-8",
    )
    from_file = nqpf("report", scan).stdout
    assert from_file == nqpf("report", "-", stdin=scan.read_bytes()).stdout
    assert [d["path"] for d in data(from_file)["documents"]] == [str(plan), str(weather)]
    assert "evidence" not in data(from_file)["documents"][0]


def test_a_document_from_standard_input_has_a_name(nqpf: Run, plan: Path) -> None:
    done = nqpf("report", "-", "--stdin-filename", "p.txt", stdin=plan.read_bytes())
    assert done.returncode == 0
    assert data(done.stdout)["documents"][0]["path"] == "p.txt"


def test_a_folder_leaves_out_its_own_page_and_tells_failures(
    run: Run, plan: Path, weather: Path
) -> None:
    out = plan.parent / "page.html"
    out.write_text("<html><body>一份旧的页面。</body></html>", encoding="utf-8")
    (plan.parent / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    done = run("report", plan.parent, "-o", out, "--jobs", "2")
    assert done.returncode == 7
    assert "1 file(s) could not be read" in done.stderr
    assert "corrupt" in done.stderr
    found = data(out.read_text(encoding="utf-8"))
    assert [d["path"] for d in found["documents"]] == [str(plan), str(weather)]
    assert [f["code"] for f in found["failures"]] == ["corrupt"]
    assert all("evidence" in d for d in found["documents"])


def test_the_language_of_the_page_is_that_of_the_command(nqpf: Run, plan: Path) -> None:
    assert '<html lang="zh-CN">' in nqpf("report", plan, lang="zh").stdout
    assert '<html lang="en">' in nqpf("report", plan, lang="en").stdout


def test_a_terminal_gets_no_page(terminal: Callable[..., str], plan: Path) -> None:
    shown = terminal("report", plan)
    assert "-o" in shown
    assert "<html" not in shown


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("missing.pdf", None, 3), ("broken.pdf", b"%PDF-1.4 nothing", 3), ("no.jsonl", b"{}\n", 3),
     ("empty.jsonl", b"", 1)],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(
    nqpf: Run, tmp_path: Path, name: str, content: bytes | None, code: int
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = nqpf("report", tmp_path / name, "-o", tmp_path / "out.html")
    assert done.returncode == code
    assert done.stderr.startswith("error: ")
    assert not (tmp_path / "out.html").exists()


def test_without_the_extra_the_install_line_is_told(
    nqpf: Run, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    done = nqpf("report", plan)
    assert done.returncode == 5
    assert "pip install 'nqpf[page]'" in done.stderr
