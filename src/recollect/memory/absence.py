"""Absence: why a memory is not in the answer to a question. What another user has, or a policy forbids, is not told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from recollect.domain.condition import Compare, Op
from recollect.domain.explanation import Explanation, ordinal, share
from recollect.domain.hearing import may_surface
from recollect.domain.hot import HotKind
from recollect.domain.reading.small_talk import small_talk
from recollect.domain.record import Memory, Status
from recollect.domain.scope import Scope
from recollect.domain.search import Hit, SearchFilter, SearchResult
from recollect.domain.why_not import Absence, Obstacle, WhyNot
from recollect.memory import finding, rights
from recollect.memory.asking import tokens_by
from recollect.memory.explaining import standings_of, within
from recollect.memory.overlaid import overlaid
from recollect.memory.parts import Parts
from recollect.memory.policy_gate import Reading
from recollect.recall.explain import Explaining, Standing, explained
from recollect.recall.pipeline import Ask, Found
from recollect.recall.why_not import obstacles

UNKNOWN = Obstacle(rule=Absence.UNKNOWN, text="The user has no such memory.")
WORKING = Obstacle(
    rule=Absence.WORKING, text="It was below the write gate: it is in working memory only, which is not searched."
)
NOT_TOLD = Obstacle(rule=Absence.NOT_TOLD, text="It may not be told to those who hear the answer in this channel.")
SMALL_TALK = Obstacle(rule=Absence.SMALL_TALK, text="The question is small talk, for which nothing is looked up.")
ALL_STATUSES = frozenset(Status) - {Status.DELETED}


@dataclass(frozen=True, slots=True)
class _Answered:
    """The question's answer with a watched memory: as it is given, as it was before the budget, and by place."""

    result: SearchResult
    whole: SearchResult
    found: Sequence[Found]
    asks: Sequence[Ask]


async def why_not(parts: Parts, memory_id: UUID, query: str, user_id: str, given: Mapping[str, Any]) -> WhyNot:
    """What ``why_not`` does; raises as the facade says."""
    asks = [
        replace(ask, conduct=replace(ask.conduct, explaining=Explaining(watched=(memory_id,))))
        for ask in await finding.asks_of(parts, query, user_id, given)
    ]
    tokens_by(given)
    kept_out = WhyNot(memory_id=memory_id, query=query, found=False)
    place, memory = await _record(parts, memory_id, asks)
    if memory is None:
        return replace(kept_out, obstacles=(await _unknown(parts, memory_id, asks[0]),))
    may_read = await rights.reading(parts, user_id, "search")
    forbidden = await _forbidden(memory, asks[0], may_read)
    if forbidden is not None:
        return replace(kept_out, obstacles=(forbidden,))
    if small_talk(query):
        return replace(kept_out, obstacles=(SMALL_TALK,))
    answered = await _answer(parts, asks, tokens_by(given))
    found = next((hit for hit in answered.result if hit.memory.id == memory_id), None)
    if found is not None:
        known = _explanation(answered, found.memory, found)
        return replace(
            kept_out, found=True, rank=found.rank, of=answered.whole.searched, score=found.score, explanation=known
        )
    standing = standings_of(asks).get(memory_id)
    if standing is not None:
        return _behind(kept_out, memory, standing, answered)
    chosen = await _chosen(parts, user_id, given, answered.found[place])
    rules = [
        await _named(parts, one, memory, asks[place].scope, may_read) for one in obstacles(memory, chosen, asks[0].now)
    ]
    return replace(kept_out, obstacles=tuple(rules) or (_otherwise(answered),))


async def _record(parts: Parts, memory_id: UUID, asks: Sequence[Ask]) -> tuple[int, Memory | None]:
    """The memory and the place where it is."""
    for place, ask in enumerate(asks):
        record = (await parts.store.fetch(ask.scope, [memory_id])).get(memory_id)
        if record is not None:
            return place, record
    return 0, None


async def _unknown(parts: Parts, memory_id: UUID, ask: Ask) -> Obstacle:
    """Whether it is at least in the user's own working memory; in a channel that is not told."""
    if not parts.is_present or (ask.occasion is not None and not ask.occasion.private):
        return UNKNOWN
    state = await parts.hot.load(ask.scope, parts.clock.now())
    there = state is not None and any(item.name == str(memory_id) for item in state.of(HotKind.WORKING))
    return WORKING if there else UNKNOWN


async def _forbidden(memory: Memory, ask: Ask, may_read: Reading | None) -> Obstacle | None:
    """What keeps it from being told of at all: nothing else is said of it then."""
    if may_read is not None:
        (decision,) = await may_read.of([memory])
        if not decision.allowed:
            return Obstacle(rule=Absence.DENIED, text=f"It may not be read: {decision.reason}.")
    if ask.occasion is not None and not may_surface(memory, ask.occasion):
        return NOT_TOLD
    return None


async def _answer(parts: Parts, asks: Sequence[Ask], most_tokens: int | None) -> _Answered:
    found = await parts.recaller.find_each(asks)
    whole = overlaid([one.result for one in found], asks[0].limit)
    result = whole if most_tokens is None else within(whole, most_tokens, parts.counter)
    return _Answered(result, whole, found, asks)


async def _chosen(parts: Parts, user_id: str, given: Mapping[str, Any], found: Found) -> SearchFilter:
    """The caller's own filter, and whether the question asks for what was so before."""
    chosen = await finding.chosen_by(parts, user_id, given)
    return chosen if found.chosen is None else replace(chosen, with_former=found.chosen.with_former)


def _behind(kept_out: WhyNot, memory: Memory, standing: Standing, answered: _Answered) -> WhyNot:
    """Why a memory that was ranked is not in the answer, beside the last one that is."""
    ask, whole = answered.asks[0], answered.whole
    last = whole.hits[-1] if whole.hits else None
    profile = ask.profile.name
    return replace(
        kept_out,
        obstacles=(_of_rank(memory, standing, answered),),
        rank=standing.rank,
        of=whole.searched,
        score=standing.score,
        last_score=None if last is None else last.score,
        explanation=replace(
            explained(standing, memory, ask.query, profile=profile, of=whole.searched),
            rank=None,
            relevance=_relevance(standing, answered),
        ),
        last=None if last is None else _explanation(answered, last.memory, last),
    )


def _of_rank(memory: Memory, standing: Standing, answered: _Answered) -> Obstacle:
    whole, least = answered.whole, answered.asks[0].conduct.least
    if any(hit.memory.id == memory.id for hit in whole):
        return Obstacle(rule=Absence.BUDGET, field="max_tokens", text="max_tokens leaves no room for it.")
    place = f"It is {ordinal(standing.rank)} of {whole.searched:,}"
    sure = _relevance(standing, answered)
    if sure is not None and sure < least:
        text = f"{place}, but relevant with an estimated probability of {share(sure)}; {share(least)} is asked for."
        return Obstacle(rule=Absence.RELEVANCE, field="min_score", text=text)
    last = whole.hits[-1].score if whole.hits else standing.score
    text = f"{place}, and the answer ends at {len(whole):,}: it has {standing.score:.3f} points"
    if standing.score < last:
        text += f", {last - standing.score:.3f} fewer than the last one in, which has {last:.3f}."
    else:
        text += ", no fewer than the last one in: others of its conversation, or of its fact, stand before it."
    return Obstacle(rule=Absence.CUT, field="limit", text=text)


def _relevance(standing: Standing, answered: _Answered) -> float | None:
    """How probable it is that a memory that was ranked is relevant."""
    measured = answered.asks[0].profile.calibration
    best = max(one.score for one in standings_of(answered.asks).values())
    return None if measured is None else measured.relevance(standing.score, best)


async def _named(parts: Parts, obstacle: Obstacle, memory: Memory, scope: Scope, may_read: Reading | None) -> Obstacle:
    """Says which memory took the place of a superseded one, if that may be read."""
    if obstacle.rule is not Absence.SUPERSEDED:
        return obstacle
    successor = await _successor(parts, scope, memory)
    if successor is None or not await rights.readable(may_read, [successor]):
        return obstacle
    text = obstacle.text.removesuffix(".") + f" by memory {successor.id}."
    return replace(obstacle, text=text, by=successor.id)


async def _successor(parts: Parts, scope: Scope, memory: Memory) -> Memory | None:
    """The record that took a superseded one's place in its fact's timeline."""
    if memory.key is None:
        return None
    same = SearchFilter(statuses=ALL_STATUSES, condition=Compare("key", Op.EQ, memory.key), include_quarantined=True)
    known = await parts.store.page(scope, same, limit=1_000, after=None)
    after = [one for one in known if one.supersedes == memory.id]
    if not after and memory.valid_to is not None:
        after = [one for one in known if one.valid_from is not None and one.valid_from >= memory.valid_to]
    return min(after, key=lambda one: (one.valid_from is None, one.valid_from or one.written_at), default=None)


def _otherwise(answered: _Answered) -> Obstacle:
    """What is said when no rule is known to keep it out, such as when it was changed a moment ago."""
    note = answered.result.note or "It was not among what was ranked just now; ask again."
    return Obstacle(rule=Absence.FILTER, text=note)


def _explanation(answered: _Answered, memory: Memory, hit: Hit) -> Explanation | None:
    standing, ask = standings_of(answered.asks).get(memory.id), answered.asks[0]
    if standing is None:
        return None
    known = explained(standing, memory, ask.query, profile=ask.profile.name, of=answered.whole.searched)
    return replace(known, rank=hit.rank, score=hit.score, relevance=hit.relevance)
