"""How often a turn asks the database, alone, in a project and in a channel, and that nobody reads more for it."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

import anyio
import pytest

import recollect
from recollect.domain.scope import Scope, project_scope
from recollect.domain.search import SearchFilter
from recollect.errors import NotAllowed

pytestmark = pytest.mark.anyio
HERE = "channel-7"
_ALL = SearchFilter()
QUESTION = "What is the budget of the party?"
PLACES: Mapping[str, Mapping[str, Any]] = {
    "alone": {},
    "label": {"project_id": "mine"},
    "project": {"project_id": "atlas"},
    "channel": {"channel_id": HERE, "mentioned": True},
}


@pytest.fixture
async def chat(async_memory: recollect.AsyncMemory) -> recollect.AsyncMemory:
    """A project of ana's with ben as a member, its channel, and what both and the project know."""
    memory = async_memory
    await memory.projects.create("atlas", user_id="ana")
    await memory.projects.set_member("atlas", "ben", user_id="ana")
    await memory.channels.link(HERE, "atlas", user_id="ana")
    await memory.add("The budget of the party is 400 euros", user_id="ana", project_id="atlas", share=True)
    for user in ("ana", "ben"):
        await memory.add(f"The budget of {user} is 20 euros", user_id=user)
        await memory.add(f"My own budget list is {user}'s", user_id=user, project_id="mine")
        await memory.add(f"In the channel {user} spoke of a budget", user_id=user, channel_id=HERE)
    return memory


@pytest.mark.parametrize("place", PLACES)
async def test_a_turn_asks_twice_and_once_more_for_rights_that_are_not_at_hand(chat: recollect.AsyncMemory, place: str):
    given = PLACES[place]
    parts = await chat.core.ready()
    await chat.context(QUESTION, user_id="ben", **given)  # the session is noted as used once a minute
    parts.rights.forget(parts.tenant_id)
    cold = await chat.context(QUESTION, user_id="ben", **given)
    warm = [await chat.context(QUESTION, user_id="ben", **given) for _ in range(3)]
    assert any("budget" in item.text for item in cold.items)
    assert cold.round_trips == 3
    assert min(packet.round_trips for packet in warm) == 2  # a second may end between them
    assert max(packet.round_trips for packet in warm) <= 3


async def test_a_search_in_a_project_asks_as_often_as_one_alone(chat: recollect.AsyncMemory):
    found: dict[str, int] = {}
    for place in ("alone", "project"):
        several = [await chat.search(QUESTION, user_id="ben", **PLACES[place]) for _ in range(3)]
        found[place] = min(result.round_trips for result in several)
    assert found == {"alone": 1, "project": 1}


async def test_what_this_process_wrote_is_found_in_two_trips(chat: recollect.AsyncMemory):
    await chat.search(QUESTION, user_id="ben")
    await chat.add("The budget of the picnic is 90 euros", user_id="ben")
    found = await chat.search("What is the budget of the picnic?", user_id="ben")
    assert found.hits[0].memory.text == "The budget of the picnic is 90 euros"
    assert found.round_trips == 2
    assert (await chat.search(QUESTION, user_id="ben")).round_trips == 1


async def test_what_another_process_wrote_is_found_by_a_search_that_began_later(chat: recollect.AsyncMemory, home: str):
    parts = await chat.core.ready()
    other = recollect.AsyncMemory(home=home, tenant_id=parts.tenant_id, upkeep=False)
    question = "What is the budget of the picnic?"
    try:
        assert (await chat.search(question, user_id="ben")).hits
        receipt = await other.add("The budget of the picnic is 90 euros", user_id="ben")
        found = await chat.search(question, user_id="ben")
        assert found.hits[0].memory.text == "The budget of the picnic is 90 euros"
        assert found.round_trips == 3  # what was tried on the arrays at hand, what has changed, the records
        again = await chat.search(question, user_id="ben")
        assert again.round_trips == 1
        wanted = receipt.items[0].memory_id
        assert wanted is not None
        await other.delete(wanted, user_id="ben")
        assert wanted not in {hit.memory.id for hit in await chat.search(question, user_id="ben")}
    finally:
        await other.close()


async def test_a_search_that_another_write_overtakes_is_made_again(
    chat: recollect.AsyncMemory, monkeypatch: pytest.MonkeyPatch
):
    """The write commits after the ranking and before the records are read: what is shown is of after it."""
    parts = await chat.core.ready()
    question = "What is the budget of the picnic?"
    receipt = await chat.add("The budget of the picnic is 90 euros", user_id="ben")
    wanted = receipt.items[0].memory_id
    assert wanted is not None
    await chat.search(question, user_id="ben")
    fetch = parts.store.fetch_with_heads

    async def overtaken(given: Sequence[tuple[Scope, Sequence[UUID]]]) -> object:
        assert any(wanted in ids for _, ids in given)
        monkeypatch.undo()
        await chat.delete(wanted, user_id="ben")
        return await fetch(given)

    monkeypatch.setattr(parts.store, "fetch_with_heads", overtaken)
    found = await chat.search(question, user_id="ben")
    assert found.hits
    assert wanted not in {hit.memory.id for hit in found}


async def test_records_of_several_streams_stay_in_their_own(chat: recollect.AsyncMemory):
    parts = await chat.core.ready()
    ben, ana = (Scope(tenant_id=parts.tenant_id, user_id=user) for user in ("ben", "ana"))
    atlas = project_scope(parts.tenant_id, "atlas")
    known = {scope: [m.id for m in await parts.store.page(scope, _ALL, limit=9, after=None)] for scope in (ben, atlas)}
    every = [memory_id for ids in known.values() for memory_id in ids]
    of_ben, of_ana, of_atlas = await parts.store.fetch_each([(ben, every), (ana, every), (atlas, every)])
    assert sorted(of_ben) == sorted(known[ben])
    assert of_ana == {}
    assert sorted(of_atlas) == sorted(known[atlas])
    assert await parts.store.fetch_each([(ben, known[atlas]), (atlas, known[ben])]) == [{}, {}]


async def test_indexes_come_together_as_they_come_alone(chat: recollect.AsyncMemory):
    parts = await chat.core.ready()
    scopes = [Scope(tenant_id=parts.tenant_id, user_id="ben"), project_scope(parts.tenant_id, "atlas")]
    indexes = parts.recaller.indexes
    for scope in scopes:
        indexes.forget((scope.tenant_id, scope.user_id))
    trips = parts.count_round_trips()
    both = await indexes.current_of([*scopes, scopes[0]])
    assert trips[0] == 3  # how many memories they have, what is stored of them, what they are
    assert both == [await indexes.current(scope) for scope in (*scopes, scopes[0])]
    sizes = [index.size for index in both]
    assert min(sizes) > 0
    await chat.add("The party begins at eight", user_id="ana", project_id="atlas", share=True)
    again = await indexes.current_of(scopes[::-1])
    assert [index.size for index in again] == [sizes[1] + 1, sizes[0]]


async def test_calls_that_name_the_same_streams_in_another_order_do_not_wait_for_each_other(
    chat: recollect.AsyncMemory,
):
    parts = await chat.core.ready()
    one, two = Scope(tenant_id=parts.tenant_id, user_id="ben"), project_scope(parts.tenant_id, "atlas")
    indexes = parts.recaller.indexes
    with anyio.fail_after(20):
        found = await asyncio.gather(*(indexes.current_of(pair) for pair in [(one, two), (two, one)] * 20))
    assert all(first[0] is second[1] and first[1] is second[0] for first, second in pairwise(found))


async def test_a_member_whom_another_process_removed_reads_a_second_longer_and_never_writes(
    chat: recollect.AsyncMemory, home: str
):
    parts = await chat.core.ready()
    other = recollect.AsyncMemory(home=home, tenant_id=parts.tenant_id, upkeep=False)
    seconds = [0.0]
    parts.rights._seconds = lambda: seconds[0]  # pyright: ignore[reportPrivateUsage]
    parts.rights.forget(parts.tenant_id)
    try:
        shared = (await chat.list(user_id="ben", project_id="atlas"))[0]
        await other.projects.remove_member("atlas", "ben", user_id="ana")
        with pytest.raises(NotAllowed, match="not a member"):
            await chat.add("x y z", user_id="ben", project_id="atlas")
        with pytest.raises(NotAllowed, match="not a member"):
            await chat.update(shared.id, user_id="ben", project_id="atlas", text="The budget is gone")
        seconds[0] = 0.9
        assert (await chat.search(QUESTION, user_id="ben", project_id="atlas")).hits
        seconds[0] = 1.0
        with pytest.raises(NotAllowed, match="not a member"):
            await chat.search(QUESTION, user_id="ben", project_id="atlas")
        await other.projects.set_member("atlas", "ben", user_id="ana")
        assert (await chat.search(QUESTION, user_id="ben", project_id="atlas")).hits  # nobody is refused for longer
    finally:
        await other.close()


async def test_an_unlinked_channel_shows_at_once_what_its_project_shares_no_more(chat: recollect.AsyncMemory):
    def told(packet: recollect.Packet) -> bool:
        return any("400 euros" in item.text for item in packet.items)

    assert told(await chat.context(QUESTION, user_id="ben", **PLACES["channel"]))
    await chat.channels.unlink(HERE, user_id="ana")
    assert not told(await chat.context(QUESTION, user_id="ben", **PLACES["channel"]))
    await chat.channels.link(HERE, "atlas", user_id="ana")
    assert told(await chat.context(QUESTION, user_id="ben", **PLACES["channel"]))
    await chat.projects.remove_member("atlas", "ben", user_id="ana")
    assert not told(await chat.context(QUESTION, user_id="ben", **PLACES["channel"]))
