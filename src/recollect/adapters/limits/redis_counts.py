"""Counts in Redis: the connections of the rate limiter to one server or a cluster, opened with the first request."""

from typing import Any, Final, cast
from urllib.parse import urlsplit

from limits.aio.storage import RedisClusterStorage, RedisStorage
from limits.errors import ConfigurationError
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from recollect.adapters.limits.limiter import SharedLimiter, WindowLimiter
from recollect.errors import ValidationError

SCHEMES: Final = ("redis", "rediss", "redis+cluster", "rediss+cluster")
PREFIX: Final = "recollect:rate"


def shared_limiter(url: str, timeout_s: float) -> SharedLimiter:
    """A limiter whose counts are in the Redis of that URL; nothing is connected before the first request.

    Raises:
        ValidationError: the URL cannot be used; its password is not quoted.
    """
    scheme = url.partition("://")[0]
    options: dict[str, Any] = {
        "implementation": "redispy",
        "key_prefix": PREFIX,
        "socket_timeout": timeout_s,
        "socket_connect_timeout": timeout_s,
        "retry": Retry(NoBackoff(), 0),
        "protocol": 2,
    }
    try:
        if scheme not in SCHEMES or not urlsplit(url).hostname:
            raise ValueError
        storage = _cluster(url, options) if scheme.endswith("+cluster") else RedisStorage(f"async+{url}", **options)
    except (ValueError, TypeError, ConfigurationError):
        raise ValidationError("redis_url", "must be host and port behind redis:// or redis+cluster://") from None
    client = cast(Any, storage.bridge).storage
    return SharedLimiter(WindowLimiter(storage), timeout_s=timeout_s, close=client.aclose)


def _cluster(url: str, options: dict[str, Any]) -> RedisClusterStorage:
    secure: dict[str, Any] = {"ssl": True} if url.startswith("rediss") else {}
    return RedisClusterStorage("async+redis+cluster://" + url.partition("://")[2], **options, **secure)
