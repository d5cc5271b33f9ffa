"""Streams over a real connection: bulk adds line by line, and what happens as Server-Sent Events."""

import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from api_server import ApiServer
from recollect.doors.api import event_stream
from recollect.doors.api import lines as lines_module

NDJSON = {"Content-Type": "application/x-ndjson"}
BULK = "/v1/memories/bulk"


def lines(*bodies: Any) -> bytes:
    return b"".join((body if isinstance(body, bytes) else json.dumps(body).encode()) + b"\n" for body in bodies)


def answers(response: httpx.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in response.text.splitlines()]


def said(text: str, **more: Any) -> dict[str, Any]:
    return {"user_id": "ben", "content": text, **more}


def texts(api_server: ApiServer, user_id: str = "ben") -> set[str]:
    return {memory.text for memory in api_server.call(lambda memory: memory.list(user_id=user_id, limit=1000))}


def test_each_line_is_answered_and_a_bad_one_stops_nothing(api_server: ApiServer) -> None:
    sent = lines(
        said("I moved to Lyon"), b"{no json", b"", said("x", colour="red"), said(""), b"[]", said("I like tea")
    )
    with api_server.client() as client:
        found = answers(client.post(BULK, content=sent, headers=NDJSON))
    assert [(answer["line"], answer["status"]) for answer in found] == [
        (1, 201),
        (2, 400),
        (4, 422),
        (5, 422),
        (6, 400),
        (7, 201),
    ]
    assert found[0]["receipt"]["items"][0]["outcome"] == "accepted"
    assert found[1]["problem"]["type"] == "urn:recollect:problem:malformed"
    assert (found[2]["problem"]["field"], found[3]["problem"]["field"]) == ("colour", "content")
    assert {"I moved to Lyon", "I like tea"} <= texts(api_server)


def test_a_last_line_without_an_end_and_gzip(api_server: ApiServer) -> None:
    packed = gzip.compress(lines(said("I moved to Lyon"), said("I like tea")).rstrip())
    with api_server.client() as client:
        found = answers(client.post(BULK, content=packed, headers={**NDJSON, "Content-Encoding": "gzip"}))
    assert [answer["status"] for answer in found] == [201, 201]


def test_a_line_sent_twice_under_one_key_is_one_memory(api_server: ApiServer) -> None:
    line = said("I moved to Lyon", idempotency_key="line-1")
    with api_server.client() as client:
        first, second = answers(client.post(BULK, content=lines(line, line), headers=NDJSON))
    assert first["receipt"]["event_ids"] == second["receipt"]["event_ids"]


def test_a_line_that_is_too_long_is_refused_without_being_kept(api_server: ApiServer) -> None:
    most = api_server.running.app.state.options.max_body
    sent = [lines(said("I moved to Lyon")), b'{"content": "', *[b"x" * 100_000] * (most // 100_000 + 1), b'"}\n']
    with api_server.client() as client:
        found = answers(client.post(BULK, content=iter([*sent, lines(said("I like tea"))]), headers=NDJSON))
    assert [answer["status"] for answer in found] == [201, 413, 201]


def test_the_whole_may_be_larger_than_any_other_body(api_server: ApiServer) -> None:
    most = api_server.running.app.state.options.max_body
    filler = {"user_id": "ben", "content": "", "metadata": {"filler": "x" * 500_000}}
    count = most // 500_000 + 2
    with api_server.client() as client:
        found = answers(client.post(BULK, content=(lines(filler) for _ in range(count)), headers=NDJSON))
    assert len(found) == count


def test_other_media_types_and_readers_are_refused(api_server: ApiServer) -> None:
    with api_server.client() as client:
        assert client.post(BULK, json=[said("x")]).status_code == 415
    with api_server.client(api_server.issue("read")) as client:
        assert client.post(BULK, content=lines(said("x")), headers=NDJSON).status_code == 403
    assert texts(api_server) == set()


class Duplex:
    """A bulk add whose client reads each answer before it sends the next line."""

    def __init__(self, api_server: ApiServer, token: str) -> None:
        host, port = api_server.url.removeprefix("http://").split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=20)
        head = f"POST {BULK} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        self.socket.sendall(f"{head}Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        self.file = self.socket.makefile("rb")

    def send(self, body: Any) -> None:
        line = lines(body)
        self.socket.sendall(f"{len(line):x}\r\n".encode() + line + b"\r\n")

    def head(self) -> bytes:
        return b"".join(iter(self.file.readline, b"\r\n"))

    def read(self) -> dict[str, Any] | None:
        size = int(self.file.readline(), 16)
        line = self.file.read(size + 2)[:-2]
        return json.loads(line) if size else None

    def close(self) -> None:
        self.file.close()
        self.socket.close()


def test_answers_come_while_lines_are_still_being_sent_and_stay_when_the_client_goes(api_server: ApiServer) -> None:
    with closing(Duplex(api_server, api_server.key)) as stream:
        stream.send(said("I moved to Lyon"))
        assert b"200 OK" in stream.head()
        assert (stream.read() or {})["status"] == 201
        stream.send(said("I like tea"))
        assert (stream.read() or {})["line"] == 2
        stream.socket.sendall(b'40\r\n{"user_id": "ben", "content": "cut o')
    time.sleep(0.3)
    assert texts(api_server) == {"I moved to Lyon", "I like tea"}


def test_a_revoked_key_ends_a_bulk_add(api_server: ApiServer) -> None:
    issued = api_server.call(lambda memory: memory.keys.create("bulk"))
    with closing(Duplex(api_server, issued.token)) as stream:
        stream.send(said("I moved to Lyon"))
        stream.head()
        assert (stream.read() or {})["status"] == 201
        api_server.call(lambda memory: memory.keys.revoke(issued.key.id))
        stream.send(said("I like tea"))
        assert (stream.read() or {})["status"] == 401
        assert stream.read() is None
    assert texts(api_server) == {"I moved to Lyon"}


def test_a_client_that_reads_nothing_holds_up_nobody_else(api_server: ApiServer) -> None:
    with closing(Duplex(api_server, api_server.key)) as stream:
        for number in range(50):
            stream.send(said(f"I have read book number {number}"))
        with api_server.client() as client:
            started = time.perf_counter()
            assert client.get("/v1/memories", params={"user_id": "ana"}).status_code == 200
            assert time.perf_counter() - started < 5


def test_a_client_that_never_reads_is_given_up(api_server: ApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "MOST_WAITING", 100_000)
    monkeypatch.setattr(lines_module, "STALLED_S", 0.5)
    long_name = lines({"user_id": "ben", "content": "x", "n" * 100_000: 1})  # its answer quotes the name twice
    chunk = f"{len(long_name):x}\r\n".encode() + long_name + b"\r\n"
    with closing(Duplex(api_server, api_server.key)) as stream:
        stream.socket.settimeout(5)
        with pytest.raises(OSError, match=r"timed out|reset|Broken pipe"):  # it does not read on for ever
            stream.socket.sendall(chunk * 1_000)
    with api_server.client() as client:
        assert client.get("/health/live").status_code == 200


class Watch:
    """A watch, read event by event."""

    def __init__(self, api_server: ApiServer, token: str | None = None, **given: Any) -> None:
        headers = {"Last-Event-ID": given.pop("last_event_id")} if "last_event_id" in given else {}
        self.client = api_server.client(token)
        self.stream = self.client.stream("GET", "/v1/watch", params={"user_id": "ben", **given}, headers=headers)
        self.response = self.stream.__enter__()
        self.lines: Iterator[str] = self.response.iter_lines()

    def event(self) -> dict[str, str]:
        """The fields of the next event; empty at the end."""
        fields: dict[str, str] = {}
        for line in self.lines:
            name, _, value = line.partition(": ")
            if line == "" and set(fields) - {"retry"}:
                return fields
            fields[name] = value
        return {}

    def data(self) -> dict[str, Any]:
        return json.loads(self.event()["data"])

    def close(self) -> None:
        self.stream.__exit__(None, None, None)
        self.client.close()


def add(api_server: ApiServer, text: str) -> None:
    api_server.call(lambda memory: memory.add(text, user_id="ben"))


def test_a_watch_tells_what_happens_and_goes_on_where_it_stopped(api_server: ApiServer) -> None:
    with closing(Watch(api_server)) as watch:
        assert watch.response.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in watch.response.headers
        add(api_server, "I moved to Lyon")
        first = watch.event()
        assert (first["id"], json.loads(first["data"])["type"]) == ("1", "memory_added")
    add(api_server, "I like green tea")
    with closing(Watch(api_server, last_event_id=first["id"], after_seq=0)) as watch:
        assert watch.data()["seq"] == 2
    with closing(Watch(api_server, after_seq=0, types="memory_added")) as watch:
        told = [watch.data()["seq"] for _ in range(2)]
    assert told[0] == 1


def test_a_watch_is_refused_with_a_status(api_server: ApiServer) -> None:
    with api_server.client() as client:
        assert client.get("/v1/watch").status_code == 422
        odd = client.get("/v1/watch", params={"user_id": "ben"}, headers={"Last-Event-ID": "first"})
        assert (odd.status_code, odd.json()["field"]) == (422, "Last-Event-ID")
        strange = client.get("/v1/watch", params={"user_id": "ben", "project_id": "atlas"})
        assert strange.status_code in (403, 404), strange.text
        assert client.get("/v1/watch", params={"user_id": "ben", "types": "no_such"}).status_code == 422
    other = api_server.issue("read", user_id="ana")
    with api_server.client(other) as client:
        assert client.get("/v1/watch", params={"user_id": "ben"}).status_code == 403


def test_a_revoked_key_ends_its_watch(api_server: ApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "CHECK_S", 0.2)
    issued = api_server.call(lambda memory: memory.keys.create("watch", access="read"))
    with closing(Watch(api_server, issued.token)) as watch:
        api_server.call(lambda memory: memory.keys.revoke(issued.key.id))
        last = watch.event()
        assert (last["event"], json.loads(last["data"])["status"]) == ("problem", 401)
        assert watch.event() == {}


def test_heartbeats_come_when_nothing_happens(api_server: ApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "CHECK_S", 0.1)
    monkeypatch.setattr(event_stream, "HEARTBEAT_S", 0.2)
    with closing(Watch(api_server)) as watch:
        assert [next(watch.lines) for _ in range(5)] == ["retry: 1000", "", ":", "", ":"]


def test_a_watcher_that_reads_nothing_holds_up_nobody(api_server: ApiServer) -> None:
    heard: list[int] = []
    with closing(Watch(api_server)) as slow, closing(Watch(api_server)) as quick:
        reader = threading.Thread(target=lambda: heard.extend(quick.data()["seq"] for _ in range(40)))
        reader.start()
        for number in range(40):
            api_server.call(
                lambda memory, n=number: memory.add(
                    f"I have read book number {n}", user_id="ben", metadata={"filler": "x" * 50_000}
                )
            )
        reader.join(20)
        assert heard == list(range(1, 41))
        assert slow.data()["seq"] == 1


def test_who_goes_is_let_go(api_server: ApiServer) -> None:
    bell = api_server.call(_ears)
    with closing(Watch(api_server)):
        assert api_server.call(_ears) == bell + 1
    deadline = time.monotonic() + 10
    while api_server.call(_ears) != bell and time.monotonic() < deadline:
        time.sleep(0.05)
    assert api_server.call(_ears) == bell


async def _ears(memory: Any) -> int:
    """How many watches are open in this process."""
    return sum(len(ears) for ears in (await memory.core.ready()).bell._ears.values())


def test_everything_of_a_user_moves_out_and_in(api_server: ApiServer) -> None:
    with api_server.client() as client:
        client.post(BULK, content=lines(said("I moved to Lyon"), said("I like green tea")), headers=NDJSON)
        out = client.get("/v1/export", params={"user_id": "ben"})
        assert out.headers["content-type"] == "application/x-ndjson"
        kinds = [json.loads(line)["kind"] for line in out.text.splitlines()]
        assert (kinds[0], kinds.count("memory")) == ("header", 2)
        planned = client.post(
            "/v1/import", content=out.content, headers=NDJSON, params={"user_id": "eva", "dry_run": 1}
        )
        assert (planned.status_code, texts(api_server, "eva")) == (200, set()), planned.text
        moved = client.post("/v1/import", content=gzip.compress(out.content), params={"user_id": "eva"}, headers=PACKED)
        assert moved.json()["imported"] > 0, moved.text
        assert texts(api_server, "eva") == texts(api_server, "ben")
        bad = client.post("/v1/import", content=b'\n{"text": "I like tea", "at": null}\nnonsense\n', headers=NDJSON)
        assert [note["line"] for note in bad.json()["problems"]] == [2, 3], bad.text  # nobody was named
        assert client.post("/v1/import", json={}).status_code == 415
    with api_server.client(api_server.issue("write", user_id="ana")) as client:
        assert client.get("/v1/export", params={"user_id": "ben"}).status_code == 403
        taken = client.post("/v1/import", content=out.content, headers=NDJSON).json()
        assert (taken["users"], texts(api_server, "ana")) == (["ana"], texts(api_server, "ben"))


PACKED = {**NDJSON, "Content-Encoding": "gzip"}
