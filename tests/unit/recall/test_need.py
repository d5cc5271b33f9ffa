"""Whether a message needs memory: by rules on labelled messages, and at the edges."""

import json
from pathlib import Path

import pytest

from recollect.recall.need import Verdict, needs_memory

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "need_memory.jsonl").read_text(encoding="utf-8").splitlines()
]
TASK = "Write a cover letter for the marketing job"


def test_rules_are_as_good_as_measured() -> None:
    right = sum(needs_memory(row["message"], row["task"]).verdict == row["need"] for row in ROWS)
    assert len(ROWS) >= 150
    assert right / len(ROWS) >= 0.97


def test_memory_is_hardly_ever_left_out_wrongly() -> None:
    wrong = [row for row in ROWS if row["need"] != "no" and needs_memory(row["message"], row["task"]).verdict == "no"]
    assert len(wrong) <= 1


@pytest.mark.parametrize("task", [None, "", "  "])
def test_without_a_task_all_but_small_talk_needs_memory(task: str | None) -> None:
    assert needs_memory("make it shorter", task).verdict is Verdict.YES
    assert needs_memory("thanks!", task).verdict is Verdict.NO


@pytest.mark.parametrize(
    ("message", "word"),
    [("what did I say?", "before"), ("use my address", "own"), ("by next week", "time"), ("ask Tom Miller", "Tom")],
)
def test_the_reason_tells_what_was_seen(message: str, word: str) -> None:
    need = needs_memory(message, TASK)
    assert need.verdict is Verdict.YES
    assert word in need.reason


@pytest.mark.parametrize("message", ["", "?" * 5_000, "x" * 100_000, "make it " * 20_000, "\x00\ud800"])
def test_any_text_gets_an_answer(message: str) -> None:
    assert needs_memory(message, TASK).verdict in Verdict
