"""Five people in a channel, with asides and private talks: after each message, every packet of everybody is looked at.

Each message carries a word of its own. What each occasion may show is worked out here anew, from who said it where and
to whom; the code under test decides it otherwise, as a filter before ranking.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any, cast

import pytest

from recollect import Memory
from recollect.doors.cli.printing import as_json

MEMBERS = ("ana", "ben", "cleo", "dan")
GUEST = "eve"
PEOPLE = (*MEMBERS, GUEST)
ATLAS, LOUNGE = "atlas-channel", "lounge"  # the second has no link
QUERIES = ("Where does Ana live and what is planned?", "pottery allergy budget Lyon birthday", "")


@dataclass(frozen=True, slots=True)
class Line:
    """One message: who says what, where, to whom aside, and the word that nothing else contains."""

    author: str
    words: str
    marker: str
    channel: str | None = ATLAS
    audience: tuple[str, ...] = ()


PLAY = (
    Line("ana", "I live in Lyonmark and we plan the pottery evening", "lyonmark"),
    Line("ben", "The budget for the party is zebramark", "zebramark"),
    Line("ana", "I moved to Berlinmark, but do not tell the others", "berlinmark", audience=("ben",)),
    Line("cleo", "Dan's birthday gift is a telescopemark", "telescopemark", audience=("ana", "ben")),
    Line("dan", "I am allergic to walnutmark", "walnutmark"),
    Line("dan", "I am allergic to secretmark", "secretmark", audience=("cleo",)),
    Line("eve", "As a guest I only like guestmark music", "guestmark"),
    Line("eve", "My plan is hiddenmark", "hiddenmark", audience=("ana",)),
    Line("ben", "My salary is goldmark", "goldmark", channel=None),
    Line("ana", "My phone number is phonemark", "phonemark", channel=None),
    Line("ana", "In the lounge we talk about loungemark", "loungemark", channel=LOUNGE),
    Line("ben", "My name is Nickmark, my friends say", "nickmark", channel=LOUNGE, audience=("eve",)),
    Line("cleo", "I work at Acmemark", "acmemark", audience=("dan",)),
    Line("cleo", "No, I work at Globexmark", "globexmark", audience=("dan",)),
    Line("dan", "I live in Osakamark", "osakamark", channel=None),
)

CORRECTED = ("acmemark",)
"""What was corrected where it was said, and is not told any more."""


@pytest.fixture
def chat(memory: Memory) -> Memory:
    """A project with four members, its channel, and a guest who is in the channel alone."""
    memory.projects.create("atlas", user_id="ana")
    for member in MEMBERS[1:]:
        memory.projects.set_member("atlas", member, user_id="ana")
    memory.channels.link(ATLAS, "atlas", user_id="ana", name="#atlas")
    return memory


def say(memory: Memory, line: Line) -> Any:
    """Adds a line as its author says it."""
    given: dict[str, Any] = {} if line.channel is None else {"channel_id": line.channel}
    if line.audience:
        given["audience"] = list(line.audience)
    return memory.add([{"role": "user", "content": line.words}], user_id=line.author, **given)


def may(line: Line, reader: str, channel: str, hearers: Sequence[str], *, personal: bool) -> bool:
    """The rule in words of its own: may this line be told to this reader here, heard by these?"""
    if line.channel is None:
        return personal and line.author == reader
    if line.channel != channel:
        return False
    if line.audience:
        return bool(hearers) and line.author == reader and {*hearers} <= {*line.audience, reader}
    shared = channel == ATLAS and line.author in MEMBERS and reader in MEMBERS
    return line.author == reader or shared


def markers(text: str, said: Sequence[Line]) -> set[str]:
    """The markers in a text."""
    lowered = text.casefold()
    return {line.marker for line in said if line.marker in lowered}


def everything(found: Any) -> str:
    """All that an answer holds, down to names of entities and reasons, but for the question, which is the asker's."""
    told = as_json(found)
    if isinstance(told, dict):
        told = {name: value for name, value in cast("dict[str, Any]", told).items() if name != "query"}
    return json.dumps(told)


def check(memory: Memory, said: Sequence[Line]) -> int:
    """Looks at every packet, search and list; returns how many."""
    seen = 0
    asides: list[tuple[str, ...]] = [(), *((who,) for who in PEOPLE), *combinations(PEOPLE, 2)]
    occasions = list(product(PEOPLE, (ATLAS, LOUNGE), (True, False), (True, False), QUERIES))
    for reader, channel, mentioned, personal, query in occasions:
        packet = memory.context(
            query, user_id=reader, channel_id=channel, mentioned=mentioned, personal=personal, limit=100
        )
        allowed = {line.marker for line in said if may(line, reader, channel, (), personal=personal and mentioned)}
        shown = markers(everything(packet) + packet.render(budget_tokens=20_000), said)
        assert shown <= allowed, (reader, channel, mentioned, personal, query, shown - allowed)
        if not mentioned:
            assert len(packet.items) <= 3
            assert packet.note
        seen += 1
    for reader, channel in product(PEOPLE, (ATLAS, LOUNGE)):
        allowed = {line.marker for line in said if may(line, reader, channel, (), personal=False)}
        found = memory.search(QUERIES[1], user_id=reader, channel_id=channel, limit=100)
        assert markers(everything(found), said) == allowed, (reader, channel)
        listed = memory.list(user_id=reader, channel_id=channel, limit=100)
        assert markers(everything(listed), said) == allowed, (reader, channel)
        seen += 2
    for reader, hearers in product(("ana", "cleo", GUEST), asides):
        packet = memory.context(
            QUERIES[1], user_id=reader, channel_id=ATLAS, mentioned=True, audience=list(hearers), limit=100
        )
        others = [who for who in hearers if who != reader] or ([reader] if hearers else [])
        allowed = {line.marker for line in said if may(line, reader, ATLAS, others, personal=False)}
        assert markers(packet.render(budget_tokens=20_000), said) <= allowed, (reader, hearers)
        seen += 1
    return seen


def test_five_people_with_asides_and_private_talks(chat: Memory):
    said: list[Line] = []
    seen = 0
    for line in PLAY:
        say(chat, line)
        said.append(line)
        seen += check(chat, said)
    assert seen == len(PLAY) * 188
    for person in PEOPLE:
        own = {line.marker for line in said if line.author == person and line.marker not in CORRECTED}
        listed = chat.list(user_id=person, limit=100)
        assert markers(everything(listed), said) == own  # alone with the agent everything is there
        packet = chat.context(" ".join(own), user_id=person, limit=100)
        assert markers(packet.render(budget_tokens=20_000), said) == own, person
