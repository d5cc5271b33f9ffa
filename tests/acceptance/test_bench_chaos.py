"""``recollect bench chaos`` kills what it says, counts what is left, and would notice what is missing or broken."""

import json
import time
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from typer.testing import CliRunner

import recollect
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.bench.chaos_check import check
from recollect.bench.chaos_writer import Note, Writer, read_notes
from recollect.bench.cli import app
from recollect.bootstrap import DATABASE

TEXTS = ("Parcel 1 went to shelf 2.", "The alarm number 7 rang in the north wing.", "I live in Oslo")


def test_a_short_storm_loses_nothing():
    result = CliRunner().invoke(app, ["chaos", "--seconds", "3", "--users", "2", "--writers", "2", "--json"])
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert report["whole"] is True
    # What is killed last may have ended by itself where everything takes long.
    assert report["killed"]["process"] in (1, 2)
    assert report["killed"]["server"] in (1, 2)
    assert report["crash recoveries"] == report["killed"]["server"]
    assert report["load"]["processes"] == 2
    assert report["acknowledged"] == report["found"] > 4
    assert (report["missing"], report["duplicates"], report["broken"]) == (0, 0, 0)
    assert report["chains"] == 3
    assert report["events"] >= report["memories"] > 0
    assert report["speed"]["add"]["calls"] == report["acknowledged"]
    assert report["failures"] == []


def test_an_outside_database_is_not_killed():
    result = CliRunner().invoke(app, ["chaos", "--database-url", "postgresql://u@localhost/d"])
    assert result.exit_code == 1
    assert "--database-url: cannot be used here" in result.stderr


async def acknowledged(memory: recollect.AsyncMemory, *texts: str) -> list[Note]:
    receipts = [(text, await memory.add(text, user_id="ana")) for text in texts]
    return [
        Note(user="ana", text=text, memory_id=str(receipt.id), ms=1.0, waited_ms=1.0, at=time.time())
        for text, receipt in receipts
    ]


@pytest.mark.anyio
async def test_the_check_finds_everything_that_is_there(async_memory: recollect.AsyncMemory):
    notes = await acknowledged(async_memory, *TEXTS, TEXTS[0], "I live in Rome")
    await async_memory.add("nobody heard of this one", user_id="ana")
    findings = await check(async_memory, ["ana", "ben"], notes)
    assert findings.whole
    assert (findings.acknowledged, findings.found, findings.chains, findings.unacknowledged) == (5, 5, 1, 1)
    assert findings.memories >= 5


@pytest.mark.anyio
async def test_the_check_names_what_is_missing_and_what_is_another(async_memory: recollect.AsyncMemory):
    notes = await acknowledged(async_memory, *TEXTS[:2])
    lost = Note(user="ana", text="Parcel 9 went to shelf 9.", memory_id=notes[0].memory_id, ms=1, waited_ms=1, at=0)
    refused = Note(user="ana", text=TEXTS[0], memory_id="None", ms=1, waited_ms=1, at=0)
    await async_memory.delete(notes[1].memory_id, user_id="ana")
    findings = await check(async_memory, [], [*notes, lost, refused])
    assert findings.found == 1
    assert [line.split(" (")[0] for line in findings.missing] == [
        f"ana: {TEXTS[1]!r}", "ana: 'Parcel 9 went to shelf 9.'", f"ana: {TEXTS[0]!r}"
    ]  # fmt: skip
    assert not findings.whole


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("DELETE FROM recollect.event WHERE tenant_id = %s AND seq = 2", "ana: line 3 follows line 1"),
        (
            "UPDATE recollect.event SET actor = 'me' WHERE tenant_id = %s AND seq = 2",
            "ana: the chain does not hold at line 2",
        ),
        (
            "UPDATE recollect.event SET payload = payload || '\\x00'::bytea WHERE tenant_id = %s AND seq = 3",
            "ana: the chain does not hold at line 3",
        ),
        ("DELETE FROM recollect.event WHERE tenant_id = %s AND seq = 3", "the audit says"),
        (
            "DELETE FROM recollect.memory WHERE tenant_id = %s AND text LIKE 'Parcel%%'",
            "ana: its log adds 3 memories, but 2 are stored",
        ),
    ],
)  # fmt: skip
async def test_the_check_notices_what_was_tampered_with(
    async_memory: recollect.AsyncMemory, server: EmbeddedPostgres, statement: str, finding: str
):
    await acknowledged(async_memory, TEXTS[0], TEXTS[1], "Parcel 3 is here to stay.".replace("Parcel", "Packet"))
    tenant_id = (await async_memory.core.ready()).tenant_id
    with psycopg.connect(make_conninfo(server.admin_conninfo, dbname=DATABASE)) as owner:
        assert owner.execute(statement.encode(), (tenant_id,)).rowcount == 1
    findings = await check(async_memory, ["ana"], [])
    assert any(finding in line for line in findings.broken), findings.broken
    assert ("audit" in findings.broken[-1]) == ("recollect.event" in statement)
    assert not findings.whole


@pytest.mark.anyio
async def test_the_check_counts_what_is_kept_twice(async_memory: recollect.AsyncMemory, server: EmbeddedPostgres):
    notes = await acknowledged(async_memory, TEXTS[0], TEXTS[1])
    tenant_id = (await async_memory.core.ready()).tenant_id
    with psycopg.connect(make_conninfo(server.admin_conninfo, dbname=DATABASE)) as owner:
        owner.execute(
            "UPDATE recollect.memory SET text = %s WHERE tenant_id = %s AND id = %s",
            (TEXTS[0], tenant_id, notes[1].memory_id),
        )
    findings = await check(async_memory, ["ana"], notes[:1])
    assert findings.duplicates == [f"ana: {TEXTS[0]!r} 2 times"]
    assert not findings.whole


def test_writers_repeat_themselves_and_each_other_and_change_their_minds():
    texts = [[writer.next_text() for _ in range(400)] for writer in (Writer("0.1.0", "ana"), Writer("0.1.1", "ana"))]
    for said in texts:
        assert len(set(said)) < len(said)
        assert {text.split()[0] for text in said} == {"Parcel", "The", "I"}
    assert {text.split()[0] for text in set(texts[0]) & set(texts[1])} == {"The", "I"}


def test_a_line_that_is_half_there_does_not_count(tmp_path: Path):
    path = tmp_path / "0.jsonl"
    whole = '{"user": "a", "text": "b", "memory_id": "c", "ms": 1, "waited_ms": 1, "at": 0}\n'
    path.write_text('{"error": "StoreUnavailable"}\n' + whole + '{"user": "a", "te')
    notes, failed = read_notes(path)
    assert [note.text for note in notes] == ["b"]
    assert failed == {"StoreUnavailable": 1}
