"""What happens to one ``add``, from first to last.

    admit      may this text be stored at all?
    extract    entities, keyed facts, kind, event time
    score      emotion, importance
    gate       is it worth keeping for good?
    derive     each fact becomes a draft of its own
    resolve    names to known entities
    embed      all vectors in one batch
    reconcile  under the user's lock: new, same, newer, older
    commit     events, records and vectors in one transaction

Everything before ``reconcile`` touches no database, so a text that is refused leaves nothing behind.
"""

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from recollect.domain.receipt import Cost, Receipt
from recollect.domain.scope import Scope
from recollect.ports.clock import Clock
from recollect.ports.embedder import Embedder
from recollect.ports.scorer import EmotionScorer
from recollect.ports.store import Store, Wanted
from recollect.writing.draft import Draft
from recollect.writing.steps.admit import admit
from recollect.writing.steps.derive import derive
from recollect.writing.steps.embed import embed
from recollect.writing.steps.extract import extract
from recollect.writing.steps.gate import gate
from recollect.writing.steps.reconcile import reconcile
from recollect.writing.steps.resolve import NAMED, KnownNames, resolve
from recollect.writing.steps.score import score

KNOWN_USERS = 1_000
NAMES_A_USER = 5_000


@dataclass(slots=True)
class Writer:
    """Writes drafts; holds the parts that the steps need and a cache of the names each user has mentioned."""

    store: Store
    embedder: Embedder
    scorer: EmotionScorer
    clock: Clock
    content_limit: int
    gate_threshold: float
    _names: OrderedDict[tuple[str, str], KnownNames] = field(default_factory=OrderedDict[tuple[str, str], KnownNames])

    async def write(self, drafts: Sequence[Draft]) -> Receipt:
        """Takes drafts of one scope through all steps and says what became of each.

        Raises:
            ValidationError: a text cannot be stored; nothing was written.
            StoreError: the database could not do its part; nothing was written.
        """
        started = time.perf_counter()
        known = await self._known_names(drafts[0].scope)
        prepared = [resolve(draft, known) for draft in self.read(drafts)]
        prepared, degraded = await embed(prepared, self.embedder)
        wanted = Wanted(
            hashes=[draft.content_hash for draft in prepared],
            keys=[draft.key for draft in prepared if draft.key is not None],
        )
        async with self.store.writing(prepared[0].scope, wanted) as transaction:
            outcome = reconcile(prepared, transaction.existing, self.clock.now())
            events = await transaction.commit(outcome.changes)
        self._learn(prepared, known)
        items = tuple(
            replace(item, derived_from=outcome.stored_as.get(item.derived_from)) if item.derived_from else item
            for item in outcome.items
        )
        return Receipt(
            items=items,
            event_ids=tuple(event.id for event in events),
            cost=Cost(ms=(time.perf_counter() - started) * 1000),
            degraded=(degraded,) if degraded else (),
        )

    def read(self, drafts: Sequence[Draft]) -> list[Draft]:
        """The steps that only look at the text: admit, extract, score, gate, derive."""
        extracted = [extract(admit(draft, self.content_limit)) for draft in drafts]
        scored = score(extracted, self.scorer)
        gated = [gate(draft, self.gate_threshold) for draft in scored]
        return [derived for draft in gated for derived in derive(draft)]

    async def _known_names(self, scope: Scope) -> KnownNames:
        owner = (scope.tenant_id, scope.user_id)
        known = self._names.get(owner)
        if known is None:
            known = KnownNames(await self.store.known_names(scope, NAMES_A_USER))
            self._names[owner] = known
            if len(self._names) > KNOWN_USERS:
                self._names.popitem(last=False)
        self._names.move_to_end(owner)
        return known

    def _learn(self, drafts: Sequence[Draft], known: KnownNames) -> None:
        for draft in drafts:
            for mention in draft.entities:
                if mention.type in NAMED:
                    known.learn(mention.name)
