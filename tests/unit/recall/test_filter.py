"""Each filter gives what plain Python would."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from index_rows import NOW, ask, index_of, numbers, row
from recollect.domain.record import MemoryType, Status, Tier
from recollect.domain.search import SearchFilter
from recollect.ports.index import IndexRow

DAY = timedelta(days=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
FOUND = {Status.ACTIVE, Status.COMPRESSED}


def rows() -> list[IndexRow]:
    draw = random.Random(7)  # noqa: S311 - test data

    def maybe(low: int, high: int) -> datetime | None:
        return None if draw.random() < 0.3 else START + draw.randint(low, high) * DAY

    return [
        row(
            n,
            "tea",
            type=draw.choice(list(MemoryType)),
            tier=draw.choice(list(Tier)),
            status=draw.choice([Status.ACTIVE] * 4 + [s for s in Status if s is not Status.DELETED]),
            agent_id=draw.choice(["", "a", "b"]),
            project_id=draw.choice([None, "a", "p"]),
            conversation_id=draw.choice([None, "c", "d"]),
            occurred_at=maybe(0, 300),
            valid_from=maybe(0, 100),
            valid_to=maybe(100, 300),
            confidence=draw.random(),
        )
        for n in range(300)
    ]


def valid(r: IndexRow, at: datetime) -> bool:
    return (r.valid_from is None or r.valid_from <= at) and (r.valid_to is None or r.valid_to > at)


def usual(r: IndexRow) -> bool:
    return r.status in FOUND and valid(r, NOW)


AT = START + 50 * DAY
FROM, TO = START + 20 * DAY, START + 90 * DAY
CASES: list[tuple[SearchFilter, Callable[[IndexRow], bool]]] = [
    (SearchFilter(), usual),
    (
        SearchFilter(types=frozenset({MemoryType.TURN, MemoryType.GOAL})),
        lambda r: usual(r) and r.type in ("turn", "goal"),
    ),
    (SearchFilter(tiers=frozenset({Tier.TASK})), lambda r: usual(r) and r.tier is Tier.TASK),
    (SearchFilter(statuses=frozenset({Status.SUPERSEDED})), lambda r: r.status is Status.SUPERSEDED),
    (SearchFilter(agent_id="a"), lambda r: usual(r) and r.agent_id == "a"),
    (SearchFilter(agent_id=""), lambda r: usual(r) and r.agent_id == ""),
    (SearchFilter(project_id="p"), lambda r: usual(r) and r.project_id == "p"),
    (SearchFilter(conversation_id="c"), lambda r: usual(r) and r.conversation_id == "c"),
    (SearchFilter(conversation_id="unknown"), lambda _: False),
    (SearchFilter(min_confidence=0.5), lambda r: usual(r) and r.confidence >= 0.5),
    (SearchFilter(occurred_from=FROM), lambda r: usual(r) and r.occurred_at is not None and r.occurred_at >= FROM),
    (SearchFilter(occurred_to=TO), lambda r: usual(r) and r.occurred_at is not None and r.occurred_at < TO),
    (SearchFilter(as_of=AT), lambda r: r.status in FOUND | {Status.SUPERSEDED} and valid(r, AT)),
    (SearchFilter(as_of=AT, statuses=frozenset({Status.ACTIVE})), lambda r: r.status is Status.ACTIVE and valid(r, AT)),
    (
        SearchFilter(agent_id="a", tiers=frozenset({Tier.PERSONAL}), occurred_from=FROM, occurred_to=TO),
        lambda r: (
            usual(r)
            and r.agent_id == "a"
            and r.tier is Tier.PERSONAL
            and r.occurred_at is not None
            and FROM <= r.occurred_at < TO
        ),
    ),
]


@pytest.mark.parametrize(("chosen", "expected"), CASES, ids=[str(n) for n in range(len(CASES))])
def test_a_filter_equals_plain_python(chosen: SearchFilter, expected: Callable[[IndexRow], bool]):
    given = rows()
    found = ask(index_of(given), "tea", chosen, limit=len(given))
    wanted = sorted(r.id.int & 0xFFFF for r in given if expected(r))
    assert sorted(numbers(found)) == wanted
    assert found.searched == len(wanted)
