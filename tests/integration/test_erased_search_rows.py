"""What large users are searched by holds nothing of what was erased, nor does it come back."""

from collections.abc import Iterator
from uuid import UUID

import anyio
import pytest
from tests.row_search import connect
from tests.two_ways import TwoWays, sentences, two_ways

from recollect import Memory
from recollect.adapters.postgres.candidates import PostgresCandidates
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.domain.scope import Scope
from recollect.domain.words import stem, stem_key
from recollect.ports.candidates import Kept

WORD = "zyxwort"
COUNTED = "SELECT key FROM recollect.search_count WHERE tenant_id = %s"
SPOKE = "SELECT speakers FROM recollect.search_head WHERE tenant_id = %s"
ROWS = "SELECT id FROM recollect.search_row WHERE tenant_id = %s"


@pytest.fixture
def ways(home: str) -> Iterator[TwoWays]:
    with two_ways(home) as ways:
        yield ways


def tenant_of(ways: TwoWays) -> str:
    return ways.held.audit.verify(user_id="ana").reports[0].tenant_id


def said(memory: Memory, text: str, speaker: str = "Mel") -> UUID:
    receipt = memory.add(text, user_id="ana", speaker=speaker)
    assert receipt.id is not None
    return receipt.id


def rows_of(server: EmbeddedPostgres, query: str, tenant_id: str) -> list[object]:
    with connect(server) as connection:
        return [row[0] for row in connection.execute(query.encode(), (tenant_id,)).fetchall()]


def test_no_count_and_no_speaker_tells_of_an_erased_memory(ways: TwoWays, server: EmbeddedPostgres):
    kept, gone = said(ways.sought, "The boat lies in the harbour"), said(ways.sought, f"I bought a {WORD}", WORD)
    assert ways.sought.search(f"boat and {WORD}", user_id="ana").ids
    assert stem_key(stem(WORD)) in rows_of(server, COUNTED, tenant_of(ways))
    ways.sought.erasure.memory(gone, user_id="ana")
    assert stem_key(stem(WORD)) not in rows_of(server, COUNTED, tenant_of(ways))
    assert [names for names in rows_of(server, SPOKE, tenant_of(ways)) if WORD in str(names)] == []
    assert ways.sought.search(f"boat and {WORD}", user_id="ana").ids == (kept,)
    assert ways.sought.search("boat", user_id="ana")[0].score == ways.held.search("boat", user_id="ana")[0].score


@pytest.mark.parametrize("whole", [True, False])
def test_a_step_that_read_before_an_erasure_writes_nothing_after_it(
    ways: TwoWays, server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch, whole: bool
):
    gone = said(ways.sought, f"I bought a {WORD}")
    said(ways.sought, "The boat lies in the harbour")
    tenant, keep, times = tenant_of(ways), PostgresCandidates.keep, [0]

    async def keep_late(self: PostgresCandidates, scope: Scope, kept: Kept) -> bool:
        times[0] += 1
        if times[0] == 1:
            await anyio.to_thread.run_sync(erase)
        stored = await keep(self, scope, kept)
        if times[0] == 1:
            assert not stored
            assert gone not in rows_of(server, ROWS, tenant)
        return stored

    def erase() -> None:
        if whole:
            ways.held.erasure.user(user_id="ana")
        else:
            ways.held.erasure.memory(gone, user_id="ana")

    monkeypatch.setattr(PostgresCandidates, "keep", keep_late)
    found = ways.sought.search(f"boat and {WORD}", user_id="ana")
    assert times[0] >= 1
    assert gone not in found.ids
    assert gone not in rows_of(server, ROWS, tenant)


def test_erasing_one_leaves_the_others_rows_as_they_are(ways: TwoWays, server: EmbeddedPostgres):
    kept = {said(ways.sought, text) for text in sentences(30)}
    gone = said(ways.sought, f"I bought a {WORD}")
    written = "SELECT xmin || ' ' || id FROM recollect.search_row WHERE tenant_id = %s"
    assert gone in ways.sought.search(f"Who bought a {WORD}?", user_id="ana").ids
    before = {*rows_of(server, written, tenant_of(ways))}
    ways.sought.erasure.memory(gone, user_id="ana")
    assert set(ways.sought.search("the violin", user_id="ana", limit=50).ids) == kept
    after = {*rows_of(server, written, tenant_of(ways))}
    assert len(before - after) == 1
    assert after < before
