"""Stored arrays give the index that stored them, and a block that is not whole or not ours is refused."""

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from index_rows import DIMENSION, PIECES, ask, numbers, row, sentence, vectors_for
from recollect.domain.record import Status
from recollect.ports.index import IndexRow
from recollect.ports.stored_arrays import StoredArrays
from recollect.recall.resident import storing
from recollect.recall.resident.index import ResidentIndex
from recollect.recall.resident.small_vectors import dots, small

QUESTION = "When did Caroline go to the museum with the dog in May?"


def told(first: int, count: int, seed: int) -> list[IndexRow]:
    draw = random.Random(seed)  # noqa: S311 - test data
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        row(
            n,
            sentence(draw),
            speaker=draw.choice(["Caroline", "Melanie"]),
            conversation_id=f"session {n // 10}",
            occurred_at=start + timedelta(days=n // 10),
            key=draw.choice([None, "user:job", "user:dog"]),
            vectors=vectors_for(str(n), draw.choice([0, 1, 1, 2])),
        )
        for n in range(first, first + count)
    ]


@pytest.fixture
def index() -> ResidentIndex:
    made = ResidentIndex(PIECES, DIMENSION, "ana")
    made.apply(told(0, 60, 1), 60)
    changed = [row(5, "dog museum", status=Status.DELETED), row(7, "the museum in May", conversation_id="session 0")]
    made.apply(changed, 62)
    return made


def empty() -> ResidentIndex:
    return ResidentIndex(PIECES, DIMENSION, "ana")


def answers(given: ResidentIndex) -> list[tuple[int, float]]:
    found = ask(given, QUESTION, limit=100, vector=vectors_for("question")[0])
    return list(zip(numbers(found), [ranked.score for ranked in found.ranked], strict=True))


def test_an_index_is_the_same_after_storing_and_goes_on_from_there(index: ResidentIndex):
    other = empty()
    stored = index.stored()
    assert (stored.seq, stored.memories) == (62, 59)
    assert other.restore(stored)
    assert (other.seq, other.size, other.speakers) == (index.seq, index.size, index.speakers)
    assert answers(other) == answers(index)
    more = [*told(60, 30, 2), row(3, "the dog again", status=Status.SUPERSEDED), row(9, "", status=Status.DELETED)]
    for each in (index, other):
        each.apply(more, 95)
    assert answers(other) == answers(index)
    assert numbers(ask(other, "museum", limit=100)) == numbers(ask(index, "museum", limit=100))


def test_storing_again_gives_the_same_bytes(index: ResidentIndex):
    other = empty()
    stored = index.stored()
    assert other.restore(stored)
    assert other.stored() == stored


@pytest.mark.parametrize("harm", ["empty", "cut", "bit", "tail", "foreign", "version"])
def test_a_block_that_is_damaged_or_foreign_is_refused_and_the_index_stays_as_it_is(
    index: ResidentIndex, harm: str, monkeypatch: pytest.MonkeyPatch
):
    content = index.stored().content
    middle = len(content) // 2
    if harm == "version":
        monkeypatch.setattr(storing, "VERSION", storing.VERSION + 1)
    harmed = {
        "empty": b"",
        "cut": content[:middle],
        "bit": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "tail": content[:-1],
        "foreign": b"x" * len(content),
        "version": content,
    }[harm]
    other = empty()
    assert not other.restore(StoredArrays(seq=62, memories=59, content=harmed))
    assert (other.seq, other.size) == (0, 0)
    other.apply(told(0, 5, 1), 5)
    assert other.size == 5


def test_another_dimension_is_refused(index: ResidentIndex):
    assert not ResidentIndex(PIECES, DIMENSION + 1).restore(index.stored())


def test_small_vectors_keep_cosines_and_a_vector_is_most_like_itself():
    draw = np.random.default_rng(4)
    for dimension in (128, 384):
        vectors = draw.normal(size=(500, dimension)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        found = dots(*small(vectors), vectors[7])
        assert np.abs(found - vectors @ vectors[7]).max() < 0.005
        assert found[7] == pytest.approx(1.0, abs=1e-5)
        assert int(found.argmax()) == 7
    codes, scales = small(np.zeros((2, 8), np.float32))
    assert dots(codes, scales, np.ones(8, np.float32)).tolist() == [0.0, 0.0]
    assert len(dots(codes[:0], scales[:0], np.ones(8, np.float32))) == 0
