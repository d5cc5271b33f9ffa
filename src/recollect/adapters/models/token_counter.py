"""Counts tokens with a model's own tokenizer, from files on disk: nothing here ever opens a connection.

``tiktoken`` fetches a vocabulary that is not in its cache. So it is not asked for one: the file is looked for where
``tiktoken`` would keep it, compared with its published hash, and given to it as a table.
"""

import base64
import binascii
import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Protocol, cast

from tokenizers import Tokenizer

from recollect.domain.tokens import ESTIMATE, TokenCounter
from recollect.errors import ModelMissing

TIKTOKEN = "tiktoken:"
"""What a setting that names an encoding of ``tiktoken`` begins with."""
_PART = 50_000
"""Characters that are counted at once: a tokenizer's time may grow faster than the text."""


@dataclass(frozen=True, slots=True)
class _Encoding:
    """An encoding: where its file is published, whose SHA-1 is its name in the cache; its SHA-256; how it splits."""

    url: str
    sha256: str
    pattern: str


_PLACE = "https://openaipublic.blob.core.windows.net/encodings/"
_ENDING = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
ENCODINGS: Mapping[str, _Encoding] = {
    "cl100k_base": _Encoding(
        f"{_PLACE}cl100k_base.tiktoken",
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
        r"|\s+(?!\S)|\s+",
    ),
    "o200k_base": _Encoding(
        f"{_PLACE}o200k_base.tiktoken",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
        rf"[^\r\n\p{{L}}\p{{N}}]?[\p{{Lu}}\p{{Lt}}\p{{Lm}}\p{{Lo}}\p{{M}}]*[\p{{Ll}}\p{{Lm}}\p{{Lo}}\p{{M}}]+{_ENDING}"
        rf"|[^\r\n\p{{L}}\p{{N}}]?[\p{{Lu}}\p{{Lt}}\p{{Lm}}\p{{Lo}}\p{{M}}]+[\p{{Ll}}\p{{Lm}}\p{{Lo}}\p{{M}}]*{_ENDING}"
        r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    ),
}


class _Encoder(Protocol):
    """What is used of ``tiktoken.Encoding``."""

    def encode_ordinary(self, text: str) -> Sequence[int]: ...


class _Tiktoken(Protocol):
    """What is used of ``tiktoken``."""

    def Encoding(  # noqa: N802 - its name
        self, name: str, *, pat_str: str, mergeable_ranks: dict[bytes, int], special_tokens: dict[str, int]
    ) -> _Encoder: ...


ESTIMATED = "estimate"
DEFAULT_ENCODING = "cl100k_base"


def token_counter(tokenizer: str | None, *, tiktoken_cache: Path | None = None) -> TokenCounter:
    """The counter that a setting names; what it needs is read on its first use.

    Args:
        tokenizer: ``tiktoken:cl100k_base`` or ``tiktoken:o200k_base``; the path of a model's ``tokenizer.json``;
            ``estimate``; None for tiktoken where it is installed with its file on the disk, otherwise the estimate.
        tiktoken_cache: where ``tiktoken`` keeps its files; None for where it does by itself.

    Raises:
        ModelMissing: the file, or the package ``tiktoken``, is not there.
    """
    if tokenizer is None:
        return _installed(tiktoken_cache)
    if tokenizer == ESTIMATED:
        return ESTIMATE
    if tokenizer.startswith(TIKTOKEN):
        return TiktokenCounter(tokenizer.removeprefix(TIKTOKEN), tiktoken_cache)
    return TokenizerCounter(Path(tokenizer))


def _installed(cache: Path | None) -> TokenCounter:
    try:
        return TiktokenCounter(DEFAULT_ENCODING, cache)
    except ModelMissing:
        return ESTIMATE


class TokenizerCounter:
    """Counts with a ``tokenizer.json``, as models on the Hugging Face hub have one. Safe to call from any thread."""

    exact = True
    adds_up = False

    def __init__(self, path: Path) -> None:
        self.name = f"tokenizer {path}"
        if not path.is_file():
            raise ModelMissing(f"tokenizer: {path} is no file; give the path of a tokenizer.json, or none")
        try:
            self._tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
        except Exception as error:  # noqa: BLE001 - the package raises Exception itself
            raise ModelMissing(f"tokenizer: {path} cannot be read as a tokenizer.json: {error}") from None
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def count(self, text: str) -> int:
        """How many tokens the text takes, without special tokens."""
        return sum(len(self._tokenizer.encode(part, add_special_tokens=False).ids) for part in _parts(text))


class TiktokenCounter:
    """Counts with an encoding of ``tiktoken``, if its file is on the disk. Safe to call from any thread."""

    exact = True
    adds_up = False

    def __init__(self, encoding: str, cache: Path | None = None) -> None:
        known = ENCODINGS.get(encoding)
        if known is None:
            raise ModelMissing(f"tokenizer: must be one of {', '.join(ENCODINGS)} after {TIKTOKEN!r}, not {encoding!r}")
        self.name = f"{TIKTOKEN}{encoding}"
        self._encoding = encoding
        self._pattern = known.pattern
        self._tiktoken = _tiktoken()
        self._ranks = _ranks(self.name, known, cache or Path(tempfile.gettempdir()) / "data-gym-cache")
        self._encoder: _Encoder | None = None
        self._lock = Lock()

    def count(self, text: str) -> int:
        """How many tokens the text takes, without special tokens."""
        encoder = self._encoder or self._built()
        return sum(len(encoder.encode_ordinary(part)) for part in _parts(text))

    def _built(self) -> _Encoder:
        with self._lock:
            if self._encoder is None:
                self._encoder = self._tiktoken.Encoding(
                    self._encoding, pat_str=self._pattern, mergeable_ranks=self._ranks, special_tokens={}
                )
                self._ranks = {}
            return self._encoder


def _tiktoken() -> _Tiktoken:
    try:
        return cast(_Tiktoken, import_module("tiktoken"))
    except ImportError:
        raise ModelMissing("tokenizer: the package tiktoken is not installed; pip install tiktoken") from None


def _ranks(name: str, encoding: _Encoding, cache: Path) -> dict[bytes, int]:
    path = cache / hashlib.sha1(encoding.url.encode(), usedforsecurity=False).hexdigest()
    try:
        held = path.read_bytes()
    except OSError:
        raise ModelMissing(
            f"tokenizer: {name} is not in the cache of tiktoken; it is fetched from {encoding.url} to {path}"
        ) from None
    if hashlib.sha256(held).hexdigest() != encoding.sha256:
        raise ModelMissing(f"tokenizer: {path} is not the file of {name}; delete it and fetch {encoding.url} again")
    try:
        return {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, held.splitlines())}
    except (ValueError, binascii.Error):
        raise ModelMissing(f"tokenizer: {path} cannot be read") from None


def _parts(text: str) -> Iterator[str]:
    """The text in parts, cut at spaces where there are any; half of a surrogate pair becomes a question mark."""
    begin = 0
    while len(text) - begin > _PART:
        end = text.find(" ", begin + _PART, begin + 2 * _PART)
        end = begin + _PART if end < 0 else end
        yield _sayable(text[begin:end])
        begin = end
    yield _sayable(text[begin:])


def _sayable(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
