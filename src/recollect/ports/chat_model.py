"""What Recollect needs from a chat model."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ChatReply:
    """What a chat model answered.

    Attributes:
        text: the answer, possibly cut at ``max_tokens``.
        tokens_in: tokens of the prompt as the model counts them, 0 where it does not tell.
        tokens_out: tokens of the answer, likewise.
        model: the model that answered, by its own name.
    """

    text: str
    tokens_in: int
    tokens_out: int
    model: str


class ChatModel(Protocol):
    """Answers a prompt. It is never trusted: callers check what it says."""

    async def reply(self, prompt: str, *, max_tokens: int) -> ChatReply:
        """Answers ``prompt`` with at most ``max_tokens`` tokens.

        Raises:
            ModelUnavailable: it did not answer in time, refused, or answered what is no reply.
        """
        ...

    async def close(self) -> None:
        """Gives back what the model holds, such as connections."""
        ...
