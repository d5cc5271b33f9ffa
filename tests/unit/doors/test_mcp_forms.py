"""What MCP answers are made of: how much fits, how schemas are shortened, how the service is opened beside messages."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any, cast

import pytest

from recollect.bootstrap.service import Service
from recollect.domain.tokens import ESTIMATE
from recollect.doors.mcp.answer import Data, paragraphs, recalled, shortened, within
from recollect.doors.mcp.opening import Opening
from recollect.doors.mcp.profiles import Profile
from recollect.errors import StoreUnavailable


class Text(Data):
    text: str


@dataclass(frozen=True)
class Entry:
    line: str
    data: Text


def entry(words: int, more_data: int = 0) -> Entry:
    return Entry("word " * words, Text(text="word " * (words + more_data)))


def test_as_many_entries_are_kept_as_there_is_room_for():
    entries = [entry(100) for _ in range(20)]
    kept = within(entries, room=1_000)
    assert 5 <= len(kept) < 20
    assert sum(ESTIMATE.count(one.line) for one in kept) <= 1_000
    assert within([entry(10_000)], room=100) == [entry(10_000)], "one is always shown"
    assert len(within([entry(10, more_data=190) for _ in range(20)], room=1_000)) == len(
        within([entry(200) for _ in range(20)], room=1_000)
    )
    assert within([]) == []


def test_what_is_recalled_stands_between_the_marks():
    assert recalled([]) == ""
    assert recalled(["one", "two"]).splitlines()[0] == "<recalled-memory>"
    assert recalled(["one", "two"]).splitlines()[-3:] == ["- one", "- two", "</recalled-memory>"]
    assert paragraphs("", "a", "", "b") == "a\nb"
    assert shortened("short") == "short"
    assert "2,000 characters in all" in shortened("x" * 2_000)


def _schemas() -> list[tuple[str, dict[str, Any]]]:
    described = [tool.described(names_user=False) for tool in Profile.ALL.tools]
    return [(f"{one.name} takes", one.input_schema) for one in described] + [
        (f"{one.name} gives", one.output_schema or {}) for one in described
    ]


@pytest.mark.parametrize(("name", "schema"), _schemas())
def test_schemas_are_plain_objects_without_references_and_titles(name: str, schema: dict[str, Any]):
    written = json.dumps(schema)
    assert schema["type"] == "object", name
    assert "$ref" not in written
    assert "$defs" not in written
    assert '"title":' not in written
    if name.endswith("takes"):
        assert '"null"' not in written
    elif "search_memories" in name:
        assert '"null"' in written


def test_what_a_profile_costs_a_prompt():
    costs = {
        profile: ESTIMATE.count(json.dumps([tool.described(names_user=False).input_schema for tool in profile.tools]))
        for profile in Profile
    }
    assert costs[Profile.DEFAULT] < 2_500
    assert costs[Profile.GRAPH] < 1_500


class Opened:
    def __init__(self) -> None:
        self.closed = 0

    async def aclose(self) -> None:
        self.closed += 1


@pytest.mark.anyio
async def test_many_wait_for_one_opening_and_one_who_gives_up_does_not_take_it_away():
    opened, times = Opened(), 0

    async def open_service() -> Service:
        nonlocal times
        times += 1
        await asyncio.sleep(0.05)
        return cast("Service", opened)

    opening = Opening(open_service)
    opening.begin()
    waiting = [asyncio.create_task(opening.service()) for _ in range(5)]
    await asyncio.sleep(0.01)
    waiting[0].cancel()
    found = await asyncio.gather(*waiting[1:])
    assert {id(one) for one in found} == {id(opened)}
    assert times == 1
    await opening.aclose()
    await opening.aclose()
    assert opened.closed == 1
    with pytest.raises(asyncio.CancelledError):
        await opening.service()


@pytest.mark.anyio
async def test_what_could_not_be_opened_is_tried_again():
    attempts: list[int] = []

    async def open_service() -> Service:
        attempts.append(1)
        if len(attempts) < 3:
            raise StoreUnavailable("not yet")
        return cast("Service", Opened())

    opening = Opening(open_service)
    opening.begin()
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="not yet"):
            await opening.service()
    await opening.service()
    assert len(attempts) == 3
    await opening.aclose()
