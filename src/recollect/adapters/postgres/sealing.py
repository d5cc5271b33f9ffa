"""Sealing: a payload of the log as the bytes that are stored, and back.

The first byte says how: 0 is plain JSON (certificates of erasure, which must outlive every key); 1 is AES-256-GCM under
the stream's key; 2 is AES-256-GCM under a key of one memory, derived from the stream's key and that memory's salt with
HKDF-SHA-256. What is encrypted is JSON compressed with zlib. The event's id is authenticated with it, so that a payload
cannot be moved to another event.
"""

import json
import os
import zlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from recollect.domain.event import canonical_json
from recollect.ports.key_vault import KeyVault

PLAIN, BY_STREAM, BY_MEMORY = b"\x00", b"\x01", b"\x02"
KEY_BYTES, NONCE_BYTES, SALT_BYTES = 32, 12, 16
KEYS_HELD = 10_000
COMPRESSION = 3


class Sealer:
    """Seals and opens the payloads of one stream."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._cipher = AESGCM(key)

    def seal(self, payload: Mapping[str, Any], event_id: UUID, salt: bytes | None) -> bytes:
        """The payload as it is stored; under the memory's own key if a salt is given."""
        packed = zlib.compress(canonical_json(payload), COMPRESSION)
        nonce = os.urandom(NONCE_BYTES)
        kind, cipher = (BY_STREAM, self._cipher) if salt is None else (BY_MEMORY, self._of_memory(salt))
        return kind + nonce + cipher.encrypt(nonce, packed, event_id.bytes)

    def open(self, sealed: bytes, event_id: UUID, salt: bytes | None) -> dict[str, Any] | None:
        """The payload, or None when the key it was sealed with is gone."""
        if sealed[:1] == BY_MEMORY:
            return None if salt is None else _opened(self._of_memory(salt), sealed, event_id)
        return _opened(self._cipher, sealed, event_id)

    def seal_answer(self, answer: bytes, key: str) -> bytes:
        """Any bytes under the stream's key, tied to a name."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, zlib.compress(answer, COMPRESSION), key.encode())

    def open_answer(self, sealed: bytes, key: str) -> bytes | None:
        """What ``seal_answer`` sealed, or None when the key is another one."""
        try:
            return zlib.decompress(self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], key.encode()))
        except InvalidTag:
            return None

    def _of_memory(self, salt: bytes) -> AESGCM:
        return AESGCM(HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=b"recollect memory").derive(self._key))


class Keyring:
    """The streams' keys that this process has unwrapped, the least recently used dropped."""

    def __init__(self, vault: KeyVault) -> None:
        self.vault = vault
        self._held: OrderedDict[tuple[str, str, bytes], Sealer] = OrderedDict()

    async def sealer(self, tenant_id: str, user_id: str, wrapped: bytes, master_id: str) -> Sealer:
        """The sealer of a stream whose wrapped key was read from the database.

        Raises:
            KeyUnavailable: the master key is another one.
        """
        name = (tenant_id, user_id, wrapped)
        held = self._held.get(name)
        if held is None:
            held = Sealer(await self.vault.unwrap(wrapped, master_id, context_of(tenant_id, user_id)))
            self._held[name] = held
            if len(self._held) > KEYS_HELD:
                self._held.popitem(last=False)
        self._held.move_to_end(name)
        return held

    async def sealer_of(self, tenant_id: str, user_id: str, rows: Sequence[Sequence[Any]]) -> Sealer | None:
        """The sealer of a stream from the rows of ``stream_key``: one, or none while (or since) it has no key.

        Raises:
            KeyUnavailable: the master key is another one.
        """
        for wrapped, master_id in rows:
            return await self.sealer(tenant_id, user_id, bytes(wrapped), master_id)
        return None

    async def new_key(self, tenant_id: str, user_id: str) -> tuple[bytes, str, Sealer]:
        """A new stream's key: wrapped, the master key's id, and its sealer."""
        key = os.urandom(KEY_BYTES)
        wrapped = await self.vault.wrap(key, context_of(tenant_id, user_id))
        return wrapped, self.vault.master_id, Sealer(key)

    def forget(self, tenant_id: str, user_id: str) -> None:
        """Drops a stream's key from this process."""
        for name in [name for name in self._held if name[:2] == (tenant_id, user_id)]:
            del self._held[name]


def plain(payload: Mapping[str, Any]) -> bytes:
    """A payload that must be readable for ever: it holds counts and ids, never content."""
    return PLAIN + canonical_json(payload)


def open_plain(sealed: bytes) -> dict[str, Any] | None:
    """The payload if it was stored plainly, or None."""
    return json.loads(sealed[1:]) if sealed[:1] == PLAIN else None


def new_salt() -> bytes:
    """A memory's salt."""
    return os.urandom(SALT_BYTES)


def context_of(tenant_id: str, user_id: str) -> bytes:
    """What a stream's wrapped key is tied to."""
    return f"{len(tenant_id)}:{tenant_id}{user_id}".encode()


def _opened(cipher: AESGCM, sealed: bytes, event_id: UUID) -> dict[str, Any] | None:
    nonce, content = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        packed = cipher.decrypt(nonce, content, event_id.bytes)
    except InvalidTag:  # sealed with a key that was erased; whether it was tampered with, the hash chain tells
        return None
    return json.loads(zlib.decompress(packed))
