"""After an erasure nothing is left but the log's unreadable lines, and a certificate that says what went."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import anyio
import pytest
from tests.row_search import places_of

import recollect
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.adapters.postgres.erased_tables import OF_USER
from recollect.adapters.postgres.tables import Base
from recollect.domain.certificate import parse_certificate, verify
from recollect.domain.conversation import Conversation
from recollect.domain.event import EventType
from recollect.domain.scope import PROJECT_STREAM, Scope
from recollect.domain.state import memory_json, replayed
from recollect.errors import KeyUnavailable, NotAllowed, NotFound, ValidationError
from recollect.ports.store import EventQuery

KEPT = {"event", "log_head", "project_member", "api_key"}
"""Tables with a user's id whose rows are not just deleted: the log, and memberships and keys, which end by an event."""


def marker() -> str:
    return f"Zq{uuid4().hex[:10]}x"


def fill(memory: recollect.Memory, user: str, word: str) -> UUID:
    """Puts a word wherever a user's words may go."""
    said: Any = {"speaker": f"Dr {word}", "metadata": {"note": word}, "conversation_id": f"talk {user}"}
    receipt = memory.add(f"My sister {word} lives in Berlin", user_id=user, **said)
    assert receipt.id is not None
    memory.add(f"I live in {word}", user_id=user, conversation_id=f"talk {user}", idempotency_key="once")
    memory.conversations.update(f"talk {user}", user_id=user, title=f"About {word}")
    collection = memory.collections.create(f"All of {word}", user_id=user, description=word)
    memory.collections.add(collection.id, receipt.id, user_id=user)
    memory.tools.record("browser", user_id=user, arguments={"for": word}, output=[word], error=word, task=word)
    memory.profiles.update(user_id=user, preferences={"place": word}, metadata={word: 1})
    memory.entities.describe(f"Aunt {word}", user_id=user, aliases=[f"Auntie {word}"], description=word)
    memory.search(f"Where does {word} live?", user_id=user)
    updated = memory.update(receipt.id, user_id=user, text=f"My sister {word} lives in Bonn")
    return updated.id


def test_every_table_with_a_user_is_thought_of():
    with_user = {table.name for table in Base.metadata.sorted_tables if "user_id" in table.columns}
    assert with_user == {*OF_USER, *KEPT}


def test_after_a_users_erasure_no_table_holds_a_word_of_it(memory: recollect.Memory, server: EmbeddedPostgres):
    word = marker()
    known = fill(memory, "ana", word)
    fill(memory, "ben", "Vienna")
    memory.projects.create("atlas", user_id="ben")
    memory.projects.set_member("atlas", "ana", user_id="ben")
    memory.projects.promote(known, "atlas", user_id="ana")
    memory.add("The launch is in May", user_id="ben", project_id="atlas", share=True)
    before = places_of(server, word)
    assert {"memory.text", "memory.speaker", "memory.metadata", "collection.name", "tool_invocation.arguments"} <= set(
        before
    )
    assert {"profile.preferences", "entity.description", "conversation.title", "turn.speaker"} <= set(before)

    certificate = memory.erasure.user(user_id="ana", actor="dpo")

    assert places_of(server, word) == []
    assert (certificate.tenant_id, certificate.user_id, certificate.actor) == (tenant_of(memory), "ana", "dpo")
    assert certificate.rows["memory"] >= 3
    assert certificate.rows["project_member"] == 1
    for table in ("embedding", "turn", "collection_member", "tool_invocation", "profile", "entity", "idempotency_key"):
        assert certificate.rows[table] >= 1, table
    assert {end.stream for end in certificate.logs} == {"ana", "recollect:tenant", PROJECT_STREAM + "atlas"}
    assert certificate.keys >= 4  # the user's, and one for each memory
    assert memory.list(user_id="ana").memories == ()
    assert [hit.memory.text for hit in memory.search("launch", user_id="ben", project_id="atlas")] != []
    with pytest.raises(NotAllowed):
        memory.projects.get("atlas", user_id="ana")


def test_the_log_of_an_erased_user_is_whole_and_unreadable(memory: recollect.Memory):
    known = fill(memory, "ana", marker())
    lines = memory.audit.verify(user_id="ana").events
    certificate = memory.erasure.user(user_id="ana")
    audit = memory.audit.verify()
    assert audit.ok
    (report,) = memory.audit.verify(user_id="ana").reports
    (end,) = certificate.logs
    assert (report.events, report.hash.hex()) == (end.seq, end.hash) == (lines + 1, end.hash)
    assert certificate.unreadable_events == lines
    history = memory.history(known, user_id="ana")
    assert [event.payload for event in history] == [None] * len(history)
    assert history[0].type is EventType.MEMORY_ADDED


def test_an_erased_user_starts_anew(memory: recollect.Memory):
    fill(memory, "ana", marker())
    first = memory.erasure.user(user_id="ana")
    receipt = memory.add("I live in Oslo", user_id="ana", conversation_id="talk ana")
    assert receipt.id is not None
    assert {m.text for m in memory.list(user_id="ana")} >= {"I live in Oslo"}
    assert memory.conversations.get("talk ana", user_id="ana").turn_count == 1
    assert memory.search("Where do I live?", user_id="ana")[0].memory.text.endswith("Oslo")
    history = memory.history(receipt.id, user_id="ana")
    assert history[0].seq > first.logs[0].seq
    assert history[0].payload is not None
    again = memory.erasure.user(user_id="ana")
    assert 0 < again.unreadable_events < first.unreadable_events
    assert memory.audit.verify().ok


def test_nothing_of_an_unknown_user_can_be_erased(memory: recollect.Memory):
    memory.add("I live in Oslo", user_id="ana")
    with pytest.raises(NotFound, match="nothing of user 'nobody'"):
        memory.erasure.user(user_id="nobody")
    for wrong in ("recollect:tenant", "", "a\x00"):
        with pytest.raises(ValidationError):
            memory.erasure.user(user_id=wrong)
    with pytest.raises(NotFound):
        memory.erasure.memory(uuid4(), user_id="ana")
    assert len(memory.list(user_id="ana").memories) >= 1


def test_after_a_memorys_erasure_no_table_holds_a_word_of_it(memory: recollect.Memory, server: EmbeddedPostgres):
    word = marker()
    said: Any = {"conversation_id": "talk", "speaker": word}
    receipt = memory.add(f"I live in {word}", user_id="ana", idempotency_key="one", **said)
    assert receipt.id is not None
    memory.update(receipt.id, user_id="ana", metadata={"of": word})
    kept = memory.add("I like tea", user_id="ana", conversation_id="talk")
    memory.projects.create("atlas", user_id="ana")
    memory.projects.promote(receipt.id, "atlas", user_id="ana")
    facts = {m.id for m in memory.list(user_id="ana") if word in m.text}
    assert len(facts) >= 1
    assert places_of(server, word) != []

    certificate = memory.erasure.memory(receipt.id, user_id="ana")

    assert places_of(server, word) == []
    assert facts <= set(certificate.memory_ids)
    assert certificate.rows["memory"] == len(certificate.memory_ids) <= certificate.rows["embedding"]
    assert len(certificate.memory_ids) == len(facts) + 1  # and the shared copy
    assert kept.id in {m.id for m in memory.list(user_id="ana")}
    assert [hit for hit in memory.search("Where do I live?", user_id="ana") if word in hit.memory.text] == []
    assert memory.audit.verify().ok
    history = memory.history(receipt.id, user_id="ana")
    assert history[-1].type is EventType.MEMORY_ERASED
    assert {event.payload is None for event in history[:-1]} == {True}
    assert memory.history(kept.id or "", user_id="ana")[0].payload is not None
    assert memory.conversations.get("talk", user_id="ana").turn_count == 2
    memory.add("And coffee too", user_id="ana", conversation_id="talk")
    assert memory.conversations.get("talk", user_id="ana").turn_count == 3


def test_a_deleted_memory_can_be_erased_and_what_others_told_too_stays(
    memory: recollect.Memory, server: EmbeddedPostgres
):
    word = marker()
    first = memory.add(f"I live in Lyon, says {word}", user_id="ana")
    second = memory.add("Good morning! I live in Lyon, and it rains.", user_id="ana")
    assert first.id is not None
    memory.delete(first.id, user_id="ana")
    certificate = memory.erasure.memory(first.id, user_id="ana")
    assert first.id in certificate.memory_ids
    assert places_of(server, word) == []
    left = list(memory.list(user_id="ana"))
    assert second.id in {m.id for m in left}
    assert all(str(first.id) not in m.provenance.evidence for m in left)
    with pytest.raises(NotFound):
        memory.erasure.memory(first.id, user_id="ana")


def test_what_an_erased_value_had_superseded_holds_again(memory: recollect.Memory):
    memory.add("I live in Rome", user_id="ana", at="2026-01-01T09:00:00+00:00")
    later = memory.add("I live in Oslo", user_id="ana", at="2026-02-01T09:00:00+00:00")
    assert later.id is not None
    assert [m.value for m in memory.list(user_id="ana") if m.key == "user:location"] == ["Oslo"]
    memory.erasure.memory(later.id, user_id="ana")
    (rome,) = memory.list(user_id="ana")
    assert (rome.value, rome.valid_to) == ("Rome", None)


def test_the_past_of_a_conversation_can_be_read_when_the_line_that_began_it_is_erased(memory: recollect.Memory):
    first = memory.add("Hello, my boat is green", user_id="ana", conversation_id="talk", agent_id="tutor")
    memory.conversations.update("talk", user_id="ana", title="Boats")
    assert first.id is not None
    memory.erase(user_id="ana", memory_id=first.id)
    memory.add("And the sail is red", user_id="ana", conversation_id="talk", agent_id="tutor")
    seen = memory.at(known_at=datetime.now(UTC)).list(user_id="ana")
    assert [m.text for m in seen] == ["And the sail is red"]
    assert _replayed_conversations(memory) == [memory.conversations.get("talk", user_id="ana")]


def test_turns_that_a_rollback_put_back_outlive_the_memory_that_stood_there_meanwhile(memory: recollect.Memory):
    memory.add("The harbour is calm", user_id="ana", conversation_id="talk")
    memory.add("The boat is green", user_id="ana", conversation_id="talk")
    report = memory.rollback(user_id="ana", to=1)
    meanwhile = memory.add("The sail is red", user_id="ana", conversation_id="talk")
    memory.rollback(user_id="ana", to=report.from_seq)
    assert meanwhile.id is not None
    memory.erase(user_id="ana", memory_id=meanwhile.id)
    seen = memory.at(known_at=datetime.now(UTC)).list(user_id="ana")
    assert [m.text for m in seen] == ["The boat is green", "The harbour is calm"]
    assert _replayed_conversations(memory) == [memory.conversations.get("talk", user_id="ana")]


def test_a_conversation_is_said_anew_though_a_rollback_took_the_erased_turn_back(memory: recollect.Memory):
    job = uuid4()
    first = memory.add("My boat is green", user_id="ana", conversation_id="talk", agent_id="tutor", job_id=job)
    memory.add("The sail is red", user_id="ana", conversation_id="talk", agent_id="tutor")
    memory.rollback(user_id="ana", job=job)
    assert first.id is not None
    memory.erase(user_id="ana", memory_id=first.id)
    (conversation,) = _replayed_conversations(memory)
    assert conversation == memory.conversations.get("talk", user_id="ana")
    assert conversation.agent_id == "tutor"


def _replayed_conversations(memory: recollect.Memory) -> list[Conversation]:
    """What the log of the user ana adds up to."""
    state = replayed(memory.events.list(user_id="ana", limit=1000))
    return [thing for thing in state.things.values() if isinstance(thing, Conversation)]


def test_only_the_author_or_an_admin_erases_what_a_project_shares(memory: recollect.Memory):
    memory.projects.create("atlas", user_id="ben")
    memory.projects.set_member("atlas", "ana", user_id="ben")
    memory.projects.set_member("atlas", "cleo", user_id="ben")
    shared = memory.add("The launch is in May", user_id="ana", project_id="atlas", share=True)
    assert shared.id is not None
    with pytest.raises((NotAllowed, NotFound)):
        memory.erasure.memory(shared.id, user_id="cleo", project_id="atlas")
    certificate = memory.erasure.memory(shared.id, user_id="ana", project_id="atlas")
    assert shared.id in certificate.memory_ids
    assert [end.stream for end in certificate.logs] == [PROJECT_STREAM + "atlas"]
    assert memory.list(user_id="ben", project_id="atlas").memories == ()


def test_a_certificate_proves_what_it_says(memory: recollect.Memory):
    fill(memory, "ana", marker())
    certificate = memory.erasure.user(user_id="ana")
    key = bytes.fromhex(certificate.public_key)
    assert memory.erasure.verify(certificate)
    assert verify(parse_certificate(certificate.to_json()), key)
    other = "01" if certificate.signature.endswith("00") else "00"
    for changed in (
        replace(certificate, user_id="ben"),
        replace(certificate, rows={**certificate.rows, "memory": 0}),
        replace(certificate, unreadable_events=1),
        replace(certificate, signature=certificate.signature[:-2] + other),
    ):
        assert not verify(changed, key)
        assert not memory.erasure.verify(changed)


@pytest.mark.anyio
async def test_adds_during_an_erasure_come_before_or_after_it_never_half(async_memory: recollect.AsyncMemory):
    await async_memory.add("The first note", user_id="ana")
    written: list[UUID | None] = []
    certificates: list[Any] = []

    async def write(number: int) -> None:
        for turn in range(6):
            receipt = await async_memory.add(
                f"Note {turn} of {number} about Lima", user_id="ana", conversation_id=f"c{number}"
            )
            written.append(receipt.id)

    async def erase() -> None:
        for _ in range(4):
            await anyio.sleep(0.02)
            certificates.append(await async_memory.erasure.user(user_id="ana"))

    async with anyio.create_task_group() as group:
        for number in range(4):
            group.start_soon(write, number)
        group.start_soon(erase)
    assert len(written) == 24
    assert len(certificates) == 4
    parts = await async_memory.core.ready()
    scope = Scope(tenant_id=parts.tenant_id, user_id="ana")
    events = await parts.store.events(scope, EventQuery())
    last = max(event.seq for event in events if event.type is EventType.USER_ERASED)
    assert {
        event.payload is None for event in events if event.type is not EventType.USER_ERASED and event.seq < last
    } <= {True}
    assert {event.payload is None for event in events if event.seq > last} <= {False}
    rebuilt = replayed(events).memories
    stored = await parts.store.fetch(scope, [i for i in written if i is not None])
    assert {i: memory_json(m) for i, m in stored.items()} == {
        i: memory_json(m) for i, m in rebuilt.items() if i in stored
    }
    assert set(stored) == set(rebuilt) & set(written)
    assert (await async_memory.audit.verify()).ok


@pytest.mark.anyio
async def test_an_add_goes_on_when_an_erasure_drops_the_names_that_it_is_reading(
    async_memory: recollect.AsyncMemory, monkeypatch: pytest.MonkeyPatch
):
    parts = await async_memory.core.ready()
    await async_memory.add("We met Anna in Rome", user_id="ana")
    look_up = parts.store.things

    async def meanwhile(*asked: Any, **how: Any) -> Any:
        parts.writer.forget((parts.tenant_id, "ana"))
        return await look_up(*asked, **how)

    monkeypatch.setattr(parts.store, "things", meanwhile)
    monkeypatch.setattr("recollect.writing.pipeline.ENTITIES_HOLD_S", 0.0)
    receipt = await async_memory.add("We met Ben in Oslo", user_id="ana")
    assert receipt.items[0].outcome.value == "accepted"


@pytest.mark.anyio
@pytest.mark.parametrize("whole_user", [True, False])
async def test_a_promotion_under_way_leaves_nothing_of_what_is_erased_meanwhile(
    async_memory: recollect.AsyncMemory, server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch, whole_user: bool
):
    word = marker()
    await async_memory.projects.create("atlas", user_id="ben")
    await async_memory.projects.set_member("atlas", "ana", user_id="ben")
    said = await async_memory.add(f"We met {word} in Rome", user_id="ana")
    assert said.id is not None
    parts = await async_memory.core.ready()
    embed = parts.embedder.embed

    async def meanwhile(texts: Any) -> Any:
        monkeypatch.undo()
        await async_memory.erase(user_id="ana", memory_id=None if whole_user else said.id)
        return await embed(texts)

    monkeypatch.setattr(parts.embedder, "embed", meanwhile)
    with pytest.raises(NotFound):
        await async_memory.projects.promote(said.id, "atlas", user_id="ana")
    assert places_of(server, word) == []
    assert (await async_memory.audit.verify()).ok


def test_an_erasure_that_cannot_be_signed_erases_nothing(
    memory: recollect.Memory, server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
):
    word = marker()
    fill(memory, "ana", word)
    before = places_of(server, word)

    async def refuse(*_: object) -> bytes:
        raise KeyUnavailable("the key service is away")

    monkeypatch.setattr("recollect.adapters.keys.local.LocalKeyVault.sign", refuse)
    with pytest.raises(KeyUnavailable):
        memory.erasure.user(user_id="ana")
    assert places_of(server, word) == before
    assert memory.audit.verify().ok


def tenant_of(memory: recollect.Memory) -> str:
    return memory.audit.verify(user_id="ana").reports[0].tenant_id


def test_the_search_for_a_word_sees_what_is_there(memory: recollect.Memory, server: EmbeddedPostgres):
    word = marker()
    memory.add(f"Nobody knows {word}", user_id="ana")
    assert "memory.text" in places_of(server, word.upper())
