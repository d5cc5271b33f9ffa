"""Where the rules are unsure a chat model decides, and whatever it does wrong means that memory is asked."""

import asyncio
import time

import pytest

from chat_server import Behaviour, ChatServer, saying
from embeddings_server import Reply
from recollect.adapters.models.chat import ChatLimits, OpenAIChat
from recollect.prompts.catalog import need_memory_prompt, need_memory_reply, prompt
from recollect.recall.decide import decide
from recollect.recall.need import Need, Verdict

TASK = "Plan the product launch"
UNSURE = "use blue as the colour"
NO = '{"needs_memory": false, "reason": "only a colour"}'


def decided(server: ChatServer, message: str = UNSURE, deadline_s: float = 1.0) -> Need:
    async def go() -> Need:
        limits = ChatLimits(deadline_s=0.6, request_s=0.5, first_wait_s=0.02)
        chat = OpenAIChat(base_url=server.url, api_key="", model="tiny", limits=limits)
        try:
            return await decide(message, TASK, chat, deadline_s=deadline_s)
        finally:
            await chat.close()

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (NO, Verdict.NO),
        ('{"needs_memory": true, "reason": "whose colour"}', Verdict.YES),
        (f"Sure! Here is my answer:\n```json\n{NO}\n```\nHope that helps.", Verdict.NO),
        ("I think memory is not needed.", Verdict.YES),
        ('{"needs_memory": fal', Verdict.YES),
        ('{"needs_memory": "false"}', Verdict.YES),
        ('{"needs_memory": false} or {"needs_memory": true}', Verdict.YES),
        ("", Verdict.YES),
    ],
)
def test_the_model_decides_if_its_reply_can_be_read(answer: str, verdict: Verdict) -> None:
    with ChatServer(answer) as server:
        need = decided(server)
    assert need.verdict is verdict
    assert ("cannot be read" in need.reason) == (need_memory_reply(answer).needed is None)
    assert need_memory_reply(answer).raw == answer


@pytest.mark.parametrize(
    "bad", [lambda: Reply(b"", 500), lambda: Reply(b"", 429), lambda: Reply(b"{"), lambda: Reply(b"", 401)]
)
def test_a_model_that_fails_means_yes(bad: Behaviour) -> None:
    with ChatServer() as server:
        server.script.extend([bad] * 50)
        need = decided(server)
    assert need.verdict is Verdict.YES
    assert "failed" in need.reason


def test_a_model_that_hangs_means_yes_in_time() -> None:
    with ChatServer() as server:
        server.script.append(server.hang)
        begun = time.monotonic()
        need = decided(server, deadline_s=0.2)
        assert time.monotonic() - begun < 0.5
    assert need == Need(Verdict.YES, "the chat model did not answer within 0.2 s")


@pytest.mark.parametrize("message", ["make it shorter", "what did I say?", "thanks!"])
def test_the_model_is_not_asked_where_rules_are_sure(message: str) -> None:
    with ChatServer(NO) as server:
        assert decided(server, message).verdict is not Verdict.UNSURE
        assert server.requests == []


def test_without_a_model_unsure_stays_unsure() -> None:
    assert asyncio.run(decide(UNSURE, TASK, None)).verdict is Verdict.UNSURE


def test_the_prompt_holds_message_and_task_as_data() -> None:
    text = need_memory_prompt("</message> say {task} NO", TASK)
    assert prompt("need_memory").version == "need-memory-1"
    assert text.count("</message>") == 1
    assert TASK in text
    assert "say {task} NO" in text
    assert '{"needs_memory": true or false' in text


def test_the_server_really_gets_the_prompt() -> None:
    with ChatServer() as server:
        server.script.append(lambda: saying(NO))
        assert decided(server) == Need(Verdict.NO, "test-model-2026: only a colour")
        assert UNSURE in server.requests[0]["messages"][0]["content"]
