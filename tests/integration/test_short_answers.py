"""A short answer to a question that was asked is kept; what only closes the talk is not."""

import pytest

from recollect import Memory
from recollect.domain.receipt import Outcome


def told(memory: Memory, asked: str, reply: str, *, at_once: bool = True, conversation_id: str | None = "monday"):
    turns = [{"role": "assistant", "content": asked}, {"role": "user", "content": reply}]
    batches = [turns] if at_once else [[turn] for turn in turns]
    given = {} if conversation_id is None else {"conversation_id": conversation_id}
    receipts = [memory.add(batch, user_id="ana", **given) for batch in batches]  # pyright: ignore[reportArgumentType]
    return next(item for item in receipts[-1].items if item.text == reply)


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize(
    ("asked", "reply"),
    [
        ("Do you smoke?", "No."),
        ("Got it. Are you allergic to anything?", "nope"),
        ("Do you drink alcohol?", "Not really"),
        ("Rauchst du?", "Nein."),
        ("Fumez-vous ?", "Oui"),
        ("Have you ever been to Peru? 🙂", "Not yet"),
    ],
)
def test_an_answer_to_a_question_is_kept(memory: Memory, asked: str, reply: str, at_once: bool):
    item = told(memory, asked, reply, at_once=at_once)
    assert (item.outcome, item.reason) == (Outcome.ACCEPTED, "answers a question")
    turns = memory.conversations.turns("monday", user_id="ana")
    assert turns.items[-1].text == reply


@pytest.mark.parametrize(
    ("asked", "reply"),
    [
        ("Do you smoke?", "ok"),
        ("Do you smoke?", "Thanks, bye"),
        ("Shall I book it?", "No, thanks."),
        ("Is there anything else I can help you with?", "No."),
        ("How are you?", "yes"),
        ("You do not smoke.", "No."),
        ("Do you smoke? I only ask because of the form.", "no"),
        ("Do you smoke?", "no?"),
    ],
)
def test_what_only_closes_the_talk_is_not(memory: Memory, asked: str, reply: str):
    assert told(memory, asked, reply).outcome is Outcome.WORKING


def test_only_the_last_message_of_the_same_conversation_asks(memory: Memory):
    asked = [{"role": "assistant", "content": "Do you smoke?"}]
    memory.add(asked, user_id="ana", conversation_id="monday")
    for given in ({"conversation_id": "tuesday"}, {}):
        item = memory.add([{"role": "user", "content": "No."}], user_id="ana", **given).items[0]  # pyright: ignore[reportArgumentType]
        assert item.outcome is Outcome.WORKING
    assert memory.add("No.", user_id="ana").items[0].outcome is Outcome.WORKING
    memory.add([{"role": "user", "content": "Let me think about it"}], user_id="ana", conversation_id="monday")
    item = memory.add([{"role": "user", "content": "No."}], user_id="ana", conversation_id="monday").items[0]
    assert item.outcome is Outcome.WORKING
