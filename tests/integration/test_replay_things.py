"""Replaying covers every kind of thing: what somebody does to its row behind the log's back is named."""

from pathlib import Path

import anyio
import pytest
from psycopg import sql
from tests.row_search import connect

from recollect import Memory, bootstrap
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.adapters.postgres.projections import OF_TENANT, OF_USER
from recollect.domain.state import THINGS
from recollect.settings import load_settings


def faulty_tables(home: str, tenant: str) -> list[str]:
    with bootstrap.operator(load_settings(home=Path(home))) as operator:

        async def work() -> list[str]:
            report = await operator.verify(tenant, None, lambda _: None, vectors=False)
            return [deviation.table for stream in report.faulty for deviation in stream.deviations]

        return anyio.run(work)


def test_every_kind_of_thing_is_replayed():
    assert {thing.KIND for thing in THINGS} <= {*OF_TENANT, *OF_USER}


@pytest.mark.parametrize(
    "change",
    [
        "session SET state = '{}'",
        "goal SET priority = 1",
        "reflection SET task = 'other'",
        "channel SET name = 'other'",
    ],
)
def test_what_a_user_is_at_is_replayed_too(memory: Memory, home: str, server: EmbeddedPostgres, change: str):
    memory.sessions.start(user_id="ana", state={"current_topic": "boats"})
    memory.goals.add("Run a marathon", user_id="ana", priority=5)
    memory.procedures.reflect("book a flight", user_id="ana", succeeded=True)
    memory.upkeep.run(job="reflect")
    memory.projects.create("atlas", user_id="ana")
    memory.channels.link("c1", "atlas", user_id="ana")
    tenant = memory.audit.verify(user_id="ana").reports[0].tenant_id
    assert faulty_tables(home, tenant) == []
    with connect(server) as connection:
        query = sql.SQL("UPDATE recollect.{} WHERE tenant_id = %s").format(sql.SQL(change))  # pyright: ignore[reportArgumentType] - our own words
        assert connection.execute(query, (tenant,)).rowcount == 1
    assert faulty_tables(home, tenant) == [change.split(maxsplit=1)[0]]
