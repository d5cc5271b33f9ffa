"""What happens to one ``add``, from first to last.

    echo       what recall had put into a prompt is no news
    admit      may this text be stored at all?
    extract    entities, keyed facts, kind, event time
    score      emotion, importance
    gate       is it worth keeping for good? what is not lives in working memory only
    derive     each fact becomes a draft of its own
    correct    "no, I moved to Lyon": which known fact is wrong
    resolve    names to known entities
    embed      all vectors in one batch
    reconcile  under the user's lock: new, same, newer, older
    commit     events, records, vectors and working memory in one transaction; then the hot tier follows

Everything before ``reconcile`` writes nothing, so a text that is refused leaves nothing behind.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from uuid import UUID

from recollect.domain.entity import Entity
from recollect.domain.event import Event
from recollect.domain.hot import HotItem
from recollect.domain.receipt import Cost, Receipt, ReceiptItem
from recollect.domain.record import SourceType, Trust
from recollect.domain.scope import Scope, is_reserved
from recollect.ports.clock import Clock
from recollect.ports.embedder import ContextEmbedder, Embedder
from recollect.ports.giving_way import LONG, MANY, Slices, aside
from recollect.ports.hot_tier import HotTier
from recollect.ports.scorer import EmotionScorer
from recollect.ports.stop_watch import StopWatch
from recollect.ports.store import NOBODY_ELSE, Cause, Change, Store, Wanted
from recollect.ports.telemetry import SILENT, Telemetry
from recollect.writing.answering import answering, may_answer
from recollect.writing.correct import Lookups, corrections
from recollect.writing.draft import Draft
from recollect.writing.in_light import in_light
from recollect.writing.request import Request
from recollect.writing.steps.admit import admit
from recollect.writing.steps.derive import derive
from recollect.writing.steps.echo import Echoes
from recollect.writing.steps.embed import embed
from recollect.writing.steps.extract import extract
from recollect.writing.steps.gate import gate
from recollect.writing.steps.reconcile import reconcile
from recollect.writing.steps.resolve import NAMED, KnownNames, resolve
from recollect.writing.steps.score import score
from recollect.writing.turns import with_turns
from recollect.writing.working import held_item, may_be_promoted, promoted, writes_of

PIPELINE = "writing"
KNOWN_USERS = 1_000
READ_AT_ONCE = 2
"""Drafts that are read before others have their turn."""
NAMES_A_USER = 5_000
ENTITIES_HOLD_S = 1.0
"""Aliases and merges that another process makes are seen after at most this long; our own at once."""


@dataclass(slots=True)
class Writer:
    """Writes drafts; holds the parts that the steps need and a cache of the names each user has mentioned."""

    store: Store
    embedder: Embedder
    scorer: EmotionScorer
    clock: Clock
    content_limit: int
    gate_threshold: float
    hot: HotTier
    telemetry: Telemetry = SILENT
    _names: OrderedDict[tuple[str, str], KnownNames] = field(default_factory=OrderedDict[tuple[str, str], KnownNames])

    async def write(
        self,
        drafts: Sequence[Draft],
        cause: Cause = NOBODY_ELSE,
        request: Request | None = None,
        guard: Callable[[Sequence[Change]], Awaitable[None]] | None = None,
    ) -> Receipt:
        """Takes drafts of one scope through all steps and says what became of each.

        Args:
            drafts: what was said.
            cause: who adds it, in which run.
            request: its idempotency key and what was asked, if it has one.
            guard: refuses changes that policies forbid, before they are written.

        Raises:
            ValidationError: a text cannot be stored; nothing was written.
            IdempotencyConflict: the key was used for another request; nothing was written.
            StoreError: the database could not do its part; nothing was written.
        """
        watch = StopWatch(PIPELINE, self.telemetry)
        scope = drafts[0].scope
        echoes = Echoes()
        unmarked = await aside(len(drafts) > MANY, echoes.unmarked, drafts)
        watch.lap("echo")
        if not unmarked:
            return _receipt(watch, echoes.items([]), (), ())
        known = await self._known_names(scope)
        watch.lap("names")
        said = await self._understood(unmarked, known, watch)
        kept, held = await self._gated(said)
        watch.lap("promote")
        now = self.clock.now()
        lookups = Lookups(partial(self.store.facts, scope, None), partial(self._items, scope))
        corrected = await corrections(kept, said, lookups, now)
        watch.lap("correct")
        prepared, problem = await embed(await self._in_light(corrected.drafts), self.embedder)
        watch.lap("embed")
        degraded = (problem,) if problem else ()
        for draft in held:
            echoes.settle(draft.id, held_item(draft, now))
        if not prepared and request is None:
            written = await self.hot.write(scope, writes_of(held, {}, now), now)
            watch.lap("follow")
            return _receipt(watch, echoes.items([]), (), written.degraded)
        wanted = replace(wanted_by(prepared, echoes.hashes(prepared), request, scope), ids=corrected.concerned)
        async with self.store.writing(scope, wanted, cause) as transaction:
            watch.lap("lock")
            if request is not None and transaction.answered is not None:
                return request.receipt(transaction.answered)
            now = self.clock.now()
            much = len(prepared) > MANY
            news = await aside(much, echoes.news, prepared, transaction.existing)
            outcome = await aside(much, reconcile, news, transaction.existing, now)
            changes = await aside(much, with_turns, outcome.changes, news, outcome.stored_as, transaction, now)
            changes += corrected.taken_out(changes, transaction.existing, outcome.stored_as, now)
            if guard is not None:
                await guard(changes)
            items = [_cited(item, outcome.stored_as) for item in echoes.items(outcome.items)]
            watch.lap("reconcile")
            receipt = partial(_receipt, watch, items, degraded=degraded)
            answer = None if request is None else partial(request.answer, receipt)
            fading = await aside(len(drafts) > MANY, writes_of, [*held, *news], outcome.stored_as, now)
            hot = [*corrected.faded(now), *fading]
            events = await transaction.commit(changes, answer=answer, hot=hot)
        watch.lap("commit")
        behind = await self.hot.follow(scope, transaction.hot) if transaction.hot is not None else ()
        self._learn(prepared, known)
        watch.lap("follow")
        return _receipt(watch, items, events, (*degraded, *behind))

    async def _understood(self, drafts: Sequence[Draft], known: KnownNames, watch: StopWatch) -> list[Draft]:
        """The drafts read and their names resolved, a few at a time, so that many do not hold up others' calls."""
        said: list[Draft] = []
        slices = Slices()
        for begin in range(0, len(drafts), READ_AT_ONCE):
            some = drafts[begin : begin + READ_AT_ONCE]
            read = await aside(sum(len(draft.text) for draft in some) > LONG, self.read, some, watch)
            said += [resolve(draft, known) for draft in read]
            watch.lap("resolve")
            await slices.pause()
        return said

    async def _gated(self, drafts: Sequence[Draft]) -> tuple[list[Draft], list[Draft]]:
        """The drafts that are kept, and those that the gate holds back; what came up again, or answers, is kept."""
        again = list(drafts)
        if may_be_promoted(drafts) or may_answer(drafts):
            there = await self._items(drafts[0].scope)
            again = promoted(answering(drafts, there), there, self.gate_threshold, self.clock.now())
        return [draft for draft in again if not draft.held], [draft for draft in again if draft.held]

    async def _in_light(self, drafts: Sequence[Draft]) -> Sequence[Draft]:
        """The drafts, each with what was said before it, if the embedder looks at that."""
        return await in_light(drafts, self.store) if isinstance(self.embedder, ContextEmbedder) else drafts

    async def _items(self, scope: Scope) -> Sequence[HotItem]:
        """What has not faded from the user's hot state."""
        state = await self.hot.load(scope, self.clock.now())
        return () if state is None else state.items

    def read(self, drafts: Sequence[Draft], watch: StopWatch | None = None) -> list[Draft]:
        """The steps that only look at the text: admit, extract, score, gate, derive.

        Args:
            drafts: what was said.
            watch: takes the time of each step.
        """
        watch = watch or StopWatch(PIPELINE)
        admitted = [admit(draft, self.content_limit) for draft in drafts]
        watch.lap("admit")
        extracted = [extract(draft) for draft in admitted]
        watch.lap("extract")
        scored = score(extracted, self.scorer)
        watch.lap("score")
        gated = [
            gate(draft, self.gate_threshold, wanted=is_wanted(asked))
            for asked, draft in zip(drafts, scored, strict=True)
        ]
        watch.lap("gate")
        derived = [one for draft in gated for one in derive(draft)]
        watch.lap("derive")
        return derived

    async def _known_names(self, scope: Scope) -> KnownNames:
        owner = (scope.tenant_id, scope.user_id)
        known = self._names.get(owner)
        if known is None:
            known = KnownNames(await self.store.known_names(scope, NAMES_A_USER), await self._entities(scope))
            self._names[owner] = known
            if len(self._names) > KNOWN_USERS:
                self._names.popitem(last=False)
        elif not known.followed_within(ENTITIES_HOLD_S):  # another process may have merged or described some
            known.follow(await self._entities(scope))
        if owner in self._names:  # an erasure may have dropped them meanwhile
            self._names.move_to_end(owner)
        return known

    async def _entities(self, scope: Scope) -> list[Entity]:
        return await self.store.things(Entity, scope.tenant_id, {"user_id": scope.user_id})

    def forget(self, owner: tuple[str, str]) -> None:
        """Drops the names that this tenant's user has mentioned; they are read again when they are needed."""
        self._names.pop(owner, None)

    def _learn(self, drafts: Sequence[Draft], known: KnownNames) -> None:
        for draft in drafts:
            for mention in draft.entities if draft.trust is not Trust.QUARANTINED else ():
                if mention.type in NAMED:
                    known.learn(mention.name)


def _receipt(
    watch: StopWatch, items: Sequence[ReceiptItem], events: Sequence[Event], degraded: Sequence[str]
) -> Receipt:
    return Receipt(
        items=tuple(items),
        event_ids=tuple(event.id for event in events),
        cost=Cost(ms=watch.total_ms),
        degraded=tuple(degraded),
    )


def is_wanted(draft: Draft) -> bool:
    """Whether it is kept however little it says: the caller fixed what it is to be, or it is part of a document."""
    fixed = (draft.type, draft.tier, draft.importance, draft.key)
    elsewhere = is_reserved(draft.scope.user_id) or draft.trust is not Trust.TRUSTED
    asked = draft.verbatim or draft.source_type is SourceType.DOCUMENT
    return asked or elsewhere or any(value is not None for value in fixed)


def wanted_by(drafts: Sequence[Draft], echoed: Sequence[str], request: Request | None, scope: Scope) -> Wanted:
    """What the write must see under the lock: what is the same, what has the same key, what may be an echo."""
    return Wanted(
        hashes=[*(draft.content_hash for draft in drafts), *echoed],
        keys=[draft.key for draft in drafts if draft.key is not None],
        conversation_id=scope.conversation_id,
        said_at=[draft.told_at for draft in drafts if draft.told_at is not None and draft.derived_from is None],
        idempotency_key=request.key if request is not None else None,
    )


def _cited(item: ReceiptItem, stored_as: Mapping[UUID, UUID]) -> ReceiptItem:
    """The item with the record that now holds what it was derived from."""
    return replace(item, derived_from=stored_as.get(item.derived_from)) if item.derived_from else item
