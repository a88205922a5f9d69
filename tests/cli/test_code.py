"""``nqpf code``: a line in, a line out, nothing lost and nothing moved."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Run = Callable[..., CompletedProcess[str]]
TEXT = "大力发展新质生产力，加快关键核心技术攻关。"


def lines(*units: Any) -> bytes:
    return "".join(json.dumps(u, ensure_ascii=False) + "\n" for u in units).encode()


def answers(done: CompletedProcess[str]) -> list[dict[str, Any]]:
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_order_and_ids_stay(nqpf: Run) -> None:
    ids: list[Any] = ["b", "a", "b", 7, 0, -1.5, None, True, ["x", 1], {"doc": 3}, "", "编号①"]
    given = lines(*({"id": i, "text": TEXT} for i in ids))
    found = answers(nqpf("code", "-", stdin=given))
    assert [json.dumps(u["id"]) for u in found] == [json.dumps(i) for i in ids]
    assert len({tuple(u["labels"]) for u in found}) == 1
    assert "factor" in found[0]["labels"]


def test_a_line_has_id_and_labels(nqpf: Run) -> None:
    (found,) = answers(nqpf("code", "-", stdin=lines({"id": 1, "text": TEXT, "doc": "x"})))
    assert list(found)[:2] == ["id", "labels"]


def test_context_is_accepted(nqpf: Run) -> None:
    given = lines({"id": 1, "text": TEXT, "prev": "存在的问题是："}, {"id": 2, "text": TEXT})
    assert [u["id"] for u in answers(nqpf("code", "-", stdin=given))] == [1, 2]


def test_a_file_and_standard_input_give_the_same(nqpf: Run, tmp_path: Path) -> None:
    path = tmp_path / "units.jsonl"
    path.write_bytes(lines({"id": 1, "text": TEXT}, {"id": 2, "text": "今天天气很好。"}))
    assert nqpf("code", path).stdout == nqpf("code", "-", stdin=path.read_bytes()).stdout


@pytest.mark.parametrize("given", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_nothing_in_nothing_out(run: Run, given: bytes) -> None:
    done = run("code", "-", stdin=given)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_empty_text_has_no_labels(nqpf: Run) -> None:
    assert answers(nqpf("code", "-", stdin=lines({"id": 1, "text": ""}))) == [
        {"id": 1, "labels": []}
    ]


def test_line_ends_of_other_systems(nqpf: Run) -> None:
    plain = lines({"id": 1, "text": TEXT}, {"id": 2, "text": TEXT})
    windows = b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n").rstrip()
    assert nqpf("code", "-", stdin=windows).stdout == nqpf("code", "-", stdin=plain).stdout


def test_only_a_line_feed_ends_a_line(nqpf: Run) -> None:
    given = lines({"id": "a\u2028b", "text": f"甲\u2029{TEXT}"}, {"id": "\x85", "text": TEXT})
    done = nqpf("code", "-", stdin=given)
    found = [json.loads(line) for line in done.stdout.split("\n") if line]
    assert [u["id"] for u in found] == ["a\u2028b", "\x85"]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b'{"id": 1, "text": ', "JSON"),
        (b"[1, 2]", "id"),
        (b'{"text": "x"}', "id"),
        (b'{"id": 1}', "text"),
        (b'{"id": 1, "text": null}', "text"),
        (b'{"id": 1, "text": 5}', "text"),
        (b'{"id": NaN, "text": "x"}', ""),
        (b'{"id": 1e999, "text": "x"}', ""),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_written(nqpf: Run, bad: bytes, why: str) -> None:
    done = nqpf("code", "-", stdin=lines({"id": 0, "text": TEXT}) + bad + b"\n")
    assert done.returncode == 3
    assert done.stdout == ""
    assert "line 2" in done.stderr
    assert why in done.stderr


def test_half_a_surrogate_pair_is_no_reason_to_stop(run: Run) -> None:
    done = run("code", "-", stdin=b'{"id": "\\ud800", "text": "\\udfff"}\n')
    assert done.returncode in (0, 3)
    assert "internal error" not in done.stderr
    if done.returncode == 0:
        assert json.loads(done.stdout) == {"id": "\ud800", "labels": []}


def test_a_file_in_another_encoding_is_refused(nqpf: Run) -> None:
    done = nqpf("code", "-", stdin=lines({"id": 1, "text": TEXT}).decode().encode("gb18030"))
    assert done.returncode == 3
    assert "UTF-8" in done.stderr


def test_a_missing_file(nqpf: Run) -> None:
    done = nqpf("code", "missing.jsonl")
    assert done.returncode == 3
    assert "missing.jsonl" in done.stderr
