"""A kept question gives the same answer later, whatever was added, changed and deleted since; it goes with its user."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from desk_checks import assert_log_gives_things
from recollect import Memory
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.domain.record import MemoryType
from recollect.domain.search import SearchResult
from recollect.errors import NotFound, ValidationError

MAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
QUESTION = "Where do I live now, and what do I do on Sundays?"


@pytest.fixture
def told(memory: Memory) -> dict[str, UUID]:
    """Some memories of Ben's, by what they say."""
    texts = ["I live in Paris", "I play chess on Sundays", "Anna likes tea", "The weather was cold last week"]
    ids: dict[str, UUID] = {}
    for day, text in enumerate(texts):
        added = memory.add(text, user_id="ben", conversation_id=f"c-{day}", at=MAY + timedelta(days=day)).id
        assert added is not None
        ids[text] = added
    return ids


def shake(memory: Memory, told: dict[str, UUID]) -> None:
    """Changes a good deal of what is stored."""
    memory.add("I moved to Lyon", user_id="ben")
    memory.add("On Sundays I sleep", user_id="ben", conversation_id="c-1")
    memory.update(told["I play chess on Sundays"], user_id="ben", text="I play cards on Fridays")
    memory.delete(told["Anna likes tea"], user_id="ben")
    memory.used(told["I live in Paris"], user_id="ben")


ASKED: list[dict[str, Any]] = [
    {},
    {"profile": "cortex", "limit": 3},
    {"profile": {"meaning": 0.7, "words": 0.3, "conversation": 0.2}},
    {"types": [MemoryType.TURN], "occurred_from": MAY, "filters": {"conversation_id": {"in": ["c-0", "c-1"]}}},
    {"now": MAY + timedelta(days=10), "as_of": MAY + timedelta(days=2), "min_score": 0.001, "max_tokens": 60},
]


@pytest.mark.parametrize("given", ASKED)
def test_a_trace_gives_the_same_answer_whatever_happened_since(
    memory: Memory, told: dict[str, UUID], given: dict[str, Any]
):
    found = memory.search(QUESTION, user_id="ben", trace=True, **given)
    assert found.trace_id is not None
    shake(memory, told)
    assert memory.search(QUESTION, user_id="ben", **given).ids != found.ids
    again = memory.traces.replay(found.trace_id, user_id="ben")
    assert again.same
    assert again.differences == ()
    assert again.result.ids == found.ids
    assert [hit.score for hit in again.result] == pytest.approx([hit.score for hit in found], abs=1e-4)
    assert [hit.memory.text for hit in again.result] == [hit.memory.text for hit in found]


def test_a_trace_says_what_was_asked(memory: Memory, told: dict[str, UUID]):
    found = memory.search(QUESTION, user_id="ben", limit=2, types=["turn"], explain=True)
    trace = memory.traces.save(found, user_id="ben")
    assert (trace.query, trace.arguments) == (QUESTION, {"limit": 2, "types": ["turn"]})
    assert trace.weights["meaning"] > 0
    assert trace.seqs == found.seqs == {"ben": max(found.seqs.values())}
    assert trace.searched == found.searched
    assert [(hit.memory_id, hit.score) for hit in trace.hits] == [(hit.memory.id, hit.score) for hit in found]
    assert memory.traces.get(trace.id, user_id="ben") == trace
    other = memory.search("tea", user_id="ben", trace=True)
    assert [shown.id for shown in memory.traces.list(user_id="ben")] == [other.trace_id, trace.id]
    page = memory.traces.list(user_id="ben", limit=1)
    assert [shown.id for shown in memory.traces.list(user_id="ben", cursor=page.next_cursor)] == [trace.id]
    assert_log_gives_things(memory, "ben")
    memory.traces.delete(trace.id, user_id="ben")
    with pytest.raises(NotFound):
        memory.traces.get(trace.id, user_id="ben")
    assert_log_gives_things(memory, "ben")
    assert told


def test_what_is_not_the_same_any_more_is_told(memory: Memory, told: dict[str, UUID]):
    found = memory.search(QUESTION, user_id="ben", trace=True)
    assert found.trace_id is not None
    gone = found[0].memory.id
    memory.erase(user_id="ben", memory_id=gone)
    again = memory.traces.replay(found.trace_id, user_id="ben")
    assert not again.same
    assert f"memory {gone} was 1. and is missing" in again.differences
    assert any("memories were ranked, now" in difference for difference in again.differences)
    assert told


def test_a_trace_in_a_project_keeps_both_logs(memory: Memory, told: dict[str, UUID]):
    memory.projects.create("atlas", user_id="ben")
    memory.add("The office moves to Lyon on Sundays", user_id="ben", project_id="atlas", share=True)
    found = memory.search(QUESTION, user_id="ben", project_id="atlas", trace=True)
    assert found.trace_id is not None
    assert set(memory.traces.get(found.trace_id, user_id="ben").seqs) == {"ben", "recollect:project:atlas"}
    memory.add("The office moves to Rome on Sundays", user_id="ben", project_id="atlas", share=True)
    shake(memory, told)
    assert memory.traces.replay(found.trace_id, user_id="ben").same


@pytest.mark.usefixtures("told")
def test_nobody_else_sees_it_and_only_what_was_asked_is_kept(memory: Memory):
    found = memory.search(QUESTION, user_id="ben", trace=True)
    trace_id = found.trace_id
    assert trace_id is not None
    assert len(memory.traces.list(user_id="eve")) == 0
    for method in (memory.traces.get, memory.traces.replay, memory.traces.delete):
        with pytest.raises(NotFound):
            method(trace_id, user_id="eve")
        with pytest.raises(NotFound):
            method(uuid4(), user_id="ben")
    with pytest.raises(ValidationError, match="user_id"):
        memory.traces.save(found, user_id="eve")
    with pytest.raises(ValidationError, match="result"):
        memory.traces.save(SearchResult(hits=(), query="x"), user_id="ben")
    with pytest.raises(ValidationError, match="small talk"):
        memory.traces.save(memory.search("Hello!", user_id="ben"), user_id="ben")
    assert memory.search("Hello!", user_id="ben", trace=True).trace_id is None
    with pytest.raises(ValidationError, match="trace"):
        memory.at(MAY).search(QUESTION, user_id="ben", trace=True)


def test_erasing_the_user_erases_the_questions(memory: Memory, server: EmbeddedPostgres):
    word = f"zanzibar{uuid4().hex[:8]}"
    memory.add("I live in Paris", user_id="ben")
    assert memory.search(f"Where is {word}?", user_id="ben", trace=True).trace_id is not None
    assert memory.erase(user_id="ben").rows["trace"] == 1
    with psycopg.connect(server.admin_conninfo, dbname="recollect") as connection:
        kept = connection.execute(b"SELECT count(*) FROM recollect.trace WHERE query LIKE %s", (f"%{word}%",))
        assert kept.fetchone() == (0,)
        said = b"SELECT count(*) FROM recollect.event WHERE position(%s::bytea in payload) > 0"
        assert connection.execute(said, (word.encode(),)).fetchone() == (0,)
