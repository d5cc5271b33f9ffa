"""``recollect bench`` measures what it says, on a file and a memory of its own, and refuses other files in one line."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from recollect.bench.cli import app

FACTS = [
    ("Ana", "My piano teacher lives in Ljubljana", "Where does the piano teacher live?"),
    ("Ben", "The red kayak is stored in the boathouse", "Where is the kayak stored?"),
    ("Ana", "Grandmother baked a walnut cake for Easter", "Who baked a walnut cake?"),
    ("Ben", "The passport expires next winter", "When does the passport expire?"),
    ("Ana", "Our dentist moved to Harbour Street", "Which street did the dentist move to?"),
    ("Ben", "The telescope needs a new mirror", "What does the telescope need?"),
]
ROUNDS = 3


def data(folder: Path, **changed: Any) -> Path:
    """Two conversations whose questions share their telling words with one turn each."""
    turns = [
        {
            "id": f"{session}:{number}",
            "session": session,
            "at": f"2026-0{session}-01T10:00:00+00:00" if session > 1 else None,
            "speaker": speaker,
            "text": said if session == 1 else f"Nothing of note about errand {session}{number}",
        }
        for session in range(1, ROUNDS + 1)
        for number, (speaker, said, _) in enumerate(FACTS)
    ]
    questions: list[dict[str, Any]] = [
        {"text": asked, "evidence": [f"1:{number}"], "category": "adversarial" if number == 5 else "plain"}
        for number, (_, _, asked) in enumerate(FACTS)
    ]
    questions.append({"text": "What is not there?", "evidence": [], "category": "plain"})
    conversation: dict[str, Any] = {"turns": turns, "questions": questions, **changed}
    path = folder / "data.json"
    path.write_text(json.dumps([{"id": "first", **conversation}, {"id": "second", **conversation}]))
    return path


def run(home: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--home", home])


def test_recall_as_json(home: str, tmp_path: Path):
    result = run(home, "recall", str(data(tmp_path)), "--embedder", "static", "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert list(report) == [
        "file",
        "embedder",
        "all",
        "without adversarial",
        "by category",
        "conversations",
        "time",
        "counts",
        "machine",
    ]
    assert report["all"]["questions"] == 12
    assert report["without adversarial"]["questions"] == 10
    assert set(report["by category"]) == {"plain", "adversarial"}
    assert set(report["conversations"]) == {"1-5", "first", "second"}
    assert report["counts"]["questions without evidence, left out"] == 2
    assert report["counts"]["turns without a memory"] == 0
    assert report["counts"]["answers that change with the limit"] == 0
    assert report["time"]["add"]["calls"] == 36
    assert report["machine"]["cores"] >= 1
    # Each question shares its telling words with one turn only, so anything less than all of them is a broken bench.
    for name in ("R@5", "hit@5", "all@5", "session R@5", "R@50"):
        assert report["all"][name] == 100.0, name
    assert report["all"]["nDCG@10"] > 90


def test_recall_of_a_part_for_people(home: str, tmp_path: Path):
    path = str(data(tmp_path))
    result = run(home, "recall", path, "--conversations", "2", "--limit-questions", "3", "--profile")
    assert result.exit_code == 0, result.output
    assert "3 questions over 18 turns" in result.stdout
    assert "hot spots of add" in result.stdout
    assert "second" in result.stdout
    assert "first" not in result.stdout.split("hot spots")[0]
    assert max(len(line) for line in result.stdout.splitlines()) <= 80


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"turns": []}, "error: data.json: conversations[0] (first).turns: is empty"),
        ({"questions": [{"text": "Who?", "evidence": ["9"]}]}, "names '9', which is no turn of this conversation"),
    ],
)
def test_another_form_is_one_line(home: str, tmp_path: Path, changed: dict[str, Any], message: str):
    result = run(home, "recall", str(data(tmp_path, **changed)), "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_missing_file_is_one_line(home: str, tmp_path: Path):
    result = run(home, "recall", str(tmp_path / "none.json"))
    assert result.exit_code == 1
    assert "none.json: cannot be read" in result.stderr


def test_speed_prints_the_floor(home: str):
    arguments = ("--sizes", "30,60", "--neighbours", "1", "--neighbour-size", "20", "--calls", "10")
    result = run(home, "speed", "--embedder", "static", *arguments)
    assert result.exit_code == 0, result.output
    for expected in ("ranking floor", "commit floor", "search / ranking floor", "add / commit floor", "round trips"):
        assert expected in result.stdout
    assert max(len(line) for line in result.stdout.splitlines()) <= 80


@pytest.mark.slow
def test_quick_speed_as_json(home: str):
    result = run(home, "speed", "--quick", "--embedder", "static", "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    sizes = report["embedders"]["static"]["sizes"]
    assert set(sizes) == {"500", "2000"}
    for measured in sizes.values():
        assert measured["search"]["p50 ms"] > 0
        assert measured["search / ranking floor"] > 0
        assert measured["add / commit floor"] > 0
        assert measured["search"]["round trips"] <= 2  # once a second one more: what policies and names there are
        assert measured["add"]["round trips"] <= 2
        assert measured["commit floor"]["p50 ms"] > 0
    assert "argpartition" in report["what the ranking floor does"]


def test_sizes_that_cannot_be_used(home: str):
    result = run(home, "speed", "--sizes", "many")
    assert result.exit_code == 1
    assert "--sizes: must be numbers" in result.stderr
