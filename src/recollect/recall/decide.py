"""Decides whether a message needs memory: by rules first, where they are unsure by a chat model."""

from typing import Final

import anyio

from recollect.errors import ModelError
from recollect.ports.chat_model import ChatModel
from recollect.prompts.catalog import need_memory_prompt, need_memory_reply
from recollect.recall.need import Need, Verdict, needs_memory

_REPLY_TOKENS: Final = 60


async def decide(message: str, task: str | None, chat: ChatModel | None, *, deadline_s: float = 1.0) -> Need:
    """Tells whether ``message`` needs memory; without an answer in time it does.

    Args:
        message: what the user said.
        task: the work at hand as text, None without one.
        chat: asked only where the rules are unsure; None leaves it at unsure, which means that memory is asked.
        deadline_s: seconds the model has.
    """
    need = needs_memory(message, task)
    if need.verdict is not Verdict.UNSURE or chat is None or task is None:
        return need
    try:
        with anyio.fail_after(deadline_s):
            reply = await chat.reply(need_memory_prompt(message, task), max_tokens=_REPLY_TOKENS)
    except TimeoutError:
        return Need(Verdict.YES, f"the chat model did not answer within {deadline_s:g} s")
    except ModelError as error:
        return Need(Verdict.YES, f"the chat model failed: {error}")
    answer = need_memory_reply(reply.text)
    if answer.needed is None:
        return Need(Verdict.YES, f"the chat model's reply cannot be read: {' '.join(answer.raw.split())[:120]}")
    reason = f"{reply.model}: {answer.reason or 'no reason'}"
    return Need(Verdict.YES if answer.needed else Verdict.NO, reason)
