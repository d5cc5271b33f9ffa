"""Export and load: what is kept, what is refused, what happens twice, and what stays where it belongs."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from recollect import AsyncMemory, Memory
from recollect.domain.move import LoadReport
from recollect.errors import Conflict, NotAllowed, ValidationError

SECRETS = """package recollect.secrets
import rego.v1
applies if input.action == "read"
allow if input.memory.sensitivity != "restricted"
"""
NO_TEA = """package recollect.tea
import rego.v1
applies if input.action == "write"
allow if not contains(input.memory.text, "tea")
"""
NO_RESTRICTED = """package recollect.plain
import rego.v1

applies if input.action == "write"
allow if input.memory.sensitivity != "restricted"
"""
TOLD = "2024-05-04T09:30:00+00:00"


@pytest.fixture
def other(home: str) -> Iterator[Memory]:
    """Another tenant."""
    with Memory(home=home, tenant_id=f"other {uuid4()}") as memory:
        yield memory


@pytest.fixture
def filled(memory: Memory) -> Memory:
    """Ana's memory, with something of every kind."""
    talk = [
        {"role": "user", "content": "My sister Anna works at Siemens in Munich", "at": TOLD},
        {"role": "assistant", "content": "Good to know that Anna works in Munich", "at": TOLD},
    ]
    first = memory.add(talk, user_id="ana", conversation_id="monday").id
    second = memory.add("I like green tea", user_id="ana", at=TOLD, metadata={"from": ["mail"]}).id
    assert first is not None
    assert second is not None
    memory.relationships.add(first, second, "supports", user_id="ana")
    group = memory.collections.create("Peru", user_id="ana")
    memory.collections.add(group.id, [first], user_id="ana")
    goal = memory.goals.add("Learn Spanish", user_id="ana")
    memory.goals.add("Find a teacher", user_id="ana", parent_id=goal.id)
    memory.entities.describe("Anna", user_id="ana", description="the sister")
    memory.sessions.start(user_id="ana", state={"topic": "tea"})
    memory.profiles.update(user_id="ana", preferences={"tone": "dry"})
    memory.tools.record("grep", user_id="ana", arguments={"q": 1})
    memory.working.set("slot", 7, user_id="ana")
    return memory


def lines_of(memory: Memory, user_id: str = "ana", **given: Any) -> list[dict[str, Any]]:
    """The export without its header."""
    return list(memory.export(user_id=user_id, **given))[1:]


def of(kind: str, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of one kind."""
    return [line for line in lines if line["kind"] == kind]


def told(report: LoadReport) -> tuple[int, int, int, int]:
    """Imported, merged, skipped, failed."""
    return report.imported, report.merged, report.skipped, report.failed


def test_the_header_names_format_and_user_but_no_tenant(filled: Memory):
    header, *lines = filled.export(user_id="ana")
    assert (header["kind"], header["format"], header["user_id"]) == ("header", 1, "ana")
    assert datetime.fromisoformat(header["exported_at"]).tzinfo is not None
    assert not any("tenant_id" in line or "user_id" in line for line in lines)
    assert not any("embedding" in line for line in lines)


def test_embeddings_come_only_when_asked_for(filled: Memory, other: Memory):
    lines = lines_of(filled, embeddings=True)
    dimension = filled.status().dimension
    for line in of("memory", lines):
        assert len(line["embedding"]["vectors"][0]) == dimension
        assert abs(sum(x * x for x in line["embedding"]["vectors"][0]) - 1) < 0.01
    assert told(other.load(lines, user_id="ana")) == (len(lines), 0, 0, 0)
    assert lines_of(other, embeddings=True) == lines


def test_what_was_read_in_is_found_with_the_times_it_was_told_at(filled: Memory, other: Memory):
    before = filled.search("Where does Anna work?", user_id="ana", limit=3)
    other.load(map(json.dumps, filled.export(user_id="ana")))
    after = other.search("Where does Anna work?", user_id="ana", limit=3)
    assert [hit.memory.text for hit in after] == [hit.memory.text for hit in before]
    assert after[0].memory.told_at == datetime.fromisoformat(TOLD)
    assert after[0].memory.written_at == before[0].memory.written_at
    assert [turn.text for turn in other.conversations.turns("monday", user_id="ana")] == [
        "My sister Anna works at Siemens in Munich",
        "Good to know that Anna works in Munich",
    ]
    assert "dry" in str(other.profiles.get(user_id="ana").preferences)


def test_another_user_of_the_same_tenant_gets_ids_of_their_own(filled: Memory):
    lines = lines_of(filled)
    report = filled.load(lines, user_id="ben")
    assert told(report) == (len(lines), 0, 0, 0)
    assert told(filled.load(lines, user_id="ben")) == (0, 0, len(lines), 0)
    copy = lines_of(filled, "ben")
    ours, theirs = {line["id"] for line in of("memory", lines)}, {line["id"] for line in of("memory", copy)}
    assert not ours & theirs
    (tie,) = of("relationship", copy)
    assert {tie["source_id"], tie["target_id"]} <= theirs
    assert {line["memory_id"] for line in of("turn", copy)} <= theirs
    goals = of("goal", copy)
    assert {one["parent_id"] for one in goals if "parent_id" in one} <= {one["id"] for one in goals}
    fact = next(line for line in of("memory", copy) if line["provenance"]["evidence"])
    assert set(fact["provenance"]["evidence"]) <= theirs
    assert lines_of(filled) == lines


def test_a_rollback_takes_an_import_back(filled: Memory, other: Memory):
    other.add("I live in Rome", user_id="ana")
    kept = {memory.id for memory in other.list(user_id="ana")}
    report = other.load(filled.export(user_id="ana"))
    other.rollback(user_id="ana", job=report.job_id)
    assert {memory.id for memory in other.list(user_id="ana")} == kept
    assert not of("relationship", lines_of(other))
    assert not of("conversation", lines_of(other))
    again = other.load(filled.export(user_id="ana"))
    assert again.failed == 0


def test_words_that_are_there_are_merged_and_what_cites_them_follows(filled: Memory, other: Memory):
    mine = other.add("I like green tea", user_id="ana", at=TOLD).id
    lines = lines_of(filled)
    report = other.load(lines, user_id="ana")
    assert report.merged == 1
    assert report.failed == 0
    (tie,) = of("relationship", lines_of(other))
    assert UUID(tie["target_id"]) == mine
    assert other.load(lines, user_id="ana").imported == 0
    assert mine is not None
    assert other.get(mine, user_id="ana").reinforcements == 0


def test_a_broken_line_is_told_with_its_number_and_the_others_are_stored(filled: Memory, other: Memory):
    good = [json.dumps(line) for line in filled.export(user_id="ana")]
    memory = of("memory", lines_of(filled))[0]
    wrong: list[tuple[Any, str]] = [
        ("{", "is not JSON"),
        ("[1]", "must be a JSON object"),
        ('{"a": NaN, "text": "x"}', "NaN"),
        ('{"text": "nul \\u0000"}', "NUL"),
        ('{"text": "half \\ud800"}', "surrogate"),
        (b"\xff\xfe", "not UTF-8"),
        ({"kind": "dog"}, "kind"),
        ({"nothing": 1}, "neither kind"),
        ({**memory, "id": "x"}, "id"),
        ({**memory, "id": str(uuid4()), "written_at": "2024-05-04T09:30:00"}, "written_at: is naive"),
        ({name: memory[name] for name in memory if name != "written_at"}, "written_at"),
        ({**memory, "id": str(uuid4()), "confidence": 2}, "confidence"),
        ({**memory, "id": str(uuid4()), "text": "x" * 20_000}, "text: has 20,000 characters"),
        ({**memory, "id": str(uuid4()), "version": 0}, "version"),
        ({**memory, "id": str(uuid4()), "colour": "red"}, "colour: is unknown"),
        ({**memory, "tenant_id": "theirs"}, "tenant_id: is unknown"),
        ({**memory, "id": str(uuid4()), "valid_from": TOLD, "valid_to": "2020-01-01T00:00:00Z"}, "valid_to"),
        ({**memory, "id": str(uuid4()), "metadata": {"x": "y" * 70_000}}, "metadata"),
        ({**memory, "id": str(uuid4()), "agent_id": "x" * 300}, "agent_id"),
        ({**memory, "id": str(uuid4()), "decay_rate": 1e999}, "Infinity"),
        ({"kind": "relationship", "source_id": memory["id"], "target_id": str(uuid4()), "type": "supports",
          "created_at": TOLD}, "is not there"),
        ({"kind": "relationship", "source_id": memory["id"], "target_id": memory["id"], "type": "supports",
          "created_at": TOLD}, "target_id"),
        ({"kind": "turn", "conversation_id": "none", "index": 0, "memory_id": memory["id"], "role": "user",
          "written_at": TOLD}, "conversation none is not there"),
        ({"kind": "goal", "id": str(uuid4()), "title": "x", "priority": 9, "created_at": TOLD, "updated_at": TOLD},
         "priority"),
        ({"kind": "context", "name": "a", "value": {}, "at": TOLD, "expires_at": "2999-01-01T00:00:00Z"}, "expires_at"),
        ({"text": "I like milk", "colour": "red"}, "colour"),
        ({"text": "I like milk", "at": "yesterday"}, "at"),
        ({"text": ""}, "empty"),
        ({"text": 7}, "content"),
        ({"role": "king", "content": "I like milk"}, "role"),
        ({"text": "I like milk", "user_id": "ben"}, "the line says 'ben'"),
    ]  # fmt: skip
    mixed = [*good, *(line if isinstance(line, str | bytes) else json.dumps(line) for line, _ in wrong), "", *good]
    report = other.load(mixed, user_id="ana")
    assert told(report) == (len(good) - 1, 0, len(good) - 1, len(wrong)), report.problems
    found = {one.line: one.note for one in report.problems}
    for place, (line, said) in enumerate(wrong):
        assert said in found.get(len(good) + 1 + place, "was stored"), (line, found.get(len(good) + 1 + place))
    assert lines_of(other) == lines_of(filled)


def test_what_was_changed_meanwhile_stays_as_it_is(filled: Memory, other: Memory):
    lines = list(filled.export(user_id="ana"))
    other.load(lines)
    changed = UUID(of("memory", lines)[0]["id"])
    other.update(changed, user_id="ana", text="My sister Anna works at Bosch in Ulm")
    other.used([UUID(of("memory", lines)[1]["id"])], user_id="ana")
    report = other.load(lines)
    assert told(report) == (0, 0, len(lines) - 1, 0)
    (note,) = [one for one in report.kept if str(changed) in one.note]
    assert note.line == 1 + lines.index(of("memory", lines)[0])
    assert "another text" in note.note
    assert other.get(changed, user_id="ana").text.endswith("Ulm")
    with pytest.raises(Conflict, match=f"line {note.line}: memory {changed} is there with another"):
        other.load(lines, on_conflict="fail")


def test_a_dry_run_tells_the_same_and_writes_nothing(filled: Memory, other: Memory):
    lines = [*filled.export(user_id="ana"), {"text": "I like milk", "at": TOLD}, {"kind": "dog"}]
    dry = other.load(lines, dry_run=True)
    assert dry.dry_run
    assert not other.users.list().items
    wet = other.load(lines)
    assert told(wet) == told(dry)
    assert wet.kinds == dry.kinds


def test_lines_of_ones_own_keep_their_times_and_have_none_of_the_present(memory: Memory):
    lines = [
        {"text": "I live in Lyon", "at": TOLD, "metadata": {"page": 3}},
        {"text": "My cat is called Milo"},
        {"text": "Ok", "at": None},
        {"role": "user", "content": "My brother Karl works at Bosch", "at": TOLD, "conversation_id": "c-1"},
        {"role": "assistant", "content": "Karl works at Bosch, I see", "at": TOLD, "conversation_id": "c-1"},
        {"role": "system", "content": "Be kind"},
    ]
    report = memory.load(lines, user_id="eva")
    assert told(report) == (5, 0, 1, 0), report
    found = {one.text: one for one in memory.list(user_id="eva", limit=100)}
    assert found["I live in Lyon"].told_at == datetime(2024, 5, 4, 9, 30, tzinfo=UTC)
    assert found["I live in Lyon"].extra == {"page": 3}
    assert found["My cat is called Milo"].told_at is None
    assert found["Ok"].told_at is None
    assert found["My brother Karl works at Bosch"].conversation_id == "c-1"
    assert memory.conversations.get("c-1", user_id="eva").turn_count == 2
    head = memory.users.get(user_id="eva").log_length
    assert told(memory.load(lines, user_id="eva")) == (0, 0, 6, 0)
    assert memory.users.get(user_id="eva").log_length == head
    memory.rollback(user_id="eva", job=report.job_id)
    assert not memory.list(user_id="eva").memories


def test_small_talk_of_a_chat_is_not_kept_because_the_file_is_read_twice(memory: Memory):
    now = datetime.now(UTC).isoformat()
    words = [("Ok, thanks", now), ("Fine", None), ("I like rye bread", TOLD)]
    lines = [{"role": "user", "content": text, "at": at} for text, at in words]
    first = memory.load(lines, user_id="eva")
    assert told(first) == (1, 0, 2, 0)
    assert [one.said.text for one in memory.working.items(user_id="eva")] == ["Ok, thanks"]
    assert told(memory.load(lines, user_id="eva")) == (0, 0, 3, 0)
    assert not {"Ok, thanks", "Fine"} & {one.text for one in memory.list(user_id="eva")}


def test_many_lines_go_in_several_parts_and_pages(memory: Memory, other: Memory):
    said = (
        {"role": "user", "content": f"Box {n} stands in hall {n % 7}", "at": TOLD, "conversation_id": "c"}
        for n in range(450)
    )
    assert told(memory.load(said, user_id="ana")) == (450, 0, 0, 0)
    lines = lines_of(memory)
    assert len(of("memory", lines)) >= 450
    assert [line["index"] for line in of("turn", lines)] == list(range(450))
    stored: list[int] = []

    def slowly() -> Iterator[dict[str, Any]]:
        for number, line in enumerate(memory.export(user_id="ana")):
            if number == 440:
                stored.append(other.users.get(user_id="ana").memories)
            yield line

    assert told(other.load(slowly())) == (len(lines), 0, 0, 0)
    assert lines_of(other) == lines
    assert 0 < stored[0] < 440  # the first were stored before the last were read


def test_one_file_may_hold_several_users(memory: Memory, other: Memory):
    memory.add("I like tea", user_id="ana")
    memory.add("I like milk", user_id="ben")
    lines = [*memory.export(user_id="ana"), *memory.export(user_id="ben"), {"text": "I like rum", "user_id": "cleo"}]
    report = other.load(lines)
    assert report.users == ("ana", "ben", "cleo")
    assert [one.id for one in other.users.list()] == ["ana", "ben", "cleo"]
    assert {one.text for one in other.list(user_id="ben")} == {"I like milk"}
    alone = other.load(lines, user_id="dora")
    assert {one.text for one in other.list(user_id="dora")} == {"I like tea"}
    assert alone.failed == len(lines_of(memory, "ben")) + 1
    assert "several users at once need user_id to be left out" in alone.problems[0].note


def test_policies_decide_what_leaves_and_what_comes_in(filled: Memory, other: Memory):
    secret = filled.add("The code of the safe is 4711", user_id="ana", sensitivity="restricted").id
    assert secret is not None
    tea = next(line for line in of("memory", lines_of(filled)) if "tea" in line["text"])
    filled.relationships.add(secret, tea["id"], "related", user_id="ana")
    filled.policies.add("secrets", SECRETS)
    lines = lines_of(filled)
    assert "4711" not in json.dumps(lines)
    assert str(secret) not in json.dumps(lines)
    other.policies.add("tea", NO_TEA)
    report = other.load(lines, user_id="ana")
    assert {"tea" in one.note for one in report.problems} == {True, False}, report.problems
    assert not [one for one in other.list(user_id="ana") if "tea" in one.text]
    assert of("memory", lines_of(other))
    filled.policies.add(
        "shut", 'package recollect.shut\nimport rego.v1\napplies if input.action == "read"\nallow if false\n'
    )
    with pytest.raises(NotAllowed):
        lines_of(filled)


def test_policies_decide_what_comes_into_working_memory_too(memory: Memory):
    """A hand-made line could say anything there, past every policy."""
    now = datetime.now(UTC)
    memory.policies.add("plain", NO_RESTRICTED)
    line = {"kind": "working", "at": now.isoformat(), "expires_at": (now + timedelta(minutes=5)).isoformat()}
    told = [
        line | {"name": "one", "value": {"text": "The code is 4711", "sensitivity": "restricted"}},
        line | {"name": "two", "value": {"text": "The door is red"}},
    ]
    report = memory.load(told, user_id="ana")
    assert (report.imported, report.failed) == (1, 1)
    assert "policy 'plain'" in report.problems[0].note
    assert [one.said.text for one in memory.working.items(user_id="ana")] == ["The door is red"]


def test_what_is_not_ours_is_neither_read_nor_written_over(filled: Memory, other: Memory):
    assert lines_of(other) == []
    lines = lines_of(filled)
    other.load(lines, user_id="ana")
    other.update(of("memory", lines)[0]["id"], user_id="ana", text="Theirs now")
    assert lines_of(filled) == lines


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"user_id": ""}, "user_id"),
        ({"user_id": "recollect:tenant"}, "user_id"),
        ({"on_conflict": "maybe"}, "on_conflict"),
        ({"dry_run": 1}, "dry_run"),
        ({"job_id": "x"}, "job_id"),
        ({"lines": "{}"}, "lines"),
        ({"lines": {"text": "x"}}, "lines"),
        ({"lines": 7}, "lines"),
        ({"lines": [{"kind": "header", "format": 2, "user_id": "ana"}]}, "line 1"),
    ],
)
def test_arguments_are_checked(memory: Memory, given: dict[str, Any], field: str):
    arguments: dict[str, Any] = {"lines": [], **given}
    with pytest.raises(ValidationError) as caught:
        memory.load(**arguments)
    assert caught.value.field == field


@pytest.mark.anyio
async def test_lines_may_come_from_an_async_generator(async_memory: AsyncMemory):
    await async_memory.add("I like tea", user_id="ana")
    report = await async_memory.load(async_memory.export(user_id="ana"), user_id="ben")
    assert report.imported >= 1
    assert [one.text for one in await async_memory.list(user_id="ben")] == ["I like tea"]
    entries = await async_memory.access.list(limit=10)
    assert {"export", "load"} <= {entry.method for entry in entries}
