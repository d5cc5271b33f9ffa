"""Bad input gets a typed error in one sentence, and leaves nothing behind."""

from datetime import datetime
from typing import Any

import pytest

import recollect
from recollect.errors import NotFound, RecollectError, UsageError, ValidationError

MISSING = "019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e"


@pytest.mark.parametrize(
    ("content", "given", "message"),
    [
        ("", {}, "content: is empty"),
        ("  \n", {}, "content: is empty"),
        ("x" * 1_000_001, {}, "1,000,001 characters"),
        ("x" * 20_000, {}, "one memory holds 10,000"),
        (b"\x00\x01", {}, "is bytes"),
        ("a\x00b", {}, "NUL"),
        ("\x01\x02\x03" * 50, {}, "binary"),
        (5, {}, "must be text, a message or a list"),
        ([], {}, "empty list"),
        ([5], {}, r"messages\[0\]: must be an object"),
        (
            [{"role": "user", "content": "ok"}, {"role": "pirate", "content": "arr"}],
            {},
            r"messages\[1\].role: must be one of",
        ),
        ([{"role": "user", "text": "ok"}], {}, r"messages\[0\].text: is unknown"),
        ([{"role": "user", "content": ""}], {}, r"messages\[0\].content: is empty"),
        ("ok then", {"at": datetime(2026, 5, 4)}, "at: is naive"),  # noqa: DTZ001 - that is the test
        ("ok then", {"at": "2026-05-04"}, "at: "),
        ("ok then", {"occurred_at": 5}, "occurred_at: must be a datetime"),
        ("ok then", {"type": "thought"}, "type: must be one of episodic_event, "),
        ("ok then", {"tier": "secret"}, "tier: must be one of personal"),
        ("ok then", {"source_type": "dream"}, "source_type: must be one of"),
        ("ok then", {"metadata": {"a": float("nan")}}, "metadata: must be JSON"),
        ("ok then", {"metadata": [1]}, "metadata: must be an object"),
        ("ok then", {"speaker": "x\x00"}, "speaker: "),
        ("ok then", {"colour": "red"}, "colour: is not an argument of add"),
        ("ok then", {"agent_id": 7}, "agent_id: must be a string"),
    ],
)
def test_add_refuses_and_stores_nothing(memory: recollect.Memory, content: Any, given: dict[str, Any], message: str):
    with pytest.raises(ValidationError, match=message) as caught:
        memory.add(content, user_id="ana", **given)
    assert "\n" not in str(caught.value)
    assert len(memory.list(user_id="ana")) == 0


@pytest.mark.parametrize("user_id", ["", " ", "a\x00", None, 5, "x" * 256])
def test_unusable_user_ids(memory: recollect.Memory, user_id: Any):
    for call in (lambda: memory.add("hello there", user_id=user_id), lambda: memory.search("hello?", user_id=user_id)):
        with pytest.raises(ValidationError, match="user_id"):
            call()


@pytest.mark.parametrize("user_id", ["' OR 1=1 --", "../../x", "🦊", "%s%(a)s", "{}", "a\nb"])
def test_hostile_user_ids_are_only_names(memory: recollect.Memory, user_id: str):
    memory.add("The parcel is in the garage", user_id=user_id)
    assert memory.search("where is the parcel?", user_id=user_id)[0].memory.text == "The parcel is in the garage"
    assert len(memory.search("where is the parcel?", user_id="someone else")) == 0


@pytest.mark.parametrize(
    ("query", "given", "message"),
    [
        ("", {}, "query: is empty"),
        ("x" * 10_001, {}, "query: has 10,001"),
        ("ok\x00", {}, "query: contains a NUL"),
        ("what?", {"limit": 0}, "limit: must be a whole number from 1 to 1000"),
        ("what?", {"limit": True}, "limit"),
        ("what?", {"limit": 2.5}, "limit"),
        ("what?", {"top": 3}, "top: is not an argument of search"),
        ("what?", {"types": ["turn", "dream"]}, "types: must be one of"),
        ("what?", {"types": 5}, "types: must be a list"),
        ("what?", {"as_of": datetime(2026, 5, 4)}, "as_of: is naive"),  # noqa: DTZ001 - that is the test
        ("what?", {"min_confidence": 2}, "min_confidence: must be a number from 0 to 1"),
        ("what?", {"profile": "magic"}, "profile"),
        (
            "what?",
            {"occurred_from": "2026-05-04T00:00:00Z", "occurred_to": "2026-05-01T00:00:00Z"},
            "occurred_to: must be later",
        ),
    ],
)
def test_search_refuses(memory: recollect.Memory, query: str, given: dict[str, Any], message: str):
    for call in (memory.search, memory.context):
        if query == "" and call == memory.context:
            continue
        with pytest.raises(ValidationError, match=message.replace("of search", "of (search|context)")):
            call(query, user_id="ana", **given)


@pytest.mark.parametrize("bad", ["", "1", "' OR 1=1", "../", "🦊", "x" * 10_000, 7])
def test_ids_that_are_none(memory: recollect.Memory, bad: Any):
    for call in (memory.get, memory.delete, memory.history):
        with pytest.raises(ValidationError, match="memory_id: must be a UUID"):
            call(bad, user_id="ana")


def test_unknown_memories_and_users(memory: recollect.Memory):
    for call in (memory.get, memory.delete, memory.history):
        with pytest.raises(NotFound, match=f"user 'nobody' has no memory {MISSING}"):
            call(MISSING, user_id="nobody")
    with pytest.raises(NotFound):
        memory.update(MISSING, user_id="nobody", text="x")
    with pytest.raises(ValidationError, match="nothing to update"):
        memory.update(MISSING, user_id="nobody")
    found = memory.search("where do I live?", user_id="nobody")
    assert (len(found), found.note) == (0, "nothing is stored for this user")
    assert memory.context("where do I live?", user_id="nobody").render() == ""


def test_one_bad_message_in_a_list_stores_none_of_it(memory: recollect.Memory):
    good = {"role": "user", "content": "I live in Lyon"}
    with pytest.raises(ValidationError, match=r"messages\[2\]"):
        memory.add([good, good, {"role": "user", "content": "\x00"}], user_id="ana")
    assert len(memory.list(user_id="ana")) == 0


def test_a_closed_memory_says_so(home: str):
    closed = recollect.Memory(home=home)
    closed.close()
    closed.close()
    with pytest.raises(UsageError, match="is closed"):
        closed.add("too late", user_id="ana")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"embedder": "magic"}, "embedder"),
        ({"pool_size": 0}, "pool_size"),
        ({"colour": "red"}, "colour"),
        ({"tenant_id": "a\x00"}, "tenant_id"),
    ],
)
def test_unusable_settings(home: str, given: dict[str, Any], message: str):
    with pytest.raises(RecollectError, match=message):
        recollect.Memory(home=home, **given)


@pytest.mark.parametrize("number", [1e16, -0.0, 1e300, 1.5e-7, 0.1, 2**70, -1e22, 1.0])
def test_numbers_in_metadata_leave_the_chain_whole(memory: recollect.Memory, number: float):
    receipt = memory.add("A number", user_id="ana", metadata={"deep": [{"number": number}]})
    for event in memory.history(receipt.id or "", user_id="ana"):
        assert event.expected_hash() == event.hash
    (stored,) = memory.get(receipt.id or "", user_id="ana").extra["deep"]
    assert float(stored["number"]) == number  # as a decimal: 1e300 may come back as a whole number


def deep(levels: int) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for _ in range(levels):
        nested = {"in": nested}
    return nested


@pytest.mark.parametrize("extra", [deep(3_000), {1: "x"}, {"a": {None: 1}}, {"nul": "\x00"}, {"k\x00": 1}])
def test_odd_metadata_is_refused_by_add_and_update(memory: recollect.Memory, extra: Any):
    receipt = memory.add("Some words", user_id="ana", metadata={"fine": "\\u0000 in six letters"})
    with pytest.raises(ValidationError, match="metadata: "):
        memory.add("Other words", user_id="ana", metadata=extra)
    with pytest.raises(ValidationError, match="metadata: "):
        memory.update(receipt.id or "", user_id="ana", metadata=extra)


@pytest.mark.parametrize("expected", [0, "2", True, 1.0])
def test_an_expected_version_is_a_whole_number(memory: recollect.Memory, expected: Any):
    receipt = memory.add("Some words", user_id="ana")
    with pytest.raises(ValidationError, match="expected_version: must be a whole number"):
        memory.update(receipt.id or "", user_id="ana", text="Others", expected_version=expected)


@pytest.mark.parametrize("profile", [0, [], b"x", 1.5])
def test_a_profile_is_a_name_or_weights(memory: recollect.Memory, profile: Any):
    with pytest.raises(ValidationError, match="profile"):
        memory.search("what?", user_id="ana", profile=profile)


def test_a_role_that_is_no_text(memory: recollect.Memory):
    with pytest.raises(ValidationError, match=r"messages\[0\].role"):
        memory.add([{"role": ["a"], "content": "x"}], user_id="ana")


def test_a_messages_own_id_may_be_anything(memory: recollect.Memory):
    memory.add([{"role": "user", "content": "I live in Paris"}], user_id="ana")
    memory.add([{"role": "user", "content": "User lives in Paris", "id": "z" * 36}], user_id="ana")
    assert len(memory.search("where do I live?", user_id="ana")) > 0
