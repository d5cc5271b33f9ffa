"""Working memory in groups: by time, by name, within one place, and never too many."""

from datetime import UTC, datetime, timedelta

from recollect.domain.chunks import LONGEST, chunked
from recollect.domain.hot import HotItem, HotKind

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def said(seconds: int, text: str, **more: object) -> HotItem:
    return HotItem(
        kind=HotKind.WORKING, name=f"{seconds:06}", value={"text": text, **more}, at=NOW + timedelta(seconds=seconds)
    )


def texts(*items: HotItem, most: int = 10) -> list[str]:
    return [chunk.text for chunk in chunked(items, most)]


def test_what_follows_within_two_minutes_is_one_group_and_speakers_are_named_when_they_change():
    items = (
        said(0, "I moved to Lyon", speaker="Ana"),
        said(30, "It is lovely!", speaker="Ana"),
        said(60, "Nice", speaker="Ben"),
        said(600, "Dinner?", speaker="Ben"),
    )
    assert texts(*items) == ["Ana: I moved to Lyon. It is lovely! Ben: Nice.", "Ben: Dinner?"]


def test_what_names_the_same_stays_together_however_long_it_takes():
    assert len(texts(said(0, "We visited Marseille"), said(900, "In May Marseille is warm"))) == 1
    assert len(texts(said(0, "We went there"), said(900, "It was warm"))) == 2


def test_another_conversation_channel_or_audience_is_another_group():
    for field in ("conversation_id", "channel_id"):
        assert len(texts(said(0, "one", **{field: "a"}), said(1, "two", **{field: "b"}))) == 2
    assert len(texts(said(0, "one", audience=["ben"]), said(1, "two", audience=[]))) == 2


def test_the_oldest_groups_go_and_the_order_given_does_not_matter():
    items = [said(1_000 * n, f"number {n}") for n in range(14)]
    assert texts(*items) == [f"number {n}" for n in range(4, 14)]
    assert texts(*items[::-1]) == texts(*items)
    assert texts(*items[:3]) == ["number 0", "number 1", "number 2"]
    assert texts(*items, most=0) == []


def test_a_group_does_not_grow_without_end():
    items = [said(n, "word " * 50) for n in range(20)]
    groups = chunked(items, 10)
    assert len(groups) > 2
    assert all(len(chunk.text) <= LONGEST + 20 for chunk in groups)
