"""Lists of ids reach the database as they are, in order, none of them lost."""

from uuid import uuid4

import psycopg
import pytest

from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.adapters.postgres.uuids import Uuids, UuidsDumper


@pytest.mark.parametrize("count", [0, 1, 3, 1_000])
def test_a_list_of_ids_comes_back_as_it_was_sent(server: EmbeddedPostgres, count: int):
    ids = [uuid4() for _ in range(count)]
    with psycopg.connect(server.admin_conninfo) as connection:
        connection.adapters.register_dumper(Uuids, UuidsDumper)
        row = connection.execute("SELECT %s, %s = ANY(%s)", (Uuids.of(ids), uuid4(), Uuids.of(ids))).fetchone()
    assert row == (ids, False)


def test_each_id_is_sent_once():
    one, other = uuid4(), uuid4()
    assert Uuids.of([one, other, one]) == [one, other]
