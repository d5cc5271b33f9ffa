"""The parts a facade works with, as ``bootstrap`` has wired them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from recollect.domain.hot import HotLimits
from recollect.domain.record import Trust
from recollect.memory.key_book import KeyBook
from recollect.memory.policy_gate import PolicyGate
from recollect.memory.rights_book import RightsBook
from recollect.ports.access_log import AccessLog
from recollect.ports.bell import Bell
from recollect.ports.chat_model import ChatModel
from recollect.ports.clock import Clock
from recollect.ports.embedder import Embedder
from recollect.ports.graph import Graph
from recollect.ports.hot_tier import HotTier
from recollect.ports.log_keeper import LogKeeper
from recollect.ports.model_registry import ModelRegistry
from recollect.ports.store import Store
from recollect.ports.telemetry import SILENT, Telemetry
from recollect.ports.token_counter import TokenCounter
from recollect.recall.pipeline import Recaller
from recollect.upkeep.runner import Runner
from recollect.writing.pipeline import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything that was opened for one facade.

    Attributes:
        tenant_id: whose memories it serves.
        content_limit: characters of one memory. unknown_sources: the trust of sources that are not on the allowlist.
        models: the tenant's embedding models beside the active one, which is ``embedder``'s.
        hot: what every turn loads. limits: how much there may be of it.
        counter: counts the tokens of packets. is_present: whether what is asked is the present, not a past moment.
        chat: a chat model that is asked where rules are unsure, for at most ``chat_s`` seconds; None without one.
        keys: what tokens stand for, shared by the tenants of a process.
        bell: rings when a log has grown.
        upkeep: what runs when nobody asks. telemetry: who watches how all this does.
        labile_for: how long after it was recalled a memory may be revised.
        count_round_trips: starts counting the current task's database round trips; the list's number grows.
        close: gives back whatever was opened.
        rewired: the parts for the embedding model that is the tenant's active one by now, on the same store.
    """

    tenant_id: str
    content_limit: int
    unknown_sources: Trust
    labile_for: timedelta
    store: Store
    graph: Graph
    hot: HotTier
    limits: HotLimits
    counter: TokenCounter
    chat: ChatModel | None
    chat_s: float
    log: LogKeeper
    embedder: Embedder
    models: ModelRegistry
    clock: Clock
    access: AccessLog
    bell: Bell
    rights: RightsBook
    keys: KeyBook
    gate: PolicyGate
    writer: Writer
    recaller: Recaller
    upkeep: Runner
    count_round_trips: Callable[[], list[int]]
    close: Callable[[], Awaitable[None]]
    rewired: "Callable[[], Awaitable[Parts]]"
    is_present: bool = True
    telemetry: Telemetry = SILENT
