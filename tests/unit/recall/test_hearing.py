"""The rule of hearing: what may be told where, the same as a sentence about one memory, a condition and a mask."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_rows import DIMENSION, PIECES, row
from recollect.domain.condition import Condition, matches
from recollect.domain.content import content_hash, said_in
from recollect.domain.event import EventType
from recollect.domain.goal import Goal
from recollect.domain.hearing import (
    Occasion,
    Place,
    canonical_audience,
    heard,
    may_surface,
    own_condition,
    reaches,
    shared_condition,
    standing,
)
from recollect.domain.hot import HotItem, HotKind, HotState
from recollect.domain.record import Memory, MemoryType, Provenance, Status, Telling
from recollect.domain.scope import project_scope
from recollect.domain.session import Session
from recollect.ports.store import Change
from recollect.recall.condition import condition_mask
from recollect.recall.resident.builder import Builder
from recollect.writing.placing import settled

MAY = datetime(2026, 5, 1, tzinfo=UTC)
PEOPLE = ("ana", "ben", "cleo", "dan")
CHANNELS = ("one", "two")
audiences = st.sets(st.sampled_from(PEOPLE[1:])).map(lambda who: tuple(sorted(who)))
places = st.just((None, ())) | st.tuples(st.sampled_from(CHANNELS), audiences)
occasions = st.builds(
    Occasion,
    reader=st.just("ana"),
    channel_id=st.none() | st.sampled_from(CHANNELS),
    audience=st.sets(st.sampled_from(PEOPLE)).map(lambda who: canonical_audience("ana", sorted(who))),
    project_id=st.none() | st.just("atlas"),
    mentioned=st.booleans(),
    personal=st.booleans(),
)


def memory(number: int = 1, place: Place = (None, ()), **given: object) -> Memory:
    """A memory of ana's that was said at a place."""
    plain = Memory(
        id=UUID(int=0x0190 << 112 | 7 << 76 | 2 << 62 | number),
        tenant_id="t",
        user_id="ana",
        type=MemoryType.TURN,
        text="tea",
        written_at=MAY,
        updated_at=MAY,
        content_hash=f"hash-{number}",
        channel_id=place[0],
        audience=place[1],
    )
    return replace(plain, **given)  # type: ignore[arg-type]


def hearers(place: Place) -> set[str] | None:
    """Who hears what is said at a place, ana among them; None for everybody in a channel."""
    channel_id, audience = place
    if channel_id is None:
        return {"ana"}
    return {"ana", *audience} if audience else None


@given(place=places, occasion=occasions)
def test_the_rule_in_other_words(place: Place, occasion: Occasion):
    told = may_surface(memory(place=place), occasion)
    if occasion.channel_id is None:
        assert told
        return
    who = hearers(place)
    answered = {"ana", *occasion.audience} if occasion.audience else None
    if place[0] is None:
        assert told == (occasion.personal and occasion.mentioned)
    elif place[0] != occasion.channel_id:
        assert not told
    else:
        assert told == (who is None or (answered is not None and answered <= who))


@given(many=st.lists(places, min_size=1, max_size=6), occasion=occasions)
def test_the_condition_and_the_mask_say_the_same(many: list[Place], occasion: Occasion):
    records = [memory(number, place) for number, place in enumerate(many, start=1)]
    expected = [may_surface(record, occasion) for record in records]
    condition = own_condition(occasion)
    assert (condition is None) == (occasion.channel_id is None)
    if condition is None:
        assert all(expected)
        return
    assert [matches(condition, record) for record in records] == expected
    assert mask_of(records, condition) == expected


def mask_of(records: list[Memory], condition: Condition) -> list[bool]:
    """What the resident arrays say."""
    builder = Builder(PIECES, DIMENSION, "ana")
    rows = [
        row(number, "tea", channel_id=record.channel_id, audience=record.audience)
        for number, record in enumerate(records, start=1)
    ]
    builder.apply(rows, 1)
    return np.asarray(condition_mask(builder.snapshot(), condition)).tolist()


@given(occasion=occasions, audience=audiences)
def test_what_a_project_shares(occasion: Occasion, audience: tuple[str, ...]):
    stream = project_scope("t", "atlas").user_id
    shared = memory(place=("two", audience), user_id=stream, project_id="atlas", author_id="ben")
    here = occasion.private or (occasion.project_id == "atlas" and not audience)
    assert may_surface(shared, occasion) == here
    assert may_surface(replace(shared, project_id="other"), occasion) == occasion.private
    condition = shared_condition(occasion)
    assert (condition is None or matches(condition, shared)) == (occasion.private or not audience)


def test_another_users_memory_is_never_told():
    for channel, mentioned, personal in product((None, "one"), (True, False), (True, False)):
        occasion = Occasion(reader="ben", channel_id=channel, mentioned=mentioned, personal=personal)
        assert not may_surface(memory(place=("one", ())), occasion)


@given(told=places, place=places)
def test_a_telling_reaches_what_all_its_hearers_may_hear(told: Place, place: Place):
    same = place[0] is None or told[0] == place[0]
    here, there = hearers(place), hearers(told)
    inside = place[0] is None or there is None or (here is not None and here <= there)
    assert reaches(told, place) == (same and inside)


def test_the_same_words_elsewhere_are_another_content():
    plain = content_hash(None, "I like tea")
    hashes = [
        said_in(plain, channel, who) for channel in (None, "one", "two") for who in ((), ("ben",), ("ben", "dan"))
    ]
    assert hashes[0] == plain
    assert len(set(hashes)) == len(hashes)
    assert said_in(plain, "one", ("dan", "ben")) == said_in(plain, "one", ("ben", "dan"))


def fact(number: int, value: str, place: Place, day: int) -> Memory:
    """Where ana lives, as she said it at a place."""
    at = MAY + timedelta(days=day)
    told = Telling(told_at=at, written_at=at, since=at, single=True)
    return memory(
        number,
        place,
        key="user:location",
        value=value,
        told_at=at,
        valid_from=at,
        provenance=Provenance(tellings=(told,)),
    )


def after(*facts: Memory) -> dict[str, Memory]:
    """The facts by value, once each was added in this order."""
    known: dict[UUID, Memory] = {}
    for one in facts:
        added = Change(type=EventType.MEMORY_ADDED, after=one)
        known |= {change.after.id: change.after for change in settled(known.values(), [added], MAY)}
    return {str(one.value): one for one in known.values()}


ALOUD, ASIDE, ALONE = ("one", ()), ("one", ("ben",)), (None, ())


def test_a_correction_aside_leaves_what_the_channel_knows():
    facts = after(fact(1, "Lyon", ALOUD, 0), fact(2, "Berlin", ASIDE, 1))
    assert facts["Lyon"].status is Status.ACTIVE
    assert facts["Lyon"].valid_to is None
    assert facts["Berlin"].supersedes == facts["Lyon"].id
    assert [one.value for one in standing(facts.values())] == ["Berlin"]
    aloud = Occasion(reader="ana", channel_id="one", mentioned=True, personal=True)
    assert [one.value for one in standing(f for f in facts.values() if may_surface(f, aloud))] == ["Lyon"]


def test_a_correction_in_the_channel_counts_wherever_it_may_be_told():
    facts = after(fact(1, "Rome", ALONE, 0), fact(2, "Lyon", ASIDE, 1), fact(3, "Berlin", ALOUD, 2))
    assert [facts[name].status for name in ("Rome", "Lyon", "Berlin")] == [
        Status.SUPERSEDED,
        Status.SUPERSEDED,
        Status.ACTIVE,
    ]
    assert facts["Berlin"].supersedes is None  # what it took the place of was not said there


def test_what_was_told_in_several_places_stands_once():
    facts = [fact(1, "Lyon", ALOUD, 0), fact(2, "lyon ", ALONE, 2), fact(3, "Lyon", ("two", ()), 1)]
    assert [one.id for one in standing(facts)] == [facts[1].id]
    two = replace(facts[0], status=Status.SUPERSEDED), replace(facts[1], status=Status.SUPERSEDED)
    assert standing(two) == list(two)  # the past has each of its times
    assert standing([memory(1), memory(2)]) == [memory(1), memory(2)]


def test_other_channels_know_nothing_of_each_other():
    facts = after(fact(1, "Lyon", ALOUD, 0), fact(2, "Berlin", ("two", ()), 1))
    assert {one.status for one in facts.values()} == {Status.ACTIVE}
    assert {one.supersedes for one in facts.values()} == {None}


def test_a_channel_that_says_it_again_after_an_aside_has_one_record_in_one_piece():
    facts = after(fact(1, "Lyon", ALOUD, 0), fact(2, "Berlin", ASIDE, 1))
    lyon = facts["Lyon"]
    told = fact(3, "Lyon", ALOUD, 2).provenance.tellings[0]
    again = replace(lyon, provenance=Provenance(tellings=(*lyon.provenance.tellings, told)), version=2)
    change = Change(type=EventType.MEMORY_REINFORCED, before=lyon, after=again)
    changes = settled(facts.values(), [change], MAY)
    written = {one.after.id: one.after for one in changes}
    assert written[lyon.id].status is Status.ACTIVE
    assert written[lyon.id].valid_from == lyon.valid_from
    berlin = written[facts["Berlin"].id]
    assert berlin.status is Status.SUPERSEDED
    assert len(written) == 2  # nothing was cut


def state() -> HotState:
    """Something hot of every kind."""
    at = MAY
    working = [
        HotItem(kind=HotKind.WORKING, name=name, value={"text": name, "channel_id": channel, "audience": who}, at=at)
        for name, channel, who in (
            ("alone", None, []),
            ("aloud", "one", []),
            ("aside", "one", ["ben"]),
            ("elsewhere", "two", []),
        )
    ]
    others = [
        HotItem(kind=kind, name=kind.value, value={"channel_id": "one"}, at=at)
        for kind in (HotKind.CONTEXT, HotKind.THOUGHT, HotKind.SENSED)
    ]
    return HotState(
        version=7,
        always=(memory(1), memory(2, ALOUD), memory(3, ASIDE)),
        session=Session(tenant_id="t", user_id="ana", id=UUID(int=1), started_at=at, updated_at=at),
        goals=(Goal(tenant_id="t", user_id="ana", id=UUID(int=2), title="secret", created_at=at, updated_at=at),),
        recent=(UUID(int=3),),
        items=(*working, *others),
    )


@pytest.mark.parametrize(
    ("occasion", "names", "always", "own"),
    [
        (Occasion(reader="ana", channel_id="one", mentioned=True), {"aloud"}, 1, False),
        (Occasion(reader="ana", channel_id="one", mentioned=True, audience=("ben",)), {"aloud", "aside"}, 2, False),
        (Occasion(reader="ana", channel_id="one", mentioned=True, audience=("ben", "dan")), {"aloud"}, 1, False),
        (Occasion(reader="ana", channel_id="two", mentioned=True), {"elsewhere"}, 0, False),
        (
            Occasion(reader="ana", channel_id="one", mentioned=True, personal=True),
            {"alone", "aloud", "context", "thought", "sensed"},
            2,
            True,
        ),
        (Occasion(reader="ana", channel_id="one", personal=True), set[str](), 0, False),
    ],
)
def test_what_is_hot_follows_the_same_rule(occasion: Occasion, names: set[str], always: int, own: bool):
    told = heard(state(), occasion)
    assert {item.name for item in told.items} == names
    assert len(told.always) == always
    assert (told.session is not None) == own
    assert bool(told.goals) == own
    assert told.recent == ()
    assert told.version == 7


def test_in_private_everything_hot_is_there():
    assert heard(state(), Occasion(reader="ana")) == state()
