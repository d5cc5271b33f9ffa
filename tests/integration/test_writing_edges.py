"""Edges of writing: times that lie ahead, and what a short answer is worth."""

from datetime import UTC, datetime, timedelta

from recollect import Memory


def test_what_is_dated_ahead_stays_in_working_memory_no_longer_than_what_is_said_now(memory: Memory):
    memory.add("I live in Oslo", user_id="ana", at=datetime.now(UTC) + timedelta(days=300))
    memory.add("I work at Bosch", user_id="ana")
    items = memory.working.items(user_id="ana")
    assert [one.said.text for one in items] == ["I work at Bosch", "I live in Oslo"]
    assert max(one.seconds_left for one in items) <= 6 * 3600
