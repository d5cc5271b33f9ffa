"""A master key in the environment or in a file: wraps users' keys with AES-256-GCM and signs with Ed25519.

Two keys are derived from the 32 random bytes with HKDF-SHA-256, one for wrapping and one for signing. Whoever loses the
master key loses every payload of the log; what is in the tables stays readable.
"""

import base64
import binascii
import hashlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from recollect.errors import KeyUnavailable, ValidationError

KEY_BYTES = 32
NONCE_BYTES = 12


class LocalKeyVault:
    """See ``recollect.ports.key_vault.KeyVault``.

    Args:
        master: the master key, 32 bytes. former: earlier ones, which still unwrap but wrap nothing new.
    """

    def __init__(self, master: bytes, former: Sequence[bytes] = ()) -> None:
        self._ciphers = {_name(key): AESGCM(_derived(key, b"wrap")) for key in (master, *former)}
        self._master_id = _name(master)
        self._signer = Ed25519PrivateKey.from_private_bytes(_derived(master, b"sign"))

    @property
    def master_id(self) -> str:
        """The first 16 hexadecimal digits of the SHA-256 of the key's derived name; it tells nothing of the key."""
        return self._master_id

    async def wrap(self, key: bytes, context: bytes) -> bytes:
        """Encrypts a user's key."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._ciphers[self._master_id].encrypt(nonce, key, context)

    async def unwrap(self, wrapped: bytes, master_id: str, context: bytes) -> bytes:
        """Decrypts a user's key.

        Raises:
            KeyUnavailable: another master key wrapped it, or it was tampered with.
        """
        cipher = self._ciphers.get(master_id)
        if cipher is None:
            raise KeyUnavailable(
                f"the data was written with master key {master_id}, this process has {self._master_id}; set "
                "RECOLLECT_MASTER_KEY or RECOLLECT_MASTER_KEY_FILE to the one that wrote it"
            )
        try:
            return cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context)
        except InvalidTag:
            raise KeyUnavailable("a user's key in the database was changed and cannot be unwrapped") from None

    async def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature of a message."""
        return self._signer.sign(message)

    @property
    def public_key(self) -> bytes:
        """The Ed25519 public key."""
        return self._signer.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def new_master_key() -> str:
    """A new master key as it is written in a file or in the environment: 32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def parse_master_key(text: str, where: str) -> bytes:
    """The key that a text holds.

    Raises:
        ValidationError: it is not 32 bytes in base64; the message does not repeat it.
    """
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ValidationError(where, "must be 32 random bytes in base64; make one with `recollect master-key new`")
    return key


def read_key_file(path: Path) -> list[bytes]:
    """The keys in a file, one a line; the first one wraps, the others are former ones.

    Raises:
        KeyUnavailable: the file cannot be read. ValidationError: a line is no key.
    """
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except OSError as error:
        raise KeyUnavailable(f"the master key file {path} cannot be read: {error.strerror}") from error
    if not lines:
        raise ValidationError("master_key_file", f"{path} is empty; make a key with `recollect master-key new`")
    return [parse_master_key(line, f"master_key_file, line {number}") for number, line in enumerate(lines, start=1)]


def own_key_file(path: Path, sealed: Path | None = None) -> list[bytes]:
    """The keys in a file that is created with a new key, readable by its owner alone, if it is not there.

    Args:
        path: the file.
        sealed: what is only ever there when a key has been made; a new one would not open it.

    Raises:
        KeyUnavailable: the file can be neither read nor created, or it is gone while what it seals is there.
    """
    if path.exists():
        return read_key_file(path)
    if sealed is not None and sealed.exists() and not path.exists():  # another process may just have made both
        raise KeyUnavailable(
            f"the master key file {path} is gone, and {sealed.parent} was written with it: bring it back, or move that "
            "directory away to begin anew"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(new_master_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # whole or not at all, and never over another process's key
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    except OSError as error:
        raise KeyUnavailable(f"the master key file {path} cannot be created: {error.strerror}") from error
    return read_key_file(path)


def _derived(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"recollect " + purpose).derive(master)


def _name(master: bytes) -> str:
    return hashlib.sha256(_derived(master, b"name")).hexdigest()[:16]


def write_key_file(path: Path, keys: Sequence[bytes]) -> None:
    """Puts these keys into a file, the one that wraps first; whole or not at all.

    Raises:
        KeyUnavailable: it cannot be written.
    """
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(base64.b64encode(key).decode() + "\n" for key in keys)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise KeyUnavailable(f"the master key file {path} cannot be written: {error.strerror}") from error
