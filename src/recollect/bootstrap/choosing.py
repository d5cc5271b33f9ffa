"""Choosing: which adapter stands behind each port, as the settings say; drivers are imported when they are chosen."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from recollect.domain.hot import HotLimits
from recollect.errors import (
    KeyUnavailable,
    ModelMissing,
    ValidationError,
)
from recollect.ports.chat_model import ChatModel
from recollect.ports.embedder import Embedder
from recollect.ports.hot_tier import HotTier
from recollect.ports.key_vault import KeyVault
from recollect.ports.rate_limiter import RateLimiter
from recollect.recall.resident.hot_states import ResidentHotTier
from recollect.settings import Settings

if TYPE_CHECKING:
    pass


def hot_limits(settings: Settings) -> HotLimits:
    """How much may be hot of one user."""
    return HotLimits(
        working=settings.working_items,
        chunks=settings.working_chunks,
        sensed_tokens=settings.sensory_tokens,
        sensed_for=timedelta(seconds=settings.sensory_s),
    )


def make_chat_model(settings: Settings) -> ChatModel | None:
    """The chat model that the settings name, if they name one."""
    if settings.chat_model is None:
        return None
    from recollect.adapters.models.chat import OpenAIChat

    key = settings.chat_api_key
    return OpenAIChat(
        base_url=settings.chat_base_url, api_key=key.get_secret_value() if key else "", model=settings.chat_model
    )


def make_hot_tier(settings: Settings, truth: HotTier) -> HotTier:
    """What every turn loads: held in the process and checked against the database, or in a Redis that follows it.

    Raises:
        ValidationError: the URL cannot be used, or the package ``redis`` is not installed.
    """
    if settings.redis_url is None:
        return ResidentHotTier(truth)
    try:
        from recollect.adapters.redis.hot_tier import RedisHotTier
    except ImportError as error:
        raise ValidationError("redis_url", f"needs the package {error.name}; pip install 'recollect[redis]'") from error
    from recollect.adapters.postgres.session import note_round_trip

    redis = RedisHotTier(
        truth,
        settings.redis_url.get_secret_value(),
        timeout_s=settings.redis_timeout_s,
        limits=hot_limits(settings),
        on_round_trip=note_round_trip,
    )
    return ResidentHotTier(redis, notes=lambda: redis.notes)


def make_rate_limiter(settings: Settings) -> RateLimiter:
    """What counts the requests of each key: this process, or all processes together in the Redis that is set.

    Raises:
        ValidationError: the URL cannot be used, or a package is not installed.
    """
    try:
        from recollect.adapters.limits.limiter import WindowLimiter

        if settings.redis_url is None:
            return WindowLimiter()
        from recollect.adapters.limits.redis_counts import shared_limiter
    except ImportError as error:
        raise ValidationError("rate_limit", f"needs {error.name}; pip install 'recollect[server,redis]'") from error
    return shared_limiter(settings.redis_url.get_secret_value(), settings.redis_timeout_s)


def make_vault(settings: Settings) -> KeyVault:
    """The keeper of the master key: the environment's, a file's, or for the embedded database one in its home.

    Raises:
        KeyUnavailable: an outside database and no key, or the file cannot be read, or is gone.
    """
    from recollect.adapters.keys.local import LocalKeyVault, own_key_file, parse_master_key, read_key_file

    if settings.master_key is not None:
        return LocalKeyVault(parse_master_key(settings.master_key.get_secret_value(), "master_key"))
    if settings.master_key_file is not None:
        first, *former = read_key_file(settings.master_key_file.expanduser())
    elif settings.database_url is None:
        home = home_of(settings)
        first, *former = own_key_file(home / "master.key", sealed=home / "postgres" / "data" / "PG_VERSION")
    else:
        raise KeyUnavailable(
            "an outside database needs a master key; make one with `recollect master-key new` and set "
            "RECOLLECT_MASTER_KEY or RECOLLECT_MASTER_KEY_FILE in every process that uses it"
        )
    return LocalKeyVault(first, former)


def home_of(settings: Settings) -> Path:
    """Where the embedded Postgres and pulled models live."""
    from recollect.adapters.postgres.embedded import default_home

    return (settings.home or default_home()).expanduser()


def make_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name.

    Raises:
        ModelMissing: a package or the model's files are missing; the message says how to get them.
    """
    return make_embedder_named(settings, settings.embedder)


def make_embedder_named(settings: Settings, name: str) -> Embedder:
    """The embedder of that name: static, minilm or openai, the last one as the settings describe it.

    Raises:
        ModelMissing: a package or the model's files are missing; the message says how to get them.
    """
    if name == "minilm":
        try:
            from recollect.adapters.models.minilm import MiniLMEmbedder
        except ImportError as error:
            raise ModelMissing(f"the minilm embedder needs {error.name}; pip install 'recollect[minilm]'") from error
        return MiniLMEmbedder(home_of(settings) / "models")
    if name == "openai":
        from recollect.adapters.models.openai import OpenAIEmbedder

        key = settings.openai_api_key
        return OpenAIEmbedder(
            base_url=settings.openai_base_url,
            api_key=key.get_secret_value() if key else "",
            model=settings.openai_model,
            dimension=settings.openai_dimension,
        )
    from recollect.adapters.models.static import StaticEmbedder

    return StaticEmbedder()


def pull_model(settings: Settings, progress: Callable[[int, int], None]) -> Path:
    """Fetches all-MiniLM-L6-v2 and makes it ready; ``progress`` is told the bytes received and the bytes there are.

    Raises:
        ModelMissing: a package it needs is not installed.
        ModelUnavailable: it cannot be fetched or kept.
    """
    try:
        from recollect.adapters.models.pull import pull_minilm
    except ImportError as error:
        raise ModelMissing(f"the minilm embedder needs {error.name}; pip install 'recollect[minilm]'") from error
    return pull_minilm(home_of(settings) / "models", progress)
