"""Candidates from the database: the ranking that the resident index gives, of a user of whom not everything is read."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest
from psycopg import sql
from tests.row_search import connect
from tests.two_ways import FIRST_AT, PEOPLE, TwoWays, two_ways

from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.bench.texts import Talk

MEMORIES: Final = 3_000
ASKED: Final = 40
SESSION: Final = 50
FOUND: Final = 10
BAR: Final = {"relevance": 9.7, "recent": 9.5, "cortex": 9.5, "meaning": 9.0, "words": 9.5}
"""How many of the resident index's first ten are among the first ten, on average, for each profile."""
SOME: Final = 300
"""Allowed and forbidden memories, each: more than are read as candidates."""


@pytest.fixture(scope="module")
def many(home: str) -> Iterator[TwoWays]:
    """Three thousand memories of ever different words, some important, some felt, some told again."""
    talk = Talk(seed=3)
    texts = talk.sentences(MEMORIES)
    with two_ways(home) as ways:
        for start in range(0, MEMORIES, SESSION):
            at = FIRST_AT + timedelta(days=start // SESSION)
            said = [
                {"role": "user", "name": PEOPLE[place % 3], "content": text, "at": at + timedelta(minutes=place)}
                for place, text in enumerate(texts[start : start + SESSION])
            ]
            ways.held.add(said, user_id="ana", conversation_id=f"talk {start // SESSION}")
        yield ways


def questions() -> list[str]:
    talk = Talk(seed=3)
    texts = talk.sentences(MEMORIES)
    asking = Talk(seed=3)
    asking.sentences(7)  # other words than those that anything was tuned on
    return [asking.question(texts[(1_237 * number + 11) % MEMORIES]) for number in range(ASKED)]


@pytest.mark.parametrize("profile", BAR)
def test_the_first_ten_are_nearly_those_of_the_resident_index(many: TwoWays, profile: str):
    shared = first = 0
    read: list[int] = []
    for question in questions():
        held, sought = many.both(question, limit=FOUND, profile=profile)
        shared += len({*held.ids} & {*sought.ids})
        first += held.ids[:1] == sought.ids[:1]
        assert len(sought) == FOUND
        assert held.searched >= MEMORIES
        read.append(sought.searched)
    assert max(read) < MEMORIES * 0.7, "everything was read: nothing was compared"
    assert shared / ASKED >= BAR[profile]
    assert first >= ASKED * 0.95


@pytest.mark.parametrize("profile", ["relevance", "recent", "cortex"])
def test_a_filter_that_few_pass_gives_the_same_list(many: TwoWays, profile: str):
    for question in questions()[:5]:
        held, sought = many.both(question, limit=20, profile=profile, conversation_id="talk 7")
        assert sought.searched >= held.searched > 0
        assert sought.ids == held.ids
        assert [hit.score for hit in sought] == pytest.approx([hit.score for hit in held], abs=2e-3)


@pytest.mark.parametrize(
    ("name", "forbidden"),
    [
        ("superseded", "status = 'superseded', valid_to = now()"),
        ("quarantined", "trust = 'quarantined'"),
        ("expired", "valid_to = now() - interval '1 day'"),
    ],
)
def test_hundreds_of_forbidden_ones_at_the_top_take_no_place(
    home: str, server: EmbeddedPostgres, name: str, forbidden: str
):
    """What may not be found is nearest to the question by far, and more of it than is ever read."""
    question = "What does the cello class of Anna in Lisbon cost?"
    with two_ways(home) as ways:
        secrets = [f"The cello class of Anna in Lisbon costs {number} euros" for number in range(2 * SOME)]
        ways.held.add([{"role": "user", "content": text} for text in secrets], user_id="ana", conversation_id="secret")
        with connect(server) as connection:
            query = sql.SQL("UPDATE recollect.memory SET {} WHERE text = ANY (%s)").format(
                sql.SQL(forbidden)  # pyright: ignore[reportArgumentType] - our own words
            )
            assert connection.execute(query, (secrets,)).rowcount >= 2 * SOME, name
        allowed = [f"The cello class of {who} costs {number} euros" for number in range(SOME) for who in ("Ben", "me")]
        ways.held.add([{"role": "user", "content": text} for text in allowed], user_id="ana", conversation_id="talk")
        for limit in (10, 50):
            held, sought = ways.both(question, limit=limit)
            assert len(sought) == limit
            assert {hit.memory.text for hit in sought}.isdisjoint(secrets)
            assert [hit.score for hit in sought] == pytest.approx([hit.score for hit in held], abs=0.05)
