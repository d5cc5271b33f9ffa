"""Every setting; the only file that reads the environment (prefix ``RECOLLECT_``)."""

import difflib
import os
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic import ValidationError as PydanticValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from recollect.errors import ValidationError


class Settings(BaseSettings):
    """What can be set, from the environment or as keyword arguments of ``Memory``; arguments win."""

    model_config = SettingsConfigDict(env_prefix="RECOLLECT_", extra="forbid", frozen=True)

    home: Path | None = Field(None, description="Where the embedded Postgres and pulled models live.")
    database_url: SecretStr | None = Field(
        None, description="An outside Postgres (15+, pgvector 0.8+), as the application role; unset: the embedded one."
    )
    admin_url: SecretStr | None = Field(
        None, description="The same database as its owner: for migrations, replay, cluster."
    )
    master_key: SecretStr | None = Field(
        None,
        description="The key that wraps users' keys: 32 random bytes in base64; `recollect master-key new` makes one.",
    )
    master_key_file: Path | None = Field(
        None, description="A file with that key (and former ones below it); unset: `master.key` in the embedded home."
    )
    tenant_id: str = Field("default", description="The tenant that this process serves.")
    embedder: Literal["static", "minilm", "openai"] = Field(
        "static", description="What turns a new tenant's text into vectors; later on `recollect model switch` decides."
    )
    openai_base_url: str = Field("https://api.openai.com/v1", description="Any OpenAI-compatible embeddings endpoint.")
    openai_api_key: SecretStr | None = Field(None, description="Its key.")
    openai_model: str = Field("text-embedding-3-small", description="Its model.")
    openai_dimension: int = Field(1536, gt=0, le=4000, description="The length of its vectors.")
    content_limit: int = Field(10_000, gt=0, description="Characters of one memory; longer documents are chunked.")
    gate_threshold: float = Field(0.3, ge=0, le=1, description="Salience below this is not kept for good.")
    unknown_sources: Literal["known", "quarantined", "refused"] = Field(
        "quarantined", description="How far a source is believed that is not on the allowlist."
    )
    labile_s: float = Field(3600.0, ge=0, description="Seconds after recall in which a memory may be revised.")
    index_bytes: int = Field(1_000_000_000, gt=0, description="Memory for the resident indexes of all users together.")
    resident_rows: int = Field(
        200_000,
        ge=0,
        le=1_000_000_000,
        description="A user with more memories is searched in the database instead; 0: every user.",
    )
    access_log_days: float = Field(90.0, gt=0, description="Days for which the log of accesses is kept.")
    redis_url: SecretStr | None = Field(
        None, description="A Redis for what every turn loads, e.g. redis://host:6379/0; unset: Postgres alone."
    )
    redis_timeout_s: float = Field(0.1, gt=0, le=10, description="Seconds to wait for Redis before Postgres answers.")
    rate_limit: int = Field(
        6_000, ge=0, description="Requests a minute of each API key that has no limit of its own; 0: any number."
    )
    working_items: int = Field(50, gt=0, le=1_000, description="Items of a user's working memory.")
    working_chunks: int = Field(10, gt=0, le=100, description="Groups of them in a context packet.")
    sensory_tokens: int = Field(500, gt=0, le=100_000, description="Tokens of raw input in the sensory buffer.")
    sensory_s: float = Field(30.0, gt=0, le=3_600, description="Seconds for which raw input stays there.")
    tokenizer: str | None = Field(
        None,
        description="What counts tokens: `tiktoken:cl100k_base`, `tiktoken:o200k_base`, the path of a tokenizer.json, "
        "`estimate`; unset: tiktoken where it is installed and cached, otherwise the estimate.",
    )
    tiktoken_cache: Path | None = Field(
        None,
        validation_alias=AliasChoices("tiktoken_cache", "RECOLLECT_TIKTOKEN_CACHE", "TIKTOKEN_CACHE_DIR"),
        description="Where tiktoken keeps its files; they are never fetched.",
    )
    chat_model: str | None = Field(None, description="A chat model that is asked where rules are unsure; unset: none.")
    chat_base_url: str = Field("https://api.openai.com/v1", description="Any OpenAI-compatible chat endpoint.")
    chat_api_key: SecretStr | None = Field(None, description="Its key.")
    chat_timeout_s: float = Field(1.0, gt=0, le=60, description="Seconds to wait for its answer during a turn.")
    upkeep: bool = Field(True, description="Whether this process does the upkeep that falls due while it is open.")
    pool_size: int = Field(8, gt=0, le=200, description="Database connections at most.")
    timeout_s: float = Field(10.0, gt=0, description="Seconds to wait for a database connection.")
    telemetry: Literal["auto", "off", "metrics", "traces", "all"] = Field(
        "auto", description="Who watches: `auto` is metrics in servers, and traces where `OTEL_*` names a collector."
    )
    otlp_endpoint: str | None = Field(
        None,
        validation_alias=AliasChoices("otlp_endpoint", "RECOLLECT_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"),
        description="Where a collector takes OTLP over HTTP; OpenTelemetry's own variables say the rest.",
    )
    otlp_traces_endpoint: str | None = Field(
        None,
        validation_alias=AliasChoices(
            "otlp_traces_endpoint", "RECOLLECT_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
        ),
        description="The whole address for traces, in place of `/v1/traces` below that.",
    )
    metrics_open: bool = Field(False, description="Whether the server's `/metrics` needs no key.")
    log_format: Literal["auto", "json", "text"] = Field(
        "auto", description="How servers write their log; `auto` is readable on a terminal, JSON lines elsewhere."
    )
    log_level: Literal["critical", "error", "warning", "info", "debug"] = Field(
        "info", description="Which of our lines servers write."
    )
    log_content: bool = Field(False, description="Whether the log may quote what users said.")


def load_settings(**given: object) -> Settings:
    """Reads the environment; keyword arguments that are not None win over it.

    Raises:
        ValidationError: naming the setting that cannot be used.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # pyright: ignore[reportArgumentType] - pydantic checks them
    except PydanticValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "settings"
        raise ValidationError(name, f"{first['msg']} (setting RECOLLECT_{name.upper()})") from None


def unknown_variables(others: frozenset[str] = frozenset()) -> dict[str, str | None]:
    """The environment's variables that begin as a setting's and are none, each with the one that is probably meant.

    Args:
        others: variables of that beginning that are no settings, and known all the same.
    """
    known = {f"RECOLLECT_{name.upper()}" for name in Settings.model_fields} | others
    odd = sorted(name for name in os.environ if name.upper().startswith("RECOLLECT_") and name.upper() not in known)
    return {name: next(iter(difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.8)), None) for name in odd}
