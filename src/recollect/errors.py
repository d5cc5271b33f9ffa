"""Every error Recollect raises on purpose, in one tree.

    RecollectError
    ├── ValidationError (also ValueError)     the caller's input cannot be used; nothing was written
    │   ├── DimensionMismatch                 a vector does not fit its model
    │   └── TooLarge                          a request is larger than the server takes
    ├── NotFound (also LookupError)           no such thing for this user
    ├── NotAllowed (also PermissionError)     a role, a key's scope, a source's trust or a policy forbids it
    ├── NotAuthenticated                      a key is needed, and there is none or one that is not valid
    ├── RateLimited                           the key was used too often; ``retry_after_s`` says when again
    ├── Conflict                              the request contradicts what is stored
    │   ├── VersionConflict                   the record changed since it was read
    │   └── IdempotencyConflict               an idempotency key was used before with another body
    ├── StoreError                            the database could not do its part; nothing was half-written
    │   ├── StoreUnavailable                  it cannot be reached, or went away
    │   ├── StoreFull                         no space left on its disk
    │   ├── StoreReadOnly                     its directory or server refuses writes
    │   ├── SchemaMismatch                    its schema is older or newer than this program
    │   ├── UnsafeRole                        the role could see through row-level security
    │   ├── ModelSwitched                     the tenant's embedding model is another one by now
    │   ├── KeyUnavailable                    the master key, or a key under it, cannot be had
    │   └── EmbeddedPostgresError             the embedded server cannot be prepared or started
    ├── ModelError                            an embedder or chat model failed
    │   ├── ModelMissing                      it has not been fetched, or a package it needs is not installed
    │   └── ModelUnavailable                  it did not answer, or answered nonsense
    └── UsageError (also RuntimeError)        the object cannot be used like this: closed, or carried over a fork

Each message is one sentence that says what was wrong, where, and what would be right.
"""


class RecollectError(Exception):
    """The root of every error that Recollect raises on purpose."""


class ValidationError(RecollectError, ValueError):
    """The caller's input cannot be used; nothing was written.

    Attributes:
        field: the name of the argument or field at fault.
        problem: what is wrong with it, and what would be right.
    """

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class DimensionMismatch(ValidationError):
    """A vector's length is not the dimension its model is registered with."""


class TooLarge(ValidationError):
    """A request is larger than the server takes; nothing of it was read."""


class NotFound(RecollectError, LookupError):
    """There is no such thing within this tenant and user."""


class NotAllowed(RecollectError, PermissionError):
    """A role, a key's scope, a source's trust or a policy forbids it; the message says which."""


class NotAuthenticated(RecollectError):
    """A key is needed, and there is none, or one that is unknown, expired or revoked; which of these is not told."""


class RateLimited(RecollectError):
    """The key was used too often.

    Attributes:
        limit: how often a minute it may be used. retry_after_s: seconds until it may be used again.
    """

    def __init__(self, limit: int, retry_after_s: float) -> None:
        super().__init__(f"this key may be used {limit:,} times a minute; try again in {retry_after_s:.0f} s")
        self.limit = limit
        self.retry_after_s = retry_after_s


class Conflict(RecollectError):
    """The request contradicts what is stored."""


class VersionConflict(Conflict):
    """The record has another version than the caller expected.

    Attributes:
        expected: the version the caller had read.
        actual: the version that is stored.
    """

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(f"expected version {expected}, but the record is at version {actual}; read it again")
        self.expected = expected
        self.actual = actual


class IdempotencyConflict(Conflict):
    """An idempotency key was used before with another body."""


class StoreError(RecollectError):
    """The database could not do its part; nothing was half-written."""


class StoreUnavailable(StoreError):
    """The database cannot be reached, or went away in the middle of a call."""


class StoreFull(StoreError):
    """The database has no space left to write to."""


class StoreReadOnly(StoreError):
    """The database, or the directory it lives in, refuses writes."""


class SchemaMismatch(StoreError):
    """The database's schema does not match this version of the program."""


class UnsafeRole(StoreError):
    """The database role could see through row-level security, so it is refused."""


class ModelSwitched(StoreError):
    """The tenant's active embedding model is another one than this process uses; the facade follows by itself."""


class KeyUnavailable(StoreError):
    """The master key, or a key that it wraps, cannot be had; without it the log cannot be read or written."""


class EmbeddedPostgresError(StoreError):
    """The embedded Postgres cannot be prepared or started."""


class ModelError(RecollectError):
    """An embedder or a chat model failed."""


class ModelMissing(ModelError):
    """The model has not been fetched, or a package that it needs is not installed."""


class ModelUnavailable(ModelError):
    """The model did not answer in time, or answered something that cannot be used."""


class UsageError(RecollectError, RuntimeError):
    """The object cannot be used like this: it is closed, or was carried over a fork."""
