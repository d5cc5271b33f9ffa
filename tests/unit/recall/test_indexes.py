"""The indexes of all users: bounded in bytes, the least recently used dropped, and never wrong about what is stored."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

import numpy as np
import pytest

from index_rows import DIMENSION, PIECES, ask, memory_id, numbers, row
from recollect.domain.record import Memory
from recollect.domain.scope import Scope
from recollect.ports.index import IndexRow
from recollect.ports.store import Delta, Head, Store
from recollect.recall.resident.indexes import ResidentIndexes

pytestmark = pytest.mark.anyio


class Log:
    """A store of index rows: each write is one position."""

    def __init__(self) -> None:
        self.rows: dict[str, list[tuple[int, IndexRow]]] = {}
        self.seqs: dict[str, int] = {}
        self.vanished: dict[str, int] = {}
        self.asked: list[tuple[str, int]] = []

    def write(self, user: str, *rows: IndexRow) -> None:
        self.seqs[user] = self.seqs.get(user, 0) + 1
        gone = {each.id for each in rows}
        kept = [(seq, each) for seq, each in self.rows.get(user, []) if each.id not in gone]
        self.rows[user] = [*kept, *((self.seqs[user], each) for each in rows)]

    def erase(self, user: str, gone: UUID) -> None:
        self.rows[user] = [(seq, each) for seq, each in self.rows[user] if each.id != gone]
        self.seqs[user] += 1
        self.vanished[user] = self.seqs[user]

    async def changes_each(self, since: Sequence[tuple[Scope, int]]) -> list[Delta]:
        self.asked += [(scope.user_id, seq) for scope, seq in since]
        return [
            Delta(
                seq=self.seqs.get(scope.user_id, 0),
                vanished_seq=self.vanished.get(scope.user_id, 0),
                rows=[each for at, each in self.rows.get(scope.user_id, []) if at > seq],
            )
            for scope, seq in since
        ]

    async def fetch_with_heads(
        self, wanted: Sequence[tuple[Scope, Sequence[UUID]]]
    ) -> tuple[list[dict[UUID, Memory]], list[Head]]:
        users = [scope.user_id for scope, _ in wanted]
        heads = [Head(seq=self.seqs[user], vanished_seq=self.vanished.get(user, 0)) for user in users]
        return [{} for _ in wanted], heads


@pytest.fixture
def log() -> Log:
    return Log()


def indexes_of(log: Log, max_bytes: int = 10_000_000) -> ResidentIndexes:
    return ResidentIndexes(cast(Store, log), PIECES, dimension=DIMENSION, max_bytes=max_bytes)


def of(user: str) -> Scope:
    return Scope(tenant_id="t", user_id=user)


async def holds(indexes: ResidentIndexes, user: str) -> list[int]:
    return sorted(numbers(ask(await indexes.current(of(user)), "dog museum", limit=100)))


async def test_the_least_recently_used_goes_and_comes_back_as_it_was(log: Log):
    for user in ("ana", "ben", "cleo"):
        log.write(user, *(row(n, "dog museum") for n in range(90)))
    one = indexes_of(log)
    await one.current(of("ana"))
    indexes = indexes_of(log, max_bytes=int(one.nbytes * 2.5))
    for user in ("ana", "ben", "ana", "cleo"):
        assert len(await holds(indexes, user)) == 90
    assert len(indexes) == 2
    assert indexes.nbytes <= one.nbytes * 2.5
    assert indexes.size_of(("t", "ben")) is None
    log.asked.clear()
    assert len(await holds(indexes, "ben")) == 90
    assert await holds(indexes, "cleo") == list(range(90))
    assert log.asked == [("ben", 0), ("cleo", 1)]
    assert indexes.size_of(("t", "ana")) is None


async def test_one_index_that_is_larger_than_all_may_be_is_held_alone(log: Log):
    log.write("ana", *(row(n, "dog museum") for n in range(50)))
    indexes = indexes_of(log, max_bytes=1)
    assert len(await holds(indexes, "ana")) == 50
    assert len(indexes) == 1


async def test_nobody_is_remembered_of_whom_nothing_is_stored(log: Log):
    indexes = indexes_of(log)
    assert (await indexes.current(of("nobody"))).size == 0
    assert (len(indexes), indexes.nbytes) == (0, 0)
    assert indexes.at_hand([of("nobody")]) is None


async def test_an_attempt_is_void_when_the_log_stands_elsewhere(log: Log):
    log.write("ana", row(1, "dog museum"))
    indexes = indexes_of(log)
    assert indexes.at_hand([of("ana")]) is None
    await indexes.current(of("ana"))
    attempt = indexes.at_hand([of("ana")])
    assert attempt is not None
    assert await attempt.fetch([[]]) is not None
    log.write("ana", row(2, "dog museum"))  # by another process
    assert await attempt.fetch([[]]) is None
    assert await holds(indexes, "ana") == [1, 2]
    indexes.grew(of("ana"))  # by this one
    assert indexes.at_hand([of("ana")]) is None
    await indexes.current(of("ana"))
    assert indexes.at_hand([of("ana")]) is not None


async def test_an_attempt_is_void_when_rows_were_erased_and_the_index_begins_anew(log: Log):
    log.write("ana", row(1, "dog museum"), row(2, "dog museum"))
    indexes = indexes_of(log)
    await indexes.current(of("ana"))
    attempt = indexes.at_hand([of("ana")])
    assert attempt is not None
    log.erase("ana", memory_id(1))
    assert await attempt.fetch([[]]) is None
    assert await holds(indexes, "ana") == [2]
    log.seqs["ana"], log.vanished["ana"] = 1, 0  # the database was restored from before
    log.rows["ana"] = [(1, row(1, "dog museum"))]
    assert await holds(indexes, "ana") == [1]


async def test_a_change_that_touches_no_memory_costs_one_check_only(log: Log):
    log.write("ana", row(1, "dog museum"))
    indexes = indexes_of(log)
    held = await indexes.current(of("ana"))
    log.write("ana")  # a session, a goal: the log grew
    assert await indexes.current(of("ana")) is held
    attempt = indexes.at_hand([of("ana")])
    assert attempt is not None
    assert await attempt.fetch([[]]) is not None


async def test_readers_share_the_arrays(log: Log):
    log.write("ana", *(row(n, "dog museum") for n in range(100)))
    index = await indexes_of(log).current(of("ana"))
    one, other = index._builder.snapshot(), index._builder.snapshot()  # pyright: ignore[reportPrivateUsage]
    assert np.shares_memory(one.vectors, other.vectors)
    assert np.shares_memory(one.records["occurred"], other.records["occurred"])
    assert one.words is other.words
