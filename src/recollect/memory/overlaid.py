"""Overlaid: the answers of several places, the user's own and shared ones, as one."""

from collections.abc import Sequence
from dataclasses import replace

from recollect.domain.search import SearchResult
from recollect.memory import group_chat


def overlaid(results: Sequence[SearchResult], limit: int) -> SearchResult:
    """Several answers as one: by score, but a user's own record stands before a shared one of the same key."""
    if len(results) == 1:
        return results[0]
    results = group_chat.told_once(results)
    own = {hit.memory.key: hit.score for hit in results[0] if hit.memory.key is not None}
    placed = [
        (min(hit.score, own.get(hit.memory.key or "", hit.score)) if place else hit.score, -place, hit)
        for place, result in enumerate(results)
        for hit in result
    ]
    placed.sort(key=lambda entry: entry[:2], reverse=True)
    hits = [replace(hit, rank=rank) for rank, (_, _, hit) in enumerate(placed[:limit], start=1)]
    return replace(
        results[0],
        hits=tuple(hits),
        searched=sum(result.searched for result in results),
        note="" if hits else results[0].note,
        seqs={stream: seq for result in results for stream, seq in result.seqs.items()},
        degraded=tuple(dict.fromkeys(note for result in results for note in result.degraded)),
    )
