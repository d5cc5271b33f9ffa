"""Random group chats: the model is the set of what was said where and to whom, the invariant the rule of hearing."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

import recollect
from recollect.domain.record import Memory, MemoryType
from recollect.domain.scope import PROJECT_STREAM

PEOPLE = ("ana", "ben", "cleo", "gus")
MEMBERS = {"ana", "ben"}
VALUES = ("Lyon", "Oslo", "Quito")
SAID = (*(f"I live in {city}" for city in VALUES), "We had tea with Ben Miller", "The shed is painted green")

people = st.sampled_from(PEOPLE)
texts = st.sampled_from(SAID)
channels = st.sampled_from(["linked", "loose"])
audiences = st.sets(people, max_size=2)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said: by whom, in which channel or in private (None), to whom aside."""

    author: str
    text: str
    channel: str | None
    audience: frozenset[str]


class GroupChats(RuleBasedStateMachine):
    """Four people in two channels; every example has a tenant of its own, in one database."""

    home: str

    @initialize()
    def begin(self) -> None:
        self.memory = recollect.Memory(home=self.home, tenant_id=f"tenant {uuid4()}")
        self.memory.projects.create("atlas", user_id="ana")
        self.memory.projects.set_member("atlas", "ben", user_id="ana")
        self.memory.projects.set_member("atlas", "cleo", user_id="ana", role="viewer")
        self.memory.channels.link("linked", "atlas", user_id="ana")
        self.said: set[Said] = set()

    def teardown(self) -> None:
        if hasattr(self, "memory"):
            self.memory.close()

    @rule(author=people, text=texts)
    def alone(self, author: str, text: str) -> None:
        self._say(author, text, None, frozenset())

    @rule(author=people, text=texts, channel=channels)
    def aloud(self, author: str, text: str, channel: str) -> None:
        self._say(author, text, channel, frozenset())

    @rule(author=people, text=texts, channel=channels, audience=audiences)
    def aside(self, author: str, text: str, channel: str, audience: set[str]) -> None:
        others = frozenset(audience - {author})
        self._say(author, text, channel, others or (frozenset({author}) if audience else others))

    def _say(self, author: str, text: str, channel: str | None, audience: frozenset[str]) -> None:
        given: dict[str, Any] = {"channel_id": channel, "audience": sorted(audience)}
        message = {"role": "user", "content": text}  # kept word for word, beside the facts in it
        self.memory.add([message], user_id=author, **given)
        self.said.add(Said(author, text, channel, audience))

    @invariant()
    def nobody_is_told_more_or_less(self) -> None:
        if not hasattr(self, "said"):
            return
        for reader in PEOPLE:
            for channel in ("linked", "loose"):
                allowed = {one.text for one in self.said if self._may(one, reader, channel)}
                listed = list(self.memory.list(user_id=reader, channel_id=channel, limit=200))
                assert {one.text for one in listed if one.type is MemoryType.TURN} == allowed
                for one in listed:
                    self._fits(one, reader, channel)
                given: dict[str, Any] = {"user_id": reader, "channel_id": channel, "limit": 50}
                for hit in self.memory.search("Where do they live, in Lyon, Oslo or Quito?", **given):
                    self._fits(hit.memory, reader, channel)
                packet = self.memory.context("", mentioned=True, **given)
                known = {city for city in VALUES if city in packet.render()}
                assert known <= {city for city in VALUES if any(city in text for text in allowed)}

    def _may(self, one: Said, reader: str, channel: str) -> bool:
        shared = channel == "linked" and one.author in MEMBERS and reader in MEMBERS | {"cleo"}
        return one.channel == channel and not one.audience and (one.author == reader or shared)

    def _fits(self, told: Memory, reader: str, channel: str) -> None:
        """What is told was said there aloud, and so was each telling that its facts rest on."""
        assert told.channel_id == channel
        assert told.audience == ()
        assert told.user_id in (reader, f"{PROJECT_STREAM}atlas")
        if told.type is MemoryType.TURN:
            return
        author = told.author_id or reader
        stated = {one.text for one in self.said if one.author == author and self._may(one, author, channel)}
        assert any(told.value and told.value in text for text in stated), (told, stated)


def test_random_group_chats(home: str):
    GroupChats.home = home
    run_state_machine_as_test(
        GroupChats,
        settings=settings(
            max_examples=8,
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
