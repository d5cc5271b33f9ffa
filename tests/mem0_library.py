"""The real ``mem0`` package, which here neither writes into anybody's home nor phones home, and clients of it."""

import importlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from api_server import ApiServer

Connect = Callable[..., Any]
TALK = [
    {"role": "user", "content": "I'm Alex and I live in Lyon. I'm allergic to peanuts."},
    {"role": "assistant", "content": "Noted: no peanuts for you, Alex."},
]


@pytest.fixture(scope="session")
def mem0(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The package; its clients are ``mem0.MemoryClient`` and ``mem0.AsyncMemoryClient``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEM0_TELEMETRY", "False")
        patch.setenv("MEM0_DIR", str(tmp_path_factory.mktemp("mem0")))
        yield importlib.import_module("mem0")


@pytest.fixture
def connect(mem0: Any, api_server: ApiServer) -> Iterator[Connect]:
    """Makes clients; the two lines that change are the host and the key."""
    made: list[Any] = []

    def client(key: str | None = None) -> Any:
        made.append(mem0.MemoryClient(host=api_server.url, api_key=key or api_server.key))
        return made[-1]

    yield client
    for one in made:
        one.client.close()


@pytest.fixture
def client(connect: Connect) -> Any:
    """A client with the tenant's admin key."""
    return connect()


def plain(client: Any, text: str, **who: Any) -> str:
    """Stores a text as it is; its id."""
    return str(client.add(text, infer=False, **who)["results"][0]["id"])


def texts(answer: Any) -> set[str]:
    """The words of the rows of an answer."""
    return {row["memory"] for row in answer["results"]}
