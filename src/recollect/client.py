"""``Memory`` and ``AsyncMemory``: the facade, wired by its settings."""

import warnings
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, Self, TypedDict, Unpack, cast

from recollect.bootstrap import assemble
from recollect.errors import ValidationError
from recollect.memory.memory import AsyncFacade
from recollect.memory.parts import Parts
from recollect.memory.sync.facade import SyncFacade
from recollect.settings import load_settings

MEM0_PARTS: Final = frozenset(
    {
        "vector_store", "llm", "embedder", "reranker", "graph_store", "history_db_path", "version",
        "custom_instructions", "custom_prompt", "custom_fact_extraction_prompt", "custom_update_memory_prompt",
    }
)  # fmt: skip
"""What mem0's configuration has; ``embedder`` is our setting where it is a name."""
OWN_PART: Final = "recollect"


class SettingsArguments(TypedDict, total=False):
    """Settings as keyword arguments; each is the setting ``RECOLLECT_<NAME>`` of the environment, over which it wins.

    Attributes:
        home: where the embedded Postgres and pulled models live.
        database_url, admin_url: an outside Postgres, as the application role and as the owner.
        master_key, master_key_file: the key that wraps users' keys, or a file with it.
        tenant_id: the tenant this process serves; "default".
        embedder: "static" (default), "minilm" or "openai".
        content_limit: characters of one memory; 10,000.
        gate_threshold: salience below this is not kept for good; 0.3.
        unknown_sources: trust of sources that are not on the allowlist: known, quarantined (default) or refused.
        labile_s: seconds after recall in which a memory may be revised; 3,600.
        resident_rows: a user with more memories is searched in the database; 200,000. 0 for every user.
        index_bytes: memory for resident indexes; 1 GB.
        access_log_days: days for which the log of accesses is kept; 90.
        redis_url, redis_timeout_s: a Redis for what every turn loads, and how long to wait for it; 0.1.
        rate_limit: requests a minute of each API key that has no limit of its own, 0 for any number; 6,000.
        working_items, working_chunks: items of working memory, and groups of them in a packet; 50, 10.
        sensory_tokens, sensory_s: how much raw input is kept, and for how long; 500, 30.
        tokenizer, tiktoken_cache: what counts tokens: tiktoken where it is at hand, otherwise a calibrated estimate.
        chat_model, chat_base_url, chat_api_key, chat_timeout_s: a chat model that is asked where rules are unsure.
        upkeep: whether this process does the upkeep that falls due while it is open; True.
        pool_size: database connections; 8.
        timeout_s: seconds to wait for a connection; 10.
        telemetry, otlp_endpoint: who watches ("metrics", "traces", "all", "off"), and where traces go.
    """

    home: Path | str | None
    database_url: str | None
    admin_url: str | None
    master_key: str | None
    master_key_file: Path | str | None
    tenant_id: str | None
    embedder: str | None
    content_limit: int | None
    gate_threshold: float | None
    unknown_sources: str | None
    labile_s: float | None
    resident_rows: int | None
    index_bytes: int | None
    access_log_days: float | None
    redis_url: str | None
    redis_timeout_s: float | None
    rate_limit: int | None
    working_items: int | None
    working_chunks: int | None
    sensory_tokens: int | None
    sensory_s: float | None
    tokenizer: str | None
    tiktoken_cache: Path | str | None
    chat_model: str | None
    chat_base_url: str | None
    chat_api_key: str | None
    chat_timeout_s: float | None
    upkeep: bool | None
    pool_size: int | None
    timeout_s: float | None
    telemetry: str | None
    otlp_endpoint: str | None


class Memory(SyncFacade):
    """Memory for agents: ``add``, ``search``, ``context``, and the log behind them.

    Without settings it starts an embedded Postgres of its own and needs no key, no model and no network.

    Args:
        **settings: see ``SettingsArguments``; each can also be set in the environment as ``RECOLLECT_<NAME>``.

    Raises:
        StoreError: the database cannot be started or reached, or refuses the role.
        ModelError: the embedder is missing.

    Example:
        >>> with Memory() as memory:
        ...     receipt = memory.add("I moved to Lyon in May", user_id="ana")
        ...     memory.search("Where does Ana live?", user_id="ana")[0].memory.text
        'I moved to Lyon in May'
    """

    def __init__(self, **settings: Unpack[SettingsArguments]) -> None:
        super().__init__(_assembler(**settings))

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """A memory from mem0's configuration; what has no meaning here is ignored, and one warning names it.

        Args:
            config: as for mem0; our settings stand beside its parts or under ``recollect``.

        Raises:
            ValidationError: it has a part that neither mem0 nor we know.
        """
        return cls(**settings_of(config))


class AsyncMemory(AsyncFacade):
    """Memory for agents, for ``async`` code; the same methods as ``Memory``, to be awaited.

    Args:
        **settings: see ``SettingsArguments``.
    """

    def __init__(self, **settings: Unpack[SettingsArguments]) -> None:
        super().__init__(_assembler(**settings))

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """A memory from mem0's configuration, as ``Memory.from_config``."""
        return cls(**settings_of(config))


def settings_of(config: Mapping[str, Any]) -> SettingsArguments:
    """Our settings in mem0's configuration; warns of mem0's own parts, which have no meaning here.

    Raises:
        ValidationError: it has a part that neither mem0 nor we know.
    """
    theirs = {
        name for name in config if name in MEM0_PARTS and not (name == "embedder" and isinstance(config[name], str))
    }
    own = {name: value for name, value in config.items() if name not in theirs and name != OWN_PART}
    for path, part in (("config", own), (f"config.{OWN_PART}", config.get(OWN_PART, {}))):
        for name in part:
            if name not in SettingsArguments.__annotations__:
                raise ValidationError(f"{path}.{name}", "is neither a part of mem0's configuration nor a setting")
    ignored = sorted(theirs - {"version"})
    if ignored:
        text = f"ignored of mem0's configuration: {', '.join(ignored)}; Recollect has its own store and models"
        warnings.warn(f"{text}, see docs/mem0.md", stacklevel=3)
    return cast(SettingsArguments, {**own, **config.get(OWN_PART, {})})


def _assembler(**given: object) -> Callable[[], Awaitable[Parts]]:
    return partial(assemble, load_settings(**given))
