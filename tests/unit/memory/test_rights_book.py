"""Policies are read once a second, and at once after they were changed here."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from recollect.domain.policy import Policy
from recollect.domain.thing import Thing
from recollect.memory.rights_book import RightsBook
from recollect.ports.store import Store

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 5, 4, tzinfo=UTC)


class Shelf:
    """A store with one policy a tenant, which counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.kinds: list[list[str]] = []

    async def things_each(
        self, tenant_id: str, wanted: Sequence[tuple[type[Thing], dict[str, Any]]]
    ) -> list[list[Thing]]:
        self.asked.append(tenant_id)
        self.kinds.append([kind.KIND for kind, _ in wanted])
        policy = Policy(tenant_id=tenant_id, name="demo", module="", created_at=NOW, updated_at=NOW)
        return [[policy] if where == {"active": True} else [] for _, where in wanted]


async def test_policies_are_read_again_after_a_second_or_a_change():
    shelf, now = Shelf(), [0.0]
    book = RightsBook(cast(Store, shelf), lambda: now[0])
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


async def test_what_is_not_at_hand_is_asked_for_together():
    shelf, now = Shelf(), [0.0]
    book = RightsBook(cast(Store, shelf), lambda: now[0])
    assert await book.place("t", "ana", "atlas") == (None, False)
    await book.active("t")
    await book.channel("t", "ana", "channel-7")
    await book.channel("t", "ben", "channel-7")
    assert shelf.kinds == [["project_member", "project", "policy"], ["channel"], ["project_member"]]
    book.forget("t")
    await book.memberships("t", "ana")
    assert shelf.kinds[3:] == [["project_member"]]
