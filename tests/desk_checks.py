"""What holds for every thing that a desk writes: the log replays to exactly the rows that are stored."""

from recollect import Memory
from recollect.domain.collection import Collection, CollectionMember
from recollect.domain.conversation import Conversation, ToolInvocation, Turn
from recollect.domain.entity import Entity
from recollect.domain.goal import Goal
from recollect.domain.reflection import Reflection
from recollect.domain.relationship import Relationship
from recollect.domain.scope import Scope
from recollect.domain.session import Session
from recollect.domain.state import key_of, replayed
from recollect.domain.thing import Thing
from recollect.domain.trace import Trace
from recollect.domain.user_profile import UserProfile
from recollect.memory.background import LOOP
from recollect.memory.memory import AsyncFacade
from recollect.ports.store import EventQuery

OF_A_USER: tuple[type[Thing], ...] = (
    Relationship,
    Collection,
    CollectionMember,
    Conversation,
    Turn,
    ToolInvocation,
    UserProfile,
    Entity,
    Session,
    Goal,
    Reflection,
    Trace,
)


def assert_log_gives_things(memory: Memory, user_id: str) -> None:
    """The rows of every kind are what the user's log adds up to."""
    LOOP.call(lambda: _compare(memory._inner, user_id))  # pyright: ignore[reportPrivateUsage] - looks below the facade


async def _compare(memory: AsyncFacade, user_id: str) -> None:
    parts = await memory.core.ready()
    events = await parts.store.events(Scope(tenant_id=parts.tenant_id, user_id=user_id), EventQuery())
    rebuilt = replayed(events).things
    stored = [
        thing for kind in OF_A_USER for thing in await parts.store.things(kind, parts.tenant_id, {"user_id": user_id})
    ]
    assert {(thing.KIND, key_of(thing)): thing for thing in stored} == rebuilt


def types_of(memory: Memory, user_id: str) -> list[str]:
    """The types of the user's events but those that add memories, oldest first."""
    page = memory.events.list(user_id=user_id, limit=1000)
    return [event.type.value for event in page if event.type.value != "memory_added"]
