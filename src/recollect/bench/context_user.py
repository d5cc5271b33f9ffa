"""A user as an agent has them after months: many memories, an identity, goals, a session, strategies, a project."""

from dataclasses import dataclass

from recollect.bench.progress import Progress
from recollect.bench.texts import SESSION, Talk, batches
from recollect.memory.memory import AsyncFacade

IDENTITY = {
    "name": "Ana Schmidt",
    "location": "Lyon",
    "occupation": "engineer",
    "employer": "Siemens",
    "language": ["German", "French"],
    "allergy": ["peanuts"],
    "address": {"street": "12 rue Victor Hugo", "city": "Lyon", "postcode": "69002"},
    "timezone": "Europe/Paris",
}
RULES = (
    "Never suggest anything with peanuts in it",
    "Always answer in short sentences",
    "Never book a flight before nine in the morning",
)
GOALS = (
    ("Finish the migration to the new warehouse", 5),
    ("Learn enough Portuguese to order dinner", 2),
    ("Run ten kilometres under an hour", 3),
    ("Find a flat near the river", 4),
    ("Write the report for the board", 5),
)
STRATEGIES = (
    ("Ask the weather service before the calendar", "plan a trip", ("weather", "calendar")),
    ("Search the shop's stock first, then compare prices", "buy a present", ("search", "compare")),
    ("Read the log from its end and stop at the first error", "find a fault", ("logs",)),
    ("Write the tests before the change", "fix a fault", ("editor", "tests")),
)
PROJECT = "atlas"
SHARED = 50
"""Memories that the project's members share."""
LIVE = 30
"""Messages of the conversation that goes on: what working memory holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user who is there: who, and what can be asked."""

    user_id: str
    texts: list[str]


async def made_user(memory: AsyncFacade, talk: Talk, size: int, progress: Progress) -> User:
    """Stores everything; the memories first, so that what is live is the newest."""
    user, texts = f"user {size}", talk.sentences(size)
    with progress.bar(f"{size:,} memories", -(-size // SESSION)) as tick:
        for session, messages in batches(texts):
            await memory.add(messages, user_id=user, conversation_id=session)
            tick()
    for field, value in IDENTITY.items():
        await memory.identity.set(field, value, user_id=user)
    for rule in RULES:
        await memory.add(rule, user_id=user, type="constraint")
    for title, priority in GOALS:
        await memory.goals.add(title, user_id=user, priority=priority)
    for description, task, tools in STRATEGIES:
        await memory.procedures.learn(description, user_id=user, task=task, tools=tools)
    await _project(memory, talk, user)
    await _conversation(memory, talk, user)
    return User(user_id=user, texts=texts)


async def _project(memory: AsyncFacade, talk: Talk, user: str) -> None:
    project = project_of(user)
    await memory.projects.create(project, user_id=user, name=PROJECT)
    for text in talk.sentences(SHARED):
        await memory.add(text, user_id=user, project_id=project, share=True)
    await memory.channels.link(channel_of(user), project, user_id=user)


def project_of(user: str) -> str:
    """The id of the user's project."""
    return f"{PROJECT} of {user}"


def channel_of(user: str) -> str:
    """The id of the channel that is linked to the user's project."""
    return f"channel of {user}"


async def _conversation(memory: AsyncFacade, talk: Talk, user: str) -> None:
    state = {"current_topic": "the new warehouse", "active_task": "moving the stock", "emotional_state": "calm"}
    await memory.sessions.start(user_id=user, state=state, conversation_id="live")
    for text in talk.sentences(LIVE):
        await memory.add(turn(text), user_id=user, conversation_id="live")
    await memory.working.set("cart", ["12 boxes", "3 pallets"], user_id=user)
    await memory.working.think("She asked for the cheapest way twice", user_id=user)


def turn(text: str) -> dict[str, str]:
    """One more message of the conversation that goes on."""
    return {"role": "user", "name": "Ana", "content": text}
