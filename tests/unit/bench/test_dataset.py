"""A data file that has another form is refused in one line that says where."""

import gzip
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from recollect.bench.dataset import load
from recollect.bench.recall import read_task
from recollect.errors import ValidationError

GOOD: list[dict[str, Any]] = [
    {
        "id": "one",
        "turns": [
            {"id": "a", "session": 1, "at": "2026-01-02T03:04:05+00:00", "speaker": "Ana", "text": "Hello"},
            {"id": "b", "session": "2", "at": None, "speaker": "Ben", "text": "Hi"},
        ],
        "questions": [
            {"text": "Who?", "evidence": ["a"], "category": "who", "answer": 5},
            {"text": "Why?", "evidence": []},
        ],
    }
]


def written(folder: Path, value: object) -> Path:
    path = folder / "data.json"
    path.write_text(json.dumps(value))
    return path


def test_a_good_file(tmp_path: Path):
    (conversation,) = load(written(tmp_path, GOOD))
    assert [turn.session for turn in conversation.turns] == ["1", "2"]
    assert conversation.turns[1].at is None
    assert [question.evidence for question in conversation.questions] == [{"a"}]
    assert conversation.without_evidence == 1


def test_a_compressed_file(tmp_path: Path):
    path = tmp_path / "data.json.gz"
    path.write_bytes(gzip.compress(json.dumps(GOOD).encode()))
    assert load(path) == load(written(tmp_path, GOOD))


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (["turns", 1, "at"], "2026-01-02", r"conversations\[0\] \(one\).turns\[1\].at: is naive"),
        (["turns", 1, "at"], "soon", r"turns\[1\].at: must be ISO 8601"),
        (["turns", 0, "text"], "", r"turns\[0\].text: must be text that is not blank, not blank"),
        (["turns", 0, "text"], 7, r"turns\[0\].text: .* not int"),
        (["turns", 0, "speaker"], None, r"turns\[0\].speaker: .* not missing"),
        (["turns", 0, "session"], 1.5, r"turns\[0\].session: must be a number or text"),
        (["turns", 1, "id"], "a", r"turns: has two turns with the id 'a'"),
        (["turns"], [], r"turns: is empty"),
        (["turns"], {}, r"turns: must be a list, not dict"),
        (["questions"], None, r"questions: must be a list, not missing"),
        (["questions", 0, "evidence"], ["z"], r"questions\[0\].evidence: names 'z'"),
        (["questions", 0, "evidence"], "a", r"questions\[0\].evidence: must be a list, not blank text|text"),
        (["id"], None, r"data.json: conversations\[0\].id: must be text"),
    ],
)
def test_another_form(tmp_path: Path, place: list[Any], value: object, message: str):
    broken: Any = deepcopy(GOOD)
    target = broken[0]
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    with pytest.raises(ValidationError, match=message) as caught:
        load(written(tmp_path, broken))
    assert "\n" not in str(caught.value)


def test_a_missing_time_is_not_an_unknown_one(tmp_path: Path):
    broken: Any = deepcopy(GOOD)
    del broken[0]["turns"][0]["at"]
    with pytest.raises(ValidationError, match=r"turns\[0\].at: is missing"):
        load(written(tmp_path, broken))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not JSON"),
        (b"{}", "must be a list, not dict"),
        (b"[]", "has no conversations"),
        (b"\x1f\x8bx", "read"),
    ],
)
def test_other_files(tmp_path: Path, content: bytes, message: str):
    path = tmp_path / "data.json"
    path.write_bytes(content)
    with pytest.raises(ValidationError, match=message):
        load(path)


def test_no_file(tmp_path: Path):
    with pytest.raises(ValidationError, match="cannot be read: No such file"):
        load(tmp_path / "nothing.json")


def test_choosing_conversations(tmp_path: Path):
    path = written(tmp_path, [{**GOOD[0], "id": f"c{number}"} for number in range(1, 8)])
    chosen = [conversation.id for conversation in read_task(path, "1-2, 4,7-9", None).conversations]
    assert chosen == ["c1", "c2", "c4", "c7"]
    for wrong in ("x", "1-", "-3", ""):
        with pytest.raises(ValidationError, match="--conversations"):
            read_task(path, wrong, None)
    with pytest.raises(ValidationError, match="has 7, none of them in 9"):
        read_task(path, "9", None)
