"""Hearing: what may be told where several people talk. The one place where that is decided.

Each memory has a place where it was said: a private talk of its owner with the agent (no channel), a channel, or aside
within one, to some of those who are there (its audience). An answer is given on an occasion: to a reader, in a channel
or in private, to everybody there or aside. In private everything that the reader owns may be told. In a channel only:

- what the reader said in that same channel to everybody;
- what members share in the project that the channel is linked to, if the reader is one;
- in a reply aside, also what the reader said there aside, if everyone who will hear the reply heard it then;
- with ``personal``, when the agent was spoken to, the reader's own memories from private talks.

The same idea keeps values of one key apart: a telling changes only what all who heard it may hear (``reaches``). So a
correction that is told aside leaves what the channel knows as it is, and nobody there can tell that it was made.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from recollect.domain.condition import AUDIENCE, AllOf, AnyOf, Compare, Condition, Not, Op
from recollect.domain.content import normalised
from recollect.domain.hot import HotItem, HotKind, HotState
from recollect.domain.record import Memory, Status
from recollect.domain.scope import is_shared

Place = tuple[str | None, tuple[str, ...]]
"""Where something was said: the channel, and to whom aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Who is answered, and who else hears it.

    Attributes:
        reader: the user whose question or message it is.
        channel_id: the channel in which the answer is given; None for a private talk.
        audience: to whom it is given aside; empty for everybody in the channel.
        project_id: the project that the channel is linked to, if the reader is a member of it.
        mentioned: the agent was spoken to. personal: the reader's private memories may be told there.
    """

    reader: str
    channel_id: str | None = None
    audience: tuple[str, ...] = ()
    project_id: str | None = None
    mentioned: bool = False
    personal: bool = False

    @property
    def private(self) -> bool:
        """Whether the reader and the agent are alone."""
        return self.channel_id is None

    @property
    def bystander(self) -> bool:
        """Whether the agent only overhears: nobody spoke to it."""
        return not self.private and not self.mentioned

    @property
    def tells_personal(self) -> bool:
        """Whether what was said in private may be told."""
        return self.private or (self.personal and self.mentioned)


def may_surface(memory: Memory, occasion: Occasion) -> bool:
    """Whether a memory may be told on this occasion."""
    if is_shared(memory.user_id):
        return occasion.private or (memory.project_id == occasion.project_id and not memory.audience)
    return memory.user_id == occasion.reader and may_tell((memory.channel_id, memory.audience), occasion)


def may_tell(place: Place, occasion: Occasion) -> bool:
    """Whether what the reader said at a place may be told on this occasion."""
    channel_id, audience = place
    if occasion.private:
        return True
    if channel_id is None:
        return not audience and occasion.tells_personal
    if channel_id != occasion.channel_id:
        return False
    return not audience or (bool(occasion.audience) and {*occasion.audience} <= {*audience, occasion.reader})


def own_condition(occasion: Occasion) -> Condition | None:
    """What ``may_surface`` says of the reader's own memories, for filters; None when everything passes."""
    if occasion.channel_id is None:
        return None
    here, aloud = Compare("channel_id", Op.EQ, occasion.channel_id), Not(Compare(AUDIENCE, Op.PRESENT))
    ways: list[Condition] = [AllOf((here, aloud))]
    if occasion.audience:
        others = [who for who in occasion.audience if who != occasion.reader]
        ways.append(AllOf((here, *(Compare(AUDIENCE, Op.CONTAINS, who) for who in others))))
    if occasion.tells_personal:
        ways.append(AllOf((Not(Compare("channel_id", Op.PRESENT)), aloud)))
    return AnyOf(tuple(ways))


def shared_condition(occasion: Occasion) -> Condition | None:
    """What ``may_surface`` says of the memories that members share in the channel's project."""
    return None if occasion.private else Not(Compare(AUDIENCE, Op.PRESENT))


def heard(state: HotState, occasion: Occasion) -> HotState:
    """What of a user's hot state may be told; an agent that only overhears is given nothing of it."""
    if occasion.private:
        return state
    if occasion.bystander:
        return HotState(version=state.version, degraded=state.degraded)
    personal = occasion.tells_personal
    return replace(
        state,
        always=tuple(memory for memory in state.always if may_surface(memory, occasion)),
        profile=state.profile if personal else None,
        session=state.session if personal else None,
        used_at=state.used_at if personal else None,
        goals=state.goals if personal else (),
        recent=(),  # ids alone, which do not say where they were said
        items=tuple(item for item in state.items if may_tell(place_of_item(item), occasion)),
    )


def place_of(memory: Memory) -> Place:
    """Where a memory was said; what a project shares counts as said in one place."""
    return (None, ()) if is_shared(memory.user_id) else (memory.channel_id, memory.audience)


def place_of_item(item: HotItem) -> Place:
    """Where an item of working memory was said; everything else that fades is private."""
    if item.kind is not HotKind.WORKING:
        return (None, ())
    return item.value.get("channel_id"), tuple(item.value.get("audience") or ())


def reaches(told: Place, place: Place) -> bool:
    """Whether all who may hear what was said at ``place`` heard what was told at ``told`` as well."""
    (channel_id, audience), (told_in, told_to) = place, told
    if channel_id is None and not audience:
        return True  # the owner alone, who hears everything
    if told_in != channel_id:
        return False
    return not told_to or (bool(audience) and {*audience} <= {*told_to})


def standing(facts: Iterable[Memory]) -> list[Memory]:
    """Facts without those that another of them took the place of, and each that was told in several places once.

    A value told in private takes the place of one that a channel was told, without ending it there; so both hold, each
    where it was told, and where both may be told the later one stands. What was superseded anyway was asked for.
    """
    known = list(facts)
    replaced = {fact.supersedes for fact in known if fact.supersedes is not None}
    kept = [fact for fact in known if fact.id not in replaced or fact.status is Status.SUPERSEDED]
    last: dict[object, Memory] = {}
    for fact in kept:
        other = last.setdefault(_statement(fact), fact)
        if (fact.told_at or fact.written_at) > (other.told_at or other.written_at):
            last[_statement(fact)] = fact
    return [fact for fact in kept if last[_statement(fact)] is fact]


def _statement(fact: Memory) -> object:
    """What makes two facts say the same; a record that states no present fact is like no other."""
    if fact.key is None or fact.value is None or fact.status is Status.SUPERSEDED:
        return fact.id
    return fact.user_id, fact.agent_id, fact.key, normalised(fact.value)


def canonical_audience(author: str, audience: Sequence[str]) -> tuple[str, ...]:
    """An audience as it is kept: each once, in order, without the author unless nobody else is meant."""
    others = sorted({who for who in audience if who != author})
    return tuple(others) if others or not audience else (author,)
