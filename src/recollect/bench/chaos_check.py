"""What is left after the storm: is every acknowledged add there, once, and is every user's log whole?"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from recollect.bench.chaos_writer import Note
from recollect.domain.event import GENESIS, EventType
from recollect.domain.record import Memory, Status
from recollect.domain.scope import Scope
from recollect.memory.memory import AsyncFacade
from recollect.ports.store import EventQuery

PAGE = 1_000
LIVING = frozenset(Status) - {Status.SUPERSEDED, Status.DELETED}
STORED = sorted(frozenset(Status) - {Status.DELETED})


@dataclass(slots=True)
class Findings:
    """What was found, over all users.

    Attributes:
        acknowledged: adds that were acknowledged. found: of these, the ones whose memory is there with its text.
        missing: the others. memories: all that is stored.
        unacknowledged: texts that are stored though their writer was killed before it heard of it, which is allowed.
        duplicates: texts kept more than once. events: lines of the logs. chains: logs.
        broken: why logs are not whole, or do not name the memories that there are.
    """

    acknowledged: int = 0
    found: int = 0
    missing: list[str] = field(default_factory=list[str])
    memories: int = 0
    unacknowledged: int = 0
    duplicates: list[str] = field(default_factory=list[str])
    events: int = 0
    chains: int = 0
    broken: list[str] = field(default_factory=list[str])

    @property
    def whole(self) -> bool:
        """Whether nothing is missing, double or broken."""
        return not (self.missing or self.duplicates or self.broken)


async def check(memory: AsyncFacade, users: Iterable[str], notes: Sequence[Note]) -> Findings:
    """Compares what was acknowledged with what is stored, user by user."""
    findings = Findings()
    by_user: defaultdict[str, list[Note]] = defaultdict(list)
    for note in notes:
        by_user[note.user].append(note)
    for user in sorted({*users, *by_user}):
        stored = await _stored(memory, user)
        compare(findings, user, by_user[user], stored)
        added = await _walk(findings, memory, user)
        if added != Counter(stored.keys()):
            findings.broken.append(f"{user}: its log adds {added.total()} memories, but {len(stored)} are stored")
    for stream in (await memory.audit.verify()).broken:  # the product's own opinion, which also knows where logs end
        findings.broken.append(f"{stream.user_id}: the audit says: {stream.first_break and stream.first_break.detail}")
    return findings


def compare(findings: Findings, user: str, notes: Sequence[Note], stored: dict[UUID, Memory]) -> None:
    """Looks for each acknowledged text, and for texts that are there twice."""
    findings.acknowledged += len(notes)
    findings.memories += len(stored)
    for note in notes:
        kept = stored.get(UUID(note.memory_id)) if note.memory_id != "None" else None
        if kept is not None and kept.text == note.text:
            findings.found += 1
        else:
            findings.missing.append(f"{user}: {note.text!r} ({note.memory_id})")
    living = [memory for memory in stored.values() if memory.status in LIVING]
    contents = Counter((memory.agent_id, memory.content_hash) for memory in living)
    findings.duplicates += [f"{user}: {content} {count} times" for content, count in contents.items() if count > 1]
    said = Counter(memory.text for memory in living if memory.key is None)
    findings.duplicates += [f"{user}: {text!r} {count} times" for text, count in said.items() if count > 1]
    findings.unacknowledged += len(set(said) - {note.text for note in notes})


async def _stored(memory: AsyncFacade, user: str) -> dict[UUID, Memory]:
    """Everything the user has, superseded memories too, through the public API."""
    found: dict[UUID, Memory] = {}
    cursor: str | None = None
    while True:
        page = await memory.list(user_id=user, limit=PAGE, cursor=cursor, statuses=STORED)
        found.update((one.id, one) for one in page)
        cursor = page.next_cursor
        if cursor is None:
            return found


async def _walk(findings: Findings, memory: AsyncFacade, user: str) -> Counter[UUID]:
    """Walks the user's chain from its first line to its last; answers how often each memory was added in it."""
    parts = await memory.core.ready()
    scope = Scope(tenant_id=parts.tenant_id, user_id=user)
    added: Counter[UUID] = Counter()
    seq, previous = 0, GENESIS
    while events := await parts.store.events(scope, EventQuery(after_seq=seq, limit=PAGE)):
        for event in events:
            if event.seq != seq + 1:
                findings.broken.append(f"{user}: line {event.seq} follows line {seq}")
            elif event.previous_hash != previous or event.expected_hash() != event.hash:
                findings.broken.append(f"{user}: the chain does not hold at line {event.seq}")
            seq, previous = event.seq, event.hash
            if event.type is EventType.MEMORY_ADDED:
                added[event.subject_id] += 1
        findings.events += len(events)
    findings.chains += 1 if seq else 0
    return added
