"""The key book over a store of our own: what it asks for, how long it believes it, and what a flood does to it."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from recollect.domain.api_key import StoredKey, Token, digest_of
from recollect.domain.credential import Access
from recollect.errors import NotAuthenticated, StoreUnavailable
from recollect.memory import key_book
from recollect.memory.key_book import KeyBook
from recollect.ports.store import Store

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 5, 4, tzinfo=UTC)
SECRET = "s" * 43


class Place:
    """A store with keys alone, and both clocks."""

    def __init__(self) -> None:
        self.keys: dict[tuple[str, UUID], StoredKey] = {}
        self.told = False
        self.asked: Counter[str] = Counter()
        self.at_once = self.most_at_once = 0
        self.seconds = 100.0
        self.time = NOW
        self.gate: asyncio.Event | None = None

    def now(self) -> datetime:
        return self.time

    async def things(
        self, kind: type[Any], tenant_id: str, where: Mapping[str, Any], *, limit: int | None = None
    ) -> list[StoredKey]:
        assert kind is StoredKey
        self.asked["any" if limit else "one"] += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        found = [key for key in self.keys.values() if key.tenant_id == tenant_id and where.get("id", key.id) == key.id]
        await (self.gate.wait() if self.gate else asyncio.sleep(0))
        self.at_once -= 1
        return found[:limit]

    async def events(self, *_: object) -> Sequence[object]:
        self.asked["events"] += 1
        return ["made once"] if self.told else []

    def add(self, **given: Any) -> Token:
        usual: dict[str, Any] = {
            "tenant_id": "acme",
            "id": uuid4(),
            "name": "web",
            "digest": digest_of(SECRET),
            "access": Access.WRITE,
            "created_at": NOW,
        }
        key = StoredKey(**{**usual, **given})
        self.keys[key.tenant_id, key.id] = key
        return Token(tenant_id=key.tenant_id, key_id=key.id, secret=SECRET)

    def change(self, token: Token, **given: Any) -> None:
        name = (token.tenant_id, token.key_id)
        self.keys[name] = replace(self.keys[name], **given)


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def book(place: Place) -> KeyBook:
    return KeyBook(cast(Store, place), place, lambda: place.seconds)


def stranger(tenant: str = "acme") -> str:
    return Token(tenant_id=tenant, key_id=uuid4(), secret=SECRET).text


async def test_a_key_is_asked_for_once_a_second(place: Place, book: KeyBook):
    token = place.add(user_id="ana")
    for _ in range(50):
        assert (await book.authenticate(token.text)).user_id == "ana"
    assert place.asked == {"one": 1}
    place.seconds += 1.0
    await book.authenticate(token.text)
    assert place.asked == {"one": 2}


@pytest.mark.parametrize("what", ["unknown", "wrong", "expired", "revoked", "another tenant's"])
async def test_every_refusal_is_the_same(place: Place, book: KeyBook, what: str):
    token = place.add()
    if what == "unknown":
        token = replace(token, key_id=uuid4())
    elif what == "wrong":
        token = replace(token, secret="t" * 43)
    elif what == "another tenant's":
        token = replace(token, tenant_id="umbrella")
    else:
        place.change(token, **{"expires_at" if what == "expired" else "revoked_at": NOW})
    with pytest.raises(NotAuthenticated) as refused:
        await book.authenticate(token.text)
    with pytest.raises(NotAuthenticated) as nonsense:
        await book.authenticate("nonsense")
    assert str(refused.value) == str(nonsense.value)
    assert place.asked == {"one": 1}


async def test_a_key_expires_while_it_is_at_hand(place: Place, book: KeyBook):
    token = place.add(expires_at=NOW + timedelta(seconds=0.5))
    await book.authenticate(token.text)
    place.time += timedelta(seconds=0.5)
    with pytest.raises(NotAuthenticated):
        await book.authenticate(token.text)


async def test_another_processs_revocation_holds_within_a_second_and_our_own_at_once(place: Place, book: KeyBook):
    token = place.add()
    await book.authenticate(token.text)
    place.change(token, revoked_at=NOW)
    await book.authenticate(token.text)
    place.seconds += key_book.KEPT_SECONDS
    with pytest.raises(NotAuthenticated):
        await book.authenticate(token.text)
    other = place.add()
    await book.authenticate(other.text)
    place.change(other, revoked_at=NOW)
    book.forget("acme", other.key_id)
    with pytest.raises(NotAuthenticated):
        await book.authenticate(other.text)


async def test_what_was_asked_before_a_change_is_not_kept_beyond_it(place: Place, book: KeyBook):
    token = place.add()
    place.gate = asyncio.Event()
    asking = asyncio.create_task(book.authenticate(token.text))
    await asyncio.sleep(0.01)
    place.change(token, revoked_at=NOW)
    book.forget("acme", token.key_id)
    place.gate.set()
    await asking  # it was on its way already
    with pytest.raises(NotAuthenticated):
        await book.authenticate(token.text)


async def test_who_comes_after_a_change_does_not_wait_for_an_answer_from_before_it(place: Place, book: KeyBook):
    token = place.add()
    place.gate = asyncio.Event()
    before = asyncio.create_task(book.authenticate(token.text))
    await asyncio.sleep(0.01)
    place.change(token, revoked_at=NOW)
    book.forget("acme", token.key_id)
    after = asyncio.create_task(book.authenticate(token.text))
    await asyncio.sleep(0.01)
    place.gate.set()
    await before
    with pytest.raises(NotAuthenticated):
        await after


async def test_many_who_ask_at_once_ask_once_and_one_who_gives_up_disturbs_nobody(place: Place, book: KeyBook):
    token = place.add()
    place.gate = asyncio.Event()
    asking = [asyncio.create_task(book.authenticate(token.text)) for _ in range(20)]
    await asyncio.sleep(0.01)
    asking[0].cancel()
    await asyncio.sleep(0.01)
    place.gate.set()
    done = await asyncio.gather(*asking, return_exceptions=True)
    assert isinstance(done[0], asyncio.CancelledError)
    assert [type(one).__name__ for one in done[1:]] == ["Credential"] * 19
    assert place.asked == {"one": 1}


async def test_a_key_that_is_made_after_its_id_was_tried_opens_at_once(place: Place, book: KeyBook):
    token = Token(tenant_id="acme", key_id=uuid4(), secret=SECRET)
    for _ in range(3):
        with pytest.raises(NotAuthenticated):
            await book.authenticate(token.text)
    assert place.asked == {"one": 1}
    place.add(id=token.key_id)
    book.forget("acme", token.key_id)
    assert (await book.authenticate(token.text)).key_id == token.key_id


async def test_a_flood_takes_neither_the_database_nor_the_place_of_good_keys(
    place: Place, book: KeyBook, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(key_book, "KEPT_KEYS", 50)
    good = [place.add() for _ in range(40)]
    for token in good:
        await book.authenticate(token.text)
    place.asked.clear()
    flood = [asyncio.create_task(book.authenticate(stranger(f"tenant {n % 7}"))) for n in range(2_000)]
    await asyncio.sleep(0)
    for token in good:  # they come through while the flood is on, and cost nothing
        await asyncio.wait_for(book.authenticate(token.text), 0.05)
    ended = Counter(type(one).__name__ for one in await asyncio.gather(*flood, return_exceptions=True))
    assert set(ended) == {"NotAuthenticated", "StoreUnavailable"}
    assert ended["StoreUnavailable"] >= 1_700
    assert place.most_at_once <= key_book.STRANGERS_AT_ONCE
    assert place.asked["one"] <= key_book.STRANGERS_WAITING
    for token in good:
        await book.authenticate(token.text)
    assert place.asked["one"] == ended["NotAuthenticated"]
    kept = (book._known, book._unknown, book._asking)  # pyright: ignore[reportPrivateUsage] - what it holds
    assert [len(one) <= 50 for one in kept] == [True] * 3


async def test_strangers_are_asked_for_at_a_steady_pace(book: KeyBook):
    started = asyncio.get_running_loop().time()
    tries = [book.authenticate(stranger()) for _ in range(40)]
    assert {type(one) for one in await asyncio.gather(*tries, return_exceptions=True)} == {NotAuthenticated}
    took = asyncio.get_running_loop().time() - started
    # 40 in rounds of four, and a pause before each round but the first
    assert took >= (40 / key_book.STRANGERS_AT_ONCE - 1) * key_book.PAUSE_S * 0.9


async def test_a_key_that_was_never_seen_here_waits_its_turn_and_gets_in(place: Place, book: KeyBook):
    flood = [asyncio.create_task(book.authenticate(stranger())) for _ in range(100)]
    await asyncio.sleep(0)
    credential = await asyncio.wait_for(book.authenticate(place.add().text), 5)
    assert credential.tenant_id == "acme"
    await asyncio.gather(*flood, return_exceptions=True)


async def test_whoever_gives_up_in_the_line_leaves_it(place: Place, book: KeyBook):
    place.gate = asyncio.Event()
    tries = [asyncio.create_task(book.authenticate(stranger())) for _ in range(key_book.STRANGERS_WAITING)]
    await asyncio.sleep(0.01)
    with pytest.raises(StoreUnavailable):
        await book.authenticate(stranger())
    place.gate.set()
    await asyncio.gather(*tries, return_exceptions=True)
    with pytest.raises(NotAuthenticated):
        await book.authenticate(stranger())


async def test_any_key_is_remembered_for_good_once_there_was_one(place: Place, book: KeyBook):
    assert not await book.any_key("acme")
    assert not await book.any_key("acme")
    assert place.asked == {"any": 1, "events": 1}
    token = place.add(revoked_at=NOW)
    assert not await book.any_key("acme")
    place.seconds += 1.0
    assert await book.any_key("acme")
    del place.keys[token.tenant_id, token.key_id]
    place.seconds += 1_000.0
    assert await book.any_key("acme")
    assert not await book.any_key("umbrella")


async def test_a_key_that_was_erased_with_its_user_still_counts(place: Place, book: KeyBook):
    place.told = True
    assert await book.any_key("acme")
