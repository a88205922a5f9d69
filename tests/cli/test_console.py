"""Streams, colour and control characters: what reaches a pipe, a file and a terminal."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]
COLOUR = re.compile(r"\x1b\[(?:[0-9]+;)*(?:3[0-9]|4[0-9]|9[0-7]|10[0-7])(?:;[0-9]+)*m")
# What could take over a terminal: CSI and OSC, their one-byte forms, and the bell.
HOSTILE = "\x1b[31m\x1b]0;pwned\x07\x9b31m"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# SGR: the only control sequences that our own tables contain.
STYLES = re.compile(r"\x1b\[[0-9;]*m")


# --- streams ----------------------------------------------------------------------------------


def test_data_goes_to_stdout_and_all_else_to_stderr(nqpf: Run, plan: Path) -> None:
    done = nqpf("score", plan, "missing.txt", "--format", "json", "-v")
    good, bad = json.loads(done.stdout)
    assert good["source"]["path"] == str(plan)
    assert bad["error"]["code"] == "not_found"
    assert "missing.txt" in done.stderr
    assert "document" in done.stderr


def test_a_table_of_good_files_is_not_mixed_with_the_error_of_a_bad_one(
    nqpf: Run, plan: Path
) -> None:
    done = nqpf("score", "missing.txt", plan)
    assert done.returncode == 3
    assert "missing.txt" in done.stderr
    assert "missing.txt" not in done.stdout
    assert str(plan) in done.stdout.replace("\n", "")


@pytest.mark.parametrize(
    "arguments", [("score", "missing.txt"), ("score", "--nosuch"), ("nosuch",), ("score",)]
)
def test_failures_leave_stdout_empty(nqpf: Run, arguments: tuple[str, ...]) -> None:
    done = nqpf(*arguments)
    assert done.stdout == ""
    assert done.stderr != ""


def test_quiet_still_tells_errors(nqpf: Run, plan: Path) -> None:
    assert nqpf("score", plan, "-q").stderr == ""
    assert "missing.txt" in nqpf("score", "missing.txt", "-q").stderr


def test_no_traceback_without_debug(run: Run) -> None:
    assert "Traceback" not in run("score", "missing.txt").stderr
    assert "Traceback" in run("score", "missing.txt", "--debug").stderr


def test_messages_are_in_the_language_asked_for(run: Run) -> None:
    done = run("score", "missing.txt", "--lang", "zh")
    assert "错误" in done.stderr
    assert "找不到文件 missing.txt" in done.stderr
    assert "→" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("demo",),
        ("demo", "--format", "json"),
        ("lexicon", "list"),
        ("schema",),
        ("--help",),
        ("--version",),
    ],
    ids=" ".join,
)
def test_a_closed_pipe_ends_quietly(
    environment: dict[str, str], arguments: tuple[str, ...]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "nqpf_cli", *arguments],
        stdout=writer,
        stderr=subprocess.PIPE,
        env=environment,
        timeout=60,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_scan_into_a_closed_pipe_ends_quietly(environment: dict[str, str], plan: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "nqpf_cli", "scan", str(plan.parent)],
        stdout=writer,
        stderr=subprocess.PIPE,
        env=environment,
        timeout=60,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


# --- colour -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [("demo",), ("lexicon", "list"), ("score", "--help"), ("score", "--nosuch")]
)
@pytest.mark.parametrize("variables", [{}, {"GITHUB_ACTIONS": "true"}], ids=["bare", "ci"])
def test_no_escape_codes_when_not_a_terminal(
    run: Run, arguments: tuple[str, ...], variables: dict[str, str]
) -> None:
    done = run(*arguments, **variables)
    assert "\x1b" not in done.stdout + done.stderr


def test_colour_on_a_terminal(terminal: Callable[..., str]) -> None:
    assert COLOUR.search(terminal("demo"))


PLAIN = [("demo",), ("lexicon", "list"), ("score", "--help"), ("explain", "--nosuch")]


@pytest.mark.parametrize("command", PLAIN)
def test_the_variable_no_color_is_obeyed(
    terminal: Callable[..., str], command: tuple[str, ...]
) -> None:
    assert "\x1b" not in terminal(*command, NO_COLOR="1")


@pytest.mark.parametrize("command", PLAIN)
def test_the_option_no_color_is_obeyed(
    terminal: Callable[..., str], command: tuple[str, ...]
) -> None:
    assert "\x1b" not in terminal(*command, "--no-color")


def test_a_file_gets_no_escape_codes_even_from_a_terminal(
    terminal: Callable[..., str], tmp_path: Path
) -> None:
    out = tmp_path / "table"
    assert terminal("demo", "-o", out) == ""
    assert "\x1b" not in out.read_text(encoding="utf-8")


# --- width ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [80, 120])
def test_tables_fit_the_terminal(
    nqpf: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    report_pdf: Path,
    columns: int,
    lang: str,
) -> None:
    from rich.cells import cell_len

    units = tmp_path / "gold.jsonl"
    units.write_text(
        json.dumps({"id": "a", "text": "发展新质生产力。" * 20, "labels": ["block"], "doc": "豫"}),
        encoding="utf-8",
    )
    monkeypatch.setenv("COLUMNS", str(columns))
    for command in (
        ("score", report_pdf, "-v"),
        ("explain", report_pdf, "--why"),
        ("lexicon", "list"),
        ("lexicon", "show", "lockin"),
        ("validate", units, "--baseline", "tokens", "--errors", "9", "--by", "doc"),
    ):
        done = nqpf(*command, lang=lang)
        assert done.returncode == 0
        too_wide = [line for line in done.stdout.splitlines() if cell_len(line) > columns]
        assert not too_wide, command


# --- control characters -----------------------------------------------------------------------


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Return a document whose name, title and text carry control sequences."""
    path = tmp_path / f"a{HOSTILE}b.txt"
    path.write_text(
        f"河南省{HOSTILE}2025年政府工作报告\n\n大力发展新质{HOSTILE}生产力，推进新型城镇化{HOSTILE}。\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        ("score",),
        ("score", "--format", "json"),
        ("explain", "--why"),
        ("explain", "--format", "jsonl"),
        ("text",),
        ("text", "--format", "json"),
    ],
    ids=" ".join,
)
def test_documents_do_not_steer_the_terminal(
    nqpf: Run, hostile: Path, arguments: tuple[str, ...]
) -> None:
    # In JSON they are there, as escapes.
    done = nqpf(*arguments, hostile)
    assert done.returncode == 0
    assert not CONTROL.search(done.stdout)
    assert not CONTROL.search(done.stderr)


@pytest.mark.parametrize(
    "arguments", [("text", "--raw"), ("explain", "--format", "csv"), ("score", "--format", "csv")]
)
def test_data_shown_on_a_terminal_does_not_steer_it(
    terminal: Callable[..., str], hostile: Path, arguments: tuple[str, ...]
) -> None:
    shown = terminal(*arguments, hostile).replace("\r\n", "\n")
    assert "河南省" in shown or "urbanization" in shown
    assert not CONTROL.search(STYLES.sub("", shown))
    assert not COLOUR.search(shown)


def test_raw_text_in_a_pipe_stays_as_it_is(nqpf: Run, hostile: Path) -> None:
    assert nqpf("text", "--raw", hostile).stdout == hostile.read_text(encoding="utf-8")


def test_errors_do_not_steer_the_terminal(nqpf: Run, tmp_path: Path) -> None:
    for arguments in (
        ("score", f"no{HOSTILE}.txt"),
        ("score", f"--no{HOSTILE}"),
        ("text", "--pages", HOSTILE, "x.txt"),
        ("explain", "--category", HOSTILE, "x.txt"),
        ("score", "x.txt", "--lexicon", f"no{HOSTILE}"),
        ("demo", "-o", tmp_path / f"no{HOSTILE}" / "x.json"),
        ("demo", "--format", HOSTILE),
        ("scan", f"no{HOSTILE}"),  # told before any worker starts
    ):
        done = nqpf(*arguments)
        assert done.returncode not in (0, 1)
        assert not CONTROL.search(done.stderr), arguments


def test_a_scan_with_hostile_names_does_not_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    (tmp_path / f"bad{HOSTILE}.pdf").write_text("text", encoding="utf-8")
    done = run("scan", tmp_path)
    assert done.returncode == 7
    assert "corrupt" in done.stderr
    assert not CONTROL.search(done.stdout)
    assert not CONTROL.search(done.stderr)


def test_the_title_in_a_pdf_does_not_steer_the_terminal(nqpf: Run, tmp_path: Path) -> None:
    import pypdfium2 as pdfium

    content = b"BT /F 12 Tf 50 100 Td (The text of this page is long enough to be read.) Tj ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 200]/Contents 4 0 R"
        b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Title<%s>>>" % f"\ufeffReport {HOSTILE}".encode("utf-16-be").hex().encode(),
    )
    body = b"%PDF-1.4\n"
    places = []
    for number, value in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    table = b"".join(b"%010d 00000 n \n" % p for p in places)
    body += b"xref\n0 6\n0000000000 65535 f \n%strailer\n" % table
    body += b"<</Size 6/Root 1 0 R/Info 5 0 R>>\nstartxref\n%d\n%%%%EOF\n" % body.index(
        b"xref\n0 6"
    )
    path = tmp_path / "titled.pdf"
    path.write_bytes(body)
    # PDFium itself takes out the escape character, and nothing else.
    assert CONTROL.search(pdfium.PdfDocument(body).get_metadata_dict()["Title"])
    done = nqpf("score", path)
    assert done.returncode == 0
    assert not CONTROL.search(done.stdout)


def test_gold_units_do_not_steer_the_terminal(nqpf: Run, tmp_path: Path) -> None:
    unit = {
        "id": f"a{HOSTILE}",
        "text": f"新质{HOSTILE}生产力",
        "labels": ["block"],
        "doc": HOSTILE,
    }
    units = tmp_path / "gold.jsonl"
    units.write_text(json.dumps(unit), encoding="utf-8")
    done = nqpf("validate", units, "--errors", "1", "--by", "doc")
    assert done.returncode == 0
    assert not CONTROL.search(done.stdout)


def test_nothing_that_is_drawn_steers_the_terminal() -> None:
    from rich.panel import Panel
    from rich.table import Table

    from nqpf_cli.cli.calm import CalmConsole

    hostile = HOSTILE + "\u202e\u2066"  # these turn the direction of what follows them
    table = Table(hostile, title=hostile, caption=hostile)
    table.add_row(hostile, style="bold")
    out = io.StringIO()
    console = CalmConsole(file=out, force_terminal=True, color_system="standard", width=60)
    for drawn in (hostile, Panel(hostile, title=hostile), table):
        console.print(drawn, markup=False)
    console.rule(hostile)
    shown = out.getvalue()
    assert "\x1b[1m" in shown
    assert not CONTROL.search(STYLES.sub("", shown))
    assert not {"\u202e", "\u2066"} & set(shown)
    assert "\x1b[31m" not in shown


def test_lines_end_alike_on_all_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    from nqpf_cli.__main__ import main

    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, newline="\r\n"))  # as on Windows
    monkeypatch.setattr(sys, "argv", ["nqpf", "schema"])
    with pytest.raises(SystemExit) as e:
        main()
    assert not e.value.code
    assert out.getvalue().count(b"\n") > 10
    assert b"\r" not in out.getvalue()


def test_lexicons_do_not_steer_the_terminal(nqpf: Run, tiny: Path) -> None:
    file = tiny / "factor.toml"
    hostile = file.read_text(encoding="utf-8").replace('"夔牛"', r'"夔牛", "a\u001b]0;x\u0007b"')
    file.write_text(hostile.replace('"劳动者"', r'"劳\u001b[31m"'), encoding="utf-8")
    plan = tiny / "plan.txt"
    plan.write_text("夔牛来了。", encoding="utf-8")
    corpus = ("--corpus", plan)
    for arguments in (("list",), ("show", "factor"), ("check", *corpus), ("diff", tiny, "-")):
        done = nqpf("lexicon", *arguments, "--lexicon", tiny, lang="zh")
        assert done.returncode == 0
        assert not CONTROL.search(done.stdout), arguments
    file.write_text(hostile.replace('"a\\u001b', '"夔…牛\\u001b'), encoding="utf-8")
    done = nqpf("lexicon", "check", tiny)
    assert done.returncode == 4
    assert not CONTROL.search(done.stdout + done.stderr)
