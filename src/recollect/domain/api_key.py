"""API key: what lets a program in through a door, and the form of the token that proves that it is held.

A token is ``rk_<tenant id in base64url>.<key id, 32 hex digits>.<secret, 43 characters of base64url>``. Only SHA-256 of
the secret is kept, so that nobody can make a token from what is stored; a plain hash will do, since 32 random bytes
cannot be guessed. What callers are shown (``ApiKey``) does not even have the hash: no form of output can leak it.
"""

import binascii
import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from recollect.domain.credential import Access, Credential
from recollect.domain.scope import check_id
from recollect.errors import NotAuthenticated, ValidationError

PREFIX: Final = "rk_"
LONGEST_TOKEN: Final = 1_500
"""Characters; a tenant's id has 255 of at most four bytes each."""
_FORM: Final = re.compile(r"rk_([A-Za-z0-9_-]+)\.([0-9a-f]{32})\.([A-Za-z0-9_-]{43})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key, as it is shown to those who look after keys.

    Attributes:
        tenant_id: whose data it opens. id: UUIDv7. name: what its maker calls it.
        access: how much it allows. user_id, project_id: the only user, the only project, it may act for; None for any.
        requests_per_minute: how often it may be used; None for the door's own limit.
        created_at: when it was made. expires_at: from when on it opens nothing; None for never.
        revoked_at: when it was taken back, or None.
        last_used_at: its latest call that the access log still knows of, or None.
    """

    tenant_id: str
    id: UUID
    name: str
    access: Access
    user_id: str | None = None
    project_id: str | None = None
    requests_per_minute: int | None = None
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedKey:
    """A new key and its token, which is not kept anywhere and never told again."""

    key: ApiKey
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """A key as the log and the table have it: what is shown of it, and ``digest``, SHA-256 of its secret in hex."""

    KIND: ClassVar[str] = "api_key"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    tenant_id: str
    id: UUID
    name: str
    digest: str = field(repr=False)
    access: Access
    user_id: str | None = None
    project_id: str | None = None
    requests_per_minute: int | None = None
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def shown(self, last_used_at: datetime | None = None) -> ApiKey:
        """The key without its digest."""
        return ApiKey(
            tenant_id=self.tenant_id,
            id=self.id,
            name=self.name,
            access=self.access,
            user_id=self.user_id,
            project_id=self.project_id,
            requests_per_minute=self.requests_per_minute,
            created_at=self.created_at,
            expires_at=self.expires_at,
            revoked_at=self.revoked_at,
            last_used_at=last_used_at,
        )

    def credential(self) -> Credential:
        """What it stands for while it is valid."""
        return Credential(
            tenant_id=self.tenant_id,
            access=self.access,
            user_id=self.user_id,
            project_id=self.project_id,
            key_id=self.id,
            requests_per_minute=self.requests_per_minute,
        )

    def opened_by(self, secret: str, now: datetime) -> bool:
        """Whether the secret is this key's, and the key is neither revoked nor expired; all is always looked at."""
        right = hmac.compare_digest(self.digest, digest_of(secret))
        expired = self.expires_at is not None and self.expires_at <= now
        return right & (self.revoked_at is None) & (not expired)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """The parts of a token."""

    tenant_id: str
    key_id: UUID
    secret: str = field(repr=False)

    @property
    def text(self) -> str:
        """The token as it is sent."""
        tenant = urlsafe_b64encode(self.tenant_id.encode()).rstrip(b"=").decode()
        return f"{PREFIX}{tenant}.{self.key_id.hex}.{self.secret}"


def new_secret() -> str:
    """32 random bytes as 43 characters of base64url."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """SHA-256 of a secret's text, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def refusal() -> NotAuthenticated:
    """The one answer to every token that opens nothing; why it does not is not told."""
    return NotAuthenticated("the API key is not valid: it is unknown, expired or revoked; use one that is in force")


def parse_token(token: object) -> Token:
    """The parts of a token.

    Raises:
        NotAuthenticated: it does not have the form of one, whatever it is.
    """
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        raise refusal()
    form = _FORM.fullmatch(token)
    if form is None:
        raise refusal()
    tenant, key_id, secret = form.groups()
    try:
        tenant_id = check_id("tenant_id", urlsafe_b64decode(tenant + "=" * (-len(tenant) % 4)).decode())
    except (binascii.Error, UnicodeDecodeError, ValidationError):
        raise refusal() from None
    parts = Token(tenant_id=tenant_id, key_id=UUID(hex=key_id), secret=secret)
    if parts.text != token:  # base64 has several spellings of the same bytes; a token has one
        raise refusal()
    return parts
