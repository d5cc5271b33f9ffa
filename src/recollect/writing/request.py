"""Request: an idempotency key and what was asked under it, so that a repeated call gets the same receipt."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from recollect.domain.event import Event
from recollect.domain.receipt import Receipt
from recollect.errors import IdempotencyConflict
from recollect.ports.store import Answer

_receipts = TypeAdapter(Receipt)


@dataclass(frozen=True, slots=True)
class Request:
    """One call with an idempotency key.

    Attributes:
        key: the caller's. body_hash: SHA-256 of everything that was asked.
    """

    key: str
    body_hash: bytes

    def receipt(self, answered: Answer) -> Receipt:
        """The receipt that the key was answered with.

        Raises:
            IdempotencyConflict: the key was used for another request.
        """
        if answered.body_hash != self.body_hash:
            raise IdempotencyConflict(
                f"the idempotency key {self.key[:80]!r} was used for another request within the last 24 hours; "
                "use a new key for a new request"
            )
        return _receipts.validate_json(answered.body)

    def answer(self, receipt: Callable[[Sequence[Event]], Receipt], events: Sequence[Event]) -> Answer:
        """What is kept under the key: the receipt for the events that are written with it."""
        return Answer(key=self.key, body_hash=self.body_hash, body=_receipts.dump_json(receipt(events)))


def request_of(key: str | None, asked: Any) -> Request | None:
    """The request for a key, or None without one; ``asked`` is anything that prints as JSON."""
    if key is None:
        return None
    body = json.dumps(asked, sort_keys=True, default=str, ensure_ascii=False)
    return Request(key, hashlib.sha256(body.encode("utf-8", "surrogatepass")).digest())
