"""Client: the connections to one Redis or a cluster of them, and what their errors mean, without any secret in it."""

from typing import Any, Final, Protocol, cast
from urllib.parse import SplitResult, urlsplit

from redis.asyncio import Redis, RedisCluster
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    MaxConnectionsError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisClusterException,
    RedisError,
    ResponseError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from recollect.errors import ValidationError

FAULTS: Final = (RedisError, RedisClusterException, OSError, TimeoutError)
"""Everything that a call can end with when Redis does not do its part."""
SCHEMES: Final = {
    "redis": "redis",
    "rediss": "rediss",
    "redis+cluster": "redis",
    "rediss+cluster": "rediss",
}
"""What a URL may begin with, and how redis-py calls it."""


class Client(Protocol):
    """What the adapter uses of redis-py, with or without a cluster."""

    async def evalsha(self, sha: str, numkeys: int, *keys_and_args: Any) -> Any:
        """Runs a script that Redis knows."""
        ...

    async def eval(self, script: str, numkeys: int, *keys_and_args: Any) -> Any:
        """Runs a script."""
        ...

    async def aclose(self) -> None:
        """Closes every connection; a later call opens new ones."""
        ...


def connect(url: str, timeout_s: float) -> Client:
    """Connections that open with their first use, wait ``timeout_s`` for each reply, and try nothing twice.

    Raises:
        ValidationError: the URL cannot be used; its password is not quoted.
    """
    parts = _usable(url)
    if parts is None:
        schemes = ", ".join(f"{scheme}://" for scheme in SCHEMES)
        raise ValidationError("redis_url", f"must be host and port behind one of {schemes} (RECOLLECT_REDIS_URL)")
    plain = parts._replace(scheme=SCHEMES[parts.scheme]).geturl()
    options: dict[str, Any] = {
        "socket_timeout": timeout_s,
        "socket_connect_timeout": timeout_s,
        "retry": Retry(NoBackoff(), 0),
        "protocol": 2,
    }
    try:
        if parts.scheme.endswith("+cluster"):
            return cast(Client, RedisCluster.from_url(plain, **options))  # pyright: ignore[reportUnknownMemberType]
        redis = Redis.from_url(plain, **options)  # pyright: ignore[reportUnknownMemberType]
        redis.connection_pool.make_connection()  # opens nothing, but knows which options there are
    except (ValueError, TypeError, *FAULTS):
        raise ValidationError("redis_url", "has options that redis-py does not know") from None
    return cast(Client, redis)


def _usable(url: str) -> SplitResult | None:
    """The URL's parts; None when it has no known scheme, no host, no proper port, or a path that is no number."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - it is only read here, and raises
    except ValueError:
        return None
    path = parts.path.strip("/")
    return parts if parts.scheme in SCHEMES and parts.hostname and (not path or path.isdecimal()) else None


def reason_of(error: BaseException) -> str:
    """What became of a call, in a few words; of what Redis says only the code is quoted."""
    code = str(error).partition(" ")[0] if str(error).partition(" ")[0].isupper() else type(error).__name__
    if isinstance(error, AuthenticationError) or "unauthenticated" in str(error):
        return "refuses its user or password"
    if isinstance(error, BusyLoadingError):
        return "is reading its data from disk"
    if isinstance(error, MaxConnectionsError):
        return "has no connection to spare"
    if isinstance(error, RedisTimeoutError | TimeoutError):
        return "has not answered in time"
    if isinstance(error, RedisConnectionError | OSError):
        return "cannot be reached"
    if isinstance(error, OutOfMemoryError):
        return "is full"
    if isinstance(error, ReadOnlyError):
        return "is a replica that takes no writes"
    if isinstance(error, ResponseError):
        return f"refuses what it is asked ({code})"
    return f"cannot be used ({code})"


def is_about_one_user(error: BaseException) -> bool:
    """Whether Redis is well, and only what it holds of this user is not what the scripts wrote."""
    text = str(error)
    broken = text.startswith(("user_script:", "ERR user_script:")) or "Error running script" in text
    return isinstance(error, ResponseError) and ("WRONGTYPE" in text or (broken and type(error) is ResponseError))
