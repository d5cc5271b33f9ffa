"""Certificate: what was erased, when, and what the log still proves; signed with a key under the master key.

It holds counts, ids and hashes, never content, so it can be shown to anybody. The signature is Ed25519 over the
canonical JSON of every other field; ``recollect master-key public`` prints the key that verifies it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import TypeAdapter
from pydantic import ValidationError as PydanticValidationError

from recollect.domain.event import canonical_json
from recollect.errors import ValidationError

FORMAT = "recollect erasure certificate 1"


class Erased(StrEnum):
    """What an erasure was asked for."""

    USER = "user"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEnd:
    """Where a stream's log ends after the erasure: its position, and its hash in hexadecimal digits."""

    stream: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What an erasure took away.

    Attributes:
        erased: a whole user or one memory. tenant_id, user_id: whose. erased_at: when. actor: who asked for it.
        event_id: the log's line that says so.
        memory_ids: for a memory: its id and those of the facts and shared copies that rested on it alone.
        rows: deleted rows by table. unreadable_events: lines of the log whose content nobody can read any more.
        keys: keys that were destroyed: a user's and those of single memories.
        logs: where the logs that it touched end now.
        caches: what this process held and dropped.
        master_id: the master key that it is signed under. public_key, signature: Ed25519, in hexadecimal digits.
    """

    format: str = FORMAT
    erased: Erased
    tenant_id: str
    user_id: str
    erased_at: datetime
    actor: str
    event_id: UUID
    memory_ids: tuple[UUID, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict[str, int])
    unreadable_events: int
    keys: int
    logs: tuple[LogEnd, ...]
    caches: tuple[str, ...] = ()
    master_id: str
    public_key: str = ""
    signature: str = ""

    def message(self) -> bytes:
        """What is signed: every field but the signature."""
        values = _adapter.dump_python(self, mode="json")
        return canonical_json({name: value for name, value in values.items() if name != "signature"})

    def signed(self, signature: bytes) -> "Certificate":
        """The certificate with its signature."""
        return replace(self, signature=signature.hex())

    def to_json(self) -> str:
        """The certificate as a file's text."""
        return json.dumps(_adapter.dump_python(self, mode="json"), indent=2, ensure_ascii=False) + "\n"


_adapter = TypeAdapter(Certificate)
_NAMES = frozenset(f.name for f in fields(Certificate))


def parse_certificate(text: str) -> Certificate:
    """The certificate that a file's text holds.

    Raises:
        ValidationError: it is none; a field that certificates do not have is refused, for it would not be signed.
    """
    try:
        values = json.loads(text)
        if not isinstance(values, dict):
            raise ValidationError("certificate", "is not a JSON object")
        unknown = sorted(set(map(str, values)) - _NAMES)  # pyright: ignore[reportUnknownArgumentType]
        if unknown:
            raise ValidationError("certificate", f"has the field {unknown[0]!r}, which no certificate has")
        return _adapter.validate_json(text)
    except (ValueError, RecursionError) as error:
        if isinstance(error, ValidationError):
            raise
        problem = "is not a certificate of erasure"
        if isinstance(error, PydanticValidationError):
            first: Mapping[str, Any] = error.errors()[0]  # pyright: ignore[reportAssignmentType]
            problem += f": {'.'.join(map(str, first['loc'])) or 'it'}: {first['msg']}"
        raise ValidationError("certificate", problem) from None


def verify(certificate: Certificate, public_key: bytes | None = None) -> bool:
    """Whether the certificate is as it was signed.

    Args:
        certificate: what to verify.
        public_key: the key that must have signed it. None takes the one that it names itself, which proves only that
            nobody changed it since, not who signed it.
    """
    try:
        named = bytes.fromhex(certificate.public_key)
        if public_key is not None and public_key != named:
            return False
        Ed25519PublicKey.from_public_bytes(named).verify(bytes.fromhex(certificate.signature), certificate.message())
    except (InvalidSignature, ValueError):
        return False
    return certificate.format == FORMAT
