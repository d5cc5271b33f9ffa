"""What every hot tier does alike, in Postgres, in Redis and in a cluster of it: as a model does, after each step."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hot_truth import HotTruth
from recollect.adapters.postgres.hot_tier import PostgresHotTier
from recollect.adapters.postgres.store import PostgresStore
from recollect.adapters.redis.hot_tier import RedisHotTier
from recollect.bootstrap import assemble
from recollect.domain.event import EventType
from recollect.domain.goal import Goal, GoalStatus
from recollect.domain.hot import HotItem, HotKind, HotLimits, HotState
from recollect.domain.ids import new_id
from recollect.domain.record import Memory, MemoryType
from recollect.domain.scope import Scope
from recollect.domain.session import Session
from recollect.domain.user_profile import UserProfile
from recollect.memory.parts import Parts
from recollect.ports.hot_tier import HotChange, HotTier, HotWrite
from recollect.ports.store import Change, ThingChange, Wanted
from recollect.recall.resident.hot_states import ResidentHotTier
from recollect.settings import load_settings
from redis_server import RedisCluster, RedisServer, require_redis

LIMITS = HotLimits(working=5, context=4, thoughts=4, recent=4, sensed_tokens=20)
NOON = datetime(2026, 3, 1, 12, 0, 0, 123_456, tzinfo=UTC)
NAMES = ["a", "B", "ä", "{a}", 'q"\\', "two\nlines", ',"name":"a","at":', "🦊", "x" * 200]
HOSTILE = ["plain", "br{a}ce", "}{", "new\nline", "ünï 🦊", "a/b", "a%2Fb", "*", "x" * 255]
FADING = [HotKind.WORKING, HotKind.CONTEXT, HotKind.THOUGHT, HotKind.SENSED]


@dataclass
class Place:
    """An adapter under test, the store it belongs to, and how to lose what it holds beside the truth."""

    runner: asyncio.Runner = field(repr=False)
    parts: Parts = field(repr=False)
    tier: HotTier = field(repr=False)
    flush: Callable[[], object] = field(repr=False)

    def user(self, name: str = "") -> Scope:
        """A user whom no other example knows."""
        return Scope(tenant_id=self.parts.tenant_id, user_id=f"{name[:200]} {uuid4()}")

    def do(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Runs it on the adapter's loop, which stands still between two examples."""
        self.runner.run(work())


@pytest.fixture(scope="module", params=["postgres", "resident", "redis", "redis cluster"])
def place(request: pytest.FixtureRequest, home: str) -> Iterator[Place]:
    kind = cast(str, request.param)
    with ExitStack() as stack:
        nodes: list[RedisServer] = []
        url = ""
        if kind.startswith("redis"):
            require_redis()
            server = stack.enter_context(RedisServer() if kind == "redis" else RedisCluster())
            url, nodes = server.url, [server] if isinstance(server, RedisServer) else server.nodes

        async def opened(inner: AsyncExitStack) -> tuple[Parts, HotTier]:
            parts = await assemble(load_settings(home=home, tenant_id=f"{{hot}} {uuid4()}"))
            inner.push_async_callback(parts.close)
            truth = PostgresHotTier(cast(PostgresStore, parts.store).sessions, LIMITS)
            beside = truth if kind == "postgres" else ResidentHotTier(truth)
            tier = RedisHotTier(truth, url, limits=LIMITS, timeout_s=2.0) if url else beside
            inner.push_async_callback(tier.close)
            return parts, tier

        runner = stack.enter_context(asyncio.Runner())
        inner = AsyncExitStack()
        stack.callback(lambda: runner.run(inner.aclose()))
        parts, tier = runner.run(opened(inner))
        yield Place(runner, parts, tier, lambda: [node.cli("FLUSHALL") for node in nodes])


async def commit(place: Place, scope: Scope, changes: list[Change | ThingChange], *hot: HotWrite) -> HotChange | None:
    async with place.parts.store.writing(scope, Wanted()) as transaction:
        await transaction.commit(changes, hot=hot)
        change = transaction.hot
    if change is not None:
        assert await place.tier.follow(scope, change) == ()
    return change


def session(scope: Scope, now: datetime, **state: object) -> Session:
    return Session(
        tenant_id=scope.tenant_id, user_id=scope.user_id, id=new_id(), state=state, started_at=now, updated_at=now
    )


def goal(scope: Scope, title: str, priority: int = 3) -> Goal:
    return Goal(
        tenant_id=scope.tenant_id,
        user_id=scope.user_id,
        id=new_id(),
        title=title,
        priority=priority,
        created_at=NOON,
        updated_at=NOON,
    )


def profile(scope: Scope, before: UserProfile | None, now: datetime) -> UserProfile:
    number = before.version + 1 if before else 1
    return UserProfile(
        tenant_id=scope.tenant_id,
        user_id=scope.user_id,
        preferences={"units": "metric", "n": number, "": [None, {"é{}": 1.5}]},
        expertise={"python": "expert"},
        extra={"profile": True},
        version=number,
        created_at=before.created_at if before else now,
        updated_at=now,
    )


def memory(scope: Scope, text: str, **fields: Any) -> Memory:
    fields = {"type": MemoryType.SEMANTIC_FACT, "written_at": NOON, "updated_at": NOON, **fields}
    return Memory(
        id=new_id(), tenant_id=scope.tenant_id, user_id=scope.user_id, text=text, content_hash=f"{uuid4()}", **fields
    )


def put(kind: HotKind, name: str, now: datetime, ttl_s: float = 600, **value: object) -> HotWrite:
    return HotWrite(kind=kind, name=name, value=value, at=now, expires_at=now + timedelta(seconds=ttl_s))


def essence(state: HotState | None) -> HotState:
    """What both say, whatever their versions are."""
    assert state is not None
    return replace(state, version=0, always=())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.sampled_from([0.5, -1.25, "", "é\n\"'", "{", "🦊"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", ""]), inner, max_size=3),
    max_leaves=6,
)
writes = st.tuples(
    st.sampled_from(FADING),
    st.sampled_from(NAMES),
    st.none() | json_values.map(lambda value: {"v": value}) | st.integers(0, 9).map(lambda size: {"tokens": size}),
    st.floats(0.001, 400).map(lambda seconds: round(seconds, 6)),
    st.integers(-30, 0),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.lists(writes, min_size=1, max_size=4)),
        st.tuples(st.just("write"), st.lists(writes, min_size=1, max_size=4)),
        st.tuples(st.just("wait"), st.sampled_from([0.000_001, 1, 29.5, 61, 200, 90_000])),
        st.tuples(st.just("clear"), st.lists(st.sampled_from(FADING), max_size=2)),
        st.tuples(st.just("commit"), st.sampled_from(["session", "goal", "memory", "end", "profile"])),
        st.tuples(st.sampled_from(["touch", "sweep", "flush", "rebuild", "load"]), st.none()),
    ),
    min_size=1,
    max_size=14,
)


class Run:
    """One example: the same steps on the adapter and on the model."""

    def __init__(self, place: Place) -> None:
        self.place, self.tier, self.now = place, place.tier, NOON
        self.scope = place.user("h{i}\n")
        self.model = HotTruth(LIMITS)

    async def all(self, todo: list[tuple[str, Any]]) -> None:
        for step, argument in todo:
            await getattr(self, step)(argument)
            state = await self.tier.load(self.scope, self.now)
            assert essence(state) == essence(await self.model.load(self.scope, self.now)), step
            assert state is not None
            assert state.degraded == ()
            if state.version:
                assert await self.tier.load(self.scope, self.now, unless=state.version) is None

    async def write(self, several: list[tuple[HotKind, str, Any, float, int]]) -> None:
        done = [
            HotWrite(
                kind=kind,
                name=name,
                value=value,
                at=self.now + timedelta(seconds=before),
                expires_at=self.now + timedelta(seconds=ttl),
            )
            for kind, name, value, ttl, before in several
        ]
        assert (await self.tier.write(self.scope, done, self.now)).degraded == ()
        await self.model.write(self.scope, done, self.now)

    async def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    async def clear(self, kinds: list[HotKind]) -> None:
        await self.sweep(None)  # what has faded is counted by one and not by the other
        assert await self.tier.clear(self.scope, kinds) == await self.model.clear(self.scope, kinds)

    async def commit(self, what: str) -> None:
        user = self.model.of(self.scope)
        if what == "session" and user.session is None:
            user.session = session(self.scope, self.now, topic="x{}", nested={"a": [1, None, {"b": 2.5}], "": True})
            await commit(self.place, self.scope, [ThingChange(type=EventType.SESSION_STARTED, after=user.session)])
        elif what == "end" and user.session is not None:
            ended = replace(user.session, ended_at=self.now)
            change = ThingChange(type=EventType.SESSION_ENDED, before=user.session, after=ended)
            user.session = None
            await commit(self.place, self.scope, [change])
        elif what == "goal":
            added = goal(self.scope, f"goal {len(user.goals)}", priority=len(user.goals) % 5 + 1)
            user.goals = sorted([*user.goals, added], key=lambda one: (-one.priority, one.id))
            await commit(self.place, self.scope, [ThingChange(type=EventType.GOAL_ADDED, after=added)])
        elif what == "profile":
            before, user.profile = user.profile, profile(self.scope, user.profile, self.now)
            change = ThingChange(type=EventType.PROFILE_UPDATED, before=before, after=user.profile)
            await commit(self.place, self.scope, [change])
        elif what == "memory":
            added = memory(self.scope, "something")
            user.recent = [added.id, *user.recent][: LIMITS.recent]
            await commit(self.place, self.scope, [Change(type=EventType.MEMORY_ADDED, after=added)])

    async def touch(self, _: None) -> None:
        await self.tier.touch(self.scope, self.now)
        await self.model.touch(self.scope, self.now)

    async def sweep(self, _: None) -> None:
        await self.tier.sweep(self.scope.tenant_id, self.now)
        await self.model.sweep(self.scope.tenant_id, self.now)

    async def flush(self, _: None) -> None:
        self.place.flush()

    async def rebuild(self, _: None) -> None:
        await self.tier.rebuild(self.scope, self.now)

    async def load(self, _: None) -> None:
        pass


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(todo=steps)
def test_whatever_happens_a_load_is_what_was_written(place: Place, todo: list[tuple[str, Any]]):
    place.do(lambda: Run(place).all(todo))


def test_nothing_is_known_of_a_stranger(place: Place):
    async def work() -> None:
        assert await place.tier.load(place.user(), NOON) == HotState()

    place.do(work)


def test_expiry_is_exact(place: Place):
    async def work() -> None:
        scope = place.user()
        await place.tier.write(scope, [put(HotKind.CONTEXT, "k", NOON, ttl_s=5)], NOON)
        for _ in range(2):
            last = await place.tier.load(scope, NOON + timedelta(seconds=4.999_999))
            assert last is not None
            assert [item.name for item in last.items] == ["k"]
            gone = await place.tier.load(scope, NOON + timedelta(seconds=5))
            assert gone is not None
            assert gone.items == ()

    place.do(work)


def test_identity_keeps_its_order_types_and_times(place: Place):
    async def work() -> None:
        scope = place.user()
        tomorrow = NOON + timedelta(days=1)
        records = [
            memory(scope, "Ana", key="user:name", value="Ana", importance=0.9),
            memory(scope, "kids", key="user:children", value='{"names": ["Mia", "Tom"], "n": 2}', importance=0.8),
            memory(scope, "no nuts", type=MemoryType.CONSTRAINT, importance=0.7, extra={"deep": [1, {"é": None}]}),
            memory(scope, "until tomorrow", key="user:location", value="Oslo", valid_to=tomorrow, importance=0.6),
            memory(scope, "from tomorrow", key="user:location", value="Lyon", valid_from=tomorrow, importance=0.5),
        ]
        await commit(place, scope, [Change(type=EventType.MEMORY_ADDED, after=record) for record in records])
        for now, expected in ((NOON, records[:4]), (tomorrow, [*records[:3], records[4]])) * 2:
            state = await place.tier.load(scope, now)
            assert state is not None
            assert list(state.always) == expected
            assert list(state.recent) == [record.id for record in reversed(records)][: len(state.recent)]

    place.do(work)


def test_a_sweep_says_what_went_and_whose(place: Place):
    async def work() -> None:
        scope, other = place.user(), place.user()
        await place.tier.sweep(scope.tenant_id, NOON + timedelta(days=365))
        for who, ttl_s in ((scope, 5), (other, 500)):
            for kind in FADING:
                await place.tier.write(who, [put(kind, "k", NOON, ttl_s=ttl_s)], NOON)
        swept = await place.tier.sweep(scope.tenant_id, NOON + timedelta(seconds=5))
        assert (swept.items, swept.users) == (4, (scope.user_id,))
        kept = await place.tier.load(other, NOON + timedelta(seconds=5))
        assert kept is not None
        assert len(kept.items) == 4

    place.do(work)


def test_a_session_ends_by_itself_and_use_keeps_it(place: Place):
    async def work() -> None:
        scope = place.user()
        opened = session(scope, NOON, topic={"a": [1, "1", 1.0, None, True]})
        await commit(place, scope, [ThingChange(type=EventType.SESSION_STARTED, after=opened)])
        for hours, there in ((0, True), (23.9, True), (24, False), (0, True)):
            state = await place.tier.load(scope, NOON + timedelta(hours=hours))
            assert state is not None
            assert state.session == (opened if there else None)
        await place.tier.touch(scope, NOON + timedelta(hours=20))
        state = await place.tier.load(scope, NOON + timedelta(hours=43.9))
        assert state is not None
        assert (state.session, state.used_at) == (opened, NOON + timedelta(hours=20))

    place.do(work)


def test_what_a_transaction_writes_is_read_at_once_and_leaves_others_alone(place: Place):
    async def work() -> None:
        scope, other = place.user("one"), place.user("one")
        await place.tier.write(other, [put(HotKind.CONTEXT, "k", NOON, of="other")], NOON)
        soon = datetime.now(UTC)
        for place_ in range(LIMITS.working + 3):
            item = put(HotKind.WORKING, str(place_), soon + timedelta(seconds=place_), ttl_s=900, text=str(place_))
            await commit(place, scope, [Change(type=EventType.MEMORY_ADDED, after=memory(scope, "m"))], item)
            state = await place.tier.load(scope, soon)
            assert state is not None
            assert state.items[-1] == HotItem(
                kind=item.kind, name=item.name, value=item.value or {}, at=item.at, expires_at=item.expires_at
            )
        kept = await place.tier.load(other, NOON)
        assert kept is not None
        assert [item.value for item in kept.items] == [{"of": "other"}]
        assert {scope.user_id, other.user_id} <= set(await place.tier.users(scope.tenant_id, limit=100_000))

    place.do(work)


@pytest.mark.parametrize("name", HOSTILE)
def test_ids_can_be_anything(place: Place, name: str):
    async def work() -> None:
        scope = Scope(tenant_id=place.parts.tenant_id, user_id=name)
        twin = Scope(tenant_id=place.parts.tenant_id, user_id=f"{name[:200]}}}:context")
        for who in (scope, twin):
            await place.tier.write(who, [put(HotKind.CONTEXT, name, NOON, who=who.user_id)], NOON)
        for who in (scope, twin) * 2:
            state = await place.tier.load(who, NOON)
            assert state is not None
            assert [(item.name, item.value) for item in state.items] == [(name, {"who": who.user_id})]

    place.do(work)


def test_a_profile_is_loaded_with_and_without_a_session(place: Place):
    async def work() -> None:
        scope = place.user()
        first = profile(scope, None, NOON)
        second = profile(scope, first, NOON)
        open_session = session(scope, NOON, profile="the session's own")
        for change in (
            ThingChange(type=EventType.PROFILE_UPDATED, after=first),
            ThingChange(type=EventType.SESSION_STARTED, after=open_session),
            ThingChange(type=EventType.PROFILE_UPDATED, before=first, after=second),
        ):
            done = await commit(place, scope, [change])
            assert done is not None
            assert done.derived
            for _ in range(2):  # from the truth, then from what is held
                state = await place.tier.load(scope, NOON)
                assert state is not None
                assert state.profile == (second if change.before is not None else first)
                assert state.session in (None, open_session)
        again = await place.tier.load(scope, NOON)
        assert again is not None
        assert again.session == open_session

    place.do(work)


def test_goals_come_by_importance(place: Place):
    async def work() -> None:
        scope = place.user()
        low, high = goal(scope, "some day", 1), goal(scope, "now", 5)
        added = [ThingChange(type=EventType.GOAL_ADDED, after=one) for one in (low, high)]
        await commit(place, scope, list(added))
        paused = replace(low, status=GoalStatus.PAUSED, extra={"why": [None, 1.5]})
        await commit(place, scope, [ThingChange(type=EventType.GOAL_UPDATED, before=low, after=paused)])
        for _ in range(2):
            state = await place.tier.load(scope, NOON)
            assert state is not None
            assert state.goals == (high, paused)

    place.do(work)
