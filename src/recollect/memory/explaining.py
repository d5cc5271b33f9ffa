"""Explaining: what an answer says of itself: why each hit stands where it stands, and what a budget left out."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from recollect.domain.explanation import Explanation
from recollect.domain.record import Memory
from recollect.domain.search import Hit, SearchResult
from recollect.domain.tokens import TokenCounter
from recollect.recall.explain import Standing, explained
from recollect.recall.pipeline import Ask


def explained_hits(result: SearchResult, asks: Sequence[Ask]) -> SearchResult:
    """The answer, each hit with its explanation, and the time of each stage of the ranking."""
    standings = standings_of(asks)
    hits = tuple(
        replace(hit, explanation=_of_hit(hit, standings[hit.memory.id], asks[0], result.searched))
        if hit.memory.id in standings
        else hit
        for hit in result
    )
    watched = asks[0].conduct.explaining
    stages = {f"rank: {stage}": ms for stage, ms in watched.ms.items()} if watched is not None else {}
    return replace(result, hits=hits, ms={**result.ms, **stages})


def standings_of(asks: Sequence[Ask]) -> dict[UUID, Standing]:
    """What became of the memories that were watched, in all places."""
    watching = [ask.conduct.explaining for ask in asks]
    return {known: one for watch in watching if watch is not None for known, one in watch.standings.items()}


def within(result: SearchResult, most: int, counter: TokenCounter) -> SearchResult:
    """The hits that fit into a budget of tokens: the best first, and what is too long for the rest is passed over."""
    left, kept = most, list[Hit]()
    for hit in result:
        tokens = counter.count(rendered(hit.memory))
        if tokens <= left:
            left -= tokens
            kept.append(hit)
    missing = len(result) - len(kept)
    if not missing:
        return result
    note = (
        "" if kept else f"nothing fits into {most} tokens: the best takes {counter.count(rendered(result[0].memory))}"
    )
    return replace(result, hits=tuple(kept), left_out=missing, note=note)


def rendered(memory: Memory) -> str:
    """What a memory takes in a prompt at least: who said it and its words, on a line."""
    return f"{memory.speaker}: {memory.text}\n" if memory.speaker else f"{memory.text}\n"


def _of_hit(hit: Hit, standing: Standing, ask: Ask, of: int) -> Explanation:
    known = explained(standing, hit.memory, ask.query, profile=ask.profile.name, of=of)
    return replace(known, rank=hit.rank, score=hit.score, relevance=hit.relevance)
