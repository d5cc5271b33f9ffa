"""Words that only say when are not matched with what memories say."""

from datetime import UTC, datetime

import pytest

from recollect.recall.plan import plan

NOW = datetime(2024, 5, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What do I have next week?", "What do I have ?"),
        ("When was the last time I saw Tom?", "When was I saw Tom?"),
        ("What did I buy two weeks before the wedding?", "What did I buy wedding?"),
        ("What did I cook on 11 May 2024?", "What did I cook on ?"),
        ("Who won in 2022?", "Who won in ?"),
        ("What did I cook last week?", "What did I cook last week?"),
        ("What did I do after we moved?", "What did I do after we moved?"),
        ("What do I wear in winter?", "What do I wear in winter?"),
    ],
)
def test_what_is_left_to_be_matched(question: str, topic: str):
    assert plan(question, NOW).topic.split() == topic.split()


def test_stems_are_those_of_what_is_left():
    assert plan("What pie do I bake in three weeks?", NOW).shown == ("pie", "bake")
    assert plan("2022?", NOW).stems == ()
