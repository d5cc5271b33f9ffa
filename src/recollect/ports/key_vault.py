"""What Recollect needs from whoever keeps the master key: wrapping users' keys with it, and signing certificates."""

from typing import Protocol


class KeyVault(Protocol):
    """Keeps a master key; the key itself never leaves it. A cloud's key service can stand in for the local one."""

    @property
    def master_id(self) -> str:
        """Which master key wraps now: a name that is stored beside what was wrapped."""
        ...

    async def wrap(self, key: bytes, context: bytes) -> bytes:
        """Encrypts a user's key; ``context`` (whose it is) must be given again to unwrap it."""
        ...

    async def unwrap(self, wrapped: bytes, master_id: str, context: bytes) -> bytes:
        """Decrypts a user's key.

        Raises:
            KeyUnavailable: the vault does not have that master key, or the wrapped key was tampered with.
        """
        ...

    async def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature (64 bytes) of a message."""
        ...

    @property
    def public_key(self) -> bytes:
        """The Ed25519 public key (32 bytes) that verifies signatures."""
        ...
