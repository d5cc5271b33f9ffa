"""Policies are read once a second, and at once after they were changed here."""

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from recollect.domain.policy import Policy
from recollect.memory.policy_book import PolicyBook
from recollect.ports.store import Store

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 5, 4, tzinfo=UTC)


class Shelf:
    """A store with one policy a tenant, which counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def things(self, kind: type[Policy], tenant_id: str, where: dict[str, Any]) -> list[Policy]:
        assert where == {"active": True}
        self.asked.append(tenant_id)
        return [kind(tenant_id=tenant_id, name="demo", module="", created_at=NOW, updated_at=NOW)]


async def test_policies_are_read_again_after_a_second_or_a_change():
    shelf, now = Shelf(), [0.0]
    book = PolicyBook(cast(Store, shelf), lambda: now[0])
    assert [policy.tenant_id for policy in await book.active("t")] == ["t"]
    assert [policy.tenant_id for policy in await book.active("u")] == ["u"]
    now[0] = 0.9
    await book.active("t")
    assert shelf.asked == ["t", "u"]
    book.forget("t")
    await book.active("t")
    await book.active("u")
    assert shelf.asked == ["t", "u", "t"]
    now[0] = 2.0
    await book.active("t")
    assert shelf.asked == ["t", "u", "t", "t"]
