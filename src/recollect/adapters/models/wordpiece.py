"""Splits text into BERT word pieces, over the vocabulary that ships with the static table.

It serves the static table and MiniLM alike. Two things differ from the model's own ``tokenizer.json``: ``[SEP]``
written in a text is pieces of text, not a control token, and no special token is added. Texts are encoded one by one,
because the batch calls of ``tokenizers`` start a thread pool that does not survive a fork.
"""

import gzip
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from threading import Lock

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

PADDING, UNKNOWN, START, END = 0, 100, 101, 102
FIRST_WORD = 999
"""The ids below are special or unused; every piece of text has a higher one."""

_LOCK = Lock()
_PART = 16_384


def vocabulary() -> tuple[str, ...]:
    """Returns the 30,522 pieces by id; a continuation starts with ``##``."""
    with _LOCK:
        return _read_vocabulary()


def piece_ids(text: str) -> list[int]:
    """Returns the ids of a text's pieces, without special tokens; ``UNKNOWN`` stands for what the vocabulary lacks.

    Any string will do: control characters are dropped, and half of a surrogate pair counts as a question mark.
    """
    ids: list[int] = []
    for part in _parts(text):
        try:
            ids += _tokenizer().encode(part, add_special_tokens=False).ids
        except (UnicodeEncodeError, TypeError):  # a lone surrogate, which has no UTF-8 form
            cleaned = part.encode("utf-8", "replace").decode()
            ids += _tokenizer().encode(cleaned, add_special_tokens=False).ids
    return ids


def _parts(text: str) -> Iterator[str]:
    """Cuts a long text at spaces, where it splits anyway: the interpreter's lock is held for one part at a time."""
    begin = 0
    while len(text) - begin > _PART:
        end = text.find(" ", begin + _PART)
        if end < 0:
            break
        yield text[begin:end]
        begin = end
    yield text[begin:]


def _tokenizer() -> Tokenizer:
    with _LOCK:  # the cache alone would let two threads build it at once
        return _build_tokenizer()


@cache
def _read_vocabulary() -> tuple[str, ...]:
    packed = (files("recollect.adapters.models.static") / "vocabulary.txt.gz").read_bytes()
    return tuple(gzip.decompress(packed).decode().splitlines())


@cache
def _build_tokenizer() -> Tokenizer:
    ids = {piece: number for number, piece in enumerate(_read_vocabulary())}
    tokenizer = Tokenizer(WordPiece(ids, unk_token="[UNK]", max_input_chars_per_word=100))  # noqa: S106 - no password
    tokenizer.normalizer = BertNormalizer()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return tokenizer
