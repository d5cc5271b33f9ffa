"""What the command line makes of values and texts before it prints them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from rich.text import Text

from recollect.domain.event import Event, EventType
from recollect.domain.receipt import Cost, Outcome, Receipt, ReceiptItem
from recollect.domain.record import MemoryType
from recollect.doors.cli.adding import joined
from recollect.doors.cli.message_file import read_messages
from recollect.doors.cli.printing import as_json, columns, emit, shortened, visible
from recollect.errors import ValidationError

AN_ID = UUID("019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("two\nlines\tand  spaces", "two lines and spaces"),
        ("\x1b[31mred\x1b[0m", "\ufffd[31mred\ufffd[0m"),
        ("backwards \u202etxt", "backwards \ufffdtxt"),
        ("half a \ud83d pair", "half a \ufffd pair"),
        ("family 👨‍👩‍👧 and naïve 東京", "family 👨‍👩‍👧 and naïve 東京"),
    ],
)
def test_control_characters_are_made_visible(said: str, shown: str):
    assert visible(said) == shown


def test_shortened_never_exceeds_its_length():
    assert shortened("abcdef", 6) == "abcdef"
    assert shortened("abc defg", 6) == "abc d…"
    assert len(shortened("x" * 100, 10)) == 10


def test_values_of_the_domain_become_json():
    at = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
    event = Event(
        id=AN_ID,
        tenant_id="t",
        user_id="u",
        type=EventType.MEMORY_ADDED,
        subject_id=AN_ID,
        payload={"memory": {"text": "x"}},
        recorded_at=at,
        hash=b"\x01\xff",
    )
    document = json.loads(json.dumps(as_json({"events": (event,), "names": frozenset({"b", "a"}), "path": Path("/x")})))
    (written,) = document["events"]
    assert (written["id"], written["type"], written["hash"]) == (str(AN_ID), "memory_added", "01ff")
    assert written["recorded_at"] == "2026-05-04T09:30:00+00:00"
    assert (document["names"], document["path"]) == (["a", "b"], "/x")
    with pytest.raises(TypeError, match="has no JSON form"):
        as_json(object())


def test_tables_are_printed_without_padding(capsys: pytest.CaptureFixture[str]):
    table = columns("name", ">count")
    table.add_row(Text("[red]x[/red]"), "12")
    table.add_row("a longer name", "3")
    emit(table)
    assert capsys.readouterr().out == "name           count\n[red]x[/red]      12\na longer name      3\n"


def test_receipts_of_batches_are_joined():
    item = ReceiptItem(outcome=Outcome.ACCEPTED, reason="", memory_id=AN_ID, type=MemoryType.TURN, text="x")
    one = Receipt(items=(item,), event_ids=(AN_ID,), cost=Cost(ms=2.0, round_trips=2), degraded=("no embedder",))
    both = joined([one, one])
    assert (len(both.items), both.cost.ms, both.cost.round_trips) == (2, 4.0, 4)
    assert both.degraded == ("no embedder",)


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ('{"content": "a"}\n\n{"content": "b"}\n', [{"content": "a"}, {"content": "b"}]),
        ('\ufeff[{"content": "a"},\n "b"]', [{"content": "a"}, "b"]),
        ('{"messages": [1]}', [1]),
        ('{\n "content": "a"\n}', [{"content": "a"}]),
        ('{"content": "a line\u2028separator"}', [{"content": "a line\u2028separator"}]),
    ],
)
def test_files_of_messages(tmp_path: Path, text: str, messages: list[object]):
    file = tmp_path / "chat"
    file.write_text(text, encoding="utf-8")
    assert read_messages(file) == messages


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty"),
        ("[]", "holds no messages"),
        ("[1,", "is not a JSON array"),
        ('{"a": 1}\n{', "line 2: is not JSON"),
        ("[" * 100_000, "is not a JSON array"),
    ],
)
def test_unusable_files(tmp_path: Path, text: str, problem: str):
    file = tmp_path / "chat"
    file.write_text(text)
    with pytest.raises(ValidationError, match=problem) as caught:
        read_messages(file)
    assert str(file) in str(caught.value)
