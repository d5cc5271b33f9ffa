"""Real tokenizers count from files on disk; what is not there is said, and never fetched."""

import base64
import hashlib
import socket
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from packet_parts import NOW, memory, packet_item
from recollect.adapters.models import token_counter as module
from recollect.adapters.models.token_counter import ENCODINGS, token_counter
from recollect.domain.packet import Packet
from recollect.domain.tokens import ESTIMATE
from recollect.errors import ModelMissing

RANKS = {bytes([byte]): byte for byte in range(256)}
HELD = b"\n".join(base64.b64encode(token) + b" " + str(rank).encode() for token, rank in RANKS.items())


class FakeEncoding:
    """Stands in for ``tiktoken.Encoding``: a byte is a token."""

    made: list[str]

    def __init__(self, name: str, *, pat_str: str, mergeable_ranks: dict[bytes, int], special_tokens: dict[str, int]):
        assert mergeable_ranks == RANKS
        assert pat_str
        assert not special_tokens
        self.made.append(name)

    def encode_ordinary(self, text: str) -> list[int]:
        return list(text.encode())


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a socket was opened")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)


@pytest.fixture
def tiktoken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    FakeEncoding.made = []
    monkeypatch.setitem(sys.modules, "tiktoken", SimpleNamespace(Encoding=FakeEncoding))
    return FakeEncoding.made


def cached(folder: Path, encoding: str, held: bytes) -> Path:
    path = folder / hashlib.sha1(ENCODINGS[encoding].url.encode(), usedforsecurity=False).hexdigest()
    path.write_bytes(held)
    return path


def published(monkeypatch: pytest.MonkeyPatch, held: bytes) -> None:
    digest = hashlib.sha256(held).hexdigest()
    changed = {name: module._Encoding(one.url, digest, one.pattern) for name, one in ENCODINGS.items()}  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(module, "ENCODINGS", changed)


def test_without_a_setting_it_is_the_estimate():
    assert token_counter(None) is ESTIMATE


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_encoding_in_the_cache_is_used_when_first_asked(
    encoding: str, tiktoken: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    published(monkeypatch, HELD)
    cached(tmp_path, encoding, HELD)
    counter = token_counter(f"tiktoken:{encoding}", tiktoken_cache=tmp_path)
    assert (counter.name, counter.exact, tiktoken) == (f"tiktoken:{encoding}", True, [])
    assert [counter.count("Lyon"), counter.count("é"), counter.count("")] == [4, 2, 0]
    assert tiktoken == [encoding]
    assert counter.count("half a pair \ud800") == 13
    assert counter.count("no space " * 20_000) == 180_000


def test_the_names_in_the_cache_are_those_of_tiktoken():
    names = {name: hashlib.sha1(one.url.encode(), usedforsecurity=False).hexdigest() for name, one in ENCODINGS.items()}
    assert names == {
        "cl100k_base": "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
        "o200k_base": "fb374d419588a4632f3f557e76b4b70aebbca790",
    }


def test_an_encoding_that_is_not_in_the_cache_is_not_fetched(tiktoken: list[str], tmp_path: Path):
    with pytest.raises(ModelMissing, match=r"cl100k_base is not in the cache.*9b5ad71b"):
        token_counter("tiktoken:cl100k_base", tiktoken_cache=tmp_path)
    path = cached(tmp_path, "cl100k_base", HELD)
    with pytest.raises(ModelMissing, match="is not the file of"):
        token_counter("tiktoken:cl100k_base", tiktoken_cache=tmp_path)
    assert path.read_bytes() == HELD
    assert tiktoken == []


def test_what_cannot_be_used_is_said(tiktoken: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(ModelMissing, match="one of cl100k_base, o200k_base"):
        token_counter("tiktoken:gpt9", tiktoken_cache=tmp_path)
    published(monkeypatch, b"no table")
    cached(tmp_path, "cl100k_base", b"no table")
    with pytest.raises(ModelMissing, match="cannot be read"):
        token_counter("tiktoken:cl100k_base", tiktoken_cache=tmp_path)
    monkeypatch.setitem(sys.modules, "tiktoken", None)
    with pytest.raises(ModelMissing, match="not installed"):
        token_counter("tiktoken:cl100k_base", tiktoken_cache=tmp_path)
    assert tiktoken == []


def test_a_tokenizer_json_is_read_from_its_path(tmp_path: Path):
    made = Tokenizer(WordLevel({"[UNK]": 0, "Lyon": 1}, unk_token="[UNK]"))  # noqa: S106 - no password
    made.pre_tokenizer = Whitespace()
    made.enable_truncation(3)  # pyright: ignore[reportUnknownMemberType]
    made.enable_padding(length=8)  # pyright: ignore[reportUnknownMemberType]
    path = tmp_path / "tokenizer.json"
    made.save(str(path))
    counter = token_counter(str(path))
    assert counter.exact
    assert [counter.count("in Lyon , and there ."), counter.count(""), counter.count("half \ud800")] == [6, 0, 2]
    item = packet_item(memory(1, "I moved to Lyon"), score=1)
    made = Packet(query="", items=(item,), retrieved_at=NOW, counter=counter).rendering(budget_tokens=30)
    assert "Lyon" in made.text
    assert made.tokens == counter.count(made.text) <= 30


def test_a_path_without_a_tokenizer_is_said(tmp_path: Path):
    with pytest.raises(ModelMissing, match="is no file"):
        token_counter(str(tmp_path / "tokenizer.json"))
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelMissing, match=r"cannot be read as a tokenizer\.json"):
        token_counter(str(tmp_path / "tokenizer.json"))
